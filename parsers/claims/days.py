"""Calendar arithmetic: years, quarters, months and days that a text leaves unsaid, counted back from publication."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace
from datetime import date, timedelta

from parsers.document import Precision

ORDER = (Precision.NONE, Precision.DAY, Precision.MONTH, Precision.QUARTER, Precision.YEAR)
"""From the finest precision to the coarsest; no precision gives way to any."""


@dataclass(frozen=True, slots=True)
class When:
    """Days that an expression means. `role` is `on`, `since` (自…起: ends with publication), `until` (截至…: open
    start) or `deadline` (…前完成: open start, may lie ahead). `relative` ones are counted from publication
    (昨日, 近日).
    """

    start: date | None
    end: date | None
    precision: Precision
    role: str = "on"
    relative: bool = False

    def with_role(self, role: str) -> When:
        """The same days in another role."""
        return replace(self, role=role)


def coarser(first: Precision, second: Precision) -> Precision:
    """The less precise of two."""
    return max(first, second, key=ORDER.index)


def on(start: date, end: date, precision: Precision = Precision.DAY) -> When:
    """A closed period."""
    return When(start, end, precision)


def year_of(year: int) -> When:
    """A whole year."""
    return on(date(year, 1, 1), date(year, 12, 31), Precision.YEAR)


def month_of(year: int, month: int) -> When:
    """A whole month."""
    return on(date(year, month, 1), month_end(year, month), Precision.MONTH)


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def latest_month(month: int, published: date) -> int:
    """The year in which a month without a year last began."""
    return published.year if month <= published.month else published.year - 1


def latest_day(day: int, published: date) -> date | None:
    """The latest such day of a month that is not after publication."""
    first = published.replace(day=1)
    for _ in range(3):
        if day <= calendar.monthrange(first.year, first.month)[1]:
            found = first.replace(day=day)
            if found <= published:
                return found
        first = (first - timedelta(days=1)).replace(day=1)
    return None


def previous_month(published: date) -> tuple[int, int]:
    """Year and month before the month of publication."""
    last = published.replace(day=1) - timedelta(days=1)
    return last.year, last.month


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def valid(year: int, month: int, day: int) -> date | None:
    """The day, or None if there is none such (2月30日)."""
    if 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1] and 1900 <= year <= 2100:
        return date(year, month, day)
    return None
