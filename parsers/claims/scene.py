"""One article with everything that the recognisers found in it."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from parsers.claims.days import When
from parsers.claims.passages import Passages
from parsers.claims.words import Token, Words
from parsers.observation import Article, CountRange
from parsers.places import Places
from parsers.span import Span

LONGEST_NAME = 40
"""Characters before a word in which the name of a place or body that holds it begins."""


@dataclass(frozen=True, slots=True)
class Scene:
    """`text` and `title` are the article's in simplified characters and of the same length; all spans index them.
    `numbers` and `rates` are those of the lines that report; `named` is where
    places and bodies stand.

    `items` are the starts of lines that report for themselves: numbered, headed, or opening with a police body.
    """

    article: Article
    text: str
    title: str
    where: Passages
    words: Words
    title_words: Words
    numbers: list[Span[CountRange]]
    rates: list[Span[float]]
    dates: list[Span[When]]
    title_dates: list[Span[When]]
    places: Places
    named: list[tuple[int, int]]
    items: frozenset[int]

    def modalities(self, first: int, last: int) -> tuple[str, ...]:
        """The kinds of data named in `text[first:last]`."""
        return kinds_of_data(self.words.within("modality", first, last))

    def photographed(self, first: int, last: int) -> bool:
        """Whether `text[first:last]` names photographs and no kind of data, in a sentence that names one."""
        near = self.words.within("modality", first, last)
        if not near or any(token.value != "photo" for token in near):
            return False
        return bool(self.modalities(*self.where.sentence(first)))

    def named_within(self, first: int, last: int) -> list[tuple[int, int]]:
        """Where places, police bodies and references to either (我县) begin in `text[first:last]`."""
        return self.named[bisect_left(self.named, (first,)) : bisect_left(self.named, (last,))]

    def numbers_within(self, first: int, last: int) -> list[Span[CountRange]]:
        """The numbers that begin in `text[first:last]`."""
        low = bisect_left(self.numbers, first, key=_begin_of)
        return self.numbers[low : bisect_left(self.numbers, last, low, key=_begin_of)]

    def dates_within(self, first: int, last: int) -> list[Span[When]]:
        """The time expressions that begin in `text[first:last]`."""
        low = bisect_left(self.dates, first, key=_start_of)
        return self.dates[low : bisect_left(self.dates, last, low, key=_start_of)]


def _start_of(span: Span[When]) -> int:
    return span.start


def _begin_of(span: Span[CountRange]) -> int:
    return span.start


def places_named(places: Places) -> list[tuple[int, int]]:
    """Where places, police bodies and references stand in a text, in order."""
    found = [(span.start, span.end) for span in (*places.mentions, *places.references)]
    return sorted([*found, *((organ.start, organ.end) for organ in places.organs)])


def kinds_of_data(tokens: list[Token]) -> tuple[str, ...]:
    """Kinds of data named, without the words that only sum them up (等生物信息) or a photograph that stands alone."""
    if not tokens:
        return ()
    values = dict.fromkeys(token.value for token in tokens)
    named = [value for value in values if value not in ("unspecified", "photo")]
    if "photo" in values and (named or "unspecified" in values) and "face" not in named:
        named.append("face")
    return tuple(named) if named else (("other",) if "unspecified" in values else ())
