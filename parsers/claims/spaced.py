"""Text in which every character stands alone (共 采 集 血 样 1 8 6 份), as scans and justified headings leave it."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace

from parsers.observation import Article, Observation

_CELL = r"[\u4e00-\u9fff\d，。、：；（）]"
_SPACED = re.compile(
    rf"(?<!\S){_CELL}(?: {_CELL}){{3,}}(?![^\s，。；、）])|(?<!\S)\d(?: \d)+ [份人名条枚户台张例](?![^\s，。；、）])"
)
"""Four or more single characters, each between spaces, or the digits of a number before its measure word: no table has
such cells."""


def closed_up(article: Article) -> tuple[Article, tuple[int, ...]] | None:
    """The article without the spaces inside such stretches, and the offsets that were left out; None when it has none.

    Linear in the length of the text.
    """
    text = article.text
    dropped = tuple(
        at for found in _SPACED.finditer(text) for at in range(found.start(), found.end()) if text[at] == " "
    )
    if not dropped:
        return None
    gone = frozenset(dropped)
    kept = "".join(character for at, character in enumerate(text) if at not in gone)
    return replace(article, text=kept), dropped


def as_written(observation: Observation, article: Article, dropped: tuple[int, ...]) -> Observation:
    """The observation with its quote and offsets in the text as it was written."""
    moved = [at - index for index, at in enumerate(dropped)]
    start = observation.start + bisect_right(moved, observation.start)
    end = observation.end + bisect_right(moved, observation.end - 1)
    return replace(observation, quote=article.text[start:end], start=start, end=end)
