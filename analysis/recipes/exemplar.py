"""`exemplar`: to the rest of the region's people the lowest share of a place is applied for the low end, the highest
for the high end, as the published studies do.
"""

from __future__ import annotations

from fractions import Fraction

from analysis.estimates.inputs import Input, rounded
from analysis.recipes.recipe import Exemplars, Options, Recipe


def _carry(given: Exemplars, options: Options, steps: list[str]) -> tuple[int, int]:
    given.shares(steps)

    def share(figure: int, of: Input) -> tuple[Fraction, str]:
        return Fraction(figure, given.people[of.code].people), of.code

    least = min(given.totals, key=lambda each: share(each.low, each))
    most = max(given.totals, key=lambda each: share(each.high, each))
    low = _applied("lowest", least.low, least, given, steps)
    high = _applied("highest", most.high, most, given, steps)
    if len(given.totals) == 1:
        steps.append("there is one exemplar only, so the range says nothing of how much places differ")
    return low, high


def _applied(which: str, figure: int, of: Input, given: Exemplars, steps: list[str]) -> int:
    people = given.people[of.code].people
    found = rounded(Fraction(figure * given.rest, people))
    steps.append(f"at the {which} share ({of.place}): {figure:,} × {given.rest:,} ÷ {people:,} = {found:,}")
    return found


EXEMPLAR = Recipe("exemplar", _carry)
