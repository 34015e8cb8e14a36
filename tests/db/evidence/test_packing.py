"""Which captures a package for others holds."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, event

from db.errors import UnknownId
from db.evidence.packing import select_campaign, select_pages
from tests.db.ingest.test_writing import put
from tests.db.synthetic import article, capture, read_capture

CAMPAIGN = "tibet-dna"
URLS = [f"https://news-site.example/art_{number}.html" for number in range(30)]


@pytest.fixture
def store(engine: Engine) -> Engine:
    put(engine, *(read_capture(capture(url), article(canonical=url)) for url in URLS))
    return engine


def test_a_page_is_found_by_any_address_that_is_its_own(store: Engine) -> None:
    found = select_pages(store, CAMPAIGN, ["http://www.news-site.example/art_7.html", URLS[3]])
    assert sorted(each.url for each in found.captures) == [URLS[3], URLS[7]]


def test_of_the_pages_of_a_campaign_only_those_asked_for_are_loaded(store: Engine) -> None:
    loaded: list[int] = []

    def counted(connection: object, cursor: object, statement: str, *rest: object) -> None:
        loaded.append(statement.count("FROM page"))

    event.listen(store, "after_cursor_execute", counted)
    select_pages(store, CAMPAIGN, URLS[:20])
    assert sum(loaded) == 1, "twenty addresses are one question"


def test_an_address_that_is_not_archived_is_named(store: Engine) -> None:
    with pytest.raises(UnknownId, match=r"https://news-site\.example/other\.html is not archived"):
        select_pages(store, CAMPAIGN, [URLS[0], "https://news-site.example/other.html"])


@pytest.mark.parametrize("source", ["news_site.example", "news%", "%"])
def test_a_source_is_meant_letter_for_letter(store: Engine, source: str) -> None:
    with pytest.raises(UnknownId):
        select_campaign(store, CAMPAIGN, source)
    assert len(select_campaign(store, CAMPAIGN, "news-site.example").captures) == len(URLS)
