"""The tour works from nothing, on invented pages that say so."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from demo.site import MARK, articles, deleted_notice, pages


def test_every_page_stands_on_a_reserved_host_and_says_that_it_is_synthetic() -> None:
    for url, answer in pages().items():
        assert (urlsplit(url).hostname or "").endswith(".example"), url
        if answer.content_type.startswith(("text/html", "application/json")):
            assert MARK in answer.body.decode(), url
    assert MARK in deleted_notice().body.decode()


def test_there_is_something_of_everything() -> None:
    found = articles()
    assert len(found) >= 30
    assert len(Counter(article.site for article in found)) == 3
    assert any(article.copy_of for article in found)
    assert sum(article.vanishes for article in found) == 1


@pytest.fixture(scope="module")
def tour(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("tour") / "demo"
    said = run("demo", str(folder))
    return folder, said


def run(*arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HOLDFAST_")}
    result = subprocess.run(
        [sys.executable, "-c", "from cli.main import run; run()", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
        env=environment,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_it_archives_reads_and_traces(tour: tuple[Path, str]) -> None:
    folder, said = tour
    assert "archived 31 pages, 4 lists and 31 pictures" in said
    assert "it is now deleted_by_publisher; 2 captures are kept" in said
    assert "have this digest" in said
    assert f"holdfast --home {folder} observations" in said


def test_what_it_says_to_type_next_works(tour: tuple[Path, str]) -> None:
    folder, _ = tour
    home = ("--home", str(folder))
    iris = [
        json.loads(line) for line in run(*home, "observations", "--modality", "iris", "--json").splitlines()
    ]
    assert {each["count_min"] for each in iris} >= {112, 139, 168_000}
    assert "血样" in run(*home, "search", "血样")
    assert "deleted_by_publisher" in run(*home, "pages", "--json")
