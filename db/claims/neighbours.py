"""Conditions on observations that figures of a place and a time can lie in, or that can lie in those."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, or_

from db.models import ObservationRow

Conditions = list[ColumnElement[bool]]

Days = tuple[date, date]
"""A first day and a last."""


def counted(modality: str, kind: str) -> Conditions:
    """Observations of a modality and a kind that have a figure."""
    row = ObservationRow
    figure = (row.count_min.is_not(None), row.count_max.is_not(None))
    return [row.modality == modality, row.kind == kind, *figure]


def overlapping(days: Days) -> Conditions:
    """Observations with both dates whose days overlap with these."""
    return [ObservationRow.date_start <= days[1], ObservationRow.date_end >= days[0]]


def at(codes: Sequence[str]) -> ColumnElement[bool]:
    """Observations of just these places; the empty code is that of no place."""
    code = ObservationRow.place_code
    placed = code.in_(codes)
    return or_(placed, code.is_(None)) if "" in codes else placed


def below(code: str) -> ColumnElement[bool]:
    """Observations of the places within a place, and not of itself."""
    column = ObservationRow.place_code
    if not code.isdigit():
        return and_(column.startswith(code, autoescape=True), column != code)
    return (column > code) & (column < str(int(code) + 1).zfill(len(code)))
