"""Sums of claims by place, modality, month and so on, in which nothing counts twice.

Samples of one modality are never added to those of another, so every row has one; increments and running totals are
not added to each other either, each has columns of its own. A running total of a place
includes those of the places in it and its own earlier ones, an increment those of shorter periods inside its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import product
from typing import Protocol, TypeVar

from analysis.errors import AnalysisError
from analysis.listing import SHANGHAI, Cell, Column, Listing
from analysis.nesting import LENGTHS, Increment, outermost
from parsers.places.gazetteer import reference

INCREMENT, CUMULATIVE = "increment", "cumulative"


class Counted(Increment, Protocol):
    """Of the observation that stands for a claim what sums are made of and grouped by."""

    @property
    def campaign(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def count_min(self) -> int | None: ...  # noqa: D102
    @property
    def published_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def place(self) -> str | None: ...  # noqa: D102
    @property
    def account(self) -> str | None: ...  # noqa: D102
    @property
    def publisher(self) -> str | None: ...  # noqa: D102
    @property
    def organ(self) -> str | None: ...  # noqa: D102
    @property
    def venue(self) -> list[str]: ...  # noqa: D102
    @property
    def targets(self) -> list[str]: ...  # noqa: D102
    @property
    def purposes(self) -> list[str]: ...  # noqa: D102


T_co = TypeVar("T_co", bound=Counted, covariant=True)
T = TypeVar("T", bound=Counted)


class Countable(Protocol[T_co]):
    """A claim: the observation that stands for it, and the documents that make it."""

    @property
    def best(self) -> T_co: ...  # noqa: D102
    @property
    def documents(self) -> Collection[str]: ...  # noqa: D102


Values = Callable[[Counted], Sequence[Cell]]

MEMORY = 1 << 16
"""How many names of places and periods are remembered: a million claims have some thousands."""


def _code(length: int) -> Values:
    @lru_cache(MEMORY)
    def name(code: str | None) -> Sequence[Cell]:
        return (reference(code[:length]).name,) if code and len(code) >= length else (None,)

    return lambda item: name(item.place_code)


def _day(item: Counted) -> date | None:
    if day := item.date_end or item.date_start:
        return day
    return item.published_at.astimezone(SHANGHAI).date() if item.published_at else None


def _period(written: Callable[[date], str]) -> Values:
    @lru_cache(MEMORY)
    def name(day: date | None) -> Sequence[Cell]:
        return (written(day) if day else None,)

    return lambda item: name(_day(item))


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
"""What claims may be grouped by. A claim with several venues, targets or purposes is in each of their rows."""

GROUP, TOTAL, MODALITY = "group", "total", "modality"
ROW = Column("row", "text", "`group`, or `total` for all claims of a modality: not the sum of its groups.")
COUNTED = (
    Column("claims", "integer", "Different claims in this row; a figure that several pages repeat is one."),
    Column("documents", "integer", "Documents that make these claims."),
    Column("increment_min", "integer", "Sum of the increments, at their lowest; none within another."),
    Column("increment_max", "integer", "Sum of the increments, at their highest."),
    Column(
        "cumulative_min", "integer", "Sum of the latest running totals, at their lowest; none within another."
    ),
    Column("cumulative_max", "integer", "Sum of the latest running totals, at their highest."),
)


@dataclass(frozen=True, slots=True)
class Sums:
    """What a group of claims comes to; None where no claim has such a figure."""

    claims: int
    documents: int
    increment: tuple[int, int] | None
    cumulative: tuple[int, int] | None


def totals(claims: Sequence[Countable[Counted]], dimensions: Sequence[str]) -> Listing:
    """A row for each group, each modality apart, and a last one, `total`, for all claims of a modality. Raises
    AnalysisError for a dimension that is none.
    """
    checked(dimensions)
    if MODALITY not in dimensions:
        dimensions = [*dimensions, MODALITY]
    columns = (
        Column(name, "text", f"The claims' {name}; empty where they have none.") for name in dimensions
    )
    return Listing("totals", (ROW, *columns, *COUNTED), _rows(claims, dimensions))


def checked(dimensions: Sequence[str]) -> None:
    """Raises AnalysisError for a dimension that is none."""
    for name in dimensions:
        if name not in DIMENSIONS:
            raise AnalysisError(f"--by {name}: claims are grouped by {', '.join(DIMENSIONS)}")
    if len(set(dimensions)) < len(dimensions):
        raise AnalysisError("--by names something twice")


def sums(claims: Iterable[Countable[Counted]]) -> Sums:
    """What claims of one modality come to."""
    every = list(claims)
    documents = {document for claim in every for document in claim.documents}
    counted = [
        claim.best for claim in every if claim.best.count_min is not None and claim.best.count_max is not None
    ]
    return Sums(
        len(every),
        len(documents),
        _added(outermost([item for item in counted if item.kind == INCREMENT])),
        _added(_outermost_totals([item for item in counted if item.kind == CUMULATIVE])),
    )


def latest_totals(claims: Iterable[Countable[T]]) -> list[T]:
    """The running totals that count: of each place the latest, none within another, those without a number left out."""
    found = [
        claim.best for claim in claims if claim.best.kind == CUMULATIVE and claim.best.count_max is not None
    ]
    return _outermost_totals(found)


def _rows(claims: Sequence[Countable[Counted]], dimensions: Sequence[str]) -> Iterator[tuple[Cell, ...]]:
    groups: dict[tuple[Cell, ...], list[Countable[Counted]]] = defaultdict(list)
    named = [DIMENSIONS[name] for name in dimensions]
    for claim in claims:
        for key in _keys(claim.best, named):
            groups[key].append(claim)
    for key in sorted(groups, key=lambda key: [(value is None, str(value)) for value in key]):
        yield (GROUP, *key, *_cells(sums(groups[key])))
    for modality in sorted({claim.best.modality for claim in claims}):
        of_all = (modality if name == MODALITY else None for name in dimensions)
        yield (TOTAL, *of_all, *_cells(sums(claim for claim in claims if claim.best.modality == modality)))


def _keys(item: Counted, dimensions: Sequence[Values]) -> Iterable[tuple[Cell, ...]]:
    return product(*(values(item) for values in dimensions))


def _cells(found: Sums) -> tuple[Cell, ...]:
    return (
        found.claims,
        found.documents,
        *(found.increment or (None, None)),
        *(found.cumulative or (None, None)),
    )


def _added(items: Sequence[Counted]) -> tuple[int, int] | None:
    if not items:
        return None
    return sum(item.count_min or 0 for item in items), sum(item.count_max or 0 for item in items)


def _outermost_totals(items: Sequence[T]) -> list[T]:
    """Of running totals the latest of each place, without those of places inside another that has one."""
    latest: dict[tuple[str, str], T] = {}
    for item in items:
        key = (item.modality, item.place_code or "")
        if key not in latest or _later(item, latest[key]):
            latest[key] = item
    return [
        item
        for (modality, code), item in latest.items()
        if not any((modality, code[:length]) in latest for length in LENGTHS.values() if length < len(code))
    ]


def _later(one: Counted, other: Counted) -> bool:
    return (_day(one) or date.min, one.count_max or 0, one.id) > (
        _day(other) or date.min,
        other.count_max or 0,
        other.id,
    )
