"""The first of a list, found before its rows are read: what a screen shows of a million rows is fifty of them.

A filter that most rows pass is answered sooner by looking at the newest of them than in an index of words or
places, so those are looked at first; they decide when they fill the list.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, select
from sqlalchemy.orm import aliased

from db.lists.filters import (
    Filters,
    asks_of_documents,
    documents_with,
    latest_first,
    on_documents,
    on_observations,
)
from db.models import CaptureRow, DocumentRow, ObservationRow, PageRow

MOST = 500
"""Longer lists are read as a whole."""

NEWEST = 1000
"""How many documents, pages or captures are looked at first."""

NEWEST_OBSERVATIONS = 5 * NEWEST

Conditions = Sequence[ColumnElement[bool]]


def first_observations(connection: Connection, filters: Filters, limit: int) -> list[str]:
    """Ids of the first `limit` observations in the order of lists."""
    dialect = connection.dialect.name
    tries = [on_observations(filters, dialect)]
    if dialect == "postgresql" and filters.place and (filters.since or filters.until):
        return _of_all(connection, tries[0], limit)
    if filters.text:
        each = aliased(ObservationRow)
        newest = (
            select(each.id, each.document_id)
            .order_by(*latest_first(each))
            .limit(NEWEST_OBSERVATIONS)
            .subquery()
        )
        among = on_observations(filters, dialect, select(newest.c.document_id))
        tries.insert(0, [*among, ObservationRow.id.in_(select(newest.c.id))])
    return _ids(connection, ObservationRow, tries, limit)


def _of_all(connection: Connection, conditions: Conditions, limit: int) -> list[str]:
    """The first of all that meet the conditions, found first and put in order then.

    PostgreSQL would go through the newest until enough of them are of a place and of years ago.
    """
    row = ObservationRow
    every = select(row.id, row.published_at).where(*conditions)
    found = every.cte("found").prefix_with("MATERIALIZED", dialect="postgresql")
    order = found.c.published_at.desc().nulls_last(), found.c.id.desc()
    return list(connection.scalars(select(found.c.id).order_by(*order).limit(limit)))


def first_documents(connection: Connection, filters: Filters, limit: int) -> list[str]:
    """Ids of the first `limit` documents in the order of lists."""
    dialect = connection.dialect.name
    tries = [on_documents(filters, dialect)]
    if asks_of_documents(filters):
        each = aliased(DocumentRow)
        newest = select(each.id).order_by(*latest_first(each)).limit(NEWEST).subquery()
        tries.insert(0, on_documents(filters, dialect, select(newest.c.id)))
    return _ids(connection, DocumentRow, tries, limit)


def on_newest_pages(filters: Filters, dialect: str) -> Conditions:
    """Conditions on PageRow that only the pages looked at last can meet."""
    page, capture = aliased(PageRow), aliased(CaptureRow)
    newest = select(page.id).order_by(page.last_checked.desc(), page.id).limit(NEWEST).subquery()
    conditions = [PageRow.id.in_(select(newest.c.id))]
    if asks_of_documents(filters):
        among = select(capture.document_id).where(capture.page_id.in_(select(newest.c.id)))
        holding = select(CaptureRow.page_id).join(DocumentRow, DocumentRow.id == CaptureRow.document_id)
        conditions.append(PageRow.id.in_(holding.where(*documents_with(filters, dialect, among))))
    return conditions


def on_newest_captures(filters: Filters, dialect: str) -> Conditions:
    """Conditions on CaptureRow that only the latest captures can meet."""
    each = aliased(CaptureRow)
    newest = select(each.id, each.document_id).order_by(each.time.desc(), each.id).limit(NEWEST).subquery()
    holding = select(DocumentRow.id).where(*documents_with(filters, dialect, select(newest.c.document_id)))
    return [CaptureRow.id.in_(select(newest.c.id)), CaptureRow.document_id.in_(holding)]


def _ids(
    connection: Connection,
    row: type[DocumentRow] | type[ObservationRow],
    tries: Sequence[Conditions],
    limit: int,
) -> list[str]:
    """The first ids that meet the conditions tried last; of those before, if they fill the list."""
    found: list[str] = []
    for conditions in tries:
        found = list(
            connection.scalars(select(row.id).where(*conditions).order_by(*latest_first(row)).limit(limit))
        )
        if len(found) == limit:
            break
    return found
