"""The largest figure among those that reach far enough, as figures come one after the other."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field


@dataclass(slots=True)
class Skyline:
    """The largest figure among those that reach to a point or beyond: points rising, figures falling."""

    ends: list[int] = field(default_factory=list)
    figures: list[int] = field(default_factory=list)

    def largest(self, end: int) -> int:
        """The largest figure that reaches to `end` or beyond; -1 when none does."""
        at = bisect_left(self.ends, end)
        return self.figures[at] if at < len(self.ends) else -1

    def add(self, end: int, figure: int) -> None:
        """A figure that reaches to `end`."""
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
