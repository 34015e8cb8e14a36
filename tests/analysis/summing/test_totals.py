"""Sums in which nothing counts twice."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.claims.claim import claims
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
DAYS = st.dates(date(2021, 5, 1), date(2021, 5, 6))
INCREMENTS = st.builds(
    lambda days, **given: item(**given, start=min(days).isoformat(), end=max(days).isoformat()),
    days=st.tuples(DAYS, DAYS),
    figure=st.integers(1, 4),
    place=st.sampled_from(["54", "5401", "540121", "540121208", "540329"]),
    targets=st.sampled_from([[], ["residents"], ["men"], ["women", "residents"]]),
)


@given(st.lists(INCREMENTS, max_size=20))
def test_increments_are_left_out_when_and_only_when_another_holds_them(found: list[ObservationItem]) -> None:
    def span(each: ObservationItem) -> tuple[date, date]:
        return each.date_start or date.min, each.date_end or date.max

    def holds(outer: ObservationItem, inner: ObservationItem) -> bool:
        (begin, end), (first, last) = span(outer), span(inner)
        above = [(inner.place_code or "")[:length] for length in LENGTHS]
        wider = outer.place_code != inner.place_code or (begin, end) != (first, last)
        inside = begin <= first and last <= end and outer.place_code in above
        some = bool(set(inner.targets) - {"residents"}) and not set(outer.targets) - {"residents"}
        return inside and (wider or some) and (outer.count_max or 0) >= (inner.count_max or 0)

    assert outermost(found) == [each for each in found if not any(holds(other, each) for other in found)]


@pytest.mark.parametrize("names", ["weather", "county,county", ""])
def test_what_claims_are_not_grouped_by(names: str) -> None:
    with pytest.raises(AnalysisError, match="--by"):
        totals([], names.split(","))
