"""What groups of claims come to, in parts that can be added to and taken from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from analysis.listing import Cell
from analysis.summing.counted import CUMULATIVE, INCREMENT, Countable, Counted, T, day_of
from analysis.summing.dimensions import MODALITY, Key, Keys, keys_by
from analysis.summing.nesting import Place, codes_around, groups, outermost

GROUP, TOTAL = "group", "total"
"""Sorts of rows: one for each group, and one for all claims of a modality."""

NOWHERE = ", no place"
"""Ends the sort of a row of claims without a place: nobody knows what else these are within."""

OUTSIDE: Place = ("", "")
"""Where totals are that no other place with one is around."""


class Added(NamedTuple):
    """Figures that were added up: how many, at their lowest, at their highest."""

    items: int
    low: int
    high: int

    def cells(self) -> tuple[Cell, Cell]:
        """Both sums; empty where there was nothing to add."""
        return (self.low, self.high) if self.items else (None, None)


class Tally(NamedTuple):
    """What a group of claims comes to, or by how much that has changed."""

    claims: int
    documents: int
    increment: Added
    cumulative: Added

    def cells(self) -> tuple[Cell, ...]:
        """The columns of sums."""
        return (self.claims, self.documents, *self.increment.cells(), *self.cumulative.cells())


def tally(claims: Iterable[Countable[Counted]]) -> Tally:
    """What claims of one modality come to."""
    every = list(claims)
    documents = {document for claim in every for document in claim.documents}
    return Tally(len(every), len(documents), *figures([claim.best for claim in every]))


def figures(items: Iterable[Counted]) -> tuple[Added, Added]:
    """The increments and the running totals of one modality that count, added up."""
    counted = [item for item in items if item.count_min is not None and item.count_max is not None]
    return (
        _added(outermost([item for item in counted if item.kind == INCREMENT])),
        _added(outermost_totals([item for item in counted if item.kind == CUMULATIVE])),
    )


def tallies(claims: Sequence[Countable[Counted]], dimensions: Sequence[str]) -> Iterator[tuple[Key, Tally]]:
    """Each group and each modality as a whole, in the order of rows. Of `dimensions` one is the modality."""
    rows: dict[Key, list[Countable[Counted]]] = defaultdict(list)
    keys_of = keys_by(dimensions)
    for claim in claims:
        for row in rows_of(claim.best, keys_of, dimensions):
            rows[row].append(claim)
    for row in sorted(rows, key=order):
        yield row, tally(rows[row])


def rows_of(item: Counted, keys_of: Keys, dimensions: Sequence[str]) -> Iterator[Key]:
    """The rows that a claim is in: those of its groups, and the one for all claims of its modality.

    Claims without a place have rows of their own: what says 全国 is not to be added to a county's.
    """
    nowhere = "" if item.place_code else NOWHERE
    for key in keys_of(item):
        yield (GROUP + nowhere, *key)
    yield (TOTAL + nowhere, *(item.modality if name == MODALITY else None for name in dimensions))


def order(row: Key) -> tuple[bool, list[tuple[bool, str]], bool]:
    """What rows are sorted by: groups first, those without a value last, of each those without a place last."""
    sort, *values = row
    return (
        is_total(row),
        [(value is None, str(value)) for value in values],
        str(sort).endswith(NOWHERE),
    )


def is_total(row: Key) -> bool:
    """Whether a row is of all claims of a modality."""
    return str(row[0]).startswith(TOTAL)


def _added(items: Sequence[Counted]) -> Added:
    return Added(
        len(items), sum(item.count_min or 0 for item in items), sum(item.count_max or 0 for item in items)
    )


def outermost_totals(items: Sequence[T]) -> list[T]:
    """Of running totals one of each place, and none of places inside another that has one and holds as many.

    It is the latest of those of everybody there; one of some of the people counts only where it is larger than that. A
    total of a place that is less than those inside it together is older or of less than they are, and they count.
    """
    told: dict[Place, list[T]] = defaultdict(list)
    for item in items:
        told[item.modality, item.place_code or ""].append(item)
    chosen = {place: _of_place(some) for place, some in told.items()}
    left: dict[Place, list[T]] = defaultdict(list)
    for place in sorted(chosen, key=lambda place: -len(place[1])):
        inner, own = left.pop(place, []), chosen[place]
        most = own.count_max or 0
        counts = inner if sum(item.count_min or 0 for item in inner) > most else [own]
        modality, code = place
        around = ((modality, larger) for larger in reversed(codes_around(code)))
        left[next((larger for larger in around if larger in chosen), OUTSIDE)] += counts
    return left[OUTSIDE]


def _of_place(items: Sequence[T]) -> T:
    """Of the running totals of a place the one that counts."""
    limited = max((item for item in items if groups(item)), key=_age, default=None)
    whole = max((item for item in items if not groups(item)), key=_age, default=None)
    if whole is None or limited is None:
        return whole or limited or items[0]
    return limited if (limited.count_max or 0) > (whole.count_max or 0) else whole


def _age(item: Counted) -> tuple[date, int, str]:
    return day_of(item) or date.min, item.count_max or 0, item.id
