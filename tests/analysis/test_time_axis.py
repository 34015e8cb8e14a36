"""An axis of months, quarters or years: every one has its place, and as many are named as there is room for."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from analysis.report.time_axis import MOST_LABELS, axis_of, moment, slot_of
from analysis.studies.findings import Step

EVERY_SECOND = [f"{year}-{month:02}" for year in range(2016, 2022) for month in range(1, 13, 2)][3:33]


@pytest.mark.parametrize(
    ("name", "step", "begin", "end"),
    [
        ("2021-04", "month", date(2021, 4, 1), date(2021, 5, 1)),
        ("2021-12", "month", date(2021, 12, 1), date(2022, 1, 1)),
        ("2021-Q1", "quarter", date(2021, 1, 1), date(2021, 4, 1)),
        ("2021-Q4", "quarter", date(2021, 10, 1), date(2022, 1, 1)),
        ("2021", "year", date(2021, 1, 1), date(2022, 1, 1)),
        ("9999-12", "month", date(9999, 12, 1), date(9999, 12, 31)),
    ],
)
def test_a_period_has_its_days(name: str, step: Step, begin: date, end: date) -> None:
    slot = slot_of(name)
    assert (slot.name, slot.begin, slot.end) == (name, begin, end)
    assert slot_of(begin, step) == slot


def test_a_moment_is_of_the_day_whatever_the_clocks_here_say() -> None:
    assert datetime.fromtimestamp(moment(date(2021, 5, 1)) / 1000, UTC) == datetime(2021, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "last", "step", "periods", "named"),
    [
        ("2021-01", "2021-04", "month", 4, ["2021-01", "2021-02", "2021-03", "2021-04"]),
        ("2016-06", "2021-06", "month", 61, EVERY_SECOND),
        ("2019-Q4", "2020-Q2", "quarter", 3, ["2019-Q4", "2020-Q1", "2020-Q2"]),
        ("1951", "2021", "year", 71, [f"{year}" for year in range(1952, 2022, 2)]),
        ("2021", "2021", "year", 1, ["2021"]),
    ],
)  # fmt: skip
def test_it_has_every_period_between_and_names_as_many_as_there_is_room_for(
    first: str, last: str, step: Step, periods: int, named: list[str]
) -> None:
    axis = axis_of([slot_of(last), slot_of(first)], step)
    assert axis.domain == (moment(slot_of(first).begin), moment(slot_of(last).end))
    assert axis.periods == periods
    days = [datetime.fromtimestamp(each / 1000, UTC).date() for each in axis.labelled]
    assert [slot_of(day, step).name for day in days] == named
    assert len(named) <= MOST_LABELS


def test_a_long_time_is_named_in_round_years() -> None:
    axis = axis_of([slot_of("1951-03"), slot_of("2021-07")], "month")
    days = [datetime.fromtimestamp(each / 1000, UTC) for each in axis.labelled]
    assert {day.month for day in days} == {1}
    assert len(days) <= MOST_LABELS
