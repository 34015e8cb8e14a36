"""What groups of claims come to, in parts that can be added to and taken from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from analysis.listing import Cell
from analysis.summing.counted import CUMULATIVE, INCREMENT, Countable, Counted, counts
from analysis.summing.dimensions import MODALITY, Key, Keys, keys_by
from analysis.summing.nesting import outermost
from analysis.summing.running import outermost_totals

GROUP, TOTAL = "group", "total"
"""Sorts of rows: one for each group, and one for all claims of a modality."""

NOWHERE = ", no place"
"""Ends the sort of a row of claims without a place: nobody knows what else these are within."""


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
    return Tally(len(every), len(documents), *figures(every))


def figures(claims: Collection[Countable[Counted]]) -> tuple[Added, Added]:
    """The increments and the running totals of one modality that count, added up."""
    increments, cumulative = (
        [claim for claim in claims if counts(claim, kind)] for kind in (INCREMENT, CUMULATIVE)
    )
    return _added(outermost(increments)), _added(outermost_totals(cumulative))


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


def _added(claims: Collection[Countable[Counted]]) -> Added:
    low = sum(claim.best.count_min or 0 for claim in claims)
    high = sum(claim.best.count_max or 0 for claim in claims)
    return Added(len(claims), low, high)
