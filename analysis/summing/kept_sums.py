"""Sums as they are kept: a line for each row, found by its key and put right where something has changed."""

from __future__ import annotations

import json
from bisect import insort
from collections.abc import Iterable, Iterator, Mapping, Sequence

from analysis.listing import Cell
from analysis.summing.dimensions import Key
from analysis.summing.tallies import Added, Tally, order

BETWEEN = "\t"
"""Stands between a row's key and what the row comes to; JSON writes a tab otherwise."""


def lines_of(rows: Iterable[tuple[Key, Tally]]) -> list[str]:
    """Rows in their order as lines."""
    return [f"{json.dumps(key)}{BETWEEN}{json.dumps(found)}" for key, found in rows]


def rows_of(lines: Iterable[str]) -> Iterator[tuple[Cell, ...]]:
    """The rows that lines hold, each read when it is asked for."""
    for line in lines:
        key, found = _read(line)
        yield (*key, *found.cells())


def put_right(lines: Sequence[str], changed: Mapping[Key, Tally]) -> list[str]:
    """The lines when the rows of some keys have `changed` by so much, have come, or hold no claim any more."""
    at = {line.partition(BETWEEN)[0]: number for number, line in enumerate(lines)}
    found: list[str | None] = list(lines)
    fresh: list[tuple[Key, Tally]] = []
    for key, by in changed.items():
        number = at.get(json.dumps(key))
        if number is None:
            fresh.append((key, by))
        else:
            now = _sum(_read(lines[number])[1], by)
            found[number] = lines_of([(key, now)])[0] if now.claims else None
    told = [line for line in found if line is not None]
    for line in lines_of(row for row in fresh if row[1].claims):
        insort(told, line, key=_place)
    return told


def _place(line: str) -> tuple[bool, list[tuple[bool, str]], bool]:
    return order(tuple(json.loads(line.partition(BETWEEN)[0])))


def _read(line: str) -> tuple[Key, Tally]:
    key, _, told = line.partition(BETWEEN)
    claims, documents, increment, cumulative = json.loads(told)
    return tuple(json.loads(key)), Tally(claims, documents, Added(*increment), Added(*cumulative))


def _sum(one: Tally, other: Tally) -> Tally:
    figures = zip(one[2:], other[2:], strict=True)
    increment, cumulative = (Added(*map(sum, zip(*pair, strict=True))) for pair in figures)
    return Tally(one.claims + other.claims, one.documents + other.documents, increment, cumulative)
