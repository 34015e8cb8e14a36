"""When a schedule is due next."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from crawler.errors import UnusableSchedule
from crawler.schedules.timing import Timing, next_due, seconds_of, timing_of

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)  # a Sunday, 20:00 in Shanghai
HOUR = timedelta(hours=1)


def planned(timing: Timing, before: datetime | None = None, now: datetime = NOW) -> datetime | None:
    due = next_due(timing, before, now, random.Random(1))
    return due.planned if due else None


@pytest.mark.parametrize(
    ("cron", "zone", "expected"),
    [
        ("0 3 * * *", "Asia/Shanghai", "2026-03-01T19:00"),
        ("0 3 * * *", "UTC", "2026-03-02T03:00"),
        ("*/15 * * * *", "UTC", "2026-03-01T12:15"),
        ("0 13 * * 0", "UTC", "2026-03-01T13:00"),
        ("0 13 * * 7", "UTC", "2026-03-01T13:00"),
        ("0 13 * * 1", "UTC", "2026-03-02T13:00"),
        ("0 11 * * 1-5", "UTC", "2026-03-02T11:00"),
        ("0 13 * * 6-7", "UTC", "2026-03-01T13:00"),
        ("0 13 * * sun", "UTC", "2026-03-01T13:00"),
        ("0 0 1 1 *", "UTC", "2027-01-01T00:00"),
    ],
)
def test_a_cron_expression_is_read_in_its_zone_with_sunday_as_0_and_7(
    cron: str, zone: str, expected: str
) -> None:
    assert planned(timing_of(cron, None, zone)) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_an_hour_that_the_clocks_leave_out_is_not_lost() -> None:
    timing = timing_of("30 2 * * *", None, "Europe/Berlin")
    before = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
    following = planned(timing, before, before)
    assert following is not None
    assert following.date() == datetime(2026, 3, 29).date()


def test_an_interval_counts_from_its_first_moment_however_late_a_run_was() -> None:
    timing = timing_of(None, "6h")
    assert planned(timing) == NOW
    assert planned(timing, NOW, NOW + HOUR) == NOW + 6 * HOUR


def test_moments_that_passed_meanwhile_are_not_made_up_for() -> None:
    assert planned(timing_of(None, "6h"), NOW, NOW + 20 * HOUR) == NOW + 24 * HOUR
    daily = timing_of("0 3 * * *", None, "UTC")
    assert planned(daily, NOW - 72 * HOUR, NOW) == datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


def test_jitter_delays_the_run_and_not_the_plan() -> None:
    timing = timing_of(None, "6h", jitter="10m")
    found = [next_due(timing, NOW, NOW, random.Random(seed)) for seed in range(50)]
    assert {due.planned for due in found if due} == {NOW + 6 * HOUR}
    delays = {due.at - due.planned for due in found if due}
    assert len(delays) > 10
    assert all(timedelta(0) <= delay <= timedelta(minutes=10) for delay in delays)


def test_a_moment_that_never_comes_is_no_moment() -> None:
    assert planned(timing_of("0 0 30 2 *", None)) is None


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("10m", 600), ("6h", 21_600), ("2d", 172_800), ("1W", 604_800)]
)
def test_durations(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ((None, None), "say when"),
        (("0 3 * * *", "6h"), "say when"),
        (("0 3 * *", None), "five fields"),
        (("61 3 * * *", None), "61"),
        (("0 3 * * 9", None), "weekdays"),
        (("", None), "five fields"),
        ((None, "often"), "no duration"),
        ((None, "5s"), "too often"),
        (("0 3 * * *", None, "Asia/Lhasa"), "no time zone"),
        (("0 3 * * *", None, "../etc"), "no time zone"),
    ],
)
def test_what_cannot_be_kept_is_refused(arguments: tuple[str | None, ...], what: str) -> None:
    with pytest.raises(UnusableSchedule, match=what):
        timing_of(*arguments)  # type: ignore[arg-type]
