"""What groups of claims come to, in parts that can be added to and taken from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from analysis.counted import CUMULATIVE, INCREMENT, Countable, Counted, T, day_of
from analysis.dimensions import MODALITY, Key, keys_by
from analysis.listing import Cell
from analysis.nesting import codes_around, outermost

GROUP, TOTAL = "group", "total"
"""Sorts of rows: one for each group, and one for all claims of a modality."""


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
    groups: dict[Key, list[Countable[Counted]]] = defaultdict(list)
    whole: dict[str, list[Countable[Counted]]] = defaultdict(list)
    keys_of = keys_by(dimensions)
    for claim in claims:
        best = claim.best
        for key in keys_of(best):
            groups[key].append(claim)
        whole[best.modality].append(claim)
    for key in sorted(groups, key=order):
        yield (GROUP, *key), tally(groups[key])
    for modality in sorted(whole):
        yield of_modality(modality, dimensions), tally(whole[modality])


def of_modality(modality: str, dimensions: Sequence[str]) -> Key:
    """The key of the row for all claims of a modality."""
    return (TOTAL, *(modality if name == MODALITY else None for name in dimensions))


def order(key: Key) -> list[tuple[bool, str]]:
    """What groups are sorted by, and rows too: those without a value last."""
    return [(value is None, str(value)) for value in key]


def _added(items: Sequence[Counted]) -> Added:
    return Added(
        len(items), sum(item.count_min or 0 for item in items), sum(item.count_max or 0 for item in items)
    )


def outermost_totals(items: Sequence[T]) -> list[T]:
    """Of running totals the latest of each place, without those of places inside another that has one."""
    latest: dict[tuple[str, str], tuple[tuple[date, int, str], T]] = {}
    for item in items:
        key = (item.modality, item.place_code or "")
        when = (day_of(item) or date.min, item.count_max or 0, item.id)
        former = latest.get(key)
        if former is None or when > former[0]:
            latest[key] = when, item
    return [
        item
        for (modality, code), (_, item) in latest.items()
        if all((modality, larger) not in latest for larger in codes_around(code))
    ]
