"""The recipes that carry totals to a region with an interval: against figures had another way, the same every time."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import product
from math import exp, log, sqrt
from statistics import fmean

import pytest

from analysis.errors import AnalysisError
from analysis.estimates.estimate import Estimate, estimate
from analysis.estimates.inputs import Input, Population
from analysis.recipes import BOOTSTRAP, POOLING, Options

PEOPLE = [
    Population("54", 2020, 100_000, "census"),
    Population("5401", 2020, 10_000, "census"),
    Population("5402", 2020, 15_000, "census"),
    Population("5403", 2020, 5_000, "census"),
    Population("5404", 2020, 20_000, "census"),
]
TOTALS = [
    Input("5401", "A", 1_000, 1_200, "obs-a"),
    Input("5402", "B", 3_000, 3_000, "obs-b"),
    Input("5403", "C", 1_500, 1_599, "obs-c"),
    Input("5404", "D", 3_000, 3_100, "obs-d"),
]
REST = 50_000
T_2 = 4.302652729911275
"""The 97.5 % point of Student's t with two degrees of freedom, from printed tables (4.303)."""


def made(recipe: str, totals: list[Input] = TOTALS, **options: object) -> Estimate:
    return estimate(recipe, "dna", "54", totals, PEOPLE, 2020, options=Options(**options))  # type: ignore[arg-type]


def test_the_bootstrap_comes_to_what_every_possible_draw_gives() -> None:
    """With four places there are 256 draws, each as likely as the next: their quantiles are the true ones."""

    def quantile(figures: list[int], at: Fraction) -> float:
        people = [each.people for each in PEOPLE[1:]]
        shares = sorted(
            Fraction(sum(figures[n] for n in draw), sum(people[n] for n in draw))
            for draw in product(range(4), repeat=4)
        )
        return float(shares[-(-int(at * 256 * 1000) // 1000) - 1])

    found = made(BOOTSTRAP.name, interval=Decimal("0.8"), resamples=100_000)
    reported = (8_500, 8_899)
    low = quantile([each.low for each in TOTALS], Fraction(1, 10))
    high = quantile([each.high for each in TOTALS], Fraction(9, 10))
    assert found.low == pytest.approx(reported[0] + low * REST, rel=0.01)
    assert found.high == pytest.approx(reported[1] + high * REST, rel=0.01)


def test_pooling_comes_to_the_published_formulas() -> None:
    """DerSimonian and Laird's spread, and Higgins' range for a new place, reckoned here step by step."""

    def ends(figures: list[int]) -> tuple[float, float]:
        people = [each.people for each in PEOPLE[1:]]
        odds = [log(c / (p - c)) for c, p in zip(figures, people, strict=True)]
        weights = [1 / (1 / c + 1 / (p - c)) for c, p in zip(figures, people, strict=True)]
        fixed = sum(w * y for w, y in zip(weights, odds, strict=True)) / sum(weights)
        q = sum(w * (y - fixed) ** 2 for w, y in zip(weights, odds, strict=True))
        spread = max(0.0, (q - 3) / (sum(weights) - sum(w**2 for w in weights) / sum(weights)))
        again = [1 / (1 / w + spread) for w in weights]
        mean = sum(w * y for w, y in zip(again, odds, strict=True)) / sum(again)
        reach = T_2 * sqrt(spread + 1 / sum(again))
        return 1 / (1 + exp(reach - mean)), 1 / (1 + exp(-reach - mean))

    found = made(POOLING.name)
    low, high = ends([each.low for each in TOTALS])[0], ends([each.high for each in TOTALS])[1]
    assert found.low == pytest.approx(8_500 + low * REST, abs=1)
    assert found.high == pytest.approx(8_899 + high * REST, abs=1)


@pytest.mark.parametrize("recipe", [BOOTSTRAP.name, POOLING.name])
def test_the_same_inputs_give_the_same_digits_and_id(recipe: str) -> None:
    first, again = made(recipe), made(recipe, TOTALS[::-1])
    assert first == again
    assert 8_500 < first.low < first.high < 100_000


@pytest.mark.parametrize("recipe", [BOOTSTRAP.name, POOLING.name])
def test_a_narrower_interval_is_a_narrower_range_under_another_id(recipe: str) -> None:
    wide, narrow = made(recipe), made(recipe, interval=Decimal("0.5"))
    assert wide.low < narrow.low < narrow.high < wide.high
    assert wide.id != narrow.id
    assert narrow.options["interval"] == "0.5"


def test_an_option_that_a_recipe_does_not_use_is_not_in_its_id() -> None:
    assert made(POOLING.name, resamples=500).id == made(POOLING.name).id
    assert made("exemplar", interval=Decimal("0.5")).id == made("exemplar").id


def test_places_that_agree_leave_the_bootstrap_no_range() -> None:
    alike = [replace(each, low=each_people.people // 10, high=each_people.people // 10)
             for each, each_people in zip(TOTALS, PEOPLE[1:], strict=True)]  # fmt: skip
    found = made(BOOTSTRAP.name, alike)
    assert (found.low, found.high) == (10_000, 10_000)


def test_places_weigh_by_their_people() -> None:
    shares = [each.low / people.people for each, people in zip(TOTALS, PEOPLE[1:], strict=True)]
    found = made(BOOTSTRAP.name, interval=Decimal("0.000001"))
    assert found.low == pytest.approx(8_500 + 8_500 / 50_000 * REST, rel=0.02)
    assert found.low < 8_500 + fmean(shares) * REST


@pytest.mark.parametrize("recipe", [BOOTSTRAP.name, POOLING.name])
def test_each_step_is_written_out_and_each_exemplar_left_out_in_turn(recipe: str) -> None:
    found = made(recipe)
    assert f"low: 8,500 + {found.low - 8_500:,} = {found.low:,}" in found.steps
    assert [each.change for each in found.variants] == ["without A", "without B", "without C", "without D"]


@pytest.mark.parametrize("recipe", [BOOTSTRAP.name, POOLING.name])
def test_too_few_places_are_refused(recipe: str) -> None:
    with pytest.raises(
        AnalysisError, match=f"{recipe} needs 3 places with a total and a population, there are 2"
    ):
        made(recipe, TOTALS[:2])


def test_a_place_where_everybody_was_sampled_has_no_log_odds() -> None:
    with pytest.raises(AnalysisError, match=r"cannot use A \(obs-a\): 10,000 samples of 10,000 people"):
        made(POOLING.name, [Input("5401", "A", 9_000, 10_000, "obs-a"), *TOTALS[1:]])


def test_a_place_that_is_not_to_be_used_is_left_out_with_the_reason() -> None:
    found = estimate("exemplar", "dna", "54", TOTALS, PEOPLE, 2020, without={"5402": "a campaign of its own"})
    assert "B, 3,000 (obs-b): a campaign of its own" in found.left_out
    assert [each.place for each in found.inputs] == ["A", "C", "D"]
