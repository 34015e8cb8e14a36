"""What every recipe is: a function from totals and populations to a range, which writes down each step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from analysis.errors import AnalysisError
from analysis.estimates.inputs import Input, Population, between, ends, percent


@dataclass(frozen=True, slots=True)
class Options:
    """`interval` is the share of cases that the range covers, `resamples` how often places are drawn again."""

    interval: Decimal = Decimal("0.95")
    resamples: int = 10_000

    @property
    def covered(self) -> str:
        """The interval as a step has it, such as `95 %`."""
        return f"{(self.interval * 100).normalize():f} %"


@dataclass(frozen=True, slots=True)
class Exemplars:
    """Places with a total, the people of each by its code, and those of the whole region."""

    totals: Sequence[Input]
    people: Mapping[str, Population]
    whole: Population

    @property
    def rest(self) -> int:
        """The region's people outside these places. Raises AnalysisError when that is less than nobody."""
        found = self.whole.people - sum(self.people[each.code].people for each in self.totals)
        if found < 0:
            raise AnalysisError(
                "the exemplars have more people than the region: populations of different years or borders?"
            )
        return found

    def shares(self, steps: list[str]) -> None:
        """Writes down each place's share, and the people of the rest."""
        for each in self.totals:
            of = self.people[each.code]
            share = between(percent(each.low, of.people), percent(each.high, of.people))
            steps.append(
                f"{each.place}: {ends(each.low, each.high)} of {of.people:,} people ({of.source}) = {share}"
            )
        steps.append(f"the rest of the region: {self.rest:,} people")


Carry = Callable[[Exemplars, Options, list[str]], tuple[int, int]]
"""Gives the samples of the rest of the region, low and high, and writes down the steps. Raises AnalysisError."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """`carry` is None for a recipe that adds totals up and says nothing of the rest. `uses` are the options that
    matter to it, which are part of an estimate's id.
    """

    name: str
    carry: Carry | None = None
    uses: tuple[str, ...] = ()
