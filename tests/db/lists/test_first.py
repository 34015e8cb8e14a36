"""A list cut short is the beginning of the whole list, however it was found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from db.lists import first
from db.lists.filters import Filters
from db.lists.queries import captures, documents, observations, pages
from db.lists.search import search
from db.rows import SHANGHAI
from parsers.document import Precision, Published
from parsers.observation import Kind, Modality
from tests.db.ingest.test_writing import put
from tests.db.synthetic import (
    HAIDONG,
    LINZHOU,
    LUOLONG,
    TEXT,
    article,
    capture,
    document,
    notice,
    observation,
    read_capture,
    reported,
)

PLACES = (LINZHOU, LUOLONG, HAIDONG, None)
ASKED = (
    Filters(),
    Filters(text="虹膜"),
    Filters(text="采集血样"),
    Filters(text="虹"),
    Filters(text="没有的话"),
    Filters(place="54"),
    Filters(place="6302"),
    Filters(place="54", since=date(2021, 5, 2), until=date(2021, 5, 5)),
    Filters(text="虹膜", place="54", modality=("dna",)),
    Filters(text="虹膜", min_count=105),
    Filters(source="海东公安"),
    Filters(kind=("cumulative",)),
    Filters(since=date(2021, 5, 1), until=date(2021, 5, 6)),
    Filters(campaign="tar-dna", text="血样"),
    Filters(availability=("deleted_by_publisher",)),
    Filters(availability=("live",), place="54"),
    Filters(relevant=True),
)


@pytest.fixture
def store(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """Twelve articles, some undated, some of one moment, in which words and places come now and then."""
    made = []
    for number in range(12):
        at = datetime(2021, 5, 1 + number // 2, 9, tzinfo=SHANGHAI)
        body = TEXT + f"第{number}篇" + ("虹膜。" if number % 3 else "")
        account = "海东公安" if number in (1, 2, 9) else "林周公安"
        about = document(
            body,
            account=account,
            biz=f"Mz{account}",
            publisher=account,
            published=None if number % 5 == 4 else Published(at, Precision.DAY, "meta PubDate"),
        )
        claims = (
            observation(
                place=PLACES[(number + part) % 4],
                count=100 + number,
                kind=Kind.CUMULATIVE if part else Kind.INCREMENT,
                modality=Modality.IRIS if number % 4 == part else Modality.DNA,
                start=(at - timedelta(days=part)).date(),
                end=at.date(),
            )
            for part in range(1 + number % 2)
        )
        made.append(
            read_capture(
                capture(f"https://a.example/{number}", day=number), article(about), reported(*claims)
            )
        )
    made.append(read_capture(capture("https://a.example/gone", day=20), notice()))
    put(engine, *made)
    monkeypatch.setattr(first, "NEWEST", 4)
    monkeypatch.setattr(first, "NEWEST_OBSERVATIONS", 5)
    return engine


@pytest.mark.parametrize("listed", [observations, documents, pages, captures])
@pytest.mark.parametrize("asked", ASKED, ids=repr)
def test_a_short_list_begins_the_whole_one(
    store: Engine, listed: Callable[..., Iterator[Any]], asked: Filters
) -> None:
    whole = list(listed(store, asked))
    for limit in range(1, len(whole) + 2):
        assert list(listed(store, asked, limit=limit)) == whole[:limit]


@pytest.mark.parametrize("query", ["虹膜", "血样 第1", "采集血样", "没有的话"])
def test_a_short_search_begins_the_whole_one(store: Engine, query: str) -> None:
    whole = list(search(store, query, limit=None))
    for limit in range(1, len(whole) + 2):
        assert list(search(store, query, limit=limit)) == whole[:limit]


def test_a_common_word_is_found_in_the_newest_texts_alone(store: Engine) -> None:
    """The ids among the newest, and their rows; the index of words is not asked."""
    said: list[str] = []
    event.listen(store, "before_cursor_execute", lambda *told: said.append(told[2]))
    assert len(list(search(store, "血样", limit=2))) == 2
    assert [each.split()[:2] for each in said if each != "BEGIN"] == [
        ["SELECT", "document.id"],
        ["SELECT", "document.id,"],
    ]
    assert not any("document_terms" in each or "grams" in each for each in said)
