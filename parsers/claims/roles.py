"""Whether a time expression opens or closes a period, lies ahead, or is a date to be done by."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from parsers.claims.days import When, on, valid
from parsers.claims.grammar import N, closing, number_in
from parsers.document import Precision
from parsers.span import Span

_UNTIL = re.compile(r"(?:截[至止]?到?|截至|截止)\s*$")
_UP_TO = re.compile(r"(?:^|[，。；,;、\n])\s*[至到]$")
_SINCE = re.compile(r"(?:份)?(?P<word>以来|来(?=[，,共已累我全])|至今|起|开始|启动|开展以来|之后)")
_SINCE_AN_ACT = re.compile(r"[^，。；：、\d\n的]{2,10}以来")
"""1月28日春运启动以来."""
_AFTER_SINCE = ("", "，", "。", "、", "；", ",", " ", "\n")
_BEGINS = re.compile("起(?:[借以开陆逐全对在向为实推组要规强派]|公安|警方|当局|民警)")
"""去年起借体检采集: since then; not 起获, 起诉."""
_BEFORE = re.compile(r"(?:以前|之前|前)(?![往来后期不列科进河山郭旗沟坪坊门])")
_ANNOUNCED = re.compile(r"(?:定于|决定[自从于在]?|拟[于从自]|将[于从自在]|计划[于从自在]|拟定于|请[于在从])$")
_WILL = re.compile(r"[^。；\n将]{0,20}将(?!近|军|士|其|血|指)")
_NOTICED = re.compile("通知[，：,:]?$")
_SOON = timedelta(days=62)
_AHEAD = re.compile(r"决定|定于|拟于|将(?!近)|拟自|计划")
_LASTING = re.compile(rf"为期(?P<n>{N})天")
_LONGEST_LEAD = 6


def with_role(text: str, span: Span[When], published: date | None) -> Span[When]:
    """Whether the expression opens or closes a period, or is a date to be done by."""
    when, start, end = span.value, span.start, span.end
    if when.role == "until":
        return span
    before = text[max(0, start - _LONGEST_LEAD) : start]
    after = _SINCE.match(text, end)
    if _UNTIL.search(before) or (_UP_TO.search(before) and span.rule != "range"):
        return Span(start, end, _ending(when, when.end, "until"), "until")
    if (ahead := _BEFORE.match(text, end)) is not None and when.end and when.precision is not Precision.NONE:
        return Span(
            start,
            ahead.end(),
            _ending(
                when,
                next_such_day(when.end, published) if _is_without_year(text, span) else when.end,
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
    opened = before.endswith(("自", "从")) or (
        after is not None and after["word"] == "起" and before.endswith(("定于", "拟于", "将于"))
    )
    acted = _SINCE_AN_ACT.match(text, end) if after is None and when.precision is Precision.DAY else None
    if after is not None and _opens(text, after, opened):
        opened, end = True, after.end()
    elif acted is not None:
        opened, end = True, acted.end()
    elif not opened:
        return span
    if (
        published
        and begun < published
        and begun.replace(day=28) < published.replace(day=1)
        and _AHEAD.search(text, max(0, start - 12), end + 16)
        and _is_without_year(text, span)
    ):
        begun = next_such_day(begun, published)
    finish = published if published and published >= begun else None
    return Span(start, end, replace(when, start=begun, end=finish, role="since"), "since")


def _ending(when: When, end: date | None, role: str) -> When:
    """A period that ends with these days, and has no beginning."""
    return replace(when, start=None, end=end, precision=closing(when), role=role)


def _is_to_come(text: str, span: Span[When], published: date) -> bool:
    """5月8日上午，某所将…: a day of the weeks after publication, when the sentence says that it lies ahead."""
    noticed = _NOTICED.search(text, max(0, span.start - _LONGEST_LEAD), span.start)
    if (
        (_WILL.match(text, span.end) is None and noticed is None)
        or not _is_without_year(text, span)
        or "月" not in text[span.start : span.end]
    ):
        return False
    end = span.value.end
    return end is not None and timedelta(0) < next_such_day(end, published) - published <= _SOON


def _opens(text: str, after: re.Match[str], opened: bool) -> bool:
    word, following = after["word"], text[after.end() : after.end() + 1]
    if word == "起":
        return opened or following in _AFTER_SINCE or _BEGINS.match(text, after.start()) is not None
    if word in ("开始", "启动"):
        return True
    return word != "之后"


def _is_without_year(text: str, span: Span[When]) -> bool:
    return "年" not in text[span.start : span.end]


def _ahead(when: When, published: date | None) -> When:
    """Announced days that lie before the announcement are those of the year to come."""
    if published is None or when.start is None or when.end is None or when.end >= published:
        return when
    return replace(when, start=next_such_day(when.start, published), end=next_such_day(when.end, published))


def next_such_day(day: date, published: date | None) -> date:
    """A day that is announced lies ahead of the announcement."""
    if published is None or day >= published:
        return day
    return valid(day.year + 1, day.month, day.day) or day.replace(year=day.year + 1, day=28)


def lasting(text: str, span: Span[When]) -> Span[When]:
    """5月3日起，为期三天: the period ends with the third day."""
    start = span.value.start
    if start is None or span.value.precision is not Precision.DAY:
        return span
    found = _LASTING.search(text, span.end, span.end + 24)
    days = number_in(found["n"]) if found and "。" not in text[span.end : found.start()] else None
    if not days:
        return span
    return Span(span.start, span.end, on(start, start + timedelta(days=days - 1)), "lasting")
