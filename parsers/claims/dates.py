"""Time expressions in Chinese text, each resolved against the publication day to a range of days.

The rules are those of `eval/GUIDE.md`. A year or month that is not stated is the latest that does not lie after the
publication day; without a publication day such an expression stays unresolved and is left out.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from lunardate import LunarDate

from parsers.claims.numbers import chinese_value
from parsers.document import Precision
from parsers.span import Span

_N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_YEAR = r"(?:(?P<year>\d{4}|[二〇零一九八七六五四三]{4})年|(?P<relyear>今年|本年|去年|前年|同年))?"


@dataclass(frozen=True, slots=True)
class When:
    """Days an expression means. `role` is `on`, `since` (an open end: up to publication) or `until` (an open start)."""

    start: date | None
    end: date | None
    precision: Precision
    role: str = "on"


_COARSE = [Precision.DAY, Precision.MONTH, Precision.QUARTER, Precision.YEAR]

_DAY_RANGE = re.compile(
    rf"{_YEAR}(?P<m1>{_N})月(?P<d1>{_N})[日号]?\s*(?:至|到|[-—–~～])\s*(?:(?P<y2>\d{{4}})年)?(?:(?P<m2>{_N})月)?(?P<d2>{_N})[日号]"
)
_YEARED_RANGE = re.compile(
    rf"(?P<y1>\d{{4}})年(?P<m1>{_N})月(?:(?P<d1>{_N})[日号])?\s*(?:至|到|[-—–~～])\s*(?P<y2>\d{{4}})年(?P<m2>{_N})月(?:(?P<d2>{_N})[日号])?"
)
_MONTH_RANGE = re.compile(
    rf"{_YEAR}(?P<m1>{_N})月?\s*(?:至|到|[-—–~～])\s*(?P<m2>{_N})月(?:份|底|末)?(?!{_N}?[日号])"
)
_DAY_LIST = re.compile(
    rf"{_YEAR}(?P<m>{_N})月(?P<d1>{_N})[日号]?(?:[、和及]{_N}[日号])*[、和及](?P<d2>{_N})[日号]"
)
_FULL_DAY = re.compile(rf"{_YEAR}(?P<m>{_N})月(?P<d>{_N})[日号]")
_DAY_ONLY = re.compile(
    rf"(?<![月\d一二三四五六七八九十至到])(?:(?P<this>本月|当月))?(?P<d>{_N})[日号](?![常前后内均夜])"
)
_PART_OF_MONTH = re.compile(
    rf"{_YEAR}(?:(?P<m>{_N})月(?:份)?|(?P<rel>本月|上月|上个月|当月|月))(?P<part>初|上旬|中旬|下旬|底|末)"
)
_MONTH = re.compile(rf"{_YEAR}(?P<m>{_N})月(?:份)?(?!{_N}[日号])")
_REL_MONTH = re.compile(r"(?P<rel>本月|这个月|当月|上个?月)")
_QUARTER = re.compile(rf"{_YEAR}(?:第?(?P<q>[一二三四1-4])季度)")
_HALF = re.compile(rf"{_YEAR}(?P<half>上半年|下半年)")
_YEAR_ONLY = re.compile(
    r"(?:(?P<year>(?:19|20)\d{2}|二〇[一二]\S)年(?:度|全年|底|末)?"
    r"|(?P<relyear>今年|本年度?|去年|前年|一年来|全年))"
)
_REL_DAY = re.compile(
    r"昨日|昨天|昨晚|今日|今天|今晨|今早|前日|前天|当日|当天|近日|日前|近期|连日来|近段时间|近来|最近"
    r"|上周|本周|上个?星期|本星期|周末"
)
_WEEKDAY = re.compile(r"(?P<week>上|本|这)?(?:周|星期)(?P<day>[一二三四五六日天])")
_NOW = re.compile(r"截[至止]目前|截[至止]当日|目前|至今|迄今")
_ANYTIME = re.compile(r"截[至止到]")
_UP_TO = re.compile(r"(?:^|[，。；,;、])[至到]$")
_SINCE = re.compile(r"(?:份)?(?:以来|至今|起|开始|启动)")
_RANGE_SIGN = re.compile(r"[至到—–~～、和及-]")
_FESTIVALS = {"春节": (1, 1, 7), "元宵节": (1, 15, 1), "端午节": (5, 5, 3), "端午": (5, 5, 3)}
_FESTIVALS |= {"中秋节": (8, 15, 3), "中秋": (8, 15, 3)}
"""Lunar month and day each begins on, and the days of its holiday."""

_FIXED_FEASTS = {
    "国庆": (10, 1, 7),
    "国庆节": (10, 1, 7),
    "元旦": (1, 1, 3),
    "五一": (5, 1, 5),
    "劳动节": (5, 1, 5),
}
_FESTIVAL = re.compile(rf"(?P<name>{'|'.join([*_FESTIVALS, *_FIXED_FEASTS])})(?:假期|期间|黄金周|长假)")


def find_dates(text: str, published: date | None) -> list[Span[When]]:
    """Every time expression of `text` that resolves, in order and without overlaps."""
    found: list[Span[When]] = []
    taken: list[tuple[int, int]] = []
    for pattern, read in _RECOGNISERS:
        for match in pattern.finditer(text):
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            when = read(match, published)
            if when is not None:
                span = _with_role(text, match.start(), match.end(), when, published)
                found.append(span)
                taken.append((span.start, span.end))
    return sorted(found, key=lambda span: span.start)


def _with_role(text: str, start: int, end: int, when: When, published: date | None) -> Span[When]:
    """Whether the expression opens (自…起, …以来) or closes (截至…) a period, or sets a date to be done by."""
    before, after = text[max(0, start - 3) : start], text[end : end + 4]
    closed = when.start != when.end and _RANGE_SIGN.search(text, start, end)
    if _ANYTIME.search(before) or (_UP_TO.search(before) and not closed):
        return Span(start, end, When(None, when.end, when.precision, "until"), "until")
    since = _SINCE.match(after)
    if not closed and since and (since[0] != "起" or before.endswith(("自", "从"))):
        return Span(start, end + since.end(), When(when.start, published, when.precision, "since"), "since")
    if not closed and before.endswith(("自", "从")):
        return Span(start, end, When(when.start, published, when.precision, "since"), "since")
    if after.startswith("前") and when.end:
        return Span(
            start, end + 1, When(None, _to_come(when.end, published), when.precision, "until"), "deadline"
        )
    return Span(start, end, when, "date")


def _to_come(day: date, published: date | None) -> date:
    """A date to be done by lies ahead of the day it was set."""
    if published is None or day >= published:
        return day
    return day.replace(year=day.year + 1, day=min(day.day, 28) if day.month == 2 else day.day)


def _n(text: str | None) -> int | None:
    if not text:
        return None
    return int(text) if text.isdigit() else chinese_value(text)


def _year(match: re.Match[str], published: date | None) -> int | None:
    groups = match.groupdict()
    stated, relative = groups.get("year"), groups.get("relyear")
    if stated:
        return int(stated) if stated.isdigit() else chinese_value(stated)
    if published is None or relative is None:
        return None
    return published.year - {"去年": 1, "前年": 2}.get(relative, 0)


def _day(year: int | None, month: int | None, day: int | None, published: date | None) -> date | None:
    """A day whose missing year or month is the latest not after publication."""
    try:
        if year and month and day:
            return date(year, month, day)
        if published is None or day is None:
            return None
        if month is not None:
            this = date(published.year, month, day)
            return this if this <= published else date(published.year - 1, month, day)
        this = published.replace(day=day)
        if this <= published:
            return this
        return (published.replace(day=1) - timedelta(days=1)).replace(day=day)
    except ValueError:
        return None


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _on(start: date | None, end: date | None, precision: Precision = Precision.DAY) -> When | None:
    if start is None or end is None or end < start:
        return None
    return When(start, end, precision)


def _full_day(match: re.Match[str], published: date | None) -> When | None:
    day = _day(_year(match, published), _n(match["m"]), _n(match["d"]), published)
    return _on(day, day)


def _day_only(match: re.Match[str], published: date | None) -> When | None:
    day = _day(None, None, _n(match["d"]), published)
    return _on(day, day)


def _day_range(match: re.Match[str], published: date | None) -> When | None:
    year = _year(match, published)
    month, last_month = _n(match["m1"]), _n(match["m2"])
    last_year = int(match["y2"]) if match["y2"] else year
    end = _day(last_year, last_month or month, _n(match["d2"]), published)
    start = _day(year or (end.year if end else None), month, _n(match["d1"]), published)
    if start and end and start > end:
        start = start.replace(year=start.year - 1)
    return _on(start, end)


def _yeared_range(match: re.Match[str], published: date | None) -> When | None:
    y1, y2, m1, m2 = (_n(match[key]) for key in ("y1", "y2", "m1", "m2"))
    if not (y1 and y2 and m1 and m2 and m1 <= 12 and m2 <= 12):
        return None
    d1, d2 = _n(match["d1"]), _n(match["d2"])
    try:
        start = date(y1, m1, d1 or 1)
        end = date(y2, m2, d2) if d2 else _month_end(y2, m2)
    except ValueError:
        return None
    return _on(start, end, Precision.DAY if d1 and d2 else Precision.MONTH)


def _day_list(match: re.Match[str], published: date | None) -> When | None:
    year, month = _year(match, published), _n(match["m"])
    return _on(_day(year, month, _n(match["d1"]), published), _day(year, month, _n(match["d2"]), published))


def _whole_month(year: int | None, month: int | None, published: date | None) -> tuple[int, int] | None:
    if not month or not 1 <= month <= 12:
        return None
    if year:
        return year, month
    if published is None:
        return None
    return (published.year if month <= published.month else published.year - 1), month


def _month(match: re.Match[str], published: date | None) -> When | None:
    whole = _whole_month(_year(match, published), _n(match["m"]), published)
    return _on(date(*whole, 1), _month_end(*whole), Precision.MONTH) if whole else None


def _relative_month(rel: str, published: date | None) -> tuple[int, int] | None:
    if published is None:
        return None
    if rel.startswith("上"):
        last = published.replace(day=1) - timedelta(days=1)
        return last.year, last.month
    return published.year, published.month


def _rel_month(match: re.Match[str], published: date | None) -> When | None:
    whole = _relative_month(match["rel"], published)
    if whole is None or published is None:
        return None
    end = _month_end(*whole)
    return _on(date(*whole, 1), min(end, published), Precision.MONTH)


def _month_range(match: re.Match[str], published: date | None) -> When | None:
    year = _year(match, published)
    last = _whole_month(year, _n(match["m2"]), published)
    first = _n(match["m1"])
    if last is None or not first or first > 12:
        return None
    start_year = last[0] if first <= last[1] else last[0] - 1
    return _on(date(start_year, first, 1), _month_end(*last), Precision.MONTH)


def _part_of_month(match: re.Match[str], published: date | None) -> When | None:
    if match["rel"]:
        whole = _relative_month(match["rel"], published)
    else:
        whole = _whole_month(_year(match, published), _n(match["m"]), published)
    if whole is None:
        return None
    last = _month_end(*whole).day
    if match["part"] in ("底", "末"):
        return _on(date(*whole, 1), _month_end(*whole), Precision.MONTH)
    first, end = {"初": (1, 10), "上旬": (1, 10), "中旬": (11, 20), "下旬": (21, last)}[match["part"]]
    return _on(date(*whole, first), date(*whole, end))


def _quarter(match: re.Match[str], published: date | None) -> When | None:
    number = "一二三四".find(match["q"]) + 1 or int(match["q"])
    year = _year(match, published)
    if year is None:
        if published is None:
            return None
        year = published.year if date(published.year, number * 3 - 2, 1) <= published else published.year - 1
    return _on(date(year, number * 3 - 2, 1), _month_end(year, number * 3), Precision.QUARTER)


def _half(match: re.Match[str], published: date | None) -> When | None:
    year = _year(match, published) or (published.year if published else None)
    if year is None:
        return None
    if match["half"] == "上半年":
        return _on(date(year, 1, 1), date(year, 6, 30), Precision.MONTH)
    if published and not match["year"] and not match["relyear"] and date(year, 7, 1) > published:
        year -= 1
    return _on(date(year, 7, 1), date(year, 12, 31), Precision.MONTH)


def _year_only(match: re.Match[str], published: date | None) -> When | None:
    year = _year(match, published)
    if year is None and published:
        year = published.year
    return _on(date(year, 1, 1), date(year, 12, 31), Precision.YEAR) if year else None


def _relative_day(match: re.Match[str], published: date | None) -> When | None:
    if published is None:
        return None
    word = match[0]
    monday = published - timedelta(days=published.weekday())
    if word in ("近日", "日前", "近期", "连日来", "近段时间", "近来", "最近"):
        return When(None, published, Precision.NONE)
    if word.startswith("上"):
        return _on(monday - timedelta(days=7), monday - timedelta(days=1))
    if word.startswith("本"):
        return _on(monday, published)
    if word == "周末":
        return _on(monday - timedelta(days=2), monday - timedelta(days=1))
    back = {"昨": 1, "前": 2}.get(word[0], 0)
    day = published - timedelta(days=back)
    return _on(day, day)


def _weekday(match: re.Match[str], published: date | None) -> When | None:
    if published is None:
        return None
    monday = published - timedelta(days=published.weekday())
    number = "一二三四五六日天".find(match["day"])
    day = monday + timedelta(days=min(number, 6))
    if match["week"] == "上" or (match["week"] is None and day > published):
        day -= timedelta(days=7)
    return _on(day, day)


def _now(match: re.Match[str], published: date | None) -> When | None:
    return When(None, published, Precision.DAY, "until") if published else None


def _festival(match: re.Match[str], published: date | None) -> When | None:
    if published is None:
        return None
    for year in (published.year, published.year - 1):
        if match["name"] in _FESTIVALS:
            month, day, days = _FESTIVALS[match["name"]]
            start = LunarDate(year, month, day).toSolarDate()
        else:
            month, day, days = _FIXED_FEASTS[match["name"]]
            start = date(year, month, day)
        if start <= published:
            return _on(start, start + timedelta(days=days - 1))
    return None


Reader = Callable[[re.Match[str], date | None], When | None]
_RECOGNISERS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (_YEARED_RANGE, _yeared_range),
    (_DAY_RANGE, _day_range),
    (_DAY_LIST, _day_list),
    (_FULL_DAY, _full_day),
    (_PART_OF_MONTH, _part_of_month),
    (_QUARTER, _quarter),
    (_HALF, _half),
    (_MONTH_RANGE, _month_range),
    (_MONTH, _month),
    (_NOW, _now),
    (_REL_MONTH, _rel_month),
    (_FESTIVAL, _festival),
    (_WEEKDAY, _weekday),
    (_REL_DAY, _relative_day),
    (_YEAR_ONLY, _year_only),
    (_DAY_ONLY, _day_only),
)


def coarser(first: Precision, second: Precision) -> Precision:
    """The less precise of two."""
    return max(first, second, key=lambda p: _COARSE.index(p) if p in _COARSE else -1)
