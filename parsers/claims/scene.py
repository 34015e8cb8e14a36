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


@dataclass(frozen=True, slots=True)
class Scene:
    """`text` and `title` are the article's in simplified characters and of the same length; all spans index them.
    `numbers` and `rates` are those of the lines that report.

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
    items: frozenset[int]

    def modalities(self, first: int, last: int) -> tuple[str, ...]:
        """The kinds of data named in `text[first:last]`."""
        return kinds_of_data(self.words.within("modality", first, last))

    def places_named(self) -> list[tuple[int, int]]:
        """Where places, police bodies and references to either (我县) stand in the text."""
        places = self.places
        found = [(span.start, span.end) for span in (*places.mentions, *places.references)]
        return [*found, *((organ.start, organ.end) for organ in places.organs)]

    def dates_within(self, first: int, last: int) -> list[Span[When]]:
        """The time expressions that begin in `text[first:last]`."""
        starts = [span.start for span in self.dates]
        return self.dates[bisect_left(starts, first) : bisect_left(starts, last)]


def kinds_of_data(tokens: list[Token]) -> tuple[str, ...]:
    """Kinds of data named, without the words that only sum them up (等生物信息) or a photograph that stands alone."""
    if not tokens:
        return ()
    values = dict.fromkeys(token.value for token in tokens)
    named = [value for value in values if value not in ("unspecified", "photo")]
    if "photo" in values and (named or "unspecified" in values) and "face" not in named:
        named.append("face")
    return tuple(named) if named else (("other",) if "unspecified" in values else ())
