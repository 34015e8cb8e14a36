"""What holdfast and four peers find of numbers, dates and places: the candidates of each, in one form.

Each reader takes a text, with the publication day where that matters, and gives everything it finds. A figure is
(least, most), a day range (first, last) with None for an open end, a place its full path. Packages are imported when a
reader is made: each peer lives in an environment of its own.
"""

from __future__ import annotations

import calendar
import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

Bounds = tuple[int, int]
Days = tuple[date | None, date | None]
Numbers = Callable[[str, str], Iterable[Bounds]]
Dates = Callable[[str, date | None], Iterable[Days]]


@dataclass(frozen=True, slots=True)
class Told:
    """What a reader of places is told: the article, and the words that a labelled place stands in."""

    text: str
    title: str = ""
    account: str = ""
    words: tuple[str, ...] = ()


Places = Callable[[Told], Iterable[str]]

PEERS = {
    "jionlp": ("jionlp==1.5.31",),
    "Recognizers-Text": ("recognizers-text-suite==1.0.2a2", "emoji<1.7", "setuptools<80"),
    "dateparser": ("dateparser==1.5.0",),
    "cpca": ("cpca==0.5.5", "pandas<2.2", "numpy<2", "setuptools<80"),
}
"""What `uv` installs for each peer; the bounds are those under which its code still runs."""

TASKS = {
    "holdfast": ("numbers", "dates", "places"),
    "jionlp": ("numbers", "dates", "places"),
    "Recognizers-Text": ("numbers", "dates"),
    "dateparser": ("dates",),
    "cpca": ("places",),
}


def numbers(name: str) -> Numbers:
    """The reader of numbers: of a quote and its measure word, every figure in it."""
    if name == "holdfast":
        from parsers.claims.numbers import find_numbers

        return lambda quote, unit: [(each.value.min, each.value.max) for each in find_numbers(quote)]
    if name == "jionlp":
        return _jionlp_numbers()
    from recognizers_number import recognize_number

    def read(quote: str, unit: str) -> Iterable[Bounds]:
        values = [float(each.resolution["value"]) for each in recognize_number(quote, "zh-cn")]
        return [(round(value), round(value)) for value in values]

    return read


def _jionlp_numbers() -> Numbers:
    """Of jionlp: it knows ranges in sums of money alone, so every measure word becomes 元; its upper ends are open."""
    import jionlp

    def read(quote: str, unit: str) -> Iterable[Bounds]:
        asked = quote.replace(unit, "元") if unit else quote + "元"
        for each in jionlp.ner.extract_money(asked, with_parsing=True):
            amount = each["detail"]["num"]
            if isinstance(amount, str):
                yield round(float(amount)), round(float(amount))
                continue
            low, high = (round(float(part)) for part in amount)
            yield low, high
            yield low, high - 1

    return read


def dates(name: str) -> Dates:
    """The reader of dates: of a text and its publication day, every range of days in it."""
    if name == "holdfast":
        from parsers.claims.dates import find_dates

        return lambda text, day: [(each.value.start, each.value.end) for each in find_dates(text, day)]
    return {"jionlp": _jionlp_dates, "Recognizers-Text": _recognizers_dates, "dateparser": _dateparser_dates}[
        name
    ]()


def _jionlp_dates() -> Dates:
    import jionlp

    def read(text: str, day: date | None) -> Iterable[Days]:
        base = {"year": day.year, "month": day.month, "day": day.day} if day else datetime.now().timestamp()
        found: list[dict[str, Any]] = []
        with contextlib.suppress(ValueError, TypeError, KeyError):
            found = jionlp.ner.extract_time(text, time_base=base, with_parsing=True) or []
        for each in found:
            if each["type"] in ("time_point", "time_span"):
                first, last = each["detail"]["time"]
                start, end = _day(first), _day(last)
                yield start, day if str(last) == "inf" else end

    return read


def _recognizers_dates() -> Dates:
    from recognizers_date_time import recognize_datetime

    def read(text: str, day: date | None) -> Iterable[Days]:
        base = datetime.combine(day, time()) if day else datetime.now()
        for each in recognize_datetime(text, "zh-cn", reference=base):
            for value in (each.resolution or {}).get("values", ()):
                if "value" in value:
                    yield _day(value["value"]), _day(value["value"])
                    continue
                start, end = _day(value.get("start")), _day(value.get("end"))
                yield start, end
                yield start, end - timedelta(days=1) if end else None

    return read


def _dateparser_dates() -> Dates:
    from dateparser.date import DateDataParser
    from dateparser.search import search_dates

    def read(text: str, day: date | None) -> Iterable[Days]:
        base = datetime.combine(day, time()) if day else datetime.now()
        settings: Any = {"RELATIVE_BASE": base, "PREFER_DATES_FROM": "past"}
        again = DateDataParser(languages=["zh"], settings=settings)
        for words, moment in search_dates(text, languages=["zh"], settings=settings) or ():
            yield moment.date(), moment.date()
            yield _period(moment.date(), again.get_date_data(words).period)

    return read


def _period(day: date, period: str) -> Days:
    """The month or year of a day, where that is all that was stated."""
    if period == "year":
        return date(day.year, 1, 1), date(day.year, 12, 31)
    if period == "month":
        return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return day, day


def _day(text: object) -> date | None:
    """The day at the front of a time in ISO form; None for anything else."""
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None


def places(name: str) -> Places:
    """The reader of places: of an article, every place in it by its full path.

    A peer knows nothing of accounts: it reads the text and each of `words` in turn.
    """
    if name == "holdfast":
        return _own_places()
    of_words = _cpca_places() if name == "cpca" else _jionlp_places()
    return lambda told: [place for words in (told.text, *told.words) for place in of_words(words)]


def _own_places() -> Places:
    from parsers.observation import Article
    from parsers.places import find_places

    def read(told: Told) -> Iterable[str]:
        found = find_places(Article(told.text, told.title, account=told.account or None))
        named = [each.value for each in (*found.mentions, *found.references)]
        bodies = [each.place for each in (*found.organs, *found.title_organs)]
        at_home = [found.home] if found.home else []
        return [place.name for place in (*named, *bodies, *at_home) if place.name]

    return read


def _cpca_places() -> Callable[[str], Iterable[str]]:
    import cpca

    def read(words: str) -> Iterable[str]:
        row = cpca.transform([words]).iloc[0]
        return _paths([row["省"], row["市"], row["区"]])

    return read


def _jionlp_places() -> Callable[[str], Iterable[str]]:
    import jionlp

    def read(words: str) -> Iterable[str]:
        found = jionlp.parse_location(words, town_village=True)
        yield from _paths([found[part] for part in ("province", "city", "county", "town")])
        recognised = jionlp.recognize_location(words)["domestic"] or ()
        for place, _ in recognised:
            yield from _paths([place[part] for part in ("province", "city", "county")])

    return read


def _paths(parts: list[str | None]) -> list[str]:
    """The path of a place and those of the places it lies in."""
    named = [part for part in parts if part]
    return ["".join(named[:count]) for count in range(1, len(named) + 1)]
