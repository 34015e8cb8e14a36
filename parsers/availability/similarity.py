"""How alike two texts of one page are."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

_COUNTERS = re.compile(r"(?:阅读|浏览|点击|访问)(?:(?:次数|量|数):?|:)\d{1,12}(?:\.\d{1,2})?万?\+?次?")
"""Counters of readers that sites print within an article, after folding; they differ at every look."""

_UNSEEN = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+")


def similarity(one: str, other: str) -> float:
    """From 0 to 1: the share of pairs of characters that the texts have in common (Sørensen-Dice).

    1 only for texts that say the same: white space, width, invisible characters and counters of readers do not count.
    A figure that was altered does, however long the text. Takes time in proportion to the length of both.
    """
    first, second = _folded(one), _folded(other)
    if first == second:
        return 1.0
    pairs, others = _pairs(first), _pairs(second)
    total = pairs.total() + others.total()
    shared = (pairs & others).total()
    return min(2 * shared / total, 1 - 1 / (total + 1)) if total else 0.0


def _folded(text: str) -> str:
    return _COUNTERS.sub("", _UNSEEN.sub("", unicodedata.normalize("NFKC", text)))


def _pairs(text: str) -> Counter[str]:
    return Counter(text[at : at + 2] for at in range(len(text) - 1))
