"""Figures that cannot both be right are kept, and flagged."""

from __future__ import annotations

from datetime import date

from parsers.observation import Article
from parsers.observe import observe


def read(text: str, title: str = "") -> list[tuple[int, tuple[str, ...]]]:
    article = Article(text, title, date(2022, 2, 11), "巴青公安")
    return [(claim.count.min, claim.flags) for claim in observe(article).observations if claim.count]


def test_a_headline_that_says_another_figure() -> None:
    title = "江绵派出所采集血样980份"
    assert read("2月9日至10日，江绵派出所采集血样908份。", title) == [(908, ("the headline says 980",))]
    assert read("2月9日至10日，江绵派出所采集血样980份。", title) == [(980, ())]


def test_a_share_that_does_not_follow_from_its_figures() -> None:
    (_, none), (_, flags) = read("截至2月10日，江绵派出所应采血样1000份，已采500份，采集率80%。")
    assert none == ()
    assert flags == ("the stated share is 80.0%, the figures give 50.0%",)


def test_two_figures_for_one_day() -> None:
    first, second = read("2月9日，江绵派出所采集血样908份。另据统计，2月9日江绵派出所采集血样980份。")
    assert first == (908, ("another figure for the same: 980",))
    assert second == (980, ("another figure for the same: 908",))


def test_a_figure_told_twice_is_one() -> None:
    text = "2月9日，江绵派出所采集血样908份。\n在为期一天的行动中，江绵派出所共采集血样908份，受到好评。"
    assert [count for count, _ in read(text)] == [908]


def test_the_same_figure_on_two_days_is_two() -> None:
    text = "2月8日，江绵派出所采集血样30份。2月9日，江绵派出所采集血样30份。"
    assert [count for count, _ in read(text)] == [30, 30]
