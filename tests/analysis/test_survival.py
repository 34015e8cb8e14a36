"""Curves of page lifetimes: what they say of pages still there, of pages had late, and of pages that went."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from analysis.survival import curves
from db.pages.lifetimes import PageLife

BORN = datetime(2020, 1, 1, tzinfo=UTC)


def life(first: float, last: float, gone: float | None = None, *, publisher: str = "合成公安") -> PageLife:
    """A page had at `first` days of age, there until `last`, and found gone at `gone`."""

    def at(days: float) -> datetime:
        return BORN + timedelta(days=days)

    found = None if gone is None else at(gone)
    return PageLife("https://a.example/", publisher, "wechat", None, BORN, at(first), at(last), found)


def test_pages_still_there_count_for_as_long_as_they_were_watched() -> None:
    (curve,) = curves([life(0, 10, 20), life(0, 30), life(0, 40, 60), life(0, 100)])
    assert [(point.age, point.share, point.at_risk) for point in curve.points] == [
        (15, 0.75, 4),  # one of four
        (50, 0.375, 2),  # one of the two still watched
    ]
    assert (curve.pages, curve.gone, curve.median) == (4, 2, 50)
    assert all(point.low < point.share < point.high for point in curve.points)


def test_a_page_had_late_says_nothing_of_the_time_before() -> None:
    early = [life(0, 9, 11), life(0, 100)]
    for lives in (early, [*early, life(50, 100), life(50, 100)]):
        (curve,) = curves(lives)
        assert [(point.age, point.share, point.at_risk) for point in curve.points] == [(10, 0.5, 2)]


def test_while_no_page_went_all_are_there_however_late_they_were_had() -> None:
    (curve,) = curves([life(10, 20), life(30, 40), life(50, 60)])
    shares = [curve.at(age) for age in (10, 35, 60)]
    assert [point.share for point in shares if point] == [1.0, 1.0, 1.0]
    assert curve.median is None


@pytest.mark.parametrize("age", [5, 61])
def test_an_age_at_which_no_page_was_watched_is_not_told(age: float) -> None:
    (curve,) = curves([life(10, 20), life(30, 60)])
    assert curve.at(age) is None


def test_a_page_seen_once_is_watched_for_no_time() -> None:
    (curve,) = curves([life(0, 0)])
    assert (curve.gone, curve.points) == (0, ())


@pytest.mark.parametrize(
    ("by", "names"), [("source", {"甲", "乙"}), ("year", {"2020"}), ("region", {"no place"})]
)
def test_curves_are_told_apart(by: str, names: set[str]) -> None:
    lives = [life(0, 9, publisher="甲"), life(0, 9, publisher="甲"), life(0, 9, publisher="乙")]
    made = curves(lives, by)  # type: ignore[arg-type]
    assert {curve.name for curve in made} == names
    assert made[0].pages >= made[-1].pages
