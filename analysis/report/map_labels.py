"""Where words and numbers stand on a map: at their points, or near them where others stand already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

Spot = tuple[float, float]
"""Longitude and latitude, in degrees."""

Outline = Sequence[Sequence[Sequence[Spot]]]
"""Polygons, each of its outer ring and those of its holes."""


@dataclass(frozen=True, slots=True)
class Label:
    """What is to stand at a point, which lies in this outline."""

    point: Spot
    outline: Outline

    @property
    def room(self) -> float:
        """The size of the box around the outline, in square degrees."""
        spots = [spot for polygon in self.outline for ring in polygon for spot in ring]
        if not spots:
            return 0.0
        east, north = zip(*spots, strict=True)
        return float((max(east) - min(east)) * (max(north) - min(north)))


def near(right: int, up: int) -> Sequence[Spot]:
    """Shifts, in labels, in steps of a quarter up to so many to both sides and up and down, the nearest first."""
    steps = ((x / 4, y / 4) for x in range(-4 * right, 4 * right + 1) for y in range(-4 * up, 4 * up + 1))
    return sorted(steps, key=lambda at: (at[0] ** 2 + at[1] ** 2, at))


def apart(
    labels: Sequence[Label],
    size: Spot,
    taken: Iterable[Spot],
    shifts: Sequence[Spot],
    *,
    stay: bool = False,
) -> list[Spot]:
    """For each label of this width and height a spot that is clear of those `taken` and of the other labels'.

    It is the first of `shifts` from its point that is free within its outline, else the first that is free (not when
    it is to `stay` within), else the one farthest from what is taken. Those with the least room choose first.
    """
    wide, high = size
    occupied = list(taken)

    def room(spot: Spot) -> float:
        """How far the nearest label is, 1 for one that just touches."""
        return min((max(abs(spot[0] - a) / wide, abs(spot[1] - b) / high) for a, b in occupied), default=1.0)

    found: dict[int, Spot] = {}
    for number, label in sorted(enumerate(labels), key=lambda each: each[1].room):
        x, y = label.point
        spots = [(x + right * wide, y + up * high) for right, up in shifts]
        free = [spot for spot in spots if room(spot) >= 1]
        within = next((spot for spot in free if lies_in(spot, label.outline)), None)
        if within is None and stay:
            free = []
            spots = [spot for spot in spots if lies_in(spot, label.outline)] or [label.point]
        spot = within or (free[0] if free else max(spots, key=room))
        occupied.append(spot)
        found[number] = spot
    return [found[number] for number in range(len(labels))]


def lies_in(spot: Spot, outline: Outline) -> bool:
    """Whether a spot is within an outline: a line from it to the east crosses the rings an odd number of times."""
    x, y = spot
    crossed = 0
    for polygon in outline:
        for ring in polygon:
            for (x1, y1), (x2, y2) in pairwise(ring):
                if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
                    crossed += 1
    return crossed % 2 == 1
