"""The figures near those that have changed: whatever these can lie in, and whatever can lie in them.

An increment reaches those of its place and of places within it, over days within its own; whether these lie in others
is for those of their places and of places around to say, over days that include theirs, and so overlap with its own. A
running total reaches all others within the largest place with one around it: those may come to more than its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set

from sqlalchemy import or_

from analysis.summing.asked import Asked, Rows
from analysis.summing.counted import CUMULATIVE, INCREMENT
from analysis.summing.nesting import LENGTHS, codes_around
from db.claims.neighbours import Conditions, Days, at, below, counted, overlapping
from db.claims.stated import Stated

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
    """The running totals of the largest places with one around those that differ, and of all places within these: each
    has a say in which of them count.
    """
    items = (each for told in (before, after) for some in told.values() for each in some)
    changed = {(each.modality, each.place_code or "") for each in items if _counts(each, CUMULATIVE)}
    tops = {_largest_around(asked, changed, *place) for place in changed}
    for modality, code in sorted(tops):
        places = or_(at([code]), below(code)) if code else at([""])
        yield from _looked_up(asked, [*counted(modality, CUMULATIVE), places])


def _largest_around(asked: Asked, changed: Set[Place], modality: str, code: str) -> Place:
    around = codes_around(code)
    held = {each.place_code for each in _looked_up(asked, [*counted(modality, CUMULATIVE), at(around)])}
    held |= {other for kind, other in changed if kind == modality}
    return modality, next((larger for larger in around if larger in held), code)


def _looked_up(asked: Asked, conditions: Conditions) -> Iterator[Stated]:
    return (claim.best for claim in asked.claims(*conditions))


def _counts(item: Stated, kind: str) -> bool:
    return item.kind == kind and item.count_min is not None and item.count_max is not None
