"""From an article to what it claims."""

from __future__ import annotations

from parsers.claims import compose
from parsers.claims.compose import Found
from parsers.claims.dates import find_dates
from parsers.claims.figures import Figure, find_figures
from parsers.claims.lexicon import find_words, mentions_a_modality
from parsers.claims.numbers import find_numbers, find_rates
from parsers.claims.passages import passages
from parsers.claims.relevance import reporting_lines
from parsers.claims.tables import table_cells
from parsers.observation import Article, CountRange, Observation, Reported
from parsers.places import find_places
from parsers.places.scan import plain
from parsers.span import Span

MAX_TEXT = 1_000_000
"""Characters that are read; a longer text is no article."""


def observe(article: Article) -> Reported:
    """Whether an article reports police-led collection, and every claim it makes.

    Offsets index `article.text`. Most articles name no biometric data and are told apart in one pass.
    """
    text, title = plain(article.text[:MAX_TEXT]), plain(article.title)
    if not (mentions_a_modality(text) or mentions_a_modality(title)):
        return Reported(False, register="other")
    rates = find_rates(text)
    dates = find_dates(text, article.published)
    busy = [(span.start, span.end) for span in (*rates, *dates)]
    numbers = [
        n for n in find_numbers(text) if not any(start < n.end and n.start < end for start, end in busy)
    ]
    where = passages(text, [(number.start, number.end) for number in numbers])
    words, title_words = find_words(text), find_words(title)
    lines, register = reporting_lines(article, words, title_words, where)
    if not lines:
        return Reported(False, register=register)
    found = Found(
        article=article,
        text=text,
        where=where,
        words=words,
        title_words=title_words,
        dates=dates,
        title_dates=find_dates(title, article.published),
        rates=rates,
        places=find_places(article),
    )
    observations = _observations(found, numbers, lines)
    return Reported(True, tuple(observations), register, (f"{len(lines)} reporting lines",))


def _observations(
    found: Found, numbers: list[Span[CountRange]], lines: list[tuple[int, int]]
) -> list[Observation]:
    table = compose.of_table(found, table_cells(found.text))
    if table:
        return table
    inside = [n for n in numbers if any(start <= n.start < end for start, end in lines)]
    figures: list[Figure] = find_figures(found.text, inside, found.words, found.where)
    made = compose.of_figures(found, figures) + compose.of_rates(found, figures)
    return made or compose.without_figure(found, lines)
