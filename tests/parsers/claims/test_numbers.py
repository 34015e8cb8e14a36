"""Counts: what each way of writing a number means as a range."""

from __future__ import annotations

import pytest

from parsers.claims.numbers import find_numbers
from parsers.claims.numerals import chinese_value
from parsers.claims.rates import find_rates
from parsers.observation import Article
from parsers.observe import observe

COUNTS = [
    # exact
    ("17194份", 17194, 17194, "exact"),
    ("17,194人", 17194, 17194, "exact"),
    ("1，024条", 1024, 1024, "exact"),
    ("三千六百份", 3600, 3600, "exact"),
    ("一百零三人", 103, 103, "exact"),
    ("两千五份", 2500, 2500, "exact"),
    ("两万三", 23000, 23000, "exact"),
    ("廿八人", 28, 28, "exact"),
    ("贰佰叁拾份", 230, 230, "exact"),
    ("1.2万人", 12000, 12000, "exact"),
    ("3万5千人", 35000, 35000, "exact"),
    ("1.2亿条", 120000000, 120000000, "exact"),
    # at least
    ("1.2万余份", 12000, 12999, "at_least"),
    ("12.46万余人", 124600, 124699, "at_least"),
    ("1万2千余人", 12000, 12999, "at_least"),
    ("300多份", 300, 399, "at_least"),
    ("5百多人", 500, 599, "at_least"),
    ("20多万人", 200000, 299999, "at_least"),
    ("百余份", 100, 199, "at_least"),
    ("十余份", 10, 19, "at_least"),
    ("71余名", 71, 79, "at_least"),
    ("103余人", 103, 109, "at_least"),
    ("四万八千余份", 48000, 48999, "at_least"),
    ("逾3000份", 3000, 3999, "at_least"),
    ("逾千份", 1000, 1999, "at_least"),
    ("突破2万", 20000, 29999, "at_least"),
    ("超500人", 500, 599, "at_least"),
    ("过万份", 10000, 19999, "at_least"),
    ("不少于30份", 30, 39, "at_least"),
    ("200以上", 200, 299, "at_least"),
    ("上百份", 100, 199, "at_least"),
    ("上千人", 1000, 1999, "at_least"),
    # almost
    ("近百份", 90, 99, "almost"),
    ("近3000人", 2700, 2999, "almost"),
    ("将近2万", 18000, 19999, "almost"),
    ("近1.5万人", 13500, 14999, "almost"),
    ("不到500人", 450, 499, "almost"),
    # about
    ("约500份", 450, 550, "approx"),
    ("500左右", 450, 550, "approx"),
    ("500上下", 450, 550, "approx"),
    ("数十份", 20, 99, "approx"),
    ("几百人", 200, 999, "approx"),
    ("数千份", 2000, 9999, "approx"),
    ("数万人", 20000, 99999, "approx"),
    ("十几份", 11, 19, "approx"),
    ("二十几名", 21, 29, "approx"),
    # between
    ("三四百份", 300, 400, "range"),
    ("七八十份", 70, 80, "range"),
    ("十七八人", 17, 18, "range"),
    ("十二三万人", 120000, 130000, "range"),
    ("200至300份", 200, 300, "range"),
    ("二百到三百份", 200, 300, "range"),
    ("3500万至7000万份", 35000000, 70000000, "range"),
]


@pytest.mark.parametrize(("text", "low", "high", "qualifier"), COUNTS)
def test_a_number_is_a_range_with_its_hedge(text: str, low: int, high: int, qualifier: str) -> None:
    found = [(span.value.min, span.value.max, span.value.qualifier.value) for span in find_numbers(text)]
    assert found == [(low, high, qualifier)]


@pytest.mark.parametrize(
    "text",
    [
        "公安〔2021〕12号文件",
        "电话13912345678",
        "上午10:30开始",
        "第三小学",
        "证号632121199001011234",
        "电话0971-6123456",
    ],
)
def test_numbers_that_count_nothing_are_left_out(text: str) -> None:
    assert find_numbers(text) == []


@pytest.mark.parametrize(
    ("hedged", "low", "high"),
    [("20份左右", 18, 22), ("300人以上", 300, 399), ("２１６份", 216, 216), ("１.２万份", 12000, 12000)],
)
def test_hedges_behind_the_measure_word_and_full_width_digits_count(hedged: str, low: int, high: int) -> None:
    (claim,) = observe(Article(f"旁多派出所采集血样{hedged}。", account="林周公安")).observations
    assert claim.count is not None
    assert (claim.count.min, claim.count.max) == (low, high)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("采集率32.3%", 0.323),
        ("九成", 0.9),
        ("八成五", 0.85),
        ("百分之八十五点六", 0.856),
        ("百分之85", 0.85),
        ("三分之二", 0.666667),
        ("100％", 1.0),
    ],
)
def test_shares(text: str, value: float) -> None:
    assert [span.value for span in find_rates(text)] == [value]


def test_a_range_of_shares_is_no_share() -> None:
    assert find_rates("约占男性人口的5%至10%") == []


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("", None),
        ("十", 10),
        ("十五", 15),
        ("二〇二一", 2021),
        ("一亿零三万", 100030000),
        ("三百零二", 302),
        ("一" * 40, None),
        ("采", None),
    ],
)
def test_chinese_numerals(numeral: str, value: int | None) -> None:
    assert chinese_value(numeral) == value
