"""Time expressions in Chinese text, each resolved against the publication day to a range of days.

One scan finds where an expression may begin; a small grammar (year, then half, quarter or month, then part of the month
or day) reads it, and its neighbours say whether it opens a period (自…起, …以来), closes one (截至…) or is a date to be
done by (…前完成). A year or month that is not stated is the latest that does not lie after publication; without a
publication day such an expression stays unresolved and is left out. The rules are those of the labelling guide.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from parsers.claims.days import When, coarser, latest_month, monday_of, month_end, on, valid, year_of
from parsers.claims.festivals import NAMES, festival
from parsers.claims.moments import Moment, moment
from parsers.claims.numerals import chinese_value
from parsers.document import Precision
from parsers.span import Span

_N = r"(?:\d{1,2}|[一二三四五六七八九十廿]{1,3})"
_YEAR = (
    r"(?:(?P<y>(?:19|20)\d{2}|[一二][〇零○九][〇零○一二三四五六七八九]{2})年度?"
    r"|(?P<ry>今年|本年度?|去年|前年|上年度?|同年|当年|明年))"
)
_MONTH = (
    rf"(?:(?P<m>{_N})月份?"
    r"|(?P<rm>本月份?|当月|这个月|上个?月份?|同月|年(?=初|底|末|中)|月(?=初|底|末|中旬|上旬|下旬)))"
)
_PIECE = re.compile(
    rf"{_YEAR}?\s*(?:(?P<half>上半年|下半年)|第?(?P<q>[一二三四1-4])季度"
    rf"|{_MONTH}?\s*(?:(?P<part>初|上旬|中旬|下旬|底|末|中(?![小学心国年央队旬]))|(?P<d>{_N})[日号])?)"
)
_DOTTED = re.compile(
    r"(?P<m1>1[0-2]|[1-9])\.(?P<d1>\d{1,2})\s*(?:至|到|[-—–~～－]+)\s*(?P<m2>1[0-2]|[1-9])\.(?P<d2>\d{1,2})(?![\d.%％])"
)
_ISO = re.compile(r"(?P<y>(?:19|20)\d{2})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)")
_MONTHS = re.compile(rf"{_YEAR}?(?P<m1>{_N})\s*(?:至|到|[-—–~～－]+)\s*(?P<m2>{_N})月份?(?!{_N}[日号])")
_FIRST_PART = re.compile(
    rf"{_YEAR}?前(?P<n>[一二两三四五六七八九十\d]{{1,2}})个?(?P<unit>季度|月)(?!底|份|前)"
)
_YEARS = re.compile(r"(?P<y1>(?:19|20)\d{2})年?\s*(?:至|到|[-—–~～－]+)\s*(?P<y2>(?:19|20)\d{2})年")
_THAT_DAY = re.compile("[”’」]?(?:当天|当日)")
_FROM_NOW = "即日"
_FROM_NOW_TO = re.compile(r"即日起?\s*(?:至|到|[-—–~～])\s*")
_TO = re.compile(r"\s*起?(?:至|到|[-—–~～－]+)\s*")
_AND = re.compile(r"[、和及,，](?=\d{1,2}[日号])")
_ALSO_DAY = re.compile(rf"[、和及](?P<d>{_N})[日号]")

_DAYS_BACK = {
    "昨日": 1,
    "昨天": 1,
    "昨晚": 1,
    "今日": 0,
    "今天": 0,
    "今晨": 0,
    "今早": 0,
    "今晚": 0,
    "前日": 2,
    "前天": 2,
}
_LAST_NAMED = {"当日": 0, "当天": 0, "同日": 0, "当晚": 0, "次日": 1, "翌日": 1, "第二天": 1}
_LATELY = (
    "近日",
    "日前",
    "近期",
    "连日来",
    "近段时间",
    "近来",
    "最近",
    "近几日",
    "近几天",
    "连日",
    "前不久",
    "不久前",
)
_NOW = ("目前", "至今", "迄今", "现已", "现在", "如今", "到目前")
_WEEKS = ("上周", "本周", "这周", "上个星期", "上星期", "本星期", "一周来")
_YEARS_OF = ("一年来", "全年", "年内", "一年以来")
_FEASTS = "|".join(sorted(NAMES, key=len, reverse=True))
_PLAIN = (*_DAYS_BACK, *_LAST_NAMED, *_LATELY, *_NOW, *_WEEKS, *_YEARS_OF)
_WORDS = "|".join("至今(?![年天日])" if word == "至今" else word for word in _PLAIN)
_OPENING = "".join(
    sorted(
        {word[0] for word in (*_PLAIN, *NAMES)}
        | set("〇零○一二三四五六七八九十廿周星上本这下中今去前同当明第年月即")
    )
)
_SCAN = re.compile(
    rf"(?=[\d{_OPENING}])(?:{'|'.join(_YEARS_OF)}|一周来|即日|[\d〇零○一二三四五六七八九十廿]{{1,10}}(?=[年月日号季至到—–~～/.、-])"
    rf"|(?:上|本|这|下)?(?:周|星期)[一二三四五六日天]|{_WORDS}|[今本去前上同当明][年月]|[上下]半年|上个月|这个月"
    rf"|第[一二三四1-4]季度|年[初底末中]|月[初底末中上下]|[上中下]旬|(?:{_FEASTS})(?=[”’」]?(?:假期|期间|黄金周|长假|假日|当天|当日|前后|以来)))"
)
"""Where an expression may begin. Hardly any character opens one: the first group passes over the others at once."""

_WEEKDAY = re.compile(r"(?P<week>[上本这下])?(?:周|星期)(?P<day>[一二三四五六日天])")
_NOT_TIME = re.compile(
    r"[日号](?:常|均|夜(?=兼|以继|奋|值|不)|内|光|喀|土|楼|线|院|门|文|令|公告|车|店|铺|路|样|机|码|召|角|历)|\d{1,2}[日号]龄"
)
_UNTIL = re.compile(r"(?:截[至止]?到?|截至|截止)\s*$")
_UP_TO = re.compile(r"(?:^|[，。；,;、\n])\s*[至到]$")
_SINCE = re.compile(r"(?:份)?(?P<word>以来|来(?=[，,共已累我全])|至今|起|开始|启动|开展以来|之后)")
_STARTS_LATER = re.compile(r"[^，。；\n]{0,24}以来")
_BEFORE = re.compile(r"(?:以前|之前|前)(?![往来后期不列科])")
_ANNOUNCED = re.compile(r"(?:定于|决定[自从于在]?|拟[于从自]|将[于从自在]|计划[于从自在]|拟定于|请[于在从])$")
_WILL = re.compile(r"[^。；\n将]{0,20}将(?!近|军|士|其|血|指)")
_SOON = timedelta(days=62)
_AHEAD = re.compile(r"决定|定于|拟于|将(?!近)|拟自|计划")
_LASTING = re.compile(rf"为期(?P<n>{_N})天")
_LONGEST_LEAD = 6


def find_dates(
    text: str, published: date | None, first: int = 0, last: int | None = None
) -> list[Span[When]]:
    """Every time expression of `text[first:last]` that resolves, in order and without overlaps."""
    last = len(text) if last is None else last
    found: list[Span[When]] = []
    position = first
    named: When | None = None
    while (scanned := _SCAN.search(text, position, last)) is not None:
        position = scanned.end()
        span = _expression(text, scanned, published, named)
        if span is None:
            stated = _PIECE.match(text, scanned.start())
            position = max(position, stated.end() if stated else position)
            continue
        span = _with_role(text, span, published)
        span = _lasting(text, span)
        if _goes_on(text, found, span):
            before = found.pop()
            span = Span(before.start, span.end, replace(before.value, end=span.value.end), "list")
        found.append(span)
        position = max(position, span.end)
        named = span.value
    return found


def _goes_on(text: str, found: list[Span[When]], span: Span[When]) -> bool:
    """11月30日、12月1日两天: days of two months in one list."""
    if not found or text[found[-1].end : span.start] not in ("、", "和", "及"):
        return False
    before, after = found[-1].value, span.value
    if before.role != "on" or after.role != "on" or {before.precision, after.precision} != {Precision.DAY}:
        return False
    return before.end is not None and after.start is not None and before.end <= after.start


def _expression(
    text: str, scanned: re.Match[str], published: date | None, named: When | None
) -> Span[When] | None:
    word, start, end = scanned[0], scanned.start(), scanned.end()
    if word in _LAST_NAMED:
        day = _single_day(named) if named else (published if _LAST_NAMED[word] == 0 else None)
        return (
            Span(
                start,
                end,
                on(day + timedelta(days=_LAST_NAMED[word]), day + timedelta(days=_LAST_NAMED[word])),
                "day named before",
            )
            if day
            else None
        )
    if published is not None and (simple := _simple(word, published)) is not None:
        return Span(start, end, simple, "relative")
    if word in NAMES:
        days = festival(word, published) if published else None
        if days and (alone := _THAT_DAY.match(text, end)):
            days, end = (days[0], days[0]), alone.end()
        return Span(start, end, on(*days), "festival") if days else None
    if word[0] in "周星" or word[1:2] in ("周", "星"):
        when = _weekday(word, published)
        return Span(start, end, when, "weekday") if when else None
    if word == _FROM_NOW:
        return _from_now(text, start, published, named)
    return _calendar(text, start, published, named)


def _from_now(text: str, start: int, published: date | None, named: When | None) -> Span[When] | None:
    """即日起至5月31日: from the publication day; 即日起 alone says no days."""
    until = _FROM_NOW_TO.match(text, start)
    finish = _calendar(text, until.end(), published, named) if until and published else None
    if finish is None or published is None or finish.value.end is None:
        return None
    end = (
        finish.value.end if "年" in text[finish.start : finish.end] else _to_come(finish.value.end, published)
    )
    if end < published:
        return None
    return Span(start, finish.end, When(published, end, finish.value.precision), "range")


def _single_day(named: When) -> date | None:
    """The day named before, when it was one: 当天 after 6月 is some day of June."""
    alone = named.precision is Precision.DAY and named.start in (None, named.end)
    return named.end if alone or named.role == "since" else None


def _simple(word: str, published: date) -> When | None:
    """昨日, 近日, 目前, 上周 …: what needs nothing but the publication day."""
    if (back := _DAYS_BACK.get(word)) is not None:
        day = published - timedelta(days=back)
        return on(day, day)
    if word in _LATELY:
        return When(None, published, Precision.NONE)
    if word in _NOW:
        return When(None, published, Precision.DAY, "until")
    if word in _YEARS_OF:
        return year_of(published.year if published.month > 2 or word == "年内" else published.year - 1)
    if word in _WEEKS:
        monday = monday_of(published)
        if word[0] == "上":
            return on(monday - timedelta(days=7), monday - timedelta(days=1))
        if word == "一周来":
            return on(published - timedelta(days=6), published)
        return on(monday, published)
    return None


def _weekday(word: str, published: date | None) -> When | None:
    found = _WEEKDAY.match(word)
    if published is None or found is None:
        return None
    day = monday_of(published) + timedelta(days=min("一二三四五六日天".find(found["day"]), 6))
    if found["week"] == "上" or (found["week"] is None and day > published):
        day -= timedelta(days=7)
    return on(day, day)


def _calendar(text: str, start: int, published: date | None, named: When | None) -> Span[When] | None:
    """Years, halves, quarters, months and days, single, in ranges (7月1日至10日) and in lists (5月3日、5日)."""
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
    first = _piece(text, start)
    if first is None:
        return None
    begun = first.resolve(published, named.end if named else None)
    if begun is None:
        return None
    end = first.end
    sign = _TO.match(text, end)
    second = _piece(text, sign.end()) if sign else None
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
            precision = coarser(begun.precision, _closing(finish))
            return Span(start, second.end, When(opening.start, finish.end, precision), "range")
    if begun.precision is Precision.DAY and first.day:
        while (another := _ALSO_DAY.match(text, end)) is not None and begun.start:
            day = valid(begun.start.year, begun.start.month, _n(another["d"]) or 0)
            if day is None or (begun.end and day < begun.end):
                break
            begun, end = replace(begun, end=day), another.end()
    return Span(start, end, begun, "date" if end == first.end else "list")


def _piece(text: str, start: int) -> Moment | None:
    """One expression of the calendar grammar, as stated."""
    found = _PIECE.match(text, start)
    if found is None or found.end() == start or not found[0].strip():
        return None
    if found["d"] and _NOT_TIME.match(text, found.end() - 1):
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
        year=_n(found["y"]),
        relative_year=found["ry"],
        half=found["half"],
        quarter=_n(found["q"]),
        month=_n(found["m"]),
        relative_month=found["rm"],
        part=found["part"],
        day=_n(found["d"]),
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
    first, last = _n(groups["m1"]), _n(groups["m2"])
    if not first or not last or first > 12 or last > 12:
        return None
    finish = moment(end=found.end(), year=_n(groups["y"]), relative_year=groups["ry"], month=last).resolve(
        published, named.end if named else None
    )
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
    number = 2 if found["n"] == "两" else _n(found["n"]) or 0
    in_quarters = found["unit"] == "季度"
    last = number * 3 if in_quarters else number
    if not 1 <= last <= 12:
        return None
    stated = moment(end=found.end(), year=_n(found["y"]), relative_year=found["ry"], month=last)
    finish = stated.resolve(published, named.end if named else None)
    if finish is None or finish.end is None:
        return None
    days = When(
        date(finish.end.year, 1, 1), finish.end, Precision.QUARTER if in_quarters else Precision.MONTH
    )
    return Span(found.start(), found.end(), days, "range")


def _with_role(text: str, span: Span[When], published: date | None) -> Span[When]:
    """Whether the expression opens or closes a period, or is a date to be done by."""
    when, start, end = span.value, span.start, span.end
    if when.role == "until":
        return span
    before = text[max(0, start - _LONGEST_LEAD) : start]
    after = _SINCE.match(text, end)
    if _UNTIL.search(before) or (_UP_TO.search(before) and span.rule != "range"):
        return Span(start, end, When(None, when.end, _closing(when), "until"), "until")
    if (ahead := _BEFORE.match(text, end)) is not None and when.end and when.precision is not Precision.NONE:
        return Span(
            start,
            ahead.end(),
            When(
                None,
                _to_come(when.end, published) if _is_without_year(text, span) else when.end,
                _closing(when),
                "deadline",
            ),
            "deadline",
        )
    if when.start is None:
        return span
    to_come = published is not None and _is_to_come(text, span, published)
    if to_come or (_ANNOUNCED.search(before) and _is_without_year(text, span)):
        span = Span(start, end, _ahead(when, published), span.rule)
    begun = span.value.start
    if span.rule in ("range", "list") or begun is None:
        return span
    if text[start:end].endswith("年初") and after is not None:
        when = replace(when, precision=Precision.YEAR)
    opened = before.endswith(("自", "从"))
    if after is not None and _opens(text, after, opened):
        opened, end = True, after.end()
    elif not opened:
        return span
    if (
        published
        and begun < published
        and begun.replace(day=28) < published.replace(day=1)
        and _AHEAD.search(text, max(0, start - 12), end + 16)
        and _is_without_year(text, span)
    ):
        begun = _to_come(begun, published)
    finish = published if published and published >= begun else None
    return Span(start, end, When(begun, finish, when.precision, "since"), "since")


def _is_to_come(text: str, span: Span[When], published: date) -> bool:
    """5月8日上午，某所将…: a day of the weeks after publication, when the sentence says that it lies ahead."""
    if (
        _WILL.match(text, span.end) is None
        or not _is_without_year(text, span)
        or "月" not in text[span.start : span.end]
    ):
        return False
    end = span.value.end
    return end is not None and timedelta(0) < _to_come(end, published) - published <= _SOON


def _opens(text: str, after: re.Match[str], opened: bool) -> bool:
    word, following = after["word"], text[after.end() : after.end() + 1]
    if word == "起":
        return opened or following in ("", "，", "。", "、", "；", ",", " ", "\n")
    if word in ("开始", "启动"):
        return True
    return word != "之后"


def _is_without_year(text: str, span: Span[When]) -> bool:
    return "年" not in text[span.start : span.end]


def _ahead(when: When, published: date | None) -> When:
    """Announced days that lie before the announcement are those of the year to come."""
    if published is None or when.start is None or when.end is None or when.end >= published:
        return when
    return replace(when, start=_to_come(when.start, published), end=_to_come(when.end, published))


def _closing(when: When) -> Precision:
    """截至2月底 is known to the month, 截至2020年底 to the year; parts of a month to the day."""
    if when.precision is Precision.DAY and when.role == "month end":
        return Precision.MONTH
    if when.role == "year end":
        return Precision.YEAR
    return when.precision


def _to_come(day: date, published: date | None) -> date:
    """A day that is announced lies ahead of the announcement."""
    if published is None or day >= published:
        return day
    return valid(day.year + 1, day.month, day.day) or day.replace(year=day.year + 1, day=28)


def _lasting(text: str, span: Span[When]) -> Span[When]:
    """5月3日起，为期三天: the period ends with the third day."""
    start = span.value.start
    if start is None or span.value.precision is not Precision.DAY:
        return span
    found = _LASTING.search(text, span.end, span.end + 24)
    days = _n(found["n"]) if found and "。" not in text[span.end : found.start()] else None
    if not days:
        return span
    return Span(span.start, span.end, on(start, start + timedelta(days=days - 1)), "lasting")


def _n(text: str | None) -> int | None:
    if not text:
        return None
    return int(text) if text.isdigit() else chinese_value(text)
