"""`weighted-bootstrap`: the share of all exemplars together is carried to the rest; how far it might have been another
with other exemplars is learnt by drawing them again, with replacement (Efron and Tibshirani, An Introduction to the
Bootstrap, 1993, the percentile interval).
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from random import Random

from analysis.errors import AnalysisError
from analysis.estimates.inputs import ends, rounded
from analysis.recipes.recipe import Exemplars, Options, Recipe

FEWEST = 3
SEED = 1
"""Python keeps the numbers that `Random(seed).random()` gives the same from version to version; other methods not."""


def _carry(given: Exemplars, options: Options, steps: list[str]) -> tuple[int, int]:
    if len(given.totals) < FEWEST:
        raise AnalysisError(
            f"weighted-bootstrap needs {FEWEST} places with a total and a population, there are {len(given.totals)}"
        )
    given.shares(steps)
    people = [given.people[each.code].people for each in given.totals]
    lows, highs = [each.low for each in given.totals], [each.high for each in given.totals]
    steps.append(
        f"all of them together: {ends(sum(lows), sum(highs))} of {sum(people):,} people; places weigh by their people"
    )
    draws = _draws(len(people), options.resamples)
    steps.append(
        f"{options.resamples:,} times {len(people)} places are drawn from these with replacement (Mersenne Twister, "
        f"seed {SEED}), and their samples divided by their people"
    )
    tail = (1 - options.interval) / 2
    low = _quantile(draws, lows, people, tail)
    high = _quantile(draws, highs, people, 1 - tail)
    return _applied("low", low, given, options, steps), _applied("high", high, given, options, steps)


def _draws(places: int, resamples: int) -> list[list[int]]:
    chance = Random(SEED)  # noqa: S311 - repeatable, not secret
    return [[floor(chance.random() * places) for _ in range(places)] for _ in range(resamples)]


def _quantile(draws: list[list[int]], samples: list[int], people: list[int], at: Decimal) -> Fraction:
    """The share below which `at` of the draws lie: the smallest with at least so many at or below it."""
    shares = sorted(
        Fraction(sum(samples[place] for place in drawn), sum(people[place] for place in drawn))
        for drawn in draws
    )
    return shares[max(ceil(at * len(shares)) - 1, 0)]


def _applied(which: str, share: Fraction, given: Exemplars, options: Options, steps: list[str]) -> int:
    found = rounded(share * given.rest)
    steps.append(
        f"the {which} end of the middle {options.covered} of them: {share.numerator:,} ÷ {share.denominator:,}; "
        f"× {given.rest:,} = {found:,}"
    )
    return found


BOOTSTRAP = Recipe("weighted-bootstrap", _carry, ("interval", "resamples"))
