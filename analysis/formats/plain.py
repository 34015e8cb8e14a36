"""Cells for formats that know only text and numbers."""

from __future__ import annotations

from datetime import date

from analysis.listing import Cell


def joined(value: Cell) -> str | int | float | None:
    """A cell as text or number: lists joined by `; `, days and moments in ISO 8601, truth as true and false."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "; ".join(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def json_cell(value: Cell) -> str | int | float | bool | list[str] | None:
    """A cell as JSON has it: days and moments in ISO 8601, everything else as it is."""
    return value.isoformat() if isinstance(value, date) else value
