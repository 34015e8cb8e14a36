"""From an article to what it claims."""

from __future__ import annotations

import re
from dataclasses import replace

from parsers.claims.compose import of_figures
from parsers.claims.dates import day_or_week, find_dates
from parsers.claims.figures import find_figures
from parsers.claims.kinds import kinds_of
from parsers.claims.mentions import of_rates, without_figure
from parsers.claims.numbers import find_numbers
from parsers.claims.other_days import says_nothing_of_days
from parsers.claims.passages import Passages, passages
from parsers.claims.rates import find_rates
from parsers.claims.relevance import judge
from parsers.claims.scene import Scene, places_named
from parsers.claims.shares import owners
from parsers.claims.sifting import sifted
from parsers.claims.spaced import as_written, closed_up
from parsers.claims.tables import table_cells
from parsers.claims.tabulated import of_table
from parsers.claims.transposed import transposed_cells
from parsers.claims.words import find_words, names_biometric_data
from parsers.observation import Article, CountRange, Observation, Reported
from parsers.places import Places, find_places
from parsers.places.scan import plain
from parsers.script import FOR_PEOPLE, is_tibetan
from parsers.span import Span

MAX_TEXT = 1_000_000
"""Characters that are read; a longer text is no article."""

MOST_SHARES = 400
"""Shares that are looked at: more stand in no article, and bound the time of a hostile one."""

_FULL_WIDTH = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff0e\uff05]")
_TO_HALF_WIDTH = 0xFEE0


def observe(article: Article) -> Reported:
    """Whether an article reports police-led collection, and every claim it makes.

    Offsets index `article.text`. Most articles name no biometric data and are told apart in one pass. Raises
    InvalidLexicon when `article.words` names an entry that there is not, and nothing else.
    """
    if (closed := closed_up(article)) is not None:
        reported = observe(closed[0])
        written = tuple(as_written(each, article, closed[1]) for each in reported.observations)
        return replace(reported, observations=written)
    text, title = _normal(article.text[:MAX_TEXT]), _normal(article.title)
    if not (names_biometric_data(text, article.words) or names_biometric_data(title, article.words)):
        return _nothing(text, "other", ("no biometric data named",))
    words, title_words = find_words(text, article.words), find_words(title, article.words)
    where = passages(text)
    verdict = judge(article, text, title, words, title_words, where)
    if not verdict.lines:
        return _nothing(text, verdict.register, verdict.rules)
    title_dates = find_dates(title, article.published)
    last = max(last for _, last in verdict.lines)
    dates = find_dates(text, article.published, 0, last, named=day_or_week(title_dates))
    rates = [rate for line in verdict.lines for rate in find_rates(text, *line)][:MOST_SHARES]
    apart = frozenset(verdict.apart)
    numbers = [
        number
        for line in verdict.lines
        for number in find_numbers(text, *line)
        if where.clause(number.start) not in apart
    ]
    places = find_places(article)
    named = places_named(places)
    scene = Scene(
        article=article,
        text=text,
        title=title,
        where=where,
        words=words.outside(named),
        title_words=title_words,
        numbers=_free(numbers, (*dates, *rates)),
        rates=rates,
        dates=[span for span in dates if not says_nothing_of_days(text, span)],
        title_dates=title_dates,
        places=places,
        named=named,
        items=_items(text, where, places),
    )
    return Reported(True, tuple(_observations(scene, verdict.lines)), verdict.register, verdict.rules)


def _nothing(text: str, register: str, rules: tuple[str, ...]) -> Reported:
    """An article that reports no collection in Chinese; one in Tibetan is for people to read."""
    if is_tibetan(text):
        return Reported(False, register=FOR_PEOPLE, rules=("written in Tibetan",))
    return Reported(False, register=register, rules=rules)


def _observations(scene: Scene, lines: tuple[tuple[int, int], ...]) -> list[Observation]:
    if cells := table_cells(scene.text) or transposed_cells(scene.text):
        return of_table(scene, cells)
    figures = sifted(scene, find_figures(scene))
    kinds = kinds_of(scene, figures)
    rates = owners(scene, figures, [kind for kind, _ in kinds])
    made = of_figures(scene, figures, kinds, rates) + of_rates(scene, figures, rates)
    return made or without_figure(scene, lines)


def _normal(text: str) -> str:
    """Simplified characters and half-width digits and letters, each in the place of the original."""
    return _FULL_WIDTH.sub(lambda found: chr(ord(found[0]) - _TO_HALF_WIDTH), plain(text))


def _free(numbers: list[Span[CountRange]], taken: tuple[Span[object], ...]) -> list[Span[CountRange]]:
    """The numbers that are no part of a time expression or a share."""
    spans = sorted((span.start, span.end) for span in taken)
    kept = []
    index = 0
    for number in numbers:
        while index < len(spans) and spans[index][1] <= number.start:
            index += 1
        if index == len(spans) or spans[index][0] >= number.end:
            kept.append(number)
    return kept


def _items(text: str, where: Passages, places: Places) -> frozenset[int]:
    """The starts of lines that report for themselves: opened by a numbering, a heading or a police body."""
    if len(where.lines) == 1:
        return frozenset()
    organs = {organ.start for organ in places.organs}
    found = set(where.items)
    for start in where.lines:
        first = start
        while first < len(text) and text[first] in " 　\n":
            first += 1
        if first in organs:
            found.add(start)
    return frozenset(found)
