"""What a study finds besides its figures, each claim once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from analysis.estimates.inputs import Population
from analysis.studies.coverage import coverage
from analysis.studies.findings import (
    Share,
    documented_places,
    sources_with_figures,
    survival,
    tally,
    timeline,
    top_sources,
)
from tests.analysis.items import item
from tests.analysis.synthetic_study import study


def test_a_source_without_a_number_has_no_figure() -> None:
    made = study([item(53), item(None, kind="none"), item(None, kind="rate", rate=0.4)])
    assert sources_with_figures(made) == Share(2, 3)


def test_a_claim_documents_its_place_and_all_above_it() -> None:
    found = {
        level.level: level
        for level in documented_places(study([item(place="540121200"), item(7, place="5403")]))
    }
    assert [place.code for place in found["prefecture"].places] == ["5401", "5403"]
    assert [place.code for place in found["county"].places] == ["540121"]
    assert [place.code for place in found["township"].places] == ["540121200"]
    assert "province" not in found, "the region itself is no finding"


@pytest.mark.parametrize(
    ("campaign", "prefectures", "counties"), [("tibet-dna", 7, 74), ("qinghai-iris", 8, 45)]
)
def test_places_are_of_all_that_the_region_has(campaign: str, prefectures: int, counties: int) -> None:
    """Seven and eight prefectures, 74 and 45 counties: the official divisions, without development zones."""
    found = {level.level: level.all for level in documented_places(study([], campaign=campaign))}
    assert (found["prefecture"], found["county"]) == (prefectures, counties)


def test_places_without_a_claim_are_named() -> None:
    seven = [item(place=f"540{number}") for number in (1, 2, 3, 4, 5, 6)]
    (prefectures, *_) = documented_places(study(seven))
    assert [each.name for each in prefectures.missing] == ["西藏自治区阿里地区"]
    (prefectures, *_) = documented_places(study([*seven, item(place="542521")]))
    assert (len(prefectures.places), prefectures.missing) == (7, ())


def test_a_figure_that_several_pages_repeat_is_one_claim_of_several_sources() -> None:
    made = study([item(17_194, quote=quote) for quote in ("合成甲", "合成乙", "合成丙")])
    (prefecture, *_) = documented_places(made)
    assert (prefecture.places[0].claims, prefecture.places[0].numbers) == (1, (1, 2, 3))


def test_the_timeline_has_the_months_in_which_nothing_was_published() -> None:
    days = (datetime(2021, 11, 30, 17, tzinfo=UTC), datetime(2022, 2, 3, tzinfo=UTC))
    made = study(
        [
            item(start=None, published_at=day, place=place)
            for day, place in zip(days, ("5401", "5403"), strict=True)
        ]
    )
    told = [(each.period, each.sources, each.claims) for each in timeline(made, "month")]
    assert told == [("2021-12", 1, 1), ("2022-01", 0, 0), ("2022-02", 1, 1)], "months are those of Shanghai"
    assert [each.period for each in timeline(made, "quarter")] == ["2021-Q4", "2022-Q1"]


def test_a_claim_of_long_ago_does_not_fill_the_timeline_with_empty_years() -> None:
    made = study([item(start="1951-05-23")])
    assert [each.period for each in timeline(made, "year")] == ["1951", "2021"]


def test_nothing_found_is_nothing_told() -> None:
    made = study([])
    assert (timeline(made), tally(made, "venue"), top_sources(made), coverage(made, [])) == ((), (), (), ())
    assert [(each.name, each.pages) for each in survival(made)] == [("all", 0)]


def test_a_claim_stands_at_each_venue_and_those_that_name_none_come_last() -> None:
    claims = [
        item(venue=["school", "home"]),
        item(7, venue=["home"]),
        item(8),
        item(9, place="5403"),
        item(10),
    ]
    told = [(each.value, each.claims) for each in tally(study(claims), "venue")]
    assert told == [("home", 2), ("school", 1), (None, 3)]


def test_what_any_page_of_a_claim_says_of_people_counts() -> None:
    made = study(
        [item(17_194, targets=["men"], quote="合成甲"), item(17_194, targets=["students"], quote="合成乙")]
    )
    assert [(each.value, each.claims) for each in tally(made, "target")] == [("men", 1), ("students", 1)]


def test_publishers_are_ranked_by_their_sources() -> None:
    made = study([item(account="合成甲"), item(7, account="合成乙"), item(8, publisher="合成乙"), item(9)])
    told = [(each.value, each.numbers) for each in top_sources(made)]
    assert told == [("合成乙", (2, 3)), ("合成甲", (1,)), (None, (4,))]


def test_a_page_is_gone_by_its_last_look_and_confirmed_by_two() -> None:
    observations = [
        item(document_id=f"doc-{letter}", place=f"540{n}") for n, letter in enumerate("abcd", start=1)
    ]
    states = {
        "doc-a": ("deleted_by_publisher", "deleted_by_publisher"),
        "doc-b": ("not_found", "live"),
        "doc-c": ("server_error", "live"),
    }
    year, every = survival(study(observations, states))
    assert (year.name, every.name) == ("2021", "all")
    assert (every.pages, every.present, every.gone, every.confirmed, every.unclear) == (4, 1, 2, 1, 1)


def test_coverage_is_the_latest_total_over_the_latest_census() -> None:
    totals = [
        item(figure, "5401", None, day, kind="cumulative")
        for figure, day in (((80_000, 80_000), "2020-06-30"), ((86_000, 87_000), "2021-01-31"))
    ]
    people = [Population("5401", year, count, "合成") for year, count in ((2020, 870_000), (2010, 559_423))]
    (lhasa,) = coverage(study([*totals, item(99_999, "5401")]), people)
    assert (lhasa.low, lhasa.high, lhasa.numbers) == (86_000, 87_000, (2,))
    assert lhasa.population
    assert lhasa.population.year == 2020
    assert (lhasa.share_low, lhasa.share_high) == (86_000 / 870_000, 0.1)


def test_totals_of_periods_apart_are_one_coverage_of_their_place() -> None:
    totals = [
        item(20_318, "540127", "2019-03-01", "2021-05-31", kind="cumulative"),
        item(900, "540127", "2021-07-01", "2021-08-03", kind="cumulative"),
    ]
    (found,) = coverage(study(totals), [Population("540127", 2020, 50_000, "合成")])
    assert (found.low, found.high, found.numbers) == (21_218, 21_218, (1, 2))
    assert found.share_high == 21_218 / 50_000
    assert found.observation == totals[1].id


def test_a_place_without_a_known_population_has_a_total_and_no_share() -> None:
    (lhorong,) = coverage(study([item(17_194, "540329", kind="cumulative")]), [])
    assert (lhorong.high, lhorong.population, lhorong.share_high) == (17_194, None, None)
