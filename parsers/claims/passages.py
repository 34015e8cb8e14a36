"""Where clauses, sentences, and paragraphs or items of a text begin and end."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_MARK = re.compile(r"[，,：:（）()。！？!?；;\n]")
LONGEST_CLAUSE, LONGEST_SENTENCE, LONGEST_LINE = 400, 1500, 6000
"""Characters; a longer passage is cut, so that what looks around a figure takes bounded time on any text."""

_SENTENCE_ENDS = "。！？!?；;\n"
_ITEM = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[、.．](?!\d)|[①-⑳]"
    r"|【[^】\n]{1,24}】|[●■◆★▲▶►◎※]|[一二三四五六七八九十]是)"
)
"""What opens an item of a digest: 一、 （一） 1. ① 【才纳派出所】 ●"""


_GLOSS = re.compile("[（(](?:镇|乡|街道|区|县|市|牧|居|场|社区|所|院|人)[)）]")
_A_COUNT = re.compile(
    "(?:约|近|逾|超过?|突破|将近|共)?[\\d一二三四五六七八九十百千万两]+[余多]?[份枚人条名张]"
)
"""指纹采集：超过3910枚: a colon before a count divides nothing."""
_LONGEST_GLOSS = 4
"""各乡（镇）派出所: a gloss of one word divides nothing."""


@dataclass(frozen=True, slots=True)
class Passages:
    """Boundaries of one text, as the offsets at which clauses, sentences and lines begin.

    `items` are the lines that open with a numbering or a heading.
    """

    size: int
    clauses: tuple[int, ...]
    sentences: tuple[int, ...]
    lines: tuple[int, ...]
    items: frozenset[int] = frozenset()

    def clause(self, at: int) -> tuple[int, int]:
        """The clause that holds the character at `at`: between commas, colons and parentheses."""
        return _around(self.clauses, at, self.size)

    def sentence(self, at: int) -> tuple[int, int]:
        """The sentence that holds it."""
        return _around(self.sentences, at, self.size)

    def line(self, at: int) -> tuple[int, int]:
        """The line that holds it: a paragraph, or an item of a digest."""
        return _around(self.lines, at, self.size)


def passages(text: str) -> Passages:
    """The passages of `text`. A comma in a number (12,460) divides nothing, nor a colon before one (血样：30份, 9:30).

    A numbering (一、) is no part of the first clause of its item; a heading (【…】) is a clause of its own.
    """
    clauses, sentences, lines, items = [0], [0], [0], []
    if (item := _ITEM.match(text)) is not None:
        items.append(0)
        clauses.append(item.end())
    for mark in _MARK.finditer(text):
        sign, end = mark[0], mark.end()
        if sign in "（(）)" and _is_within_a_word(text, mark.start()):
            continue
        if sign in ",，:：" and text[end : end + 1].isdecimal() and _joins(text, sign, end):
            continue
        if sign in ":：" and _A_COUNT.match(text, end):
            continue
        clauses.append(end)
        if sign not in _SENTENCE_ENDS:
            continue
        sentences.append(end)
        item = _ITEM.match(text, end)
        if sign == "\n" or item is not None:
            lines.append(end)
        if item is not None:
            items.append(end)
            if item.end() > end:
                clauses.append(item.end())
    size = len(text)
    clauses = _bounded(clauses, range(0, size, LONGEST_CLAUSE), size, LONGEST_CLAUSE)
    sentences = _bounded(sentences, clauses, size, LONGEST_SENTENCE)
    lines = _bounded(lines, sentences, size, LONGEST_LINE)
    return Passages(size, tuple(clauses), tuple(sentences), tuple(lines), frozenset(items))


def _is_within_a_word(text: str, at: int) -> bool:
    """Whether the parenthesis at `at` opens or closes a gloss (乡（镇）)."""
    if text[at] in "（(":
        return _GLOSS.match(text, at) is not None
    return any(
        _GLOSS.fullmatch(text, first, at + 1) for first in range(max(0, at - _LONGEST_GLOSS + 1), at - 1)
    )


def _bounded(starts: list[int], finer: Sequence[int], size: int, longest: int) -> list[int]:
    """The starts of passages, those longer than `longest` cut where a smaller passage begins."""
    if size <= longest or all(end - start <= longest for start, end in pairwise((*starts, size))):
        return starts
    made = [0]
    known = set(starts)
    for start in sorted({*starts, *finer}):
        if start in known or start - made[-1] > longest:
            made.append(start)
    return sorted(set(made))


def _joins(text: str, sign: str, at: int) -> bool:
    return sign in ":：" or (text[at - 2 : at - 1].isdecimal() and (sign == "," or _groups(text, at)))


def _groups(text: str, at: int) -> bool:
    """Whether three digits and no more stand at `at`: 12，460."""
    return text[at : at + 3].isdecimal() and not text[at + 3 : at + 4].isdecimal()


def _around(starts: tuple[int, ...], at: int, size: int) -> tuple[int, int]:
    index = bisect_right(starts, at)
    return starts[index - 1], starts[index] if index < len(starts) else size
