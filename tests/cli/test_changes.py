"""`holdfast changes` as a user runs it, after a page was crawled, altered and looked at again."""

from __future__ import annotations

import json
from pathlib import Path

from tests.crawler.changing_site import CASES, changing_web
from tests.crawler.checking import run, use
from tests.crawler.conftest import SETTINGS
from workspace.layout import create_workspace


def test_a_figure_altered_in_silence_is_shown_first_and_whole(tmp_path: Path) -> None:
    workspace = create_workspace(tmp_path / "work")
    workspace.settings_file.write_text(SETTINGS)
    chosen = [case for case in CASES if case.name in ("figure-altered", "rewritten")]
    with changing_web(chosen) as web:
        use(workspace, web)
        run(workspace, "crawl", "--no-requisites", *(f"--url={case.url}" for case in chosen))
        assert "0 changes" in run(workspace, "changes").stderr
        web.later = True
        run(workspace, "check")
    said = run(workspace, "changes").stdout
    assert said.startswith("SILENT CHANGE OF A FIGURE")
    assert "53 (2021-05-11) → 35 (2021-05-11)" in said
    assert "[-53-]{+35+}" in said
    (told,) = [
        json.loads(line)
        for line in run(workspace, "changes", "--figures", "--json").stdout.splitlines()
        if "figure-altered" in line
    ]
    assert told["silent"]
    assert [each["what"] for each in told["figures"]] == ["figure changed"]


def test_an_unknown_campaign_is_one_line(tmp_path: Path) -> None:
    workspace = create_workspace(tmp_path / "work")
    result = run(workspace, "changes", "nowhere")
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)
