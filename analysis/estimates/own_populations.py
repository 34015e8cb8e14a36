"""Populations that users add in a file of their own, each row of which is looked at before any is used."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from analysis.errors import AnalysisError
from analysis.estimates.codes import known_code, plain_code
from analysis.estimates.inputs import Population

COLUMNS = ("code", "year", "people", "source")

_YEAR = re.compile(r"[0-9]{4}")
_PEOPLE = re.compile(r"[1-9][0-9]{0,9}")


def own_populations(file: Path) -> list[Population]:
    """The populations in a CSV file with the columns code, year, people, source; others are not looked at.

    Raises AnalysisError naming file and line for a row that is no population, or the second of its place and year.
    """
    found: dict[tuple[str, int], tuple[int, Population]] = {}
    for line, row in _rows(file):
        try:
            each = _population(row)
        except ValueError as error:
            raise AnalysisError(f"{file}, line {line}: {error}") from None
        first, _ = found.setdefault((each.code, each.year), (line, each))
        if first != line:
            raise AnalysisError(
                f"{file}, line {line}: line {first} has a population of {each.code} in {each.year} already; keep one"
            )
    return [each for _, each in found.values()]


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows below the head, each with the number of its line."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise AnalysisError(f"cannot read {file}: {error}; it is CSV in UTF-8") from error
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    head: list[str] = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not head:
                head = [cell.strip() for cell in cells]
                _check_head(file, reader.line_num, head)
                continue
            if len(cells) > len(head):
                raise AnalysisError(
                    f"{file}, line {reader.line_num}: has {len(cells)} cells under {len(head)} columns; write a number "
                    'without commas in it, and a source that has one in quotes ("...")'
                )
            filled = [*cells, *[""] * (len(head) - len(cells))]
            yield reader.line_num, {name: cell.strip() for name, cell in zip(head, filled, strict=True)}
    except csv.Error as error:
        raise AnalysisError(f"{file}, line {reader.line_num}: is no CSV: {error}") from error
    if not head:
        _check_head(file, 1, head)


def _check_head(file: Path, line: int, head: list[str]) -> None:
    if missing := [name for name in COLUMNS if name not in head]:
        raise AnalysisError(
            f"{file}, line {line}: must have the columns {', '.join(COLUMNS)}; {missing[0]} is not there"
        )


def _population(row: dict[str, str]) -> Population:
    """The population in a row. Raises ValueError saying what is wrong with it."""
    code = plain_code(row["code"])
    if not (code.isascii() and code.isdecimal() and known_code(code)):
        raise ValueError(f"no place has the code {row['code']!r}")
    if not _YEAR.fullmatch(row["year"]):
        raise ValueError(f"year is {row['year']!r}; it is a year of four digits")
    if not _PEOPLE.fullmatch(row["people"]):
        raise ValueError(f"people is {row['people']!r}; it is a whole number from 1, in digits alone: 40000")
    if not row["source"]:
        raise ValueError(f"the population of {row['code']} has no source; say where it stands")
    return Population(code, int(row["year"]), int(row["people"]), row["source"])
