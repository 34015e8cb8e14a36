"""`partial-pooling`: places differ around a common share, and how much is learnt from the exemplars; the rest is one
more place of that kind.

A random-effects model of log-odds: the spread between places by DerSimonian and Laird (Controlled Clinical Trials 7,
1986), the range for a new place by Higgins, Thompson and Spiegelhalter (J. R. Statist. Soc. A 172, 2009, eq. 12).
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import exp, log, sqrt

from analysis.errors import AnalysisError
from analysis.estimates.inputs import Input, rounded
from analysis.recipes.recipe import Exemplars, Options, Recipe

FEWEST = 3
"""With two there is no degree of freedom left to learn the spread from."""

_DIGITS = Decimal("0.000001")
"""Shares are rounded to these before they are applied, so that each step can be reckoned again by hand."""


def _carry(given: Exemplars, options: Options, steps: list[str]) -> tuple[int, int]:
    if len(given.totals) < FEWEST:
        raise AnalysisError(
            f"partial-pooling needs {FEWEST} places with a total and a population, there are {len(given.totals)}"
        )
    given.shares(steps)
    low = _new_place("low", [each.low for each in given.totals], given, options, steps)[0]
    high = _new_place("high", [each.high for each in given.totals], given, options, steps)[1]
    return _applied("low", low, given, steps), _applied("high", high, given, steps)


def _new_place(
    which: str, samples: list[int], given: Exemplars, options: Options, steps: list[str]
) -> tuple[Decimal, Decimal]:
    """The range of shares that a place like these has, by their low or their high figures."""
    try:
        from numpy import array
        from scipy.stats import t
        from statsmodels.stats.meta_analysis import combine_effects
    except ImportError:
        raise AnalysisError(
            "partial-pooling needs a library that is not installed; type: make install, or uv sync --extra survival"
        ) from None
    odds, variances = [], []
    for each, count in zip(given.totals, samples, strict=True):
        others = given.people[each.code].people - count
        _needs_both(each, count, others)
        odds.append(log(count / others))
        variances.append(1 / count + 1 / others)
    fitted = combine_effects(array(odds), array(variances), method_re="dl")
    spread, error = max(float(fitted.tau2), 0.0), float(fitted.sd_eff_w_re)
    mean = float(fitted.mean_effect_re)
    reach = float(t.ppf(float((1 + options.interval) / 2), len(odds) - 2)) * sqrt(spread + error**2)
    ends = _share(mean - reach), _share(mean + reach)
    steps.append(
        f"by the {which} figures: a common share of {_share(mean)}, log-odds that differ between places by "
        f"{sqrt(spread):.3f} (standard deviation); in {options.covered} of cases a new place has "
        f"{ends[0]} to {ends[1]}"
    )
    return ends


def _needs_both(place: Input, samples: int, others: int) -> None:
    if samples <= 0 or others <= 0:
        raise AnalysisError(
            f"partial-pooling cannot use {place.place} ({place.trace}): {samples:,} samples of "
            f"{samples + others:,} people are no share between nobody and all; if it was misread, say so with "
            "holdfast review reject, else leave the place out with without in a plan"
        )


def _share(log_odds: float) -> Decimal:
    return Decimal(1 / (1 + exp(-log_odds))).quantize(_DIGITS, ROUND_HALF_UP)


def _applied(which: str, share: Decimal, given: Exemplars, steps: list[str]) -> int:
    found = rounded(Fraction(share) * given.rest)
    steps.append(f"the {which} end: {share} × {given.rest:,} = {found:,}")
    return found


POOLING = Recipe("partial-pooling", _carry, ("interval",))
