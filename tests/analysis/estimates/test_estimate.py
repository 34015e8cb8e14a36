"""Estimates: their arithmetic by hand, the same to the digit every time, and what the studies printed."""

from __future__ import annotations

from random import Random

import pytest

from analysis.errors import AnalysisError
from analysis.estimates.estimate import estimate
from analysis.estimates.inputs import Input, Population
from analysis.estimates.published import populations, printed_figures, reported_inputs
from analysis.studies.findings import ZONES
from parsers.places.gazetteer import divisions, within

A = Input("5401", "A", 100, 120, "obs-a")
B = Input("5403", "B", 300, 300, "obs-b")
PEOPLE = [
    Population("54", 2020, 10_000, "census"),
    Population("5401", 2020, 1_000, "census"),
    Population("5403", 2020, 1_500, "census"),
    Population("54", 2010, 8_000, "census"),
    Population("5401", 2010, 800, "census"),
    Population("5403", 2010, 1_500, "census"),
]


def test_exemplars_by_hand() -> None:
    """A 10-12 %, B 20 %; rest 7,500: low 400 + 7,500 · 10 % = 1,150, high 420 + 7,500 · 20 % = 1,920."""
    made = estimate("exemplar", "dna", "54", [A, B], PEOPLE, 2020)
    assert (made.low, made.high) == (1_150, 1_920)
    assert (made.share_low, made.share_high) == (0.115, 0.192)
    assert made.steps[-1] == "of 10,000 people (census): 11.5 % to 19.2 %"
    assert "at the highest share (B): 300 × 7,500 ÷ 1,500 = 1,500" in made.steps


def test_totals_of_one_place_that_add_up_are_one_exemplar() -> None:
    """A 100-120 of before and 50 of periods apart: 15-17 %, B 20 %; rest 7,500: 450 + 1,125 and 470 + 1,500."""
    later = Input("5401", "A", 50, 50, "obs-c")
    made = estimate("exemplar", "dna", "54", [A, later, B], PEOPLE, 2020)
    assert (made.low, made.high) == (1_575, 1_970)
    assert [each.trace for each in made.inputs] == ["obs-a", "obs-c", "obs-b"]
    assert "A: 50 reported (obs-c)" in made.steps
    assert {each.change for each in made.variants} == {"without A", "without B", "census of 2010"}


def test_sensitivity_leaves_out_each_exemplar_and_swaps_the_census() -> None:
    """Without A: 300 + 8,500 · 20 %; without B: 100 + 9,000 · 10 % to 120 + 9,000 · 12 %; 2010: 12.5-15 and 20 %."""
    found = {
        each.change: (each.low, each.high)
        for each in estimate("exemplar", "dna", "54", [A, B], PEOPLE, 2020).variants
    }
    assert found == {
        "without A": (2_000, 2_000),
        "without B": (1_000, 1_200),
        "census of 2010": (400 + 713, 420 + 1_140),
    }


def test_running_totals_alone() -> None:
    made = estimate("latest-cumulative", "dna", "54", [A, B], PEOPLE, 2020)
    assert (made.low, made.high) == (400, 420)


def test_sensitivity_leaves_out_a_place_with_all_in_it() -> None:
    inner = Input("540321", "江达县", 120, 120, "obs-c")
    made = estimate("latest-cumulative", "dna", "54", [A, B, inner], PEOPLE, 2020)
    assert {each.change: each.low for each in made.variants}["without B"] == 100


def test_the_kind_of_data_is_part_of_the_id() -> None:
    dna, iris = (estimate("exemplar", what, "54", [A, B], PEOPLE, 2020) for what in ("dna", "iris"))
    assert (dna.low, dna.high, dna.modality) == (iris.low, iris.high, "dna")
    assert dna.id != iris.id


def test_a_study_is_of_its_own_kinds_of_data() -> None:
    with pytest.raises(AnalysisError, match="is of dna, not of iris"):
        reported_inputs("tibet-dna", "iris")


@pytest.mark.parametrize("recipe", ["exemplar", "latest-cumulative"])
def test_more_samples_than_people_is_doubted(recipe: str) -> None:
    made = estimate(recipe, "dna", "54", [A, Input("5403", "B", 1_400, 1_501, "obs-b")], PEOPLE, 2020)
    (doubt, *whole) = made.warnings
    assert doubt.startswith("B: 1,400 to 1,501 reported of 1,500 people, 100.1 % (obs-b)")
    assert "holdfast review reject obs-b" in doubt
    assert whole == []
    assert estimate(recipe, "dna", "54", [A, B], PEOPLE, 2020).warnings == ()


def test_more_samples_than_a_region_has_people_are_doubted() -> None:
    made = estimate("exemplar", "dna", "54", [Input("5403", "B", 1_400, 3_000, "obs-b")], PEOPLE, 2020)
    assert made.warnings[-1] == (
        "the estimate is of up to 20,000 samples of 10,000 people: more than everybody"
    )


def test_a_place_without_a_sourced_population_is_left_out_and_said_to_be() -> None:
    county = Input("540329", "洛隆县", 17_194, 17_194, "obs-c")
    made = estimate("exemplar", "dna", "54", [A, county], PEOPLE, 2020)
    assert made.inputs == (A,)
    assert made.left_out == ("洛隆县, 17,194 (obs-c): no population of 2020 with a source",)


def test_a_place_within_another_is_not_counted_twice() -> None:
    inner = Input("540121", "林周县", 50, 50, "obs-d")
    made = estimate("latest-cumulative", "dna", "54", [A, inner], PEOPLE, 2020)
    assert (made.low, made.high) == (100, 120)
    assert made.left_out == ("林周县, 50 (obs-d): it lies in a place that has a total of its own",)


@pytest.mark.parametrize(
    ("recipe", "used", "left_out"),
    [
        (
            "exemplar",
            ["5403"],
            ["no population of 2020 with a source", "no population of 2020 with a source"],
        ),
        ("latest-cumulative", ["540321", "540322"], ["those of places in it come to more, 320"]),
    ],
)
def test_a_prefecture_counts_where_the_counties_that_come_to_more_cannot_be_used(
    recipe: str, used: list[str], left_out: list[str]
) -> None:
    """Counties with 320 are more than the 300 of their prefecture, but their people are not known."""
    counties = [Input("540321", "江达县", 120, 120, "obs-c"), Input("540322", "贡觉县", 200, 200, "obs-d")]
    made = estimate(recipe, "dna", "54", [B, *counties], PEOPLE, 2020)
    assert [each.code for each in made.inputs] == used
    assert [each.split("): ")[1] for each in made.left_out] == left_out


def test_counties_count_where_those_whose_people_are_known_come_to_more() -> None:
    counties = [Input("540321", "江达县", 120, 120, "obs-c"), Input("540322", "贡觉县", 310, 310, "obs-d")]
    people = [*PEOPLE, Population("540322", 2020, 500, "census")]
    made = estimate("exemplar", "dna", "54", [B, *counties], people, 2020)
    assert [each.trace for each in made.inputs] == ["obs-d"]
    assert made.left_out == (
        "江达县, 120 (obs-c): no population of 2020 with a source",
        "B, 300 (obs-b): those of places in it come to more, 310",
    )


def test_a_place_counts_with_all_its_totals_against_the_places_in_it() -> None:
    """200 and 150 of periods apart are more than the 320 of a county, though neither is alone."""
    own = [Input("5403", "B", 200, 200, "obs-b"), Input("5403", "B", 150, 150, "obs-e")]
    county = Input("540321", "江达县", 320, 320, "obs-c")
    made = estimate("latest-cumulative", "dna", "54", [*own, county], PEOPLE, 2020)
    assert (made.low, [each.trace for each in made.inputs]) == (350, ["obs-b", "obs-e"])
    assert made.left_out == ("江达县, 320 (obs-c): it lies in a place that has a total of its own",)


def test_another_census_is_taken_with_the_totals_that_can_be_used_with_it() -> None:
    """In 2010 the people of the county are known, 500, and it has more than its prefecture: 310 + 7,500 · 62 %."""
    county = Input("540322", "贡觉县", 310, 310, "obs-d")
    made = estimate(
        "exemplar", "dna", "54", [B, county], [*PEOPLE, Population("540322", 2010, 500, "c")], 2020
    )
    assert [each.trace for each in made.inputs] == ["obs-b"]
    assert {each.change: each.low for each in made.variants}["census of 2010"] == 310 + 7_500 * 310 // 500


def test_the_regions_own_total_is_left_out_and_said_to_be() -> None:
    made = estimate(
        "latest-cumulative", "dna", "54", [A, Input("54", "西藏自治区", 900, 900, "obs-e")], PEOPLE, 2020
    )
    assert (made.low, made.high) == (100, 120)
    assert made.left_out == (
        "西藏自治区, 900 (obs-e): it is of the whole region, which is what is estimated",
    )


@pytest.mark.parametrize("code", ["5403", "540300", "540300000000"])
def test_a_place_that_is_not_to_be_used_takes_all_in_it_along(code: str) -> None:
    inner = [Input("540321", "江达县", 120, 120, "obs-c"), Input("540322103", "某乡", 900, 900, "obs-d")]
    without = {code: "a campaign of its own"}
    for given in ([A, B, *inner], [A, *inner]):
        made = estimate("latest-cumulative", "dna", "54", given, PEOPLE, 2020, without=without)
        assert made.inputs == (A,)
        assert {each.split("): ")[1] for each in made.left_out} == {"a campaign of its own"}
        assert len(made.left_out) == len(given) - 1
        assert made.without == {"5403": "a campaign of its own"}


def test_of_two_places_that_are_not_to_be_used_the_nearest_says_why() -> None:
    inner = Input("540322103", "某乡", 900, 900, "obs-d")
    without = {"5403": "a campaign of its own", "540322": "counted twice"}
    made = estimate("latest-cumulative", "dna", "54", [A, B, inner], PEOPLE, 2020, without=without)
    assert made.left_out == ("B, 300 (obs-b): a campaign of its own", "某乡, 900 (obs-d): counted twice")


def test_a_place_that_is_not_to_be_used_and_has_no_total_is_told_too() -> None:
    made = estimate("latest-cumulative", "dna", "54", [A], PEOPLE, 2020, without={"540300": "flawed"})
    assert made.left_out == ("西藏自治区昌都市 (5403): there is no total of it or of a place in it; flawed",)
    assert made.id != estimate("latest-cumulative", "dna", "54", [A], PEOPLE, 2020).id


@pytest.mark.parametrize(
    ("without", "what"),
    [
        ({"9999": "x"}, "no place has the code 9999"),
        ({"5499": "x"}, "no place has the code 5499"),
        ({"630200": "x"}, "630200 is 青海省海东市, which is not in 西藏自治区"),
        ({"5403": "x", "540300": "y"}, "西藏自治区昌都市 is there twice"),
    ],
)
def test_a_code_that_leaves_nothing_out_is_refused(without: dict[str, str], what: str) -> None:
    with pytest.raises(AnalysisError, match=what):
        estimate("latest-cumulative", "dna", "54", [A], PEOPLE, 2020, without=without)


def test_what_is_left_out_stays_a_short_sentence_when_nothing_can_be_used() -> None:
    many = [Input(f"5403{number}", f"place {number}", 1, 1, f"obs-{number}") for number in range(21, 31)]
    with pytest.raises(AnalysisError) as refused:
        estimate("exemplar", "dna", "54", many, PEOPLE, 2020)
    assert str(refused.value).endswith("; and 7 more")


def test_the_same_inputs_in_any_order_give_the_same_estimate_and_id() -> None:
    made = estimate("exemplar", "dna", "54", [A, B], PEOPLE, 2020)
    people = list(PEOPLE)
    Random(1).shuffle(people)
    assert estimate("exemplar", "dna", "54", [B, A], people, 2020) == made
    assert (
        estimate("exemplar", "dna", "54", [A, Input("5403", "B", 300, 301, "obs-b")], PEOPLE, 2020).id
        != made.id
    )


@pytest.mark.parametrize(
    ("recipe", "inputs", "year", "what"),
    [
        ("guess", [A], 2020, "no recipe"),
        ("exemplar", [], 2020, "no place"),
        ("exemplar", [A], 1953, "no populations of 1953"),
    ],
)
def test_what_cannot_be_reckoned_is_refused(recipe: str, inputs: list[Input], year: int, what: str) -> None:
    with pytest.raises(AnalysisError, match=what):
        estimate(recipe, "dna", "54", inputs, PEOPLE, year)


def test_each_printed_share_that_does_not_follow_from_its_own_numbers_is_found() -> None:
    wrong = {
        (figure.place, shown, follows)
        for campaign in ("tibet-dna", "qinghai-iris")
        for figure in printed_figures(campaign)
        for shown, follows in zip(figure.printed, figure.computed, strict=True)
        if shown != follows
    }
    assert wrong == {
        ("拉萨市", "0.099", "0.100"),
        ("西藏自治区", "0.329", "0.330"),
        ("青海省", "0.211", "0.212"),
        ("青海省", "0.256", "0.246"),
    }


def test_the_census_of_each_region_is_the_sum_of_its_prefectures() -> None:
    people = {(each.code, each.year): each.people for each in populations()}
    for region in ("54", "63"):
        for year in (2010, 2020):
            within = [
                code for code, of in people if of == year and len(code) == 4 and code.startswith(region)
            ]
            parts = sum(people[code, year] for code in within)
            assert parts == people[region, year]


def test_counties_sum_to_their_prefecture_where_all_are_known() -> None:
    """Haidong's counties of 2010 are one person short of its total: so both stand in their sources."""
    people = {(each.code, each.year): each.people for each in populations()}
    complete = {}
    for (prefecture, year), total in people.items():
        if len(prefecture) == 4:
            counties = [c for c in within(prefecture) if len(c) == 6 and c[4:] not in ZONES]
            found = [people[code, year] for code in counties if (code, year) in people]
            assert sum(found) <= total
            if len(found) == len(counties):
                complete[prefecture, year] = total - sum(found)
    assert {each for each, short in complete.items() if not short} == {
        ("5401", 2010), ("5402", 2010), ("5403", 2010), ("5425", 2010), ("6322", 2010), ("6326", 2010),
        ("5401", 2020), ("5405", 2020),
    }  # fmt: skip
    assert {each: short for each, short in complete.items() if short} == {("6302", 2010): 1}


def test_every_population_of_a_county_names_its_source_and_is_of_the_gazetteer() -> None:
    counties = [each for each in populations() if len(each.code) == 6]
    assert all(each.source and each.code in divisions() for each in counties)
    assert len(counties) == len({(each.code, each.year) for each in counties})


def test_the_public_exemplars_alone_do_not_give_the_published_range() -> None:
    """The study's range, 919,282 to 1,206,962, rests on Dragyab too, whose figure is not public."""
    made = estimate("exemplar", "dna", "54", reported_inputs("tibet-dna", "dna"), populations(), 2020)
    assert {each.place for each in made.inputs} == {"拉萨市", "洛隆县"}
    assert made.left_out == ()
    assert (made.low, made.high) == (408_990, 993_392)
