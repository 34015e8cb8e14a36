"""Time expressions of the calendar: years, halves, quarters, months and days, single, in ranges and in lists."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from parsers.claims.days import When, coarser, latest_month, month_end, on, valid
from parsers.claims.moments import Moment, moment
from parsers.claims.numerals import chinese_value
from parsers.document import Precision
from parsers.span import Span

N = r"(?:\d{1,2}|[一二三四五六七八九十廿]{1,3})"
YEAR = (
    r"(?:(?P<y>(?:19|20)\d{2}|[一二][〇零○九][〇零○一二三四五六七八九]{2})年度?"
    r"|(?P<ry>今年|本年度?|去年|前年|上年度?|同年|当年|明年))"
)
_MONTH = (
    rf"(?:(?P<m>{N})月份?"
    r"|(?P<rm>本月份?|当月|这个月|上个?月份?|同月|年(?=初|底|末|中)|月(?=初|底|末|中旬|上旬|下旬)))"
)
PIECE = re.compile(
    rf"{YEAR}?\s*(?:(?P<half>上半年|下半年)|第?(?P<q>[一二三四1-4])季度"
    rf"|{_MONTH}?\s*(?:(?P<part>初|上中旬|中下旬|上旬|中旬|下旬|底|末|中(?![小学心国年央队旬]))|(?P<d>{N})[日号])?)"
)
_DOTTED = re.compile(
    r"(?P<m1>1[0-2]|[1-9])\.(?P<d1>\d{1,2})\s*(?:至|到|[-—–~～－]+)\s*(?P<m2>1[0-2]|[1-9])\.(?P<d2>\d{1,2})(?![\d.%％])"
)
_ISO = re.compile(r"(?P<y>(?:19|20)\d{2})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)")
_MONTHS = re.compile(rf"{YEAR}?(?P<m1>{N})\s*(?:至|到|[-—–~～－]+)\s*(?P<m2>{N})月份?(?!{N}[日号])")
_FIRST_PART = re.compile(
    rf"{YEAR}?前(?P<n>[一二两三四五六七八九十\d]{{1,2}})个?(?P<unit>季度|月)(?!底|份|前)"
)
_YEARS = re.compile(r"(?P<y1>(?:19|20)\d{2})年?\s*(?:至|到|[-—–~～－]+)\s*(?P<y2>(?:19|20)\d{2})年")
_HOUR = (
    "(?:凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上?|夜间|夜里|深夜)?(?:\\d{1,2}[时点](?:\\d{1,2}分|整)?)?"
)
_TO = re.compile(rf"{_HOUR}\s*起?(?:至|到|[-—–~～－]+)\s*")
"""3月28日晚至29日凌晨, 3月28日20时至29日6时: hours of the first day do not part it from the second."""
_ALSO_DAY = re.compile(rf"[、和及](?P<d>{N})[日号]")
_NOT_TIME = re.compile(
    r"日(?:常|均|夜(?=兼|以继|奋|值|不)|内|光|喀|土|历)|号(?:楼|线|院|门|文|令|公告|车|店|铺|路|样|机|码|召|角)|[日号]龄"
)


_MANY, _NUMERALS = frozenset("前每近逐隔续满这某时期"), frozenset("一两二三四五六七八九十")
_SPAN_OF_DAYS = re.compile("[前每近逐隔续满这某]$|[历用耗]时$|为期$")
_DAYS_IN_ALL = re.compile("[一两二三四五六七八九十]{1,3}日(?:一?共|累计|合计|总|以?内|来|间|下来)")
_BARE_DAY = re.compile(f"{N}[日号]")
"""较前一日, 历时5日: so many days, and no day of the month."""


def calendar_days(text: str, start: int, published: date | None, named: When | None) -> Span[When] | None:
    """Years, halves, quarters, months and days, single, in ranges (7月1日至10日) and in lists (5月3日、5日)."""
    before = text[start - 1] if start else ""
    if (
        before in _MANY
        and _SPAN_OF_DAYS.search(text, max(0, start - 2), start)
        and _BARE_DAY.match(text, start)
    ):
        return None
    if text[start] in _NUMERALS and _DAYS_IN_ALL.match(text, start):
        return None
    if start and (text[start - 1] == "第" or text[start - 1] in "〕.") and text[start] not in "一二三四1234":
        return None
    if (dotted := _DOTTED.match(text, start)) is not None and published is not None:
        return _dotted_range(dotted, published)
    found = _ISO.match(text, start)
    if found is not None:
        day = valid(int(found["y"]), int(found["m"]), int(found["d"]))
        return Span(start, found.end(), on(day, day), "date") if day else None
    if (leading := _FIRST_PART.match(text, start)) is not None:
        return _first_part(leading, published, named)
    for pattern in (_YEARS, _MONTHS):
        if (ranged := pattern.match(text, start)) is not None:
            return _coarse_range(ranged, published, named)
    first = piece(text, start)
    if first is None:
        return None
    begun = first.resolve(published, named.end if named else None)
    if begun is None:
        return None
    end = first.end
    sign = _TO.match(text, end)
    second = piece(text, sign.end()) if sign else None
    if (
        second is not None
        and (finish := second.after(first, begun).resolve(published, named.end if named else None))
        and begun.start
        and finish.end
    ):
        opening = begun
        if finish.end < begun.start and first.year is None and first.relative_year is None and begun.end:
            opening = When(
                begun.start.replace(year=begun.start.year - 1, day=min(begun.start.day, 28)),
                begun.end,
                begun.precision,
            )
        if opening.start and opening.start <= finish.end:
            precision = coarser(begun.precision, closing(finish))
            return Span(start, second.end, When(opening.start, finish.end, precision), "range")
    if begun.precision is Precision.DAY and first.day:
        while (another := _ALSO_DAY.match(text, end)) is not None and begun.start:
            day = valid(begun.start.year, begun.start.month, number_in(another["d"]) or 0)
            if day is None or (begun.end and day < begun.end):
                break
            begun, end = replace(begun, end=day), another.end()
    return Span(start, end, begun, "date" if end == first.end else "list")


def piece(text: str, start: int) -> Moment | None:
    """One expression of the calendar grammar, as stated."""
    found = PIECE.match(text, start)
    if found is None or found.end() == start or not found[0].strip():
        return None
    dated = found["m"] and text[found.end() - 1] == "日"
    if found["d"] and not dated and _NOT_TIME.match(text, found.end() - 1):
        return None
    if (
        found["d"]
        and not found["m"]
        and not found["rm"]
        and text[found.end() - 1] == "号"
        and text[found.end() : found.end() + 1]
        not in ("", "，", "。", "、", "上", "下", "晚", "早", "至", "到", "以", "起", ",", " ")
    ):
        return None
    return moment(
        end=found.end(),
        year=number_in(found["y"]),
        relative_year=found["ry"],
        half=found["half"],
        quarter=number_in(found["q"]),
        month=number_in(found["m"]),
        relative_month=found["rm"],
        part=found["part"],
        day=number_in(found["d"]),
    )


def _coarse_range(found: re.Match[str], published: date | None, named: When | None) -> Span[When] | None:
    """2019至2021年, 3至5月份."""
    groups = found.groupdict()
    if groups.get("y1"):
        years = int(groups["y1"]), int(groups["y2"])
        return Span(
            found.start(),
            found.end(),
            When(date(years[0], 1, 1), date(years[1], 12, 31), Precision.YEAR),
            "range",
        )
    first, last = number_in(groups["m1"]), number_in(groups["m2"])
    if not first or not last or first > 12 or last > 12:
        return None
    finish = moment(
        end=found.end(), year=number_in(groups["y"]), relative_year=groups["ry"], month=last
    ).resolve(published, named.end if named else None)
    if finish is None or finish.end is None:
        return None
    year = finish.end.year if first <= last else finish.end.year - 1
    return Span(
        found.start(),
        found.end(),
        When(date(year, first, 1), month_end(finish.end.year, last), Precision.MONTH),
        "range",
    )


def _dotted_range(found: re.Match[str], published: date) -> Span[When] | None:
    """7.18—7.24 in the heading of a bulletin."""
    months, days = (int(found["m1"]), int(found["m2"])), (int(found["d1"]), int(found["d2"]))
    last = valid(latest_month(months[1], published), months[1], days[1])
    first = valid(last.year - (months[0] > months[1]), months[0], days[0]) if last else None
    return Span(found.start(), found.end(), on(first, last), "range") if first and last else None


def _first_part(found: re.Match[str], published: date | None, named: When | None) -> Span[When] | None:
    """前三季度, 2020年前10个月: from the first of January."""
    number = 2 if found["n"] == "两" else number_in(found["n"]) or 0
    in_quarters = found["unit"] == "季度"
    last = number * 3 if in_quarters else number
    if not 1 <= last <= 12:
        return None
    stated = moment(end=found.end(), year=number_in(found["y"]), relative_year=found["ry"], month=last)
    finish = stated.resolve(published, named.end if named else None)
    if finish is None or finish.end is None:
        return None
    days = When(
        date(finish.end.year, 1, 1), finish.end, Precision.QUARTER if in_quarters else Precision.MONTH
    )
    return Span(found.start(), found.end(), days, "range")


def number_in(text: str | None) -> int | None:
    """The number of a piece, in digits or Chinese numerals; None where nothing is stated."""
    if not text:
        return None
    return int(text) if text.isdigit() else chinese_value(text)


def closing(when: When) -> Precision:
    """截至2月底 is known to the month, 截至2020年底 to the year; parts of a month to the day."""
    if when.precision is Precision.DAY and when.role == "month end":
        return Precision.MONTH
    if when.role == "year end":
        return Precision.YEAR
    return when.precision
