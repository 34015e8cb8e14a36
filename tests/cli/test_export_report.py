"""`holdfast export report` as a user runs it, down to the bytes that its notes name."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from pathlib import Path

import pytest
from lxml import html
from playwright.sync_api import sync_playwright

from archive.collection import Collection
from archive.custody import entries
from archive.reader import read_capture
from cli.main import main
from tests.chromium import FLAGS, chromium_path
from tests.cli.test_findings import collected, home  # noqa: F401  # fixtures
from workspace.layout import Workspace

Output = pytest.CaptureFixture[str]


def test_every_note_of_the_report_holds(collected: Path, tmp_path: Path) -> None:  # noqa: F811
    assert main(["export", "report", "demo", "--to", str(tmp_path / "report")]) == 0
    page = html.fromstring((tmp_path / "report" / "report.html").read_text("utf-8"))
    collection = Collection(Workspace(collected).collection("demo"))
    notes = page.xpath("//ol[@class='notes']/li")
    assert len(notes) == 16
    for note in notes:
        file, offset, digest = re.findall(r"(\S+\.warc\.gz) at (\d+)\s*(sha256:\w+)", note.text_content())[0]
        assert read_capture(collection, file, int(offset)).payload_digest == digest


def test_the_folder_has_both_forms_the_charts_and_their_data(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert main(["export", "report", "demo", "--to", str(tmp_path / "empty"), "--by", "month"]) == 0
    files = {str(path.relative_to(tmp_path / "empty")) for path in tmp_path.rglob("*") if path.is_file()}
    assert {"report.html", "report.md", "figures.csv", "sources.csv", "charts/survival.svg"} <= files
    assert {name for name in files if name.endswith(".svg")} == {
        name.replace(".csv", ".svg") for name in files if name.startswith("charts/") and name.endswith(".csv")
    }
    assert [path.name for path in tmp_path.iterdir()] == ["empty"], "nothing half-written is left"


@pytest.mark.browser
def test_charts_come_as_pictures_and_pages_too(tmp_path: Path) -> None:
    """A PNG is opened by another library; a page draws itself in a browser and asks nobody."""
    to = tmp_path / "report"
    assert main(["export", "report", "demo", "--to", str(to), "--charts", "png", "--charts", "html"]) == 0
    names = {path.stem for path in (to / "charts").glob("*.svg")}
    assert {path.stem for path in (to / "charts").glob("*.png")} == names
    assert {path.stem for path in (to / "charts").glob("*.html")} == names
    asked: list[str] = []
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        for name in names:
            page.goto((to / "charts" / f"{name}.png").as_uri())
            assert page.evaluate("document.images[0].naturalWidth") > 600
            page.goto((to / "charts" / f"{name}.html").as_uri())
            page.wait_for_selector(
                "#vega-chart svg g.mark-group path, #vega-chart svg text", state="attached"
            )
        page.goto((to / "charts" / "by-county.html").as_uri())
        page.hover("#vega-chart svg g.mark-rect path >> nth=0")
        page.wait_for_selector("#vg-tooltip-element.visible td.value")
        browser.close()
    assert all(address.startswith(to.as_uri()) for address in asked)


def test_what_was_handed_out_is_in_the_custody_log(
    collected: Path,  # noqa: F811  # a fixture
    tmp_path: Path,
) -> None:
    assert main(["export", "report", "demo", "--to", str(tmp_path / "report")]) == 0
    assert main(["export", "sources", "demo", "--to", str(tmp_path / "list.csv")]) == 0
    logged = {
        entry["subject"]["sha256"]
        for entry in entries(Workspace(collected).custody)
        if entry["act"] == "export"
    }
    for file in (tmp_path / "report" / "report.html", tmp_path / "list.csv"):
        assert f"sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}" in logged


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere", "--to", "{folder}/new"], "there is no campaign 'nowhere'"),
        (["demo", "--to", "{folder}/full"], "is there already and not empty; name another folder"),
        (["demo", "--to", "{folder}/full/file"], "is there already and not empty"),
        (["demo", "--to", "{folder}/none/new"], "cannot write"),
    ],
)
def test_bad_input_is_one_line(tmp_path: Path, capsys: Output, arguments: list[str], said: str) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("mine")
    assert main(["export", "report", *(each.format(folder=tmp_path) for each in arguments)]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert [str(path.relative_to(tmp_path)) for path in sorted(tmp_path.rglob("*"))] == ["full", "full/file"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_one_may_not_write_in_is_named(tmp_path: Path, capsys: Output) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    assert main(["export", "report", "demo", "--to", str(tmp_path / "closed" / "new")]) == 2
    assert "cannot write" in capsys.readouterr().err


@pytest.mark.browser
def test_a_browser_shows_every_chart_and_asks_nobody(tmp_path: Path) -> None:
    assert main(["export", "report", "demo", "--to", str(tmp_path / "report")]) == 0
    address = (tmp_path / "report" / "report.html").as_uri()
    asked: list[str] = []
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        widths = page.evaluate(
            "Promise.all([...document.images].map(i => i.decode().then(() => i.naturalWidth)))"
        )
        browser.close()
    assert [url for url in asked if not url.startswith("data:")] == [address]
    charts = {path.stem for path in (tmp_path / "report" / "charts").glob("*.svg")}
    assert {"coverage", "map-by-county-dna"} <= charts
    assert len(widths) == len(charts)
    assert all(width > 300 for width in widths)


def test_without_the_library_that_draws_one_is_told_how_to_get_it(
    tmp_path: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("altair", "vl_convert"):
        with monkeypatch.context() as missing:
            missing.setitem(sys.modules, name, None)
            assert main(["export", "report", "demo", "--to", str(tmp_path / "report")]) == 2
        assert "uv sync --extra report" in capsys.readouterr().err
    assert not (tmp_path / "report").exists()
