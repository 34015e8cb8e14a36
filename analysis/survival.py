"""How long pages stay online: Kaplan–Meier curves of page lifetimes (Kaplan and Meier, JASA 53, 1958), by statsmodels.

A page's age is counted from its publication. It is at risk only from the age at which it was first had: one that went
before could not have been collected (left truncation). Pages still there count up to their last look (right censoring).
One that went did so between the last look that had it and the first that did not; its age then is taken as the middle.
Where few pages were had young, the curve rests on few: `at_risk` tells.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import exp, log
from typing import Any, Literal

from analysis.errors import AnalysisError
from db.pages.lifetimes import PageLife
from db.rows import SHANGHAI
from parsers.places.gazetteer import path_of

Group = Literal["all", "source", "family", "region", "year"]

DAY = 86_400.0
_PREFECTURE = 4
_NORMAL = 1.959964


@dataclass(frozen=True, slots=True)
class Point:
    """The share of pages still there at `age` days, with its 95 % interval, and how many were at risk then."""

    age: float
    share: float
    low: float
    high: float
    at_risk: int


@dataclass(frozen=True, slots=True)
class Curve:
    """The survival of a group of pages that were watched at ages from `since` to `until` days.

    `points` are the ages at which pages went. `median` is the age in days by which half are gone, None while more live.
    """

    name: str
    pages: int
    gone: int
    since: float
    until: float
    median: float | None
    points: tuple[Point, ...]

    def at(self, age: float) -> Point | None:
        """The share at `age` days; None for an age at which no page was watched, or before any was."""
        if not self.since <= age <= self.until:
            return None
        before = [point for point in self.points if point.age <= age]
        return before[-1] if before else Point(age, 1.0, 1.0, 1.0, self.pages)


def curves(lives: Sequence[PageLife], by: Group = "all") -> tuple[Curve, ...]:
    """A curve for each group, that with most pages first. Raises AnalysisError when statsmodels is not installed."""
    groups: dict[str, list[PageLife]] = defaultdict(list)
    for life in lives:
        groups[_GROUPS[by](life)].append(life)
    made = [_curve(name, of_group) for name, of_group in groups.items()]
    return tuple(sorted(made, key=lambda curve: (-curve.pages, curve.name)))


def _curve(name: str, lives: Sequence[PageLife]) -> Curve:
    entered = [_days(life, life.first_seen) for life in lives]
    # Two looks within the same instant would be a life of length zero, which is at no risk.
    until = [max(_until(life), since + 1 / DAY) for life, since in zip(lives, entered, strict=True)]
    gone = [life.gone is not None for life in lives]
    found = _estimator()(until, gone, entry=entered)
    steps = zip(found.surv_times, found.surv_prob, found.surv_prob_se, found.n_risk, strict=True)
    points = tuple(
        Point(float(age), float(share), *_interval(share, error), int(risk))
        for age, share, error, risk in steps
    )
    half = next((point.age for point in points if point.share <= 1 / 2), None)
    return Curve(name, len(lives), sum(gone), min(entered), max(until), half, points)


def _interval(share: float, error: float) -> tuple[float, float]:
    """95 % bounds by log(-log(share)), on whose scale they stay within 0 and 1 (Kalbfleisch and Prentice, 1980)."""
    if not 0 < share < 1:
        return (0.0, 1.0)
    reach = exp(_NORMAL * error / (share * log(share)))
    return (float(share ** (1 / reach)), float(share**reach))


def _estimator() -> Any:
    try:
        from statsmodels.duration.survfunc import SurvfuncRight  # heavy, and an extra
    except ImportError:
        raise AnalysisError(
            "survival curves need a library that is not installed; type: make install, or uv sync --extra survival"
        ) from None
    return SurvfuncRight


def _until(life: PageLife) -> float:
    seen = _days(life, life.last_seen)
    return (seen + _days(life, life.gone)) / 2 if life.gone else seen


def _days(life: PageLife, moment: datetime) -> float:
    return (moment - life.born).total_seconds() / DAY


def _region(life: PageLife) -> str:
    return path_of(life.place_code[:_PREFECTURE]) if life.place_code else "no place"


_GROUPS: Mapping[Group, Callable[[PageLife], str]] = {
    "all": lambda life: "all",
    "source": lambda life: life.publisher,
    "family": lambda life: life.family,
    "region": _region,
    "year": lambda life: str(life.born.astimezone(SHANGHAI).year),
}
