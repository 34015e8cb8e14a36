"""Filters that can select nothing are refused, with what there is."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine

from db.errors import BadFilter
from db.lists.filters import Filters
from db.lists.queries import documents
from db.lists.sense import need_sense
from tests.db.ingest.test_writing import put
from tests.db.synthetic import PANGDUO, capture, observation, read_capture, reported


@pytest.fixture
def store(engine: Engine) -> Engine:
    """A store with one observation at 旁多乡."""
    claims = reported(observation(place=PANGDUO))
    put(engine, read_capture(capture("https://wechat.example/s/1"), claims=claims))
    return engine


@pytest.mark.parametrize(
    ("filters", "says"),
    [
        (Filters(campaign="nope"), "there is no campaign 'nope'; campaigns are: "),
        (Filters(place="拉萨巿"), "拉萨市"),
        (Filters(place="99"), "no place has the name or code '99'"),
        (Filters(place=" "), "--place is empty"),
        (Filters(text=""), "--text is empty"),
        (Filters(source="nobody"), "no publisher has the name, account id or host 'nobody'"),
        (Filters(since=date(2021, 6, 1), until=date(2021, 5, 1)), "no day is in between"),
        (Filters(min_count=100, max_count=10), "no count is in between"),
    ],
)
def test_what_can_select_nothing_is_refused(store: Engine, filters: Filters, says: str) -> None:
    with pytest.raises(BadFilter, match=says):
        need_sense(store, filters)


@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(campaign="planned"),
        Filters(place="54"),
        Filters(place="曲水"),
        Filters(place=PANGDUO.code),
        Filters(since=date(2021, 5, 1), until=date(2021, 5, 1)),
        Filters(min_count=10, max_count=10),
    ],
)
def test_what_could_select_something_is_not(store: Engine, filters: Filters) -> None:
    need_sense(store, filters, ["planned"])


def test_the_first_and_the_last_day_leave_nothing_out(store: Engine) -> None:
    everything = [item.id for item in documents(store)]
    assert everything
    assert [item.id for item in documents(store, Filters(since=date.min, until=date.max))] == everything
