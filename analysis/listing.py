"""A list on its way out: columns with their meaning, rows with personal data masked and times in Shanghai."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from analysis.masking import masked
from db.rows import SHANGHAI

Kind = Literal["text", "integer", "number", "date", "moment", "list", "boolean"]
Cell = str | int | float | bool | date | datetime | list[str] | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, what sort of values it holds, what they mean, and whether they are a page's own words."""

    name: str
    kind: Kind
    about: str
    prose: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A list by name, its columns, and its rows, which can be read once."""

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[tuple[Cell, ...]]


def listing(name: str, item: type[Any], items: Iterable[Any], *, unmask: bool = False) -> Listing:
    """The list of `items` (values of `db.lists.items`), masked unless `unmask`, its times in Asia/Shanghai."""
    columns = columns_of(item)
    return Listing(name, columns, _rows(columns, items, unmask))


def columns_of(item: type[Any]) -> tuple[Column, ...]:
    """The columns for the fields of an item, in their order."""
    return tuple(_columns()[field.name] for field in fields(item))


@cache
def _columns() -> dict[str, Column]:
    told = tomllib.loads(files("analysis").joinpath("columns.toml").read_text("utf-8"))
    return {name: Column(name, **entry) for name, entry in told.items()}


def _rows(columns: tuple[Column, ...], items: Iterable[Any], unmask: bool) -> Iterator[tuple[Cell, ...]]:
    for item in items:
        yield tuple(_cell(getattr(item, column.name), column, unmask) for column in columns)


def _cell(value: Cell, column: Column, unmask: bool) -> Cell:
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI)
    if column.prose and isinstance(value, str) and not unmask:
        return masked(value)
    return value
