"""Flattened tables with the bodies across and what is counted down."""

from __future__ import annotations

from datetime import date

from parsers.observation import Article
from parsers.observe import observe


def read(text: str, title: str) -> list[tuple[str, int, str, str | None, float | None]]:
    article = Article(text, title, date(2021, 6, 2), "化隆公安")
    return [
        (each.modality.value, each.count.min, each.kind.value, each.place and each.place.name, each.rate)
        for each in observe(article).observations
        if each.count
    ]


HUALONG = "青海省海东市化隆回族自治县"


def test_each_figure_is_of_the_body_that_heads_its_column() -> None:
    text = "类别|甘都镇|扎巴镇\n血样|320|280\n虹膜|410|395\n走访户数|90|80"
    assert read(text, "5月份信息采集情况") == [
        ("dna", 320, "increment", HUALONG + "甘都镇", None),
        ("dna", 280, "increment", HUALONG + "扎巴镇", None),
        ("iris", 410, "increment", HUALONG + "甘都镇", None),
        ("iris", 395, "increment", HUALONG + "扎巴镇", None),
    ]


def test_targets_what_was_reached_and_its_share() -> None:
    text = "单位 甘都派出所 扎巴派出所 应采人数 3000 2800 已采虹膜 2890 2700 采集率 96.3% 96.4%"
    assert read(text, "截至5月底虹膜采集进度") == [
        ("iris", 3000, "target", HUALONG + "甘都镇", None),
        ("iris", 2800, "target", HUALONG + "扎巴镇", None),
        ("iris", 2890, "cumulative", HUALONG + "甘都镇", 0.963),
        ("iris", 2700, "cumulative", HUALONG + "扎巴镇", 0.964),
    ]


def test_a_row_that_is_too_short_ends_the_table() -> None:
    text = "类别|甘都镇|扎巴镇\n血样|320|280\n虹膜|410"
    assert [count for _, count, *_ in read(text, "5月份信息采集情况")] == [320, 280]


def test_a_sum_across_is_of_the_whole() -> None:
    text = "单位 甘都派出所 扎巴派出所 合计 已采虹膜 2890 2700 5590"
    assert read(text, "截至5月底虹膜采集进度")[-1] == ("iris", 5590, "cumulative", HUALONG, None)
