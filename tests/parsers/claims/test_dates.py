"""Time expressions, each resolved against a publication day."""

from __future__ import annotations

from datetime import date

import pytest

from parsers.claims.dates import find_dates

WEDNESDAY = date(2021, 5, 12)

EXPRESSIONS = [
    # days
    ("5月11日，", "2021-05-11", "2021-05-11", "day", "on"),
    ("1月27日", "2021-01-27", "2021-01-27", "day", "on"),
    ("9月5日，", "2020-09-05", "2020-09-05", "day", "on"),
    ("27日，", "2021-04-27", "2021-04-27", "day", "on"),
    ("本月5日", "2021-05-05", "2021-05-05", "day", "on"),
    ("上月20日", "2021-04-20", "2021-04-20", "day", "on"),
    ("2021-04-03", "2021-04-03", "2021-04-03", "day", "on"),
    ("三月十五日", "2021-03-15", "2021-03-15", "day", "on"),
    ("今日", "2021-05-12", "2021-05-12", "day", "on"),
    ("昨天", "2021-05-11", "2021-05-11", "day", "on"),
    ("昨日", "2021-05-11", "2021-05-11", "day", "on"),
    ("上周五", "2021-05-07", "2021-05-07", "day", "on"),
    # ranges and lists of days
    ("9月3日至6日，", "2020-09-03", "2020-09-06", "day", "on"),
    ("4月28日至5月3日", "2021-04-28", "2021-05-03", "day", "on"),
    ("12月29日至1月3日", "2020-12-29", "2021-01-03", "day", "on"),
    ("5月3日、5日", "2021-05-03", "2021-05-05", "day", "on"),
    ("从2019年8月5日至2019年12月31日在", "2019-08-05", "2019-12-31", "day", "on"),
    ("5月3日起，为期三天", "2021-05-03", "2021-05-05", "day", "on"),
    ("5月8日晚至9日凌晨", "2021-05-08", "2021-05-09", "day", "on"),
    ("5月8日20时至9日6时", "2021-05-08", "2021-05-09", "day", "on"),
    ("5月8日文部派出所", "2021-05-08", "2021-05-08", "day", "on"),
    ("5月10日召开会议", "2021-05-10", "2021-05-10", "day", "on"),
    ("周末两天", "2021-05-08", "2021-05-09", "day", "on"),
    ("上周末，", "2021-05-08", "2021-05-09", "day", "on"),
    # weeks and parts of months
    ("上周", "2021-05-03", "2021-05-09", "day", "on"),
    ("本周", "2021-05-10", "2021-05-12", "day", "on"),
    ("3月上旬", "2021-03-01", "2021-03-10", "day", "on"),
    ("8月中旬", "2020-08-11", "2020-08-20", "day", "on"),
    ("4月下旬", "2021-04-21", "2021-04-30", "day", "on"),
    ("月初", "2021-05-01", "2021-05-10", "day", "on"),
    # months, quarters, years
    ("6月份", "2020-06-01", "2020-06-30", "month", "on"),
    ("今年4月", "2021-04-01", "2021-04-30", "month", "on"),
    ("二〇二〇年十月", "2020-10-01", "2020-10-31", "month", "on"),
    ("3至5月份", "2021-03-01", "2021-05-31", "month", "on"),
    ("去年9月至12月", "2020-09-01", "2020-12-31", "month", "on"),
    ("上半年", "2021-01-01", "2021-06-30", "month", "on"),
    ("前三季度，", "2020-01-01", "2020-09-30", "quarter", "on"),
    ("前10个月，", "2020-01-01", "2020-10-31", "month", "on"),
    ("4月中下旬", "2021-04-11", "2021-04-30", "day", "on"),
    ("4月上中旬", "2021-04-01", "2021-04-20", "day", "on"),
    ("第一季度", "2021-01-01", "2021-03-31", "quarter", "on"),
    ("2020年第四季度", "2020-10-01", "2020-12-31", "quarter", "on"),
    ("2020年，", "2020-01-01", "2020-12-31", "year", "on"),
    ("去年", "2020-01-01", "2020-12-31", "year", "on"),
    ("2019至2021年", "2019-01-01", "2021-12-31", "year", "on"),
    ("2020年5月至2021年3月", "2020-05-01", "2021-03-31", "month", "on"),
    # open ends
    ("今年以来", "2021-01-01", "2021-05-12", "year", "since"),
    ("本月以来", "2021-05-01", "2021-05-12", "month", "since"),
    ("6月份以来", "2020-06-01", "2021-05-12", "month", "since"),
    ("5月8日以来", "2021-05-08", "2021-05-12", "day", "since"),
    ("自6月份起", "2020-06-01", "2021-05-12", "month", "since"),
    ("2019年3月至今", "2019-03-01", "2021-05-12", "month", "since"),
    ("10月启动", "2020-10-01", "2021-05-12", "month", "since"),
    ("自6月6日起，将", "2021-06-06", "None", "day", "since"),
    ("去年起借", "2020-01-01", "2021-05-12", "year", "since"),
    # open starts
    ("目前", "None", "2021-05-12", "day", "until"),
    ("截止目前，", "None", "2021-05-12", "day", "until"),
    ("截至2月底", "None", "2021-02-28", "month", "until"),
    ("截止2月底", "None", "2021-02-28", "month", "until"),
    ("截至2020年底", "None", "2020-12-31", "year", "until"),
    ("截至今年4月", "None", "2021-04-30", "month", "until"),
    ("截至9月29日，", "None", "2020-09-29", "day", "until"),
    ("，至4月24日采", "None", "2021-04-24", "day", "until"),
    ("近日", "None", "2021-05-12", "none", "on"),
    # to be done
    ("在12月底前完成", "None", "2021-12-31", "month", "deadline"),
    ("年底前", "None", "2021-12-31", "year", "deadline"),
    ("定于9月15日至11月30日", "2021-09-15", "2021-11-30", "day", "on"),
    # feasts
    ("春节期间", "2021-02-12", "2021-02-18", "day", "on"),
    ("“五一”期间", "2021-05-01", "2021-05-05", "day", "on"),
    ("中秋节当天，", "2020-10-01", "2020-10-01", "day", "on"),
    ("国庆以来，", "2020-10-01", "2021-05-12", "day", "since"),
    ("自4月15日起至30日，", "2021-04-15", "2021-04-30", "day", "on"),
    ("即日起至6月30日，", "2021-05-12", "2021-06-30", "day", "on"),
    ("请于3月1日至4月30日到", "2022-03-01", "2022-04-30", "day", "on"),
    ("“五一”当天", "2021-05-01", "2021-05-01", "day", "on"),
    ("“五一”三天，", "2021-05-01", "2021-05-03", "day", "on"),
    ("国庆小长假，", "2020-10-01", "2020-10-07", "day", "on"),
    ("三八节这天", "2021-03-08", "2021-03-08", "day", "on"),
    ("除夕当晚", "2021-02-11", "2021-02-11", "day", "on"),
    ("国庆期间", "2020-10-01", "2020-10-07", "day", "on"),
]


@pytest.mark.parametrize(("text", "start", "end", "precision", "role"), EXPRESSIONS)
def test_an_expression_is_a_range_of_days(text: str, start: str, end: str, precision: str, role: str) -> None:
    (span,) = find_dates(text, WEDNESDAY)
    when = span.value
    read = (str(when.start), str(when.end), when.precision.value, when.role)
    assert read[:3] == (start, end, precision)
    assert (when.role in ("on", "month end", "year end")) == (role == "on")
    assert role == "on" or when.role == role


def test_the_day_named_before_is_meant_by_that_day() -> None:
    _, span = find_dates("3月22日采集95份。截至当日，全县已采集", WEDNESDAY)
    assert (span.value.start, span.value.end, span.value.role) == (None, date(2021, 3, 22), "until")


@pytest.mark.parametrize(
    "text",
    ["昨日", "今天", "近日", "截至昨日", "截至目前", "本周", "上周五", "周三", "当日", "昨日起", "周末两天"],
)
def test_days_may_be_counted_from_publication(text: str) -> None:
    (span,) = find_dates(text, WEDNESDAY)
    assert span.value.relative


@pytest.mark.parametrize(
    "text", ["5月11日", "11日", "5月10日至12日", "截至5月11日", "5月份", "2021年", "6月1日起", "“五一”当天"]
)
def test_or_be_stated(text: str) -> None:
    (span,) = find_dates(text, WEDNESDAY)
    assert not span.value.relative


def test_days_after_one_that_was_named_are_counted_from_it() -> None:
    stated, following = find_dates("5月10日采集血样，次日又采集", WEDNESDAY)
    assert (stated.value.relative, following.value.relative) == (False, False)
    counted, following = find_dates("昨日采集血样，当晚又采集", WEDNESDAY)
    assert (counted.value.relative, following.value.relative) == (True, True)


@pytest.mark.parametrize(
    "text", ["5月11日", "昨日", "近日", "上周", "6月份", "截至目前", "今年以来", "春节期间"]
)
def test_without_a_publication_day_nothing_is_guessed(text: str) -> None:
    assert find_dates(text, None) == []


def test_a_full_date_needs_no_publication_day() -> None:
    (span,) = find_dates("2019年8月5日", None)
    assert span.value.start == span.value.end == date(2019, 8, 5)


@pytest.mark.parametrize(
    "text",
    [
        "3日内",
        "4号楼",
        "日喀则",
        "第二批",
        "12日常工作",
        "较前一日",
        "历时5日",
        "三日共计",
        "三年内",
        "每周六",
        "13月40日",
        "2月30日",
    ],
)
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert find_dates(text, WEDNESDAY) == []
