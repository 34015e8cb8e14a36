"""Where sentences, clauses and items of a text begin and end."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

_SENTENCE = re.compile(r"[。！？!?；;\n]")
_CLAUSE = re.compile(r"[，,：:（）()。！？!?；;\n]")


@dataclass(frozen=True, slots=True)
class Passages:
    """Boundaries of one text; a mark inside one of `kept` (a number such as 12,460) divides nothing."""

    size: int
    clauses: tuple[int, ...]
    sentences: tuple[int, ...]
    lines: tuple[int, ...]

    def clause(self, at: int) -> tuple[int, int]:
        """The clause that holds the character at `at`."""
        return _around(self.clauses, at, self.size)

    def sentence(self, at: int) -> tuple[int, int]:
        """The sentence that holds it."""
        return _around(self.sentences, at, self.size)

    def line(self, at: int) -> tuple[int, int]:
        """The line (paragraph or item) that holds it."""
        return _around(self.lines, at, self.size)


def passages(text: str, kept: list[tuple[int, int]]) -> Passages:
    """The passages of `text`."""

    def ends(pattern: re.Pattern[str]) -> tuple[int, ...]:
        return tuple(
            match.end()
            for match in pattern.finditer(text)
            if not any(start <= match.start() < end for start, end in kept)
        )

    return Passages(len(text), ends(_CLAUSE), ends(_SENTENCE), ends(re.compile("\n")))


def _around(ends: tuple[int, ...], at: int, size: int) -> tuple[int, int]:
    index = bisect_right(ends, at)
    return (ends[index - 1] if index else 0), (ends[index] if index < len(ends) else size)
