"""What an estimate is reckoned from: running totals and populations; and how figures are written in its steps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Input:
    """A running total of one place; `trace` is the observation (or several, spaces between) or the line of a study."""

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


def by_place(inputs: Iterable[Input]) -> list[Input]:
    """One total for each place: those of periods apart from each other are added up."""
    together: dict[str, list[Input]] = defaultdict(list)
    for each in inputs:
        together[each.code].append(each)
    return [
        Input(
            code,
            told[0].place,
            sum(each.low for each in told),
            sum(each.high for each in told),
            " ".join(each.trace for each in told),
        )
        for code, told in together.items()
    ]


def percent(part: int, whole: int) -> str:
    """A share to one decimal, halves up, as published shares are given."""
    return f"{(Decimal(part) * 100 / whole).quantize(Decimal('0.1'), ROUND_HALF_UP)} %"


def rounded(value: Fraction) -> int:
    """A number of people, halves up: rounded once, at the end of a product."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def ends(low: int, high: int) -> str:
    """A range as a step has it."""
    return between(f"{low:,}", f"{high:,}")


def between(low: str, high: str) -> str:
    """A range of figures that are written out already."""
    return low if low == high else f"{low} to {high}"
