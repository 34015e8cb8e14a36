"""The choice of figures over periods that do not overlap which come to most."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, TypeVar

T = TypeVar("T")


class Over(NamedTuple):
    """A figure over a period, both days included; `size` is compared, its first number before the second."""

    first: date
    last: date
    size: tuple[int, int]


def most_apart(items: Sequence[T], over: Sequence[Over]) -> list[T]:
    """Of items in the order of their last days those that come to most together and whose periods share no day."""
    lasts = [each.last for each in over]
    best: list[tuple[tuple[int, int], bool]] = []
    """Of the first so many items: the most they come to, and whether the last of them is needed for it."""
    for number, each in enumerate(over):
        before = bisect_left(lasts, each.first, 0, number)
        high, low = best[before - 1][0] if before else (0, 0)
        with_it = high + each.size[0], low + each.size[1]
        without = best[-1][0] if best else (-1, -1)
        best.append((max(with_it, without), with_it > without))
    chosen: list[T] = []
    left = len(items)
    while left:
        needed = best[left - 1][1]
        if needed:
            chosen.append(items[left - 1])
        left = bisect_left(lasts, over[left - 1].first, 0, left - 1) if needed else left - 1
    return chosen[::-1]
