"""Figures of one place and the same days of which one includes another, as the texts say or as is taken for said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from math import inf
from typing import Any

from analysis.summing.counted import C, Countable, Counted
from analysis.summing.skyline import Skyline
from parsers.observation import ANOTHER, PART

EVERYBODY = "residents"
"""The target that stands for all who live somewhere (群众, 居民, 村民)."""

Claimed = Countable[Any]


def groups(item: Counted) -> frozenset[str]:
    """The groups of people that a figure is limited to; none when it is of all who live there."""
    return frozenset(item.targets) - {EVERYBODY}


def part_of(claim: Claimed) -> int | None:
    """The figure that includes a claim's, as a text says that makes it; of several the smallest."""
    told = (flag.removeprefix(PART).strip() for flag in claim.flags if flag.startswith(PART))
    return min((int(figure) for figure in told if figure.isdecimal()), default=None)


def contradicted(claim: Claimed) -> bool:
    """Whether a text has another figure for the same (`parsers.claims.contradictions`)."""
    return any(flag.startswith(ANOTHER) for flag in claim.flags)


def included(told: Sequence[C]) -> Iterator[C]:
    """Of increments that are of one place and days, or stand in one text, those that a text says to be parts of another
    as large as the one it names, or larger.

    A part lies in what is no part, or is one of something larger: no two lie in each other.
    """
    whole = Skyline()

    def level(claim: C) -> float:
        part = part_of(claim)
        return inf if part is None else part

    for most, alike in groupby(sorted(told, key=level, reverse=True), key=level):
        together = list(alike)
        for claim in together:
            if most < inf and whole.largest(int(most)) >= (claim.best.count_max or 0):
                yield claim
        for claim in together:
            whole.add(claim.best.count_min or 0, claim.best.count_max or 0)


def of_some(told: Sequence[C]) -> Iterator[C]:
    """Of increments of one place and the same days those of some people, where another text has one of everybody that
    is as large: texts say nothing of each other. Of figures in one text it says itself which is a part; the others
    are separate counts (常住人口1100份、流动人口900份).
    """
    whole: dict[frozenset[str], int] = {}
    for claim in told:
        if not groups(claim.best) and part_of(claim) is None:
            documents = frozenset(claim.documents)
            whole[documents] = max(claim.best.count_max or 0, whole.get(documents, 0))
    largest = sorted(whole.items(), key=lambda each: -each[1])
    for claim in told:
        if groups(claim.best):
            others = (figure for documents, figure in largest if documents.isdisjoint(claim.documents))
            if next(others, -1) >= (claim.best.count_max or 0):
                yield claim


def outdone(told: Sequence[C]) -> Iterator[C]:
    """Of increments of one place, the same days and people those that contradict a larger one."""
    largest: dict[frozenset[str], C] = {}
    doubtful = [claim for claim in told if contradicted(claim)]
    for claim in doubtful:
        known = largest.setdefault(groups(claim.best), claim)
        if _size(claim) > _size(known):
            largest[groups(claim.best)] = claim
    for claim in doubtful:
        if largest[groups(claim.best)] is not claim:
            yield claim


def _size(claim: Claimed) -> tuple[int, float, str]:
    part = part_of(claim)
    return claim.best.count_max or 0, inf if part is None else part, claim.best.id
