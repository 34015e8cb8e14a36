"""Time expressions in Chinese text, each resolved against the publication day to a range of days.

One scan finds where an expression may begin; a small grammar (year, then half, quarter or month, then part of the month
or day) reads it, and its neighbours say whether it opens a period (自…起, …以来), closes one (截至…) or is a date to be
done by (…前完成). A year or month that is not stated is the latest that does not lie after publication; without a
publication day such an expression stays unresolved and is left out. The rules are those of the labelling guide.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from parsers.claims.days import When, monday_of, on, year_of
from parsers.claims.festivals import DAY_NAMES, NAMES, festival
from parsers.claims.grammar import PIECE, calendar_days, number_in
from parsers.claims.roles import lasting, next_such_day, with_role
from parsers.document import Precision
from parsers.span import Span

_THAT_DAY = re.compile("[”’」]?(?:当天|当日|当晚|这一?天)")
_SO_MANY_DAYS = re.compile("[”’」]?([3-8三四五六七八])天")
"""“五一”三天: the days of a holiday that is shorter or longer than usual."""
_FROM_NOW = "即日"
_FROM_NOW_TO = re.compile(r"即日起?\s*(?:至|到|[-—–~～])\s*")
_AND = re.compile(r"[、和及,，](?=\d{1,2}[日号])")
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
    "昨夜": 1,
    "昨晨": 1,
}
_LAST_NAMED = {"当日": 0, "当天": 0, "同日": 0, "当晚": 0, "次日": 1, "翌日": 1}
_DAY_OF_IT = {f"第{number}{day}": nth for nth, number in enumerate("一二三四五六七") for day in "天日"}
_DAY_OF_IT |= {"首日": 0, "首天": 0}
"""Days counted from the one that a period begins with (6月1日起连续3天…，第二天301人)."""
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
_NOW = ("目前", "至今", "迄今", "现已", "现在", "如今", "到目前", "至发稿")
_LAST_WEEK = ("上周", "上星期", "上一周")
"""由上周的120份增加到本周的185份: the week before is not the one that 本周 goes back to."""
_THIS_WEEK = ("本周", "这周", "本星期")
_SHORTEST_WEEK, _WEEK = timedelta(days=3), timedelta(days=7)
"""本周 in a weekly report of 8月15日至21日 is that week."""
_WEEKS = ("上周", "本周", "这周", "上个星期", "上星期", "本星期", "一周来", "去一周", "近一周")
_WEEKENDS = ("上周末", "周末")
_YEARS_OF = ("一年来", "全年", "年内", "一年以来", "去一年", "去的一年", "这一年")
_ALL_YEAR = "全年"
_UP_TO = ("", "截至", "截止", "截止到", "截至到")
_SATURDAY = 5
_DAY_FEASTS = "|".join(sorted(DAY_NAMES, key=len, reverse=True))
_FEASTS = "|".join(sorted(NAMES, key=len, reverse=True))
_PLAIN = (*_DAYS_BACK, *_LAST_NAMED, *_DAY_OF_IT, *_LATELY, *_NOW, *_WEEKENDS, *_WEEKS, *_YEARS_OF)
_NOT_IN = {
    "至今": "至今(?![年天日])",
    "年内": "年内(?<![一二两三四五六七八九十几\\d]年内)",
    "全年": "全年(?!工作任务|采集任务|总?任务|总?目标|计划|指标)",
    "现在": "(?<!发)现在(?!逃)",
    "去一年": "去一年(?<=过去一年)",
    "去的一年": "去的一年(?<=过去的一年)",
    "去一周": "去一周(?<=过去一周)",
    "至发稿": "至发稿(?<=截至发稿)",
    "周末": "周末(?=两天|期间|[，上下早晚])",
}
"""至今年, 发现在逃人员: where these words are parts of others; 周末照常 dates nothing."""
_WORDS = "|".join(_NOT_IN.get(word, word) for word in _PLAIN)
_YEAR_WORDS = "|".join(_NOT_IN.get(word, word) for word in _YEARS_OF)
_OPENING = "".join(
    sorted(
        {word[0] for word in (*_PLAIN, *NAMES, *DAY_NAMES)}
        | set("〇零○一二三四五六七八九十廿周星上本这下中今去前同当明第年月即")
    )
)
_SCAN = re.compile(
    rf"(?=[\d{_OPENING}])(?:{_YEAR_WORDS}|一周来|即日|[\d〇零○一二三四五六七八九十廿]{{1,10}}(?=[年月日号季至到—–~～/.、-])"
    rf"|(?:上|本|这|下)?(?:周|星期)[一二三四五六日天](?![次个起份批场趟名])|{_WORDS}|[今本去前上同当明][年月]|[上下]半年|上个月|这个月"
    rf"|前[一二两三四五六七八九十\d]{{1,2}}个?(?:季度|月)(?!底|份|前)|第[一二三四1-4]季度|年[初底末中]|月[初底末中上下]|[上中下]旬"
    rf"|(?:{_FEASTS})(?=[”’」]?(?:[3-8]天|[三四五六七八]天)?(?:假期|期间|黄金周|小?长假|假日|当天|当日|前后|以来)|[”’」]?[3-8三四五六七八]天，)"
    rf"|(?:{_DAY_FEASTS})(?<!七夕)(?=[”’」]?(?:当天|当日|当晚|这一?天)))"
)
"""Where an expression may begin. Hardly any character opens one: the first group passes over the others at once."""
_WEEKDAY = re.compile(r"(?P<week>[上本这下])?(?:周|星期)(?P<day>[一二三四五六日天])(?![次个起份批场趟名])")


def find_dates(
    text: str, published: date | None, first: int = 0, last: int | None = None, *, named: When | None = None
) -> list[Span[When]]:
    """Every time expression of `text[first:last]` that resolves, in order and without overlaps.

    `named` is the day that a title names, which 当日 means until the text names another.
    """
    last = len(text) if last is None else last
    found: list[Span[When]] = []
    began = named
    position = first
    while (scanned := _SCAN.search(text, position, last)) is not None:
        position = scanned.end()
        if scanned[0] == _ALL_YEAR and found and found[-1].end == scanned.start():
            continue  # 去年全年
        span = _expression(text, scanned, published, began if scanned[0] in _DAY_OF_IT else named)
        if span is None:
            stated = PIECE.match(text, scanned.start())
            position = max(position, stated.end() if stated else position)
            continue
        span = with_role(text, span, published)
        span = lasting(text, span)
        if (part := _until_within(text, found, span)) is not None:
            found.pop()
            span = part
        elif _goes_on(text, found, span):
            before = found.pop()
            span = Span(before.start, span.end, replace(before.value, end=span.value.end), "list")
        found.append(span)
        position = max(position, span.end)
        if not text.startswith(_LAST_WEEK, span.start):
            named = span.value
            began = began if span.rule == "day of it" else named
    return found


def day_or_week(spans: Sequence[Span[When]]) -> When | None:
    """The day or the week that a title names last, when it names one."""
    days = [span.value for span in spans if span.value.precision is Precision.DAY]
    if not days:
        return None
    first, last = days[-1].start, days[-1].end
    return days[-1] if first is None or last is None or last - first < _WEEK else None


def _goes_on(text: str, found: list[Span[When]], span: Span[When]) -> bool:
    """11月30日、12月1日两天: days of two months in one list."""
    if not found or text[found[-1].end : span.start] not in ("、", "和", "及"):
        return False
    before, after = found[-1].value, span.value
    if before.role != "on" or after.role != "on" or {before.precision, after.precision} != {Precision.DAY}:
        return False
    return before.end is not None and after.start is not None and before.end <= after.start


def _until_within(text: str, found: list[Span[When]], span: Span[When]) -> Span[When] | None:
    """中旬截至20日: a period as far as it has gone."""
    if not found or span.value.role != "until" or text[found[-1].end : span.start] not in _UP_TO:
        return None
    period, last = found[-1].value, span.value.end
    if period.role != "on" or not period.start or not period.end or not last:
        return None
    if not period.start <= last <= period.end:
        return None
    return Span(found[-1].start, span.end, on(period.start, last, span.value.precision), "range")


def _expression(
    text: str, scanned: re.Match[str], published: date | None, named: When | None
) -> Span[When] | None:
    word, start, end = scanned[0], scanned.start(), scanned.end()
    if word in _LAST_NAMED:
        day = _single_day(named) if named else (published if _LAST_NAMED[word] == 0 else None)
        return _days_after(day, _LAST_NAMED[word], named, start, end, "day named before")
    if word in _DAY_OF_IT:
        day = _first_day(named) if named else None
        return _days_after(day, _DAY_OF_IT[word], named, start, end, "day of it")
    if word in _THIS_WEEK and named is not None and _is_a_week(named):
        return Span(start, end, replace(named, role="on"), "week named before")
    if published is not None and (simple := _simple(word, published)) is not None:
        return Span(start, end, replace(simple, relative=True), "relative")
    if word in NAMES or word in DAY_NAMES:
        days = festival(word, published) if published else None
        if days and (alone := _THAT_DAY.match(text, end)):
            days, end = (days[0], days[0]), alone.end()
        elif days and (so_many := _SO_MANY_DAYS.match(text, end)):
            days = (days[0], days[0] + timedelta(days=(number_in(so_many[1]) or 1) - 1))
        return Span(start, end, on(*days), "festival") if days else None
    if word[0] in "周星" or word[1:2] in ("周", "星"):
        when = _weekday(word, published, named) if not text.endswith("每", 0, start) else None
        return Span(start, end, when, "weekday") if when else None
    if word == _FROM_NOW:
        return _from_now(text, start, published, named)
    return calendar_days(text, start, published, named)


def _days_after(
    day: date | None, days: int, named: When | None, start: int, end: int, rule: str
) -> Span[When] | None:
    """So many days after the day that was named before, or after publication where none was."""
    if day is None:
        return None
    meant = day + timedelta(days=days)
    return Span(start, end, replace(on(meant, meant), relative=named is None or named.relative), rule)


def _from_now(text: str, start: int, published: date | None, named: When | None) -> Span[When] | None:
    """即日起至5月31日: from the publication day; 即日起 alone says no days."""
    until = _FROM_NOW_TO.match(text, start)
    finish = calendar_days(text, until.end(), published, named) if until and published else None
    if finish is None or published is None or finish.value.end is None:
        return None
    end = (
        finish.value.end
        if "年" in text[finish.start : finish.end]
        else next_such_day(finish.value.end, published)
    )
    if end < published:
        return None
    return Span(start, finish.end, When(published, end, finish.value.precision), "range")


def _is_a_week(named: When) -> bool:
    if named.start is None or named.end is None or named.precision is not Precision.DAY:
        return False
    return _SHORTEST_WEEK <= named.end - named.start < _WEEK


def _single_day(named: When) -> date | None:
    """The day named before, when it was one: 当天 after 6月 is some day of June."""
    alone = named.precision is Precision.DAY and named.start in (None, named.end)
    return named.end if alone or named.role == "since" else None


def _first_day(named: When) -> date | None:
    return named.start or named.end if named.precision is Precision.DAY else None


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
    if word in _WEEKENDS:
        return _weekend(word, published)
    if word in _WEEKS:
        monday = monday_of(published)
        if word[0] == "上":
            return on(monday - timedelta(days=7), monday - timedelta(days=1))
        if word in ("一周来", "去一周", "近一周"):
            return on(published - timedelta(days=6), published)
        return on(monday, published)
    return None


def _weekend(word: str, published: date) -> When:
    """The Saturday and Sunday last begun, as far as they are over; 上周末 those of the week before."""
    saturday = monday_of(published) - timedelta(days=2)
    if word != "上周末" and published.weekday() >= _SATURDAY:
        saturday += timedelta(days=7)
    return on(saturday, min(saturday + timedelta(days=1), published))


def _weekday(word: str, published: date | None, named: When | None) -> When | None:
    """周三 is the last before publication, or the one that follows a day named before (5月31日至6月4日…。周三…)."""
    found = _WEEKDAY.match(word)
    if published is None or found is None:
        return None
    number = min("一二三四五六日天".find(found["day"]), 6)
    if found["week"] is None and named is not None and named.precision is Precision.DAY and named.start:
        day = named.start + timedelta(days=(number - named.start.weekday()) % 7)
        if day <= published:
            return replace(on(day, day), relative=named.relative)
    day = monday_of(published) + timedelta(days=number)
    if found["week"] == "上" or (found["week"] is None and day > published):
        day -= timedelta(days=7)
    return replace(on(day, day), relative=True)
