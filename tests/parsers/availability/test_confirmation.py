"""A state is told as a fact only when two looks at different times agree, and never from looks that saw nothing."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.availability.confirmation import APART, GONE, PRESENT, SAYS_NOTHING, Seen, confirmed
from parsers.availability.states import Availability as A  # noqa: N817 - a column of the table

BEGIN = datetime(2021, 5, 12, tzinfo=UTC)

TABLE: list[tuple[str, list[tuple[float, A]], A | None]] = [
    ("never looked at", [], None),
    ("seen once", [(0, A.LIVE)], A.LIVE),
    ("gone once", [(0, A.LIVE), (24, A.DELETED_BY_PUBLISHER)], A.LIVE),
    ("gone twice", [(0, A.LIVE), (24, A.NOT_FOUND), (48, A.NOT_FOUND)], A.NOT_FOUND),
    ("gone twice within an hour", [(0, A.LIVE), (24, A.NOT_FOUND), (25, A.NOT_FOUND)], A.LIVE),
    ("gone thrice", [(0, A.LIVE), (24, A.NOT_FOUND), (25, A.NOT_FOUND), (31, A.NOT_FOUND)], A.NOT_FOUND),
    ("gone, back, gone", [(0, A.NOT_FOUND), (24, A.LIVE), (48, A.NOT_FOUND)], A.LIVE),
    ("gone in two ways", [(0, A.LIVE), (24, A.NOT_FOUND), (48, A.SOFT_404)], A.LIVE),
    ("never seen, gone twice", [(0, A.ACCOUNT_BANNED), (24, A.ACCOUNT_BANNED)], A.ACCOUNT_BANNED),
    ("back again", [(0, A.NOT_FOUND), (24, A.NOT_FOUND), (48, A.LIVE)], A.LIVE),
    ("changed", [(0, A.LIVE), (24, A.CHANGED)], A.CHANGED),
    ("kept out twice", [(0, A.LIVE), (24, A.BLOCKED), (48, A.BLOCKED)], A.LIVE),
    (
        "an outage of days",
        [(0, A.LIVE), (24, A.SERVER_ERROR), (48, A.UNREACHABLE), (72, A.UNREACHABLE)],
        A.LIVE,
    ),
    ("never reached", [(0, A.UNREACHABLE), (24, A.UNREACHABLE)], None),
    (
        "kept out in between",
        [(0, A.LIVE), (24, A.NOT_FOUND), (36, A.BLOCKED), (48, A.NOT_FOUND)],
        A.NOT_FOUND,
    ),
    ("for now, then gone", [(0, A.TEMPORARILY_UNAVAILABLE), (24, A.REMOVED_FOR_VIOLATION)], None),
]


@pytest.mark.parametrize(("looks", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_what_the_looks_confirm(looks: list[tuple[float, A]], expected: A | None) -> None:
    seen = [Seen(BEGIN + timedelta(hours=hours), state) for hours, state in looks]
    for order in itertools.islice(itertools.permutations(seen), 24):
        found = confirmed(order)
        assert (found.state if found else None) is expected


def test_when_it_was_found_and_when_confirmed() -> None:
    hours = (0, 24, 26, 48)
    states = (A.LIVE, A.NOT_FOUND, A.NOT_FOUND, A.NOT_FOUND)
    found = confirmed(Seen(BEGIN + timedelta(hours=h), state) for h, state in zip(hours, states, strict=True))
    assert found is not None
    assert (found.since, found.by) == (BEGIN + timedelta(hours=24), BEGIN + timedelta(hours=48))


def test_every_state_is_of_one_sort_at_most() -> None:
    assert len(GONE | PRESENT | SAYS_NOTHING) == len(GONE) + len(PRESENT) + len(SAYS_NOTHING)


@given(st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from(sorted(SAYS_NOTHING)))))
def test_looks_that_saw_nothing_change_nothing(looks: list[tuple[int, A]]) -> None:
    noise = [Seen(BEGIN + timedelta(minutes=minutes), state) for minutes, state in looks]
    story = [Seen(BEGIN, A.LIVE), Seen(BEGIN + timedelta(days=2), A.NOT_FOUND)]
    assert confirmed([*noise, *story]) == confirmed(story)
    assert confirmed(noise) is None


def test_two_looks_of_one_run_are_too_close() -> None:
    near = [Seen(BEGIN, A.NOT_FOUND), Seen(BEGIN + APART - timedelta(seconds=1), A.NOT_FOUND)]
    assert confirmed(near) is None
