"""An axis of months, quarters or years on which each has its true place, the empty ones too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from analysis.studies.findings import Step

MOST_LABELS = 36
"""Labels that stand side by side on an axis as wide as a report."""

CROWDED = 150
"""Periods from which on bars are so narrow that they get an edge of a point, or nobody would see them."""

MONTHS = {"month": 1, "quarter": 3, "year": 12}
"""Months in a period of each length."""

_STRIDES = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12_000, 24_000, 120_000)
"""Months from one label to the next."""

_LAST = 12 * (date.max.year + 1)

_LABELS = {
    "month": "utcFormat(datum.value, '%Y-%m')",
    "quarter": "utcFormat(datum.value, '%Y') + '-Q' + utcquarter(datum.value)",
    "year": "utcFormat(datum.value, '%Y')",
}


@dataclass(frozen=True, slots=True)
class Slot:
    """A month, quarter or year by its name (2021-04, 2021-Q2, 2021), its first day and the first day after it."""

    name: str
    begin: date
    end: date

    def at(self, part: float) -> int:
        """The moment at this part of it, from 0 to 1, as charts take it."""
        return round(moment(self.begin) + part * (moment(self.end) - moment(self.begin)))


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis over `periods` periods of a length; `labelled` are moments in those that are named."""

    step: Step
    domain: tuple[int, int]
    labelled: tuple[int, ...]
    periods: int

    @property
    def crowded(self) -> bool:
        """Whether bars are too narrow to be seen as they are."""
        return self.periods > CROWDED

    def told(self, alt: Any) -> Any:
        """The axis as Altair takes it."""
        return alt.Axis(
            values=list(self.labelled),
            labelExpr=_LABELS[self.step],
            labelAngle=-90,
            grid=False,
        )


def slot_of(period: str | date, step: Step | None = None) -> Slot:
    """The period of this name, or the one of a length (`step`) that a day is in."""
    if isinstance(period, str):
        year, _, part = period.partition("-")
        if part.startswith("Q"):
            return _slot(int(year) * 12 + int(part[1:]) * 3 - 3, "quarter")
        return _slot(int(year) * 12 + int(part) - 1, "month") if part else _slot(int(year) * 12, "year")
    months = MONTHS[step or "month"]
    return _slot((period.year * 12 + period.month - 1) // months * months, step or "month")


def axis_of(slots: Sequence[Slot], step: Step) -> Axis:
    """The axis from the first of these periods of one length to the last."""
    first, last = min(slot.begin for slot in slots), max(slot.end for slot in slots)
    months = [day.year * 12 + day.month - 1 for day in (first, last)]
    stride = next(
        each
        for each in _STRIDES
        if each % MONTHS[step] == 0 and (months[1] - months[0]) / each <= MOST_LABELS
    )
    begin = -(-months[0] // stride) * stride
    labelled = tuple(_slot(month, step).at(0.5) for month in range(begin, months[1], stride))
    return Axis(step, (moment(first), moment(last)), labelled, (months[1] - months[0]) // MONTHS[step])


def moment(day: date) -> int:
    """The beginning of a day (UTC) in milliseconds since 1970, as charts take moments."""
    return (day - date(1970, 1, 1)).days * 86_400_000


def _slot(month: int, step: Step) -> Slot:
    """The period of this length that begins with a month, counted from the year 0."""
    begin, end = _first_of(month), _first_of(month + MONTHS[step])
    name = {
        "month": f"{begin:%Y-%m}",
        "quarter": f"{begin:%Y}-Q{(begin.month + 2) // 3}",
        "year": f"{begin:%Y}",
    }[step]
    return Slot(name, begin, end)


def _first_of(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1) if month < _LAST else date.max
