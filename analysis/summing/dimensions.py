"""What claims may be grouped by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import product

from analysis.errors import AnalysisError
from analysis.listing import Cell
from analysis.summing.counted import Counted, day_of
from analysis.summing.nesting import LENGTHS
from parsers.places.gazetteer import reference

Values = Callable[[Counted], Sequence[Cell]]

MEMORY = 1 << 16
"""How many names of places and periods are remembered: a million claims have some thousands."""


def _code(length: int) -> Values:
    @lru_cache(MEMORY)
    def name(code: str | None) -> Sequence[Cell]:
        return (reference(code[:length]).name,) if code and len(code) >= length else (None,)

    return lambda item: name(item.place_code)


def _period(written: Callable[[date], str]) -> Values:
    @lru_cache(MEMORY)
    def name(day: date | None) -> Sequence[Cell]:
        return (written(day) if day else None,)

    return lambda item: name(day_of(item))


DIMENSIONS: Mapping[str, Values] = {
    **{level: _code(length) for level, length in LENGTHS.items()},
    "campaign": lambda item: (item.campaign,),
    "place": lambda item: (item.place,),
    "modality": lambda item: (item.modality,),
    "kind": lambda item: (item.kind,),
    "year": _period(lambda day: f"{day:%Y}"),
    "month": _period(lambda day: f"{day:%Y-%m}"),
    "quarter": _period(lambda day: f"{day:%Y}-Q{(day.month + 2) // 3}"),
    "source": lambda item: (item.account or item.publisher,),
    "publisher": lambda item: (item.publisher,),
    "organ": lambda item: (item.organ,),
    "venue": lambda item: item.venue or (None,),
    "target": lambda item: item.targets or (None,),
    "purpose": lambda item: item.purposes or (None,),
}
"""What claims may be grouped by: each gives the values of one observation.

A claim with several venues, targets or purposes is in each of their rows."""

SEVERAL = frozenset({"venue", "target", "purpose"})
"""Dimensions that one claim can have several values of."""

MODALITY = "modality"

Key = tuple[Cell, ...]
"""A group: a value for each dimension, text or None."""


Keys = Callable[[Counted], Iterable[Key]]
"""What gives the groups that a claim is in."""


def with_modality(dimensions: Sequence[str]) -> tuple[str, ...]:
    """The dimensions that sums are grouped by: samples of one modality are never added to those of another."""
    return tuple(dimensions) if MODALITY in dimensions else (*dimensions, MODALITY)


def keys_by(dimensions: Sequence[str]) -> Keys:
    """What gives the groups that a claim is in, by the observation that stands for it."""
    named = [DIMENSIONS[name] for name in dimensions]
    if SEVERAL.isdisjoint(dimensions):
        return lambda item: (tuple([values(item)[0] for values in named]),)
    return lambda item: product(*[values(item) for values in named])


def checked(dimensions: Sequence[str]) -> None:
    """Raises AnalysisError for a dimension that is none."""
    for name in dimensions:
        if name not in DIMENSIONS:
            raise AnalysisError(f"--by {name}: claims are grouped by {', '.join(DIMENSIONS)}")
    if len(set(dimensions)) < len(dimensions):
        raise AnalysisError("--by names something twice")
