"""What changed between two texts of a page: figures first, then days, then words.

A change of a figure is silent when the publication time is the same and the new text has no word for a change (更正,
更新 …) that the old one lacks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal

import rjieba

from db.pages.versions import Figure, History, Version

_PIECE = re.compile(r"(?P<whole>\d[\d,.]*[万亿千百]?|[A-Za-z]+|\s+)|(?P<words>[^\dA-Za-z\s]+)")
"""A number is one word, so that 1200 against 120 is not shown as a dropped nought; the rest is segmented."""

_SAYS_SO = re.compile("更正|更新|修订|修改|勘误|订正|重新发布")
_AROUND = 8
_LONGEST = 60_000
"""Characters of each text that are compared word by word: the rest is in the archive, and time is bounded."""

_MOST_PAIRS = 4_000_000

What = Literal["figure changed", "figure gone", "figure new", "days changed"]


@dataclass(frozen=True, slots=True)
class FigureEdit:
    """What became of something reported: `before` or `after` is None when it is new or gone."""

    what: What
    before: Figure | None
    after: Figure | None


@dataclass(frozen=True, slots=True)
class Passage:
    """Words taken out and put in, with the words that stand before and after both."""

    lead: str
    out: str
    put: str
    trail: str


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a page's text."""

    campaign: str
    url: str
    before: Version
    after: Version
    figures: tuple[FigureEdit, ...]
    title: tuple[Passage, ...]
    text: tuple[Passage, ...]
    silent: bool

    @property
    def alarming(self) -> bool:
        """Whether a figure changed or went, without a word about it."""
        return self.silent and any(each.what in ("figure changed", "figure gone") for each in self.figures)


def edits(history: History) -> Iterator[Edit]:
    """The changes from each text of a page to the next, in order of time."""
    for before, after in pairwise(history.versions):
        yield Edit(
            history.campaign,
            history.url,
            before,
            after,
            tuple(figure_edits(before.figures, after.figures)),
            tuple(passages(before.title, after.title)),
            tuple(passages(before.text, after.text)),
            _is_silent(before, after),
        )


def figure_edits(before: Sequence[Figure], after: Sequence[Figure]) -> Iterator[FigureEdit]:
    """What became of each figure: paired by kind of data, kind of figure and place, in their order in the text."""
    unchanged = [figure for figure in before if any(_says_same(figure, other) for other in after)]
    old = [figure for figure in before if figure not in unchanged]
    new = [figure for figure in after if not any(_says_same(figure, other) for other in before)]
    for figure in old:
        partner = next((other for other in new if _is_about_same(figure, other)), None)
        if partner is None:
            yield FigureEdit("figure gone", figure, None)
            continue
        new.remove(partner)
        same = (figure.low, figure.high, figure.rate) == (partner.low, partner.high, partner.rate)
        yield FigureEdit("days changed" if same else "figure changed", figure, partner)
    for figure in new:
        yield FigureEdit("figure new", None, figure)


def passages(before: str, after: str) -> Iterator[Passage]:
    """The places in which two texts differ."""
    old, new = (_words(text[:_LONGEST]) for text in (before, after))
    # With few words left to compare, frequent ones may anchor too; with many that would take quadratic time.
    matcher = SequenceMatcher(None, old, new, autojunk=len(old) * len(new) > _MOST_PAIRS)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal":
            lead, trail = old[max(0, a - _AROUND) : a], old[b : b + _AROUND]
            yield Passage("".join(lead), "".join(old[a:b]), "".join(new[c:d]), "".join(trail))


def _words(text: str) -> list[str]:
    """A text in words, as jieba's dictionary and model segment Chinese; together they are the text."""
    words: list[str] = []
    for piece in _PIECE.finditer(text):
        words += [piece["whole"]] if piece["whole"] else rjieba.cut(piece["words"])
    return words


def _says_same(one: Figure, other: Figure) -> bool:
    return _is_about_same(one, other) and (one.low, one.high, one.rate, one.start, one.end) == (
        other.low,
        other.high,
        other.rate,
        other.start,
        other.end,
    )


def _is_about_same(one: Figure, other: Figure) -> bool:
    return (one.modality, one.kind, one.place) == (other.modality, other.kind, other.place)


def _is_silent(before: Version, after: Version) -> bool:
    told = len(_SAYS_SO.findall(after.title + after.text)) > len(_SAYS_SO.findall(before.title + before.text))
    return before.published == after.published and not told
