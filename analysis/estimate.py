"""From reported running totals to an estimate for a whole region, with every step of the arithmetic written out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from analysis.errors import AnalysisError
from db.ids import row_id

VERSION = "1"
"""Of the recipes: part of an estimate's id, so that a changed recipe never passes for the one before."""

EXEMPLAR, LATEST = "exemplar", "latest-cumulative"
RECIPES = (EXEMPLAR, LATEST)


@dataclass(frozen=True, slots=True)
class Input:
    """A running total of one place; `trace` is the observation or the line of a study that it comes from."""

    code: str
    place: str
    low: int
    high: int
    trace: str


@dataclass(frozen=True, slots=True)
class Population:
    """Residents of a place by one census, and where that stands."""

    code: str
    year: int
    people: int
    source: str


@dataclass(frozen=True, slots=True)
class Variant:
    """The same estimate with one thing changed."""

    change: str
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """A range of samples for a region. `steps` is the arithmetic, `left_out` inputs that could not be used and why."""

    id: str
    recipe: str
    region: str
    year: int
    low: int
    high: int
    share_low: float | None
    share_high: float | None
    inputs: tuple[Input, ...]
    steps: tuple[str, ...]
    left_out: tuple[str, ...]
    variants: tuple[Variant, ...] = ()


def estimate(
    recipe: str, region: str, inputs: Sequence[Input], populations: Sequence[Population], year: int
) -> Estimate:
    """The estimate by `recipe` for the region with this division code, and how it changes when an input is left out
    or another census is taken. The same inputs give the same estimate, to the digit, and the same id.

    `exemplar`: places with a running total stand for the rest. Their totals are added, and to the rest of the
    region's people the lowest of their shares is applied for the low end, the highest for the high end.
    `latest-cumulative`: the running totals alone, nothing for places without one.

    Raises AnalysisError when there is nothing to reckon with.
    """
    if recipe not in RECIPES:
        raise AnalysisError(f"{recipe!r} is no recipe; there are {', '.join(RECIPES)}")
    by_year = {found: _of_year(populations, found) for found in sorted({each.year for each in populations})}
    if year not in by_year:
        raise AnalysisError(
            f"there are no populations of {year}; there are {', '.join(map(str, by_year)) or 'none'}"
        )
    ordered = tuple(sorted(inputs, key=lambda each: (each.code, each.trace)))
    made = _once(recipe, region, ordered, by_year[year], year)
    changes = [
        (f"without {each.place}", [kept for kept in ordered if kept is not each], year)
        for each in made.inputs
    ]
    changes += [(f"census of {other}", list(ordered), other) for other in by_year if other != year]
    variants = [
        _variant(change, recipe, region, kept, by_year[of], of) for change, kept, of in changes if kept
    ]
    return replace(made, variants=tuple(variant for variant in variants if variant))


def _once(
    recipe: str, region: str, inputs: Sequence[Input], people: Mapping[str, Population], year: int
) -> Estimate:
    within = [
        each for each in inputs if any(each.code != o.code and each.code.startswith(o.code) for o in inputs)
    ]
    unknown = [each for each in inputs if recipe == EXEMPLAR and each.code not in people]
    usable = [each for each in inputs if each not in within and each not in unknown]
    left_out = (
        *(f"{each.place} ({each.trace}): it lies in a place that has a total of its own" for each in within),
        *(f"{each.place} ({each.trace}): no population of {year} with a source" for each in unknown),
    )
    if not usable:
        raise AnalysisError(
            f"no place in {region} has a running total that can be used; " + "; ".join(left_out)
        )
    whole = people.get(region)
    steps = [f"{each.place}: {_range(each.low, each.high)} reported ({each.trace})" for each in usable]
    low, high = sum(each.low for each in usable), sum(each.high for each in usable)
    steps.append(f"reported together: {_range(low, high)}")
    if recipe == EXEMPLAR:
        if whole is None:
            raise AnalysisError(f"the population of {region} in {year} is not known")
        low, high = _carried(usable, people, whole, low, high, steps)
    share_low, share_high = (low / whole.people, high / whole.people) if whole else (None, None)
    if whole:
        ends = f"{percent(low, whole.people)} to {percent(high, whole.people)}"
        steps.append(f"of {whole.people:,} people ({whole.source}): {ends}")
    told = [asdict(each) for each in usable]
    known = [
        asdict(people[code]) for code in sorted({region, *(each.code for each in usable)} & people.keys())
    ]
    identifier = row_id("est", VERSION, recipe, region, year, told, known)
    return Estimate(
        identifier,
        recipe,
        region,
        year,
        low,
        high,
        share_low,
        share_high,
        tuple(usable),
        tuple(steps),
        left_out,
    )


def _carried(
    usable: Sequence[Input],
    people: Mapping[str, Population],
    whole: Population,
    low: int,
    high: int,
    steps: list[str],
) -> tuple[int, int]:
    for each in usable:
        of = people[each.code]
        share = _range_of(percent(each.low, of.people), percent(each.high, of.people))
        steps.append(
            f"{each.place}: {_range(each.low, each.high)} of {of.people:,} people ({of.source}) = {share}"
        )
    least = min(usable, key=lambda each: (Decimal(each.low) / people[each.code].people, each.code))
    most = max(usable, key=lambda each: (Decimal(each.high) / people[each.code].people, each.code))
    rest = whole.people - sum(people[each.code].people for each in usable)
    if rest < 0:
        raise AnalysisError(
            "the exemplars have more people than the region: populations of different years or borders?"
        )
    steps.append(f"the rest of the region: {rest:,} people")
    more = [
        _applied("lowest", least.low, least, people, rest, steps),
        _applied("highest", most.high, most, people, rest, steps),
    ]
    if len(usable) == 1:
        steps.append("there is one exemplar only, so the range says nothing of how much places differ")
    steps.append(f"low: {low:,} + {more[0]:,} = {low + more[0]:,}")
    steps.append(f"high: {high:,} + {more[1]:,} = {high + more[1]:,}")
    return low + more[0], high + more[1]


def _applied(
    which: str, figure: int, of: Input, people: Mapping[str, Population], rest: int, steps: list[str]
) -> int:
    whole = people[of.code].people
    found = int((Decimal(figure) * rest / whole).quantize(Decimal(1), ROUND_HALF_UP))
    steps.append(f"at the {which} share ({of.place}): {figure:,} × {rest:,} ÷ {whole:,} = {found:,}")
    return found


def percent(part: int, whole: int) -> str:
    """A share to one decimal, halves up, as published shares are given."""
    return f"{(Decimal(part) * 100 / whole).quantize(Decimal('0.1'), ROUND_HALF_UP)} %"


def _variant(
    change: str,
    recipe: str,
    region: str,
    inputs: Sequence[Input],
    people: Mapping[str, Population],
    year: int,
) -> Variant | None:
    try:
        made = _once(recipe, region, inputs, people, year)
    except AnalysisError:
        return None
    return Variant(change, made.low, made.high)


def _of_year(populations: Sequence[Population], year: int) -> dict[str, Population]:
    return {each.code: each for each in populations if each.year == year}


def _range(low: int, high: int) -> str:
    return _range_of(f"{low:,}", f"{high:,}")


def _range_of(low: str, high: str) -> str:
    return low if low == high else f"{low} to {high}"


def told(made: Estimate) -> dict[str, Any]:
    """An estimate as JSON has it."""
    return asdict(made)
