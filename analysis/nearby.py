"""The figures near those that have changed: whatever these can lie in, and whatever can lie in them.

An increment reaches those of its place and of places within it, over days within its own; whether these lie in others
is for those of their places and of places around to say, over days that include theirs, and so overlap with its own. A
running total reaches the others of its place, and those of places within it where it is the first or the last of a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import or_

from analysis.asked import Asked, Rows
from analysis.counted import CUMULATIVE, INCREMENT
from analysis.narrowing import narrowed
from analysis.nesting import LENGTHS, codes_around
from db.neighbours import Conditions, Days, at, below, counted, overlapping
from db.stated import Stated

Place = tuple[str, str]
"""Modality and division code."""


def figures_near(asked: Asked, before: Rows, after: Rows) -> Iterator[Stated]:
    """The figures near those that differ between these rows, each once."""
    found = {each.id: each for each in _increments(asked, before, after)}
    found |= {each.id: each for each in _totals(asked, before, after)}
    yield from found.values()


def _increments(asked: Asked, before: Rows, after: Rows) -> Iterator[Stated]:
    items = (each for told in (before, after) for some in told.values() for each in some)
    for (modality, code), days in _spans(items).items():
        places = at([*codes_around(code), code])
        if len(code) in LENGTHS.values():
            places = or_(places, below(code))
        yield from _looked_up(asked, [*counted(modality, INCREMENT), *overlapping(days), places])


def _spans(items: Iterable[Stated]) -> dict[Place, Days]:
    """Of increments that others can lie in, or they in others: each place, and the days of all together."""
    found: dict[Place, Days] = {}
    for each in items:
        if _counts(each, INCREMENT) and each.place_code and each.date_start and each.date_end:
            place = each.modality, each.place_code
            first, last = found.get(place, (each.date_start, each.date_end))
            found[place] = min(first, each.date_start), max(last, each.date_end)
    return found


def _totals(asked: Asked, before: Rows, after: Rows) -> Iterator[Stated]:
    touched = before.keys() | after.keys()
    places = set().union(*(_places(told.get(row, ())) for told in (before, after) for row in touched))
    found: dict[str, Stated] = {}
    for modality, code in sorted(places):
        conditions = [*counted(modality, CUMULATIVE), at([*codes_around(code), code])]
        found |= {each.id: each for each in _looked_up(asked, conditions)}
    yield from found.values()
    stay = {row: _places(items) for row, items in asked.rows(found.values()).items()}
    for row in touched:
        held = stay.get(row, set())
        for modality, code in _places(before.get(row, ())) ^ _places(after.get(row, ())):
            shadowed = any((modality, each) in held for each in (*codes_around(code), code))
            if not shadowed and len(code) in LENGTHS.values():
                conditions = [*counted(modality, CUMULATIVE), below(code)]
                yield from _looked_up(asked, [*conditions, *narrowed(row, asked.dimensions, code)])


def _looked_up(asked: Asked, conditions: Conditions) -> Iterator[Stated]:
    return (claim.best for claim in asked.claims(*conditions))


def _places(items: Iterable[Stated]) -> set[Place]:
    return {(each.modality, each.place_code or "") for each in items if _counts(each, CUMULATIVE)}


def _counts(item: Stated, kind: str) -> bool:
    return item.kind == kind and item.count_min is not None and item.count_max is not None
