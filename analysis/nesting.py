"""Increments that lie within others, such as a day's within its month's and a township's within its county's."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Protocol, TypeVar

LENGTHS = {"province": 2, "prefecture": 4, "county": 6, "township": 9}
"""Digits of a division code at each level."""


class Increment(Protocol):
    """A figure of a place and a time, and the id it is known by."""

    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def modality(self) -> str: ...  # noqa: D102
    @property
    def place_code(self) -> str | None: ...  # noqa: D102
    @property
    def date_start(self) -> date | None: ...  # noqa: D102
    @property
    def date_end(self) -> date | None: ...  # noqa: D102
    @property
    def count_max(self) -> int | None: ...  # noqa: D102


T = TypeVar("T", bound=Increment)

Place = tuple[str, str]
"""Modality and division code."""


@dataclass(slots=True)
class _Skyline:
    """The largest figure among periods that end on a day or later: last days rising, figures falling."""

    ends: list[date] = field(default_factory=list)
    figures: list[int] = field(default_factory=list)

    def largest(self, end: date) -> int:
        at = bisect_left(self.ends, end)
        return self.figures[at] if at < len(self.ends) else -1

    def add(self, end: date, figure: int) -> None:
        if self.largest(end) >= figure:
            return
        behind = bisect_left(self.ends, end)
        first = behind
        while first and self.figures[first - 1] <= figure:
            first -= 1
        if behind < len(self.ends) and self.ends[behind] == end:
            behind += 1
        self.ends[first:behind] = [end]
        self.figures[first:behind] = [figure]


def outermost(increments: Sequence[T]) -> list[T]:
    """Increments that lie in no other: one with a figure as large or larger, of the same place over a longer time
    that includes theirs, or of a larger place over a time that includes theirs.

    They are gone through by first day, the longest first, so that each comes after all it can lie in.
    """
    placed = [
        (_span(item), item) for item in increments if item.place_code and item.date_start and item.date_end
    ]
    if len(placed) < 2:
        return list(increments)
    placed.sort(key=itemgetter(0))
    places: dict[Place, tuple[Place, ...]] = {}
    seen: dict[Place, _Skyline] = defaultdict(_Skyline)
    within: set[str] = set()
    for _, together in groupby(placed, key=itemgetter(0)):
        same = [(item, (item.modality, item.place_code or "")) for _, item in together]
        within.update(item.id for item, place in same if _held(item, (place,), seen))
        for item, place in same:
            seen[place].add(_end(item), item.count_max or 0)
        for item, place in same:
            around = places.get(place) or places.setdefault(place, tuple(_around(place)))
            if _held(item, around, seen):
                within.add(item.id)
    return [item for item in increments if item.id not in within]


def _held(item: Increment, places: Iterable[Place], seen: Mapping[Place, _Skyline]) -> bool:
    figure, end = item.count_max or 0, _end(item)
    for place in places:
        line = seen.get(place)
        if line is not None and line.largest(end) >= figure:
            return True
    return False


def _around(place: Place) -> Iterable[Place]:
    modality, code = place
    return ((modality, code[:length]) for length in LENGTHS.values() if length < len(code))


def _end(item: Increment) -> date:
    return item.date_end or date.max


def _span(item: Increment) -> tuple[int, int]:
    """First day, and last day counted backwards."""
    first, last = item.date_start or date.min, item.date_end or date.max
    return first.toordinal(), -last.toordinal()
