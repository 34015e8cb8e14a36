"""Sums in which nothing counts twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import combinations
from math import inf
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.claims.claim import Claim, claims
from analysis.errors import AnalysisError
from analysis.summing.nesting import outermost
from analysis.summing.totals import Sums, sums, totals
from db.lists.items import ObservationItem
from tests.analysis.items import item


def of(*items: ObservationItem) -> Sums:
    return sums(claims(items))


def by(names: str, *items: ObservationItem) -> list[tuple[object, ...]]:
    return list(totals(claims(items), names.split(",")).rows)


def test_increments_add_up_with_their_bounds() -> None:
    assert of(item(53), item((100, 120), "540329")).increment == (153, 173)


def test_running_totals_are_not_added_to_increments() -> None:
    found = of(item(53), item(400, kind="cumulative"))
    assert (found.increment, found.cumulative) == ((53, 53), (400, 400))


def test_a_figure_that_three_pages_repeat_counts_once() -> None:
    found = of(item(53), item(53), item(53))
    assert (found.claims, found.documents, found.increment) == (1, 3, (53, 53))


def test_of_one_places_running_totals_the_latest_counts() -> None:
    earlier = item(400, kind="cumulative", start="2021-05-01")
    later = item(700, kind="cumulative", start="2021-06-01")
    assert of(later, earlier).cumulative == (700, 700)


def test_a_countys_running_total_includes_its_townships() -> None:
    county, township = item(700, "540121", kind="cumulative"), item(90, "540121208", kind="cumulative")
    elsewhere = item(30, "540329100", kind="cumulative")
    assert of(county, township, elsewhere).cumulative == (730, 730)


def test_modalities_are_never_added_to_each_other() -> None:
    rows = by("prefecture", item(700, "5401"), item(90, "540121", modality="iris"))
    assert [row[:1] + row[2:5] + row[5:6] for row in rows] == [
        ("group", "dna", 1, 1, 700),
        ("group", "iris", 1, 1, 90),
        ("total", "dna", 1, 1, 700),
        ("total", "iris", 1, 1, 90),
    ]


def test_an_increment_of_a_month_includes_those_of_its_days_and_places() -> None:
    month = item(300, "540121", "2021-05-01", "2021-05-31")
    day = item(53, "540121", "2021-05-11")
    station = item(20, "540121208", "2021-05-12")
    before = item(7, "540121", "2021-04-30")
    assert of(month, day, station, before).increment == (307, 307)


def test_an_increment_larger_than_the_one_around_it_is_another_count() -> None:
    assert of(item(30, "540121", "2021-05-01", "2021-05-31"), item(53)).increment == (83, 83)


def test_a_figure_of_all_includes_those_of_some() -> None:
    """血样700份，其中男性500份、女性200份."""
    whole, men, women = item(700), item(500, targets=["men"]), item(200, targets=["women"])
    assert of(whole, men, women).increment == (700, 700)
    assert of(item(700, targets=["residents"]), men, women).increment == (700, 700)
    assert of(men, women).increment == (700, 700)
    assert of(item(60), men).increment == (560, 560), "a larger figure is no part of a smaller one"


def text(*said: ObservationItem) -> list[ObservationItem]:
    """What one text says."""
    return [replace(each, document_id=said[0].document_id) for each in said]


PART_OF_300 = {"flags": ["part of 300"]}


@pytest.mark.parametrize("start", ["2021-06-01", None])
@pytest.mark.parametrize("place", ["540121", None])
@pytest.mark.parametrize("whole", ["migrants", "students", "men"])
def test_parts_of_a_whole_lie_in_it_whoever_it_is_of(
    whole: str, start: str | None, place: str | None
) -> None:
    """采集务工人员血样300份，其中男性180份、女性120份；男性血样300份，其中学生180份、务工人员120份."""
    several = (
        item(300, place, start, targets=[whole]),
        item(180, place, start, targets=["men"], **PART_OF_300),
        item(120, place, start, targets=["women"], **PART_OF_300),
    )
    assert of(*text(*several)).increment == (300, 300)
    assert of(*text(*several[1:])).increment == (300, 300), "without the whole its parts count"


def test_a_part_without_a_group_lies_in_its_whole() -> None:
    """采集血样300份，其中工地95份；上午35份，下午45份，全天共80份."""
    assert of(*text(item(300), item(95, **PART_OF_300))).increment == (300, 300)
    parts = [item(figure, flags=["part of 80"]) for figure in (35, 45)]
    assert of(*text(*parts, item(80))).increment == (80, 80)


def test_a_part_of_a_part_lies_in_that_one() -> None:
    whole, part, of_that = item(300), item(180, **PART_OF_300), item(60, flags=["part of 180"])
    assert of(*text(whole, part, of_that)).increment == (300, 300)
    assert of(*text(part, of_that)).increment == (180, 180)


def test_a_part_as_large_as_its_whole_is_not_lost_without_it() -> None:
    parts = [item(300, targets=[people], **PART_OF_300) for people in ("men", "students")]
    assert of(*text(item(300), *parts)).increment == (300, 300)
    assert of(*text(*parts)).increment == (600, 600)


def test_a_part_lies_in_the_whole_that_another_page_tells_again() -> None:
    whole, part = text(item(300, targets=["migrants"]), item(180, targets=["men"], **PART_OF_300))
    assert of(item(300, targets=["migrants"]), whole, part).increment == (300, 300)
    assert of(item(300, targets=["migrants"]), part).increment == (300, 300)


def test_a_part_that_another_page_tells_by_itself_is_one_still() -> None:
    whole, part = text(item(300, targets=["migrants"]), item(180, targets=["men"], **PART_OF_300))
    assert of(whole, part, item(180, targets=["men"], confidence=0.99)).increment == (300, 300)


def test_groups_that_one_text_tells_beside_each_other_are_added() -> None:
    """采集常住人口血样1100份、流动人口血样900份."""
    residents, migrants = item(1100, targets=["residents"]), item(900, targets=["migrants"])
    assert of(*text(residents, migrants)).increment == (2000, 2000)
    assert of(residents, migrants).increment == (1100, 1100), "texts say nothing of each other"
    again = text(item(1100, targets=["residents"]), item(900, targets=["migrants"]))
    assert of(*text(residents, migrants), *again).increment == (2000, 2000)


def test_of_figures_for_the_same_the_larger_counts() -> None:
    one = item(530, flags=["another figure for the same: 560"])
    other = item(560, flags=["another figure for the same: 530"])
    assert of(one, other).increment == (560, 560)
    assert of(item(530), item(560)).increment == (1090, 1090)


def test_a_running_total_of_some_does_not_replace_that_of_all() -> None:
    whole = item(15400, kind="cumulative", start="2021-09-01")
    women = item(6800, kind="cumulative", start="2021-09-30", targets=["women"])
    assert of(whole, women).cumulative == (15400, 15400)
    assert of(item(900, kind="cumulative", start="2021-05-01"), women).cumulative == (6800, 6800)


def test_a_running_total_of_a_part_is_not_added_to_the_whole_and_does_not_replace_it() -> None:
    whole = item(300, kind="cumulative", start="2021-09-01")
    part = item(95, kind="cumulative", start="2021-09-30", **PART_OF_300)
    assert of(*text(whole, part)).cumulative == (300, 300)
    assert of(part).cumulative == (95, 95)


def since(first: str | None, last: str, figure: int, **given: Any) -> ObservationItem:
    """A running total from a first day on."""
    return replace(
        item(figure, kind="cumulative", start=last, **given), date_start=first and date.fromisoformat(first)
    )


OLD = since("2019-03-01", "2021-05-31", 20_318)
"""自2019年3月起，截至2021年5月31日，累计采集血样20318份."""
PERIODS = {
    "one that begins after another ends is added": (since("2021-07-01", "2021-08-03", 900), 21_218),
    "one that begins later and overlaps counts when it is larger": (
        since("2021-01-01", "2021-08-03", 900),
        20_318,
    ),
    "one of the same beginning replaces": (since("2019-03-01", "2021-08-03", 900), 900),
    "one that begins earlier replaces": (since("2018-01-01", "2021-08-03", 900), 900),
    "one without a beginning replaces": (since(None, "2021-08-03", 900), 900),
    "one of a single day is of all until then": (since("2021-08-03", "2021-08-03", 900), 900),
    "one that begins when the other ends overlaps": (since("2021-05-31", "2021-08-03", 900), 20_318),
}


@pytest.mark.parametrize(("other", "sum_"), PERIODS.values(), ids=PERIODS)
def test_a_later_running_total_replaces_what_does_not_begin_before_it(
    other: ObservationItem, sum_: int
) -> None:
    assert of(OLD, other).cumulative == of(other, OLD).cumulative == (sum_, sum_)


def test_of_periods_those_apart_from_each_other_count_that_come_to_most() -> None:
    one = since("2020-01-01", "2020-06-30", 500)
    over = since("2020-06-01", "2020-12-31", 900)
    two = since("2020-09-01", "2021-03-31", 500)
    assert of(one, over, two).cumulative == (1000, 1000)
    assert of(one, replace(over, count_min=1100, count_max=1100), two).cumulative == (1100, 1100)


def test_running_totals_of_men_and_of_women_add_up() -> None:
    men, women = (since(None, "2021-05-31", n, targets=[who]) for n, who in ((700, "men"), (500, "women")))
    assert of(*text(men, women)).cumulative == (1200, 1200)
    assert of(*text(men, women, since(None, "2021-05-31", 1300))).cumulative == (1300, 1300)
    students = since(None, "2021-06-30", 600, targets=["students"])
    assert of(men, students).cumulative == (700, 700), "some may be both"


DAYS = st.dates(date(2021, 5, 1), date(2021, 5, 6))
TOTALS = st.builds(
    lambda days, figure: since(min(days).isoformat(), max(days).isoformat(), figure),
    days=st.tuples(DAYS, DAYS),
    figure=st.integers(1, 9),
)


@given(st.lists(TOTALS, min_size=1, max_size=7))
def test_no_choice_of_running_totals_apart_comes_to_more(found: list[ObservationItem]) -> None:
    def period(each: ObservationItem) -> tuple[date, date]:
        first, last = each.date_start or date.min, each.date_end or date.max
        return (date.min if first == last else first), last

    def age(each: ObservationItem) -> tuple[date, int, str]:
        return period(each)[1], each.count_max or 0, each.id

    left = [
        each for each in found
        if not any(age(other) > age(each) and period(other)[0] <= period(each)[0] for other in found)
    ]  # fmt: skip
    most = max(
        sum(each.count_max or 0 for each in some)
        for size in range(len(left) + 1)
        for some in combinations(left, size)
        if all(period(a)[1] < period(b)[0] or period(b)[1] < period(a)[0] for a, b in combinations(some, 2))
    )
    assert sums([alone(each) for each in found]).cumulative == (most, most)


def test_totals_inside_a_place_count_when_they_come_to_more_than_its_own() -> None:
    old = item(12000, "54", kind="cumulative", start="2017-06-18")
    counties = [item(9630, "540121", kind="cumulative"), item(15400, "540329", kind="cumulative")]
    township = item(90, "540121208", kind="cumulative")
    assert of(old, *counties, township).cumulative == (25030, 25030)
    assert of(item(30000, "54", kind="cumulative"), *counties, township).cumulative == (30000, 30000)


def test_what_has_no_place_is_not_added_to_what_has_one() -> None:
    nation, county = item(68_000_000, None, kind="cumulative"), item(9630, "540121", kind="cumulative")
    assert of(nation, county).cumulative == (9630, 9630)
    assert of(nation).cumulative == (68_000_000, 68_000_000)
    assert [row[:2] + row[-1:] for row in by("county", nation, county)] == [
        ("group", "西藏自治区拉萨市林周县", 9630),
        ("group, no place", None, 68_000_000),
        ("total", None, 9630),
        ("total, no place", None, 68_000_000),
    ]


def test_targets_rates_and_mentions_are_claims_without_a_sum() -> None:
    found = of(item(400, kind="target"), item(None, kind="rate", rate=0.8), item(None, kind="none"))
    assert found == Sums(3, 3, None, None)


def test_groups_by_county_and_month_and_a_total_that_is_not_their_sum() -> None:
    rows = by(
        "county,month",
        item(700, "540121", kind="cumulative", start="2021-05-01"),
        item(900, "540121", kind="cumulative", start="2021-06-01"),
        item(40, "5403", start="2021-06-02"),
    )
    assert rows == [
        ("group", "西藏自治区拉萨市林周县", "2021-05", "dna", 1, 1, None, None, 700, 700),
        ("group", "西藏自治区拉萨市林周县", "2021-06", "dna", 1, 1, None, None, 900, 900),
        ("group", None, "2021-06", "dna", 1, 1, 40, 40, None, None),
        ("total", None, None, "dna", 3, 3, 40, 40, 900, 900),
    ]


def test_a_claim_with_two_venues_is_in_both_rows_and_once_in_the_total() -> None:
    rows = by("venue", item(53, venue=["school", "household"]))
    assert rows == [
        ("group", "household", "dna", 1, 1, 53, 53, None, None),
        ("group", "school", "dna", 1, 1, 53, 53, None, None),
        ("total", None, "dna", 1, 1, 53, 53, None, None),
    ]


def test_of_nothing_there_is_no_row() -> None:
    assert by("county") == []


LENGTHS = (2, 4, 6, 9)
SPANS = st.one_of(
    st.tuples(DAYS, DAYS).map(lambda days: (min(days).isoformat(), max(days).isoformat())),
    st.just(("2021-05-02", "2021-05-03")),
    st.just((None, None)),
)
INCREMENTS = st.builds(
    lambda days, **given: item(**given, start=days[0], end=days[1]),
    days=SPANS,
    figure=st.integers(1, 4),
    place=st.sampled_from(["54", "5401", "540121", "540121208", "540329", None]),
    targets=st.sampled_from([[], ["residents"], ["men"], ["women", "residents"]]),
    flags=st.sampled_from([[], [], ["part of 2"], ["part of 3"], ["part of 4"]]),
    document_id=st.sampled_from(["doc-a", "doc-b", "doc-c", "doc-d"]),
)


def alone(each: ObservationItem) -> Claim:
    """A claim of one observation."""
    return Claim(each.id, each, (each,))


@given(st.lists(INCREMENTS, max_size=20))
def test_increments_are_left_out_when_and_only_when_another_holds_them(found: list[ObservationItem]) -> None:
    def level(each: ObservationItem) -> float:
        return int(each.flags[0].removeprefix("part of ")) if each.flags else inf

    def everybody(each: ObservationItem) -> bool:
        return not set(each.targets) - {"residents"}

    def includes(outer: ObservationItem, inner: ObservationItem) -> bool:
        """Whether one may be what the text of the other says to include it."""
        largest = (outer.count_max or 0) >= (inner.count_max or 0)
        return largest and (outer.count_min or 0) >= level(inner) and level(outer) > level(inner)

    def holds(outer: ObservationItem, inner: ObservationItem) -> bool:
        days = inner.date_start, inner.date_end
        same = outer.place_code == inner.place_code and (outer.date_start, outer.date_end) == days
        text = outer.document_id == inner.document_id
        if not (inner.place_code and inner.date_start and inner.date_end):
            return same and text and includes(outer, inner)
        if not (outer.place_code and outer.date_start and outer.date_end):
            return False
        if same:
            some = everybody(outer) and not everybody(inner) and not text and not outer.flags
            return includes(outer, inner) or (some and (outer.count_max or 0) >= (inner.count_max or 0))
        around = outer.place_code in [inner.place_code[:length] for length in LENGTHS]
        during = outer.date_start <= inner.date_start and inner.date_end <= outer.date_end
        return around and during and (outer.count_max or 0) >= (inner.count_max or 0)

    left = {claim.best.id for claim in outermost([alone(each) for each in found])}
    assert left == {each.id for each in found if not any(holds(other, each) for other in found)}


@pytest.mark.parametrize("names", ["weather", "county,county", ""])
def test_what_claims_are_not_grouped_by(names: str) -> None:
    with pytest.raises(AnalysisError, match="--by"):
        totals([], names.split(","))
