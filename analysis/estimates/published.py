"""What studies printed, checked against their own numbers; and the census figures that ship."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from analysis.errors import AnalysisError
from analysis.estimates.codes import plain_code
from analysis.estimates.inputs import Input, Population
from analysis.estimates.own_populations import own_populations

CENSUS = "National Population Census of {year}, by prefecture; campaigns/studies/population.csv"


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure of a study: counts, the population and the shares printed beside it, and those that follow."""

    place: str
    kind: str
    low: int
    high: int
    population: int
    printed: tuple[str, ...]
    computed: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether every printed share follows from the printed numbers."""
        return self.printed == self.computed


def printed_figures(campaign: str) -> list[Printed]:
    """The figures of the study behind a campaign, each share computed anew to the digits that were printed."""
    return [_printed(row) for row in _rows(_studies().joinpath(f"{campaign}-figures.csv"))]


def reported_inputs(campaign: str, modality: str) -> list[Input]:
    """The running totals that the study names, as inputs of an estimate. Raises AnalysisError for a kind of data that
    the study is not of.
    """
    file = f"{campaign}-figures.csv"
    rows = list(enumerate(_rows(_studies().joinpath(file)), start=2))
    studied = sorted({row["modality"] for _, row in rows})
    if modality not in studied:
        raise AnalysisError(
            f"the study of {campaign} is of {', '.join(studied)}, not of {modality}; leave out --study or --modality"
        )
    return [
        Input(
            plain_code(row["place_code"]),
            row["place_zh"],
            int(row["count_min"]),
            int(row["count_max"]),
            f"{file}:{line}",
        )
        for line, row in rows
        if row["kind"] == "cumulative" and row["modality"] == modality
    ]


def populations(own: Path | None = None) -> list[Population]:
    """Census populations that ship: all prefectures, and counties as far as a source is known; and those of `own`, a
    file with the columns code, year, people, source. Raises AnalysisError for a row of it that is none.
    """
    found = [
        Population(
            plain_code(row["code"]),
            int(row["census"]),
            int(row["population"]),
            CENSUS.format(year=row["census"]),
        )
        for row in _rows(_studies().joinpath("population.csv"))
    ] + [
        Population(row["code"], int(row["census"]), int(row["population"]), row["source"])
        for row in _rows(_studies().joinpath("county_population.csv"))
    ]
    mine = own_populations(own) if own is not None and own.exists() else []
    return list({(each.code, each.year): each for each in (*found, *mine)}.values())


def _printed(row: dict[str, str]) -> Printed:
    low, high, people = int(row["count_min"]), int(row["count_max"]), int(row["population"])
    shares = tuple(row["share"].split("-"))
    ends = (low, high)[-len(shares) :] if len(shares) == 1 else (low, high)
    computed = tuple(_share(end, people, shown) for end, shown in zip(ends, shares, strict=True))
    return Printed(row["place_zh"], row["kind"], low, high, people, shares, computed)


def _share(part: int, whole: int, like: str) -> str:
    """A share with as many decimals as `like` has."""
    digits = Decimal(like).as_tuple().exponent
    return str((Decimal(part) / whole).quantize(Decimal(1).scaleb(int(digits)), ROUND_HALF_UP))


def _studies() -> Traversable:
    return files("campaigns").joinpath("studies")


def _rows(file: Traversable) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(file.read_text(encoding="utf-8").splitlines())
