"""Increments that lie within others, such as a day's within its month's and a township's within its county's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from analysis.summing.counted import C, Counted
from analysis.summing.parts import included, of_some, outdone
from analysis.summing.skyline import Skyline

LENGTHS = {"province": 2, "prefecture": 4, "county": 6, "township": 9}
"""Digits of a division code at each level."""


Place = tuple[str, str]
"""Modality and division code."""


def is_placed(item: Counted) -> bool:
    """Whether an increment has a place and both days, so that it is known what it can lie in."""
    return bool(item.place_code and item.date_start and item.date_end)


def outermost(increments: Sequence[C]) -> list[C]:
    """Increments that lie in no other: one with a figure as large or larger, of the same place over a longer time
    that includes theirs, or of a larger place over a time that includes theirs; of the same place and days one that
    their text says includes them, one of everybody in another text when they are of some, or the larger of two that the
    reader flags as figures for the same. Those that lack a place or days lie in what their text says includes them.

    They are gone through by first day, the longest first, so that each comes after all it can lie in.
    """
    if len(increments) < 2:
        return list(increments)
    placed: list[C] = []
    loose: list[C] = []
    for claim in increments:
        (placed if is_placed(claim.best) else loose).append(claim)
    within = {claim.best.id for claim in (*_within_others(placed), *_within_texts(loose))}
    return [claim for claim in increments if claim.best.id not in within]


def _within_others(increments: Iterable[C]) -> Iterator[C]:
    """Of increments with place and days those that lie in others."""
    ordered = [
        (item.date_start.toordinal(), -item.date_end.toordinal(), item.modality, item.place_code, item.count_max or 0,
         item.id, claim)
        for claim in increments
        if (item := claim.best)
    ]  # fmt: skip
    ordered.sort(key=itemgetter(0, 1, 2, 3, 4, 5))
    around: dict[Place, tuple[Place, ...]] = {}
    seen: dict[Place, Skyline] = {}
    for (_, last), together in groupby(ordered, key=itemgetter(0, 1)):
        end = -last
        left = []
        for _, _, modality, code, figure, _, claim in together:
            place = modality, code
            line = seen.get(place)
            if line is None:
                around[place] = tuple((modality, larger) for larger in codes_around(code))
                line = seen[place] = Skyline()
            elif line.largest(end) >= figure:
                yield claim
                continue
            left.append((place, line, figure, claim))
        # Of two with the same days and place neither lies in the other by these: all are compared before any counts.
        together_at: dict[Place, list[C]] = {}
        for place, line, figure, claim in left:
            line.add(end, figure)
            together_at.setdefault(place, []).append(claim)
        for told in together_at.values():
            if len(told) > 1:
                yield from _parts(told)
        for place, _, figure, claim in left:
            for larger in around[place]:
                outer = seen.get(larger)
                if outer is not None and outer.largest(end) >= figure:
                    yield claim
                    break


def _parts(told: Sequence[C]) -> Iterator[C]:
    yield from included(told)
    yield from of_some(told)
    yield from outdone(told)


def _within_texts(increments: Iterable[C]) -> Iterator[C]:
    """Of increments without place or days those that lie in others of their texts."""
    told: dict[tuple[object, ...], list[C]] = defaultdict(list)
    for claim in increments:
        item = claim.best
        for document in set(claim.documents):
            told[document, item.modality, item.place_code, item.date_start, item.date_end].append(claim)
    for together in told.values():
        if len(together) > 1:
            yield from included(together)


@lru_cache(1 << 16)
def codes_around(code: str) -> tuple[str, ...]:
    """The codes of the places that a place lies in, the largest first."""
    return tuple(code[:length] for length in LENGTHS.values() if length < len(code))
