"""Observations that may say the same as those that have changed, and those that may say the same as they do, and so on.

Whether two observations can be one claim is decided by figure, place and days first (`analysis.claims.clusters`):
what these keep apart has no say in the claims of the other, not by way of others either when none of those is
related to both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Connection, and_, or_

from db.claims.kept import Said, said_by
from db.claims.neighbours import at, below
from db.claims.stated import Stated
from db.models import ObservationRow

MOST_RELATED = 400
"""When more than these are related, whole blocks are gone through instead."""

LEEWAY = timedelta(days=7)
"""Observations whose days lie farther apart than this are not related; more than claims allow."""


Told = Stated | Said
"""An observation of which others may say the same."""


def related(connection: Connection, campaign: str | None, changed: Iterable[Told]) -> list[Said] | None:
    """Current observations of one campaign or of every one that are related to those that have changed, themselves
    included.

    None when they are too many to be found one after the other, or one of them has no place and may say what any does.
    """
    found: dict[str, Said] = {}
    waiting: list[Told] = list(changed)
    for number, each in enumerate(_growing(waiting)):
        if not each.place_code or number >= MOST_RELATED:
            return None
        for other in said_by(connection, campaign, *_figure(each), _place(each.place_code), *_days(each)):
            if other.id not in found:
                found[other.id] = other
                waiting.append(other)
    return list(found.values())


def _growing(items: Sequence[Told]) -> Iterator[Told]:
    """The items, and those that are added meanwhile."""
    at_work = 0
    while at_work < len(items):
        yield items[at_work]
        at_work += 1


def _figure(each: Told) -> list[ColumnElement[bool]]:
    row = ObservationRow
    counts = ((row.count_min, each.count_min), (row.count_max, each.count_max))
    alike = [column.is_(None) if count is None else column == count for column, count in counts]
    return [row.modality == each.modality, row.kind == each.kind, *alike]


def _place(code: str) -> ColumnElement[bool]:
    """Of the same place, of one that it may lie in or that may lie in it, or of none."""
    around = (code[:length] for length in range(1, len(code) + 1))
    return or_(at(["", *around]), below(code))


def _days(each: Told) -> list[ColumnElement[bool]]:
    days = [day for day in (each.date_start, each.date_end) if day]
    if not days:
        return []
    row = ObservationRow
    undated = and_(row.date_start.is_(None), row.date_end.is_(None))
    first, last = _earlier(min(days)), _later(max(days))
    ends = or_(row.date_start >= first, row.date_end >= first)
    begins = or_(row.date_start <= last, row.date_end <= last)
    return [or_(undated, and_(ends, begins))]


def _earlier(day: date) -> date:
    return day - LEEWAY if day - date.min > LEEWAY else date.min


def _later(day: date) -> date:
    return day + LEEWAY if date.max - day > LEEWAY else date.max
