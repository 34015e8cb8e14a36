"""Figures that a text includes in another are flagged with it, so that nobody adds both."""

from __future__ import annotations

from datetime import date

import pytest

from parsers.observation import Article, Observation
from parsers.observe import observe


def read(text: str) -> list[Observation]:
    return list(observe(Article(text, "警务动态", date(2021, 6, 25), "林周公安")).observations)


def told(text: str) -> list[tuple[int, tuple[str, ...]]]:
    return [(each.count.min, each.flags) for each in read(text) if each.count]


@pytest.mark.parametrize(
    "text",
    [
        "6月1日，林周县公安局采集务工人员血样300份，其中男性180份、女性120份。",
        "6月1日，采集流动人口血样300份（男性180份、女性120份）。",
        "6月1日，采集务工人员血样300份，男性180份、女性120份。",
    ],
    ids=["其中", "in brackets", "by their sum"],
)
def test_parts_behind_their_whole(text: str) -> None:
    assert told(text) == [(300, ()), (180, ("part of 300",)), (120, ("part of 300",))]


def test_a_part_that_names_no_group() -> None:
    assert told("6月7日，采集血样300份，其中工地95份。") == [(300, ()), (95, ("part of 300",))]


def test_parts_before_their_total() -> None:
    text = "6月7日，上午采集血样35份；下午采集血样45份，全天共采集80份。"
    assert told(text) == [(35, ("part of 80",)), (45, ("part of 80",)), (80, ())]


def test_a_total_of_several_days_is_of_them_all() -> None:
    total = read("6月3日采集血样35份，6月4日采集血样45份，两天共采集80份。")[-1]
    assert total.dates is not None
    assert (total.dates.start, total.dates.end) == (date(2021, 6, 3), date(2021, 6, 4))


@pytest.mark.parametrize(
    "text",
    [
        "6月7日上午，采集血样35份，下午采集血样45份。",
        "6月7日，第一组采集血样35份，第二组采集血样45份。",
        "6月7日，在县中学采集血样35份，在县小学采集血样45份。",
        "6月7日，采集血样35份。\n6月7日晚，又采集血样45份。",
        "6月7日，采集常住人口血样35份、流动人口血样45份。",
    ],
)
def test_two_events_are_neither_parts_nor_contradictions(text: str) -> None:
    assert told(text) == [(35, ()), (45, ())]


@pytest.mark.parametrize(
    "text",
    [
        "6月7日，为男性采集血样150份，为女性采集血样150份。",
        "6月7日，刑侦大队采集血样150份，特警大队采集血样150份。",
    ],
)
def test_as_many_of_others_are_not_the_same_told_twice(text: str) -> None:
    assert told(text) == [(150, ()), (150, ())]


def test_a_figure_that_is_corrected_in_the_text() -> None:
    assert told("本号6月1日报道“采集血样800份”应为“采集血样600份”，特此更正。") == [(600, ())]


def test_what_became_of_samples_is_no_part() -> None:
    assert told("6月7日，采集血样1000份，其中500份已送检。") == [(1000, ())]


def test_parts_by_where_people_live() -> None:
    text = "截至6月20日，全县共采集血样1.8万份，其中城镇6000份、农牧区1.2万份。"
    assert told(text) == [(18000, ()), (6000, ("part of 18000",)), (12000, ("part of 18000",))]


def test_a_share_is_of_the_figure_that_is_that_share_of_the_target() -> None:
    found = read("应采血样3260人，已采3000人，其中学生2600人、教职工400人，血样采集率92%。")
    assert [(each.count.min, each.rate) for each in found if each.count] == [
        (3260, None),
        (3000, 0.92),
        (2600, None),
        (400, None),
    ]
