"""Where a row of a list stands on a map: at the point of its place, or of the nearest division around that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from analysis.listing import Cell
from parsers.places.gazetteer import divisions, parent_of, path_of, points

CODE = "place_code"
NAMES = ("place", "township", "county", "prefecture", "province")
"""Columns of sums that hold the full official name of a place, the nearest first."""


def has_places(columns: Sequence[str]) -> bool:
    """Whether rows with these columns can stand anywhere."""
    return CODE in columns or any(name in columns for name in NAMES)


def point_of(row: Mapping[str, Cell]) -> str | None:
    """The code of the division at whose point (`parsers.places.gazetteer.points`) a row stands.

    It is told by the code of its place, else by the most exact name of one. None for a row without either.
    """
    if CODE in row:
        code = row[CODE]
        return _with_point(code if isinstance(code, str) else None)
    named = (row[name] for name in NAMES if name in row)
    path = next((told for told in named if isinstance(told, str) and told), None)
    return _with_point(_code_of(path)) if path else None


def _with_point(code: str | None) -> str | None:
    while code and code not in points():
        code = parent_of(code)
    return code


@lru_cache(1 << 16)
def _code_of(path: str) -> str | None:
    """The code of the division with this full official name, or of the one around a place in it, such as a village."""
    codes = _codes()
    return next((codes[path[:end]] for end in range(len(path), 0, -1) if path[:end] in codes), None)


@cache
def _codes() -> dict[str, str]:
    return {path_of(code): code for code in divisions()}
