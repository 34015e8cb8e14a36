"""When each page is looked at again: the more likely it is to vanish, the sooner, within what a host may be asked.

A page that vanishes at rate r and is looked at every I days is found gone I/2 late on average. The sum of r·I/2 over
all pages, for a fixed sum of 1/I (the budget), is least when each I is in proportion to 1/√r (Lagrange). Rates are
learnt from the lifetimes seen so far.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from itertools import pairwise
from math import inf, sqrt
from operator import mul
from typing import Any

DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long a page of a source was watched: from one age to another, in days, and whether it was gone then."""

    source: str
    since: float
    until: float
    gone: bool


@dataclass(frozen=True, slots=True)
class Watched:
    """A page to look at again. `born` is when it was published, or first seen."""

    id: str
    source: str
    host: str
    born: datetime
    last_look: datetime


@dataclass(frozen=True, slots=True)
class Risk:
    """Deletions a day by age, and each source's factor on them."""

    rates: tuple[float, ...]
    factors: Mapping[str, float]

    def of(self, source: str, age: float) -> float:
        """The rate for a page of `source` that is `age` days old."""
        band = sum(age >= up_to for up_to in _ends()[:-1])
        return self.rates[band] * self.factors.get(source, 1.0)


def learn(lifetimes: Iterable[Lifetime]) -> Risk:
    """Rates from lifetimes: a piecewise-constant hazard, each piece and factor drawn to what is believed before.

    The estimate is the mean of the Gamma distribution that follows from a Gamma prior (`intervals.toml`) and Poisson
    counts of deletions in the time watched; pages still there count for the time they were seen to be (censoring).
    """
    bands = len(_ends())
    gone, watched = [0.0] * bands, [0.0] * bands
    gone_of: dict[str, int] = defaultdict(int)
    watched_of: dict[str, list[float]] = defaultdict(lambda: [0.0] * bands)
    for life in lifetimes:
        of_source = watched_of[life.source]
        for band, days in _by_band(life):
            watched[band] += days
            of_source[band] += days
        gone[_band_of(life.until)] += life.gone
        gone_of[life.source] += life.gone
    believed = _believed()["band"]
    rates = tuple(
        (gone[band] + prior["rate"] * prior["days"]) / (watched[band] + prior["days"])
        for band, prior in enumerate(believed)
    )
    return Risk(rates, _factors(gone_of, watched_of, rates))


def plan(pages: Iterable[Watched], risk: Risk, looks_a_day: float, now: datetime) -> dict[str, datetime]:
    """When each page is due, by its id, so that each host is asked about `looks_a_day` times a day."""
    by_host: dict[str, list[Watched]] = defaultdict(list)
    for page in pages:
        by_host[page.host].append(page)
    due: dict[str, datetime] = {}
    for of_host in by_host.values():
        roots = [sqrt(risk.of(page.source, (now - page.born).total_seconds() / DAY)) for page in of_host]
        share = sum(roots) / looks_a_day
        for page, root in zip(of_host, roots, strict=True):
            due[page.id] = page.last_look + _bounded(timedelta(days=share / root) if root else longest())
    return due


@cache
def longest() -> timedelta:
    """The longest that a page is left alone."""
    return timedelta(days=_believed()["interval"]["longest_days"])


def _bounded(interval: timedelta) -> timedelta:
    return min(max(interval, _shortest()), longest())


@cache
def _shortest() -> timedelta:
    return timedelta(hours=_believed()["interval"]["shortest_hours"])


def _factors(
    gone: Mapping[str, int], watched: Mapping[str, list[float]], rates: tuple[float, ...]
) -> dict[str, float]:
    """What each source's deletions are to those that its days in each band would lead one to expect."""
    weight = _believed()["source"]["weight"]
    return {
        source: (gone[source] + weight) / (sum(map(mul, rates, days)) + weight)
        for source, days in watched.items()
    }


def _by_band(life: Lifetime) -> Iterable[tuple[int, float]]:
    for band, (start, end) in enumerate(_bands()):
        if start >= life.until:
            return
        days = min(life.until, end) - max(life.since, start)
        if days > 0:
            yield band, days


def _band_of(age: float) -> int:
    return sum(age > end for end in _ends()[:-1])


@cache
def _bands() -> tuple[tuple[float, float], ...]:
    return tuple(pairwise((0.0, *_ends())))


@cache
def _ends() -> tuple[float, ...]:
    return tuple(band.get("up_to", inf) for band in _believed()["band"])


@cache
def _believed() -> dict[str, Any]:
    return tomllib.loads(files("crawler.rechecks").joinpath("intervals.toml").read_text("utf-8"))
