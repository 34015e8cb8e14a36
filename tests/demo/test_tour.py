"""The tour works from nothing, on invented pages that say so."""

from __future__ import annotations

import json
from collections import Counter
from urllib.parse import urlsplit

from demo.site import MARK, articles, deleted_notice, pages
from tests.conftest import Tour
from tests.starter import holdfast


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


def run(*arguments: str) -> str:
    result = holdfast(*arguments)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_it_archives_reads_and_traces(tour: Tour) -> None:
    said = tour.said
    assert "archived 31 pages, 4 lists and 31 pictures" in said
    assert "it is now deleted_by_publisher; 2 captures are kept" in said
    assert "have this digest" in said
    assert f"holdfast --home {tour.home} observations" in said


def test_what_it_says_to_type_next_works(tour: Tour) -> None:
    home = ("--home", str(tour.home))
    iris = [
        json.loads(line) for line in run(*home, "observations", "--modality", "iris", "--json").splitlines()
    ]
    assert {each["count_min"] for each in iris} >= {112, 139, 168_000}
    assert "血样" in run(*home, "search", "血样")
    assert "deleted_by_publisher" in run(*home, "pages", "--json")
