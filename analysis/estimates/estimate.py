"""From reported running totals to an estimate for a whole region, with every step of the arithmetic written out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from analysis.errors import AnalysisError
from analysis.estimates.inputs import Input, Population, ends, percent
from analysis.labels import label
from analysis.recipes import RECIPES, Options, Recipe
from analysis.recipes.recipe import Exemplars
from db.ids import row_id
from parsers.places.gazetteer import path_of

VERSION = "2"
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
    reported, `without` are the places that were not to be used, `options` those that matter to the recipe.
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
    an input is left out or another census is taken. The same inputs give the same estimate, to the digit, and the
    same id.

    `without` are places that are not used, by code, and why. Raises AnalysisError when there is nothing to reckon with.
    """
    if recipe not in RECIPES:
        raise AnalysisError(f"{recipe!r} is no recipe; there are {', '.join(RECIPES)}")
    by_year = {found: _of_year(populations, found) for found in sorted({each.year for each in populations})}
    if year not in by_year:
        raise AnalysisError(
            f"there are no populations of {year}; there are {', '.join(map(str, by_year)) or 'none'}"
        )
    ordered = tuple(sorted(inputs, key=lambda each: (each.code, each.trace)))
    ask = _Question(RECIPES[recipe], modality, region, options or Options(), without or {})
    made = _once(ask, ordered, by_year[year], year)
    changes = [
        (f"without {each.place}", [kept for kept in ordered if kept is not each], year)
        for each in made.inputs
    ]
    changes += [(f"census of {other}", list(ordered), other) for other in by_year if other != year]
    variants = [_variant(change, ask, kept, by_year[of], of) for change, kept, of in changes if kept]
    return replace(made, variants=tuple(variant for variant in variants if variant))


@dataclass(frozen=True, slots=True)
class _Question:
    """What is the same for an estimate and its variants."""

    recipe: Recipe
    modality: str
    region: str
    options: Options
    without: Mapping[str, str]


def _once(ask: _Question, inputs: Sequence[Input], people: Mapping[str, Population], year: int) -> Estimate:
    carry, region = ask.recipe.carry, ask.region
    unwanted = [each for each in inputs if each.code in ask.without]
    wanted = [each for each in inputs if each not in unwanted]
    within = [
        each for each in wanted if any(each.code != o.code and each.code.startswith(o.code) for o in wanted)
    ]
    unknown = [each for each in wanted if carry and each.code not in people]
    usable = [each for each in wanted if each not in within and each not in unknown]
    left_out = (
        *(f"{each.place} ({each.trace}): {ask.without[each.code]}" for each in unwanted),
        *(f"{each.place} ({each.trace}): it lies in a place that has a total of its own" for each in within),
        *(f"{each.place} ({each.trace}): no population of {year} with a source" for each in unknown),
    )
    if not usable:
        what = f"no place in {path_of(region)} has a running total of {label(ask.modality)}"
        raise AnalysisError(f"{what} that can be used: {'; '.join(left_out)}" if left_out else what)
    whole = people.get(region)
    steps = [f"{each.place}: {ends(each.low, each.high)} reported ({each.trace})" for each in usable]
    low, high = sum(each.low for each in usable), sum(each.high for each in usable)
    steps.append(f"reported together: {ends(low, high)}")
    if carry:
        if whole is None:
            raise AnalysisError(f"the population of {region} in {year} is not known")
        more = carry(Exemplars(usable, people, whole), ask.options, steps)
        steps.append(f"low: {low:,} + {more[0]:,} = {low + more[0]:,}")
        steps.append(f"high: {high:,} + {more[1]:,} = {high + more[1]:,}")
        low, high = low + more[0], high + more[1]
    share_low, share_high = (low / whole.people, high / whole.people) if whole else (None, None)
    if whole:
        shares = f"{percent(low, whole.people)} to {percent(high, whole.people)}"
        steps.append(f"of {whole.people:,} people ({whole.source}): {shares}")
    used = [asdict(each) for each in usable]
    known = [
        asdict(people[code]) for code in sorted({region, *(each.code for each in usable)} & people.keys())
    ]
    matters = {name: str(getattr(ask.options, name)) for name in ask.recipe.uses}
    name = ask.recipe.name
    asked = (name, ask.modality, region, year)
    identifier = row_id("est", VERSION, *asked, used, known, *([matters] if matters else []))
    return Estimate(
        identifier, *asked, low, high, share_low, share_high,
        tuple(usable), tuple(steps), left_out, _doubts(usable, people, region, high), dict(ask.without), matters,
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
