"""Pages that are likely to vanish are looked at sooner, within what a host may be asked."""

from __future__ import annotations

import heapq
import random
from datetime import UTC, datetime, timedelta
from statistics import median

import pytest

from crawler.rechecks.intervals import Lifetime, Watched, learn, plan

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def page(name: str, age: float, source: str = "a", host: str = "site.example") -> Watched:
    return Watched(name, source, host, NOW - timedelta(days=age), NOW)


def waits(
    pages: list[Watched], looks_a_day: float, lifetimes: list[Lifetime] | None = None
) -> dict[str, float]:
    due = plan(pages, learn(lifetimes or []), looks_a_day, NOW)
    return {name: (moment - NOW).total_seconds() / 86_400 for name, moment in due.items()}


def test_young_pages_are_seen_more_often_than_old_ones() -> None:
    found = waits([page("new", 0.5), page("week", 5), page("month", 20), page("old", 900)], 1)
    assert found["new"] < found["week"] < found["month"] < found["old"]


def test_pages_of_a_source_that_deletes_are_seen_more_often() -> None:
    history = [Lifetime("deletes", 0, 20, True)] * 40 + [Lifetime("keeps", 0, 400, False)] * 40
    found = waits(
        [page("one", 60, "deletes"), page("two", 60, "keeps"), page("three", 60, "unknown")], 1, history
    )
    assert found["one"] < found["three"] < found["two"]


def test_a_single_deletion_does_not_make_a_source_a_deleter() -> None:
    risk = learn([Lifetime("once", 0, 100, True), Lifetime("never", 0, 100, False)])
    assert 1 < risk.factors["once"] < 2


@pytest.mark.parametrize("looks_a_day", [20, 100, 400])
def test_a_hosts_budget_is_kept(looks_a_day: float) -> None:
    dice = random.Random(1)
    pages = [page(str(n), dice.uniform(1, 900), dice.choice("abc")) for n in range(1000)]
    asked = sum(1 / days for days in waits(pages, looks_a_day).values())
    assert asked == pytest.approx(looks_a_day, rel=0.1)


def test_each_host_has_a_budget_of_its_own() -> None:
    pages = [page(str(n), 50) for n in range(100)]
    alone = waits(pages, 10)
    beside = waits([*pages, *(page(f"other {n}", 50, host="other.example") for n in range(900))], 10)
    assert {name: beside[name] for name in alone} == alone


def test_intervals_have_bounds() -> None:
    assert set(waits([page("only", 0.1)], 1000).values()) == {0.25}
    assert set(waits([page(str(n), 2000) for n in range(1000)], 0.5).values()) == {90.0}


def test_rates_are_learnt_from_lifetimes_with_those_still_there_counted_in() -> None:
    dice = random.Random(2)
    lives = []
    for _ in range(20_000):
        ends, watched = dice.expovariate(0.004), dice.uniform(1, 400)
        lives.append(Lifetime("a", 0, min(ends, watched), ends <= watched))
    risk = learn(lives)
    assert risk.of("a", 60) == pytest.approx(0.004, rel=0.1)
    assert risk.of("a", 300) == pytest.approx(0.004, rel=0.15)


def test_deletions_are_found_sooner_than_with_fixed_intervals_at_the_same_budget() -> None:
    """A year of 3,000 pages of ten sources, some of which delete; 150 looks a day either way."""
    planned, looks = year(fixed=False)
    fixed, as_many = year(fixed=True)
    assert as_many == pytest.approx(looks, rel=0.05)
    assert median(planned) < 0.8 * median(fixed)


def year(*, fixed: bool, pages: int = 3000, looks_a_day: float = 150) -> tuple[list[float], int]:
    """Days from each deletion until a look finds it, and the looks taken."""
    dice = random.Random(3)
    born = {str(n): dice.uniform(-200, 365) for n in range(pages)}
    source = {name: f"source-{dice.randrange(10)}" for name in born}
    ends = {
        name: at + dice.weibullvariate(40 if source[name] in ("source-0", "source-1") else 4000, 0.6)
        for name, at in born.items()
    }
    start = NOW
    lives: list[Lifetime] = []
    delays: list[float] = []
    last = {name: max(at, 0.0) for name, at in born.items() if ends[name] > max(at, 0.0)}
    looks = 0
    for day in range(365):
        known = [name for name in last if born[name] <= day]
        if fixed:
            due = {name: last[name] + len(known) / looks_a_day for name in known}
        else:
            seen = [
                Lifetime(source[n], max(0 - born[n], 0), last[n] - born[n], False)
                for n in known
                if last[n] > max(born[n], 0)
            ]
            risk = learn([*lives, *seen])
            watched = [
                Watched(n, source[n], "h", start + timedelta(days=born[n]), start + timedelta(days=last[n]))
                for n in known
            ]
            moments = plan(watched, risk, looks_a_day, start + timedelta(days=day))
            due = {name: (moment - start).total_seconds() / 86_400 for name, moment in moments.items()}
        for name in heapq.nsmallest(
            round(looks_a_day), (n for n in known if due[n] < day + 1), key=due.__getitem__
        ):
            at = max(due[name], day)
            looks += 1
            if ends[name] <= at:
                delays.append(at - ends[name])
                lives.append(Lifetime(source[name], max(0 - born[name], 0), at - born[name], True))
                del last[name]
            else:
                last[name] = at
    return delays, looks
