"""Increments that lie within others, such as a day's within its month's and a township's within its county's."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Protocol, TypeVar

from parsers.observation import ANOTHER

EVERYBODY = "residents"
"""The target that stands for all who live somewhere (群众, 居民, 村民)."""

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
    @property
    def targets(self) -> list[str]: ...  # noqa: D102
    @property
    def flags(self) -> list[str]: ...  # noqa: D102


T = TypeVar("T", bound=Increment)

Place = tuple[str, str]
"""Modality and division code."""


@dataclass(slots=True)
class _Skyline:
    """The largest figure among periods that end on a day or later: last days (ordinals) rising, figures falling."""

    ends: list[int] = field(default_factory=list)
    figures: list[int] = field(default_factory=list)

    def largest(self, end: int) -> int:
        at = bisect_left(self.ends, end)
        return self.figures[at] if at < len(self.ends) else -1

    def add(self, end: int, figure: int) -> None:
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
    that includes theirs, or of a larger place over a time that includes theirs; of the same place and days one of
    everybody, when they are of some (700份，其中男性500份), or the larger of two that the reader flags as figures for
    the same.

    They are gone through by first day, the longest first, so that each comes after all it can lie in.
    """
    placed = [
        (item.date_start.toordinal(), -item.date_end.toordinal(), item.modality, item.place_code, item.count_max or 0,
         item.id, item)
        for item in increments
        if item.place_code and item.date_start and item.date_end
    ]  # fmt: skip
    if len(placed) < 2:
        return list(increments)
    placed.sort()
    around: dict[Place, tuple[Place, ...]] = {}
    seen: dict[Place, _Skyline] = {}
    within: set[str] = set()
    for (_, last), together in groupby(placed, key=itemgetter(0, 1)):
        end = -last
        left = []
        for _, _, modality, code, figure, identifier, item in together:
            place = modality, code
            line = seen.get(place)
            if line is None:
                around[place] = tuple((modality, larger) for larger in codes_around(code))
                line = seen[place] = _Skyline()
            elif line.largest(end) >= figure:
                within.add(identifier)
                continue
            left.append((place, line, figure, item))
        # Of two with the same days and place neither lies in the other by these: all are compared before any counts.
        together_at: dict[Place, list[T]] = {}
        for place, line, figure, item in left:
            line.add(end, figure)
            together_at.setdefault(place, []).append(item)
        for told in together_at.values():
            if len(told) > 1:
                within.update(_parts(told))
        for place, _, figure, item in left:
            for larger in around[place]:
                outer = seen.get(larger)
                if outer is not None and outer.largest(end) >= figure:
                    within.add(item.id)
                    break
    return [item for item in increments if item.id not in within]


def _parts(told: Sequence[T]) -> Iterator[str]:
    """Of increments of one place and the same days those that are parts of another, or contradict a larger one."""
    whole = max((item.count_max or 0 for item in told if not groups(item)), default=-1)
    largest: dict[frozenset[str], T] = {}
    for item in told:
        if contradicted(item):
            known = largest.setdefault(groups(item), item)
            if (item.count_max or 0, item.id) > (known.count_max or 0, known.id):
                largest[groups(item)] = item
    for item in told:
        part = bool(groups(item)) and whole >= (item.count_max or 0)
        if part or (contradicted(item) and largest[groups(item)] is not item):
            yield item.id


def groups(item: Increment) -> frozenset[str]:
    """The groups of people that a figure is limited to; none when it is of all who live there."""
    return frozenset(item.targets) - {EVERYBODY}


def contradicted(item: Increment) -> bool:
    """Whether the text has another figure for the same (`parsers.claims.contradictions`)."""
    return any(flag.startswith(ANOTHER) for flag in item.flags)


@lru_cache(1 << 16)
def codes_around(code: str) -> tuple[str, ...]:
    """The codes of the places that a place lies in, the largest first."""
    return tuple(code[:length] for length in LENGTHS.values() if length < len(code))
