"""Which observations can be in a row of sums at all, as far as a database can tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement

from analysis.dimensions import Key
from analysis.listing import Cell
from analysis.nesting import LENGTHS
from analysis.tallies import GROUP
from db.neighbours import Days, put_under, shorter_than


def narrowed(row: Key, dimensions: Sequence[str], code: str) -> Iterator[ColumnElement[bool]]:
    """Conditions that observations within the place of this code meet when they are in the row."""
    kind, *values = row
    if kind != GROUP:
        return
    for name, value in zip(dimensions, values, strict=True):
        if name in LENGTHS and value is None and LENGTHS[name] > len(code):
            yield shorter_than(LENGTHS[name])
        elif days := days_of(name, value):
            yield put_under(days)


def days_of(name: str, value: Cell) -> Days | None:
    """The first and the last day of a period, by the dimension that it is of; None for what is no period."""
    if not isinstance(value, str) or name not in ("year", "quarter", "month"):
        return None
    year, _, part = value.partition("-")
    first, last = 1, 12
    if name == "month":
        first = last = int(part)
    elif name == "quarter":
        first, last = 3 * int(part[1:]) - 2, 3 * int(part[1:])
    return date(int(year), first, 1), _last_day(int(year), last)


def _last_day(year: int, month: int) -> date:
    return date.max if (year, month) == (date.max.year, 12) else _following(year, month) - timedelta(days=1)


def _following(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1)
