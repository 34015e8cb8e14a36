"""From reported running totals to an estimate for a whole region, with every step of the arithmetic written out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from analysis.errors import AnalysisError
from analysis.estimates.choosing import Unwanted, chosen, unwanted
from analysis.estimates.inputs import Input, Population, by_place, ends, percent
from analysis.labels import label
from analysis.recipes import RECIPES, Options, Recipe
from analysis.recipes.recipe import Exemplars
from db.ids import row_id
from parsers.places.gazetteer import is_within, path_of

VERSION = "3"
"""Of the recipes: part of an estimate's id, so that a changed recipe never passes for the one before."""


@dataclass(frozen=True, slots=True)
class Variant:
    """The same estimate with one thing changed."""

    change: str
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """A range of samples of one kind for a region.

    `steps` is the arithmetic, `left_out` are inputs that are not used and why, `warnings` say what cannot be as it is
    reported, `without` are the places that were not to be used, by plain code, `options` those that matter to the
    recipe.
    """

    id: str
    recipe: str
    modality: str
    region: str
    year: int
    low: int
    high: int
    share_low: float | None
    share_high: float | None
    inputs: tuple[Input, ...]
    steps: tuple[str, ...]
    left_out: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    without: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    variants: tuple[Variant, ...] = ()


def estimate(
    recipe: str,
    modality: str,
    region: str,
    inputs: Sequence[Input],
    populations: Sequence[Population],
    year: int,
    *,
    options: Options | None = None,
    without: Mapping[str, str] | None = None,
) -> Estimate:
    """The estimate by `recipe` of samples of this kind for the region with this division code, and how it changes when
    a place is left out or another census is taken. The same inputs give the same estimate, to the digit, and the
    same id.

    `inputs` are all running totals there are, also of places within others (`analysis.estimates.choosing`). `without`
    are places that are not used with all in them, by code, and why. Raises AnalysisError when there is nothing to
    reckon with, and for a code that is none in the region.
    """
    if recipe not in RECIPES:
        raise AnalysisError(f"{recipe!r} is no recipe; there are {', '.join(RECIPES)}")
    by_year = {found: _of_year(populations, found) for found in sorted({each.year for each in populations})}
    if year not in by_year:
        raise AnalysisError(
            f"there are no populations of {year}; there are {', '.join(map(str, by_year)) or 'none'}"
        )
    ordered = tuple(sorted(inputs, key=lambda each: (each.code, each.trace)))
    ask = _Question(RECIPES[recipe], modality, region, options or Options(), unwanted(without or {}, region))
    made = _once(ask, ordered, by_year[year], year)
    changes = [
        (f"without {each.place}", [kept for kept in ordered if not is_within(kept.code, each.code)], year)
        for each in by_place(made.inputs)
    ]
    changes += [(f"census of {other}", list(ordered), other) for other in by_year if other != year]
    variants = [_variant(change, ask, kept, by_year[of], of) for change, kept, of in changes if kept]
    return replace(
        made,
        id=_identifier(made, ordered, populations),
        variants=tuple(variant for variant in variants if variant),
    )


def _identifier(made: Estimate, inputs: Sequence[Input], populations: Sequence[Population]) -> str:
    """Of all that the estimate, what it leaves out and its variants follow from."""
    named = {made.region, *(each.code for each in inputs)}
    known = sorted(
        (each for each in populations if each.code in named), key=lambda each: (each.code, each.year)
    )
    asked = made.recipe, made.modality, made.region, made.year, made.options, sorted(made.without.items())
    return row_id("est", VERSION, *asked, [asdict(each) for each in inputs], [asdict(each) for each in known])


@dataclass(frozen=True, slots=True)
class _Question:
    """What is the same for an estimate and its variants."""

    recipe: Recipe
    modality: str
    region: str
    options: Options
    unwanted: Unwanted


def _once(ask: _Question, inputs: Sequence[Input], people: Mapping[str, Population], year: int) -> Estimate:
    carry, region = ask.recipe.carry, ask.region
    choice = chosen(inputs, ask.unwanted, people.keys() if carry else None, year)
    usable = choice.used
    if not usable:
        what = f"no place in {path_of(region)} has a running total of {label(ask.modality)}"
        raise AnalysisError(f"{what} that can be used: {choice.told}" if inputs else what)
    whole = people.get(region)
    steps = [f"{each.place}: {ends(each.low, each.high)} reported ({each.trace})" for each in usable]
    low, high = sum(each.low for each in usable), sum(each.high for each in usable)
    steps.append(f"reported together: {ends(low, high)}")
    if carry:
        if whole is None:
            raise AnalysisError(f"the population of {region} in {year} is not known")
        more = carry(Exemplars(by_place(usable), people, whole), ask.options, steps)
        steps.append(f"low: {low:,} + {more[0]:,} = {low + more[0]:,}")
        steps.append(f"high: {high:,} + {more[1]:,} = {high + more[1]:,}")
        low, high = low + more[0], high + more[1]
    share_low, share_high = (low / whole.people, high / whole.people) if whole else (None, None)
    if whole:
        shares = f"{percent(low, whole.people)} to {percent(high, whole.people)}"
        steps.append(f"of {whole.people:,} people ({whole.source}): {shares}")
    doubts = _doubts(by_place(usable), people, region, high)
    return Estimate(
        "", ask.recipe.name, ask.modality, region, year, low, high, share_low, share_high,
        usable, tuple(steps), choice.left_out, doubts, dict(ask.unwanted.because),
        {name: str(getattr(ask.options, name)) for name in ask.recipe.uses},
    )  # fmt: skip


def _doubts(
    usable: Sequence[Input], people: Mapping[str, Population], region: str, high: int
) -> tuple[str, ...]:
    """What is said of more samples than people, in a place or in the whole region."""
    found = []
    for each in usable:
        known = people.get(each.code)
        if known is None or each.high <= known.people:
            continue
        told = f"{each.place}: {ends(each.low, each.high)} reported of {known.people:,} people, "
        told += f"{percent(each.high, known.people)} ({each.trace})"
        if each.trace.startswith("obs-"):
            told += "; look at the page with holdfast trace, and if it was misread, say so: "
            told += f"holdfast review reject {each.trace}"
        found.append(told)
    whole = people.get(region)
    if whole and high > whole.people:
        found.append(
            f"the estimate is of up to {high:,} samples of {whole.people:,} people: more than everybody"
        )
    return tuple(found)


def _variant(
    change: str, ask: _Question, inputs: Sequence[Input], people: Mapping[str, Population], year: int
) -> Variant | None:
    try:
        made = _once(ask, inputs, people, year)
    except AnalysisError:
        return None
    return Variant(change, made.low, made.high)


def _of_year(populations: Sequence[Population], year: int) -> dict[str, Population]:
    return {each.code: each for each in populations if each.year == year}


def told(made: Estimate) -> dict[str, Any]:
    """An estimate as JSON has it."""
    return asdict(made)
