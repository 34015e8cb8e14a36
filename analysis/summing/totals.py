"""Sums of claims by place, modality, month and so on, in which nothing counts twice.

Samples of one modality are never added to those of another, so every row has one; increments and running totals are
not added to each other either, each has columns of its own. A running total of a place
includes those of the places in it and its own earlier ones, an increment those of shorter periods inside its own and
those of some of the people; what has no place is not added to what has one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.listing import Cell, Column, Listing
from analysis.summing.counted import CUMULATIVE, Countable, Counted, T, counts
from analysis.summing.dimensions import checked, with_modality
from analysis.summing.running import outermost_totals
from analysis.summing.tallies import Added, figures, tallies

SUMS = "totals"
"""The name of a list of sums; its totals are its last rows."""

ROW = Column(
    "row",
    "text",
    "`group`, or `total` for all claims of a modality: not the sum of its groups. `…, no place`: those without one.",
)
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
    named = with_modality(dimensions)
    return listed(named, ((*key, *found.cells()) for key, found in tallies(claims, named)))


def listed(dimensions: Sequence[str], rows: Iterable[tuple[Cell, ...]]) -> Listing:
    """The list of these rows of sums; of `dimensions` one is the modality."""
    columns = (
        Column(name, "text", f"The claims' {name}; empty where they have none.") for name in dimensions
    )
    return Listing(SUMS, (ROW, *columns, *COUNTED), rows)


def sums(claims: Iterable[Countable[Counted]]) -> Sums:
    """What claims of one modality come to; the figures of claims without a place only where no claim has one."""
    every = list(claims)
    placed = [claim for claim in every if claim.best.place_code]
    increment, cumulative = figures(placed or every)
    documents = {document for claim in every for document in claim.documents}
    return Sums(len(every), len(documents), _range(increment), _range(cumulative))


def _range(added: Added) -> tuple[int, int] | None:
    return (added.low, added.high) if added.items else None


def latest_totals(claims: Iterable[Countable[T]]) -> list[T]:
    """The running totals that count: of each place the latest, or several of periods apart; none within another, those
    without a number left out.
    """
    counted = [claim for claim in claims if counts(claim, CUMULATIVE)]
    return [claim.best for claim in outermost_totals(counted)]
