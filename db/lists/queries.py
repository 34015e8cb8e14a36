"""Lists of observations, documents, pages and captures, narrowed by filters, one row at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from itertools import starmap
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Engine, Select, case, func, select

from db.evidence.cited import was_looked_at
from db.lists.filters import (
    EVERYTHING,
    Filters,
    asks_of_documents,
    documents_with,
    latest_first,
    latest_verdict,
    on_documents,
    on_observations,
    within,
)
from db.lists.first import (
    MOST,
    first_documents,
    first_observations,
    on_newest_captures,
    on_newest_pages,
)
from db.lists.items import CaptureItem, DocumentItem, NotKeptItem, ObservationItem, PageItem
from db.models import CaptureRow, DocumentRow, LookRow, NotKeptRow, ObservationRow, PageRow, Row
from db.session import reading

FETCH = 500
"""Rows fetched at a time."""

Item = TypeVar("Item", ObservationItem, DocumentItem, PageItem, CaptureItem, NotKeptItem)


def observations(
    engine: Engine, filters: Filters = EVERYTHING, *, limit: int | None = None
) -> Iterator[ObservationItem]:
    """Current observations, those of the latest publications first."""
    query = (
        _select(
            ObservationItem,
            ObservationRow,
            review=latest_verdict(),
            title=DocumentRow.title,
            account=DocumentRow.account,
            publisher=DocumentRow.publisher,
            url=DocumentRow.url,
            capture_id=DocumentRow.capture_id,
        )
        .join(DocumentRow, DocumentRow.id == ObservationRow.document_id)
        .order_by(*latest_first(ObservationRow))
    )
    with reading(engine) as connection:
        if limit is None or limit > MOST:
            query = query.where(*on_observations(filters, engine.dialect.name))
        else:
            query = query.where(ObservationRow.id.in_(first_observations(connection, filters, limit)))
        yield from _items(connection, query, ObservationItem, limit)


def count_observations(engine: Engine, filters: Filters = EVERYTHING) -> int:
    """How many observations `observations` lists."""
    query = (
        select(func.count()).select_from(ObservationRow).where(*on_observations(filters, engine.dialect.name))
    )
    with reading(engine) as connection:
        return connection.scalar(query) or 0


def documents(
    engine: Engine, filters: Filters = EVERYTHING, *, limit: int | None = None
) -> Iterator[DocumentItem]:
    """Current documents, latest publications first."""
    with reading(engine) as connection:
        if limit is None or limit > MOST:
            asked = on_documents(filters, engine.dialect.name)
        else:
            asked = [DocumentRow.id.in_(first_documents(connection, filters, limit))]
        files = (
            select(CaptureRow.document_id, CaptureRow.source_path)
            .where(CaptureRow.document_id.in_(select(DocumentRow.id).where(*asked)))
            .distinct()
            .subquery()
        )
        query = (
            _select(DocumentItem, DocumentRow, source_path=files.c.source_path)
            .join(files, files.c.document_id == DocumentRow.id)
            .where(*asked)
            .order_by(*latest_first(DocumentRow), files.c.source_path)
        )
        yield from _items(connection, query, DocumentItem, limit)


def pages(engine: Engine, filters: Filters = EVERYTHING, *, limit: int | None = None) -> Iterator[PageItem]:
    """Pages, those looked at last first."""
    dialect = engine.dialect.name
    asked = within(PageRow.last_checked, filters)
    if filters.campaign:
        asked.append(PageRow.campaign == filters.campaign)
    with reading(engine) as connection:
        if limit is not None:
            newest = _pages([*asked, *on_newest_pages(filters, dialect)], filters)
            found = list(_items(connection, newest, PageItem, limit))
            if len(found) == limit:
                yield from found
                return
        if asks_of_documents(filters):
            holding = select(CaptureRow.page_id).join(DocumentRow, DocumentRow.id == CaptureRow.document_id)
            asked.append(PageRow.id.in_(holding.where(*documents_with(filters, dialect))))
        yield from _items(connection, _pages(asked, filters), PageItem, limit)


def _pages(asked: Sequence[ColumnElement[bool]], filters: Filters) -> Select[Any]:
    """The pages that meet `asked`, each with the newest look at it through each file it was imported from."""
    looks = (
        select(
            LookRow.page_id,
            LookRow.state,
            LookRow.evidence,
            CaptureRow.source_path,
            func.row_number()
            .over(
                partition_by=(LookRow.page_id, CaptureRow.source_path),
                order_by=(LookRow.time.desc(), LookRow.id.desc()),
            )
            .label("newest"),
        )
        .outerjoin(CaptureRow, CaptureRow.id == func.coalesce(LookRow.since_id, LookRow.capture_id))
        .where(LookRow.part_of.is_(None), LookRow.page_id.in_(select(PageRow.id).where(*asked)))
        .subquery()
    )
    query = (
        _select(
            PageItem,
            PageRow,
            availability=looks.c.state,
            evidence=looks.c.evidence,
            last_checked=case((was_looked_at(PageRow.id), PageRow.last_checked)),
            source_path=looks.c.source_path,
        )
        .join(looks, looks.c.page_id == PageRow.id)
        .where(looks.c.newest == 1)
        .order_by(PageRow.last_checked.desc(), PageRow.id, looks.c.source_path)
    )
    return query.where(looks.c.state.in_(filters.availability)) if filters.availability else query


def captures(
    engine: Engine, filters: Filters = EVERYTHING, *, limit: int | None = None
) -> Iterator[CaptureItem]:
    """Captures, latest first."""
    dialect = engine.dialect.name
    conditions = within(CaptureRow.time, filters)
    if filters.campaign:
        conditions.append(CaptureRow.campaign == filters.campaign)
    if filters.availability:
        conditions.append(CaptureRow.availability.in_(filters.availability))
    query = (
        _select(CaptureItem, CaptureRow, offset=CaptureRow.warc_offset, length=CaptureRow.warc_length)
        .where(*conditions)
        .order_by(CaptureRow.time.desc(), CaptureRow.id)
    )
    with reading(engine) as connection:
        if asks_of_documents(filters):
            if limit is not None:
                newest = query.where(*on_newest_captures(filters, dialect))
                found = list(_items(connection, newest, CaptureItem, limit))
                if len(found) == limit:
                    yield from found
                    return
            holding = select(DocumentRow.id).where(*documents_with(filters, dialect))
            query = query.where(CaptureRow.document_id.in_(holding))
        yield from _items(connection, query, CaptureItem, limit)


def not_kept(
    engine: Engine, filters: Filters = EVERYTHING, *, limit: int | None = None
) -> Iterator[NotKeptItem]:
    """Pages that were not kept, latest first."""
    conditions = within(NotKeptRow.time, filters)
    if filters.campaign:
        conditions.append(NotKeptRow.campaign == filters.campaign)
    query = (
        _select(NotKeptItem, NotKeptRow).where(*conditions).order_by(NotKeptRow.time.desc(), NotKeptRow.id)
    )
    with reading(engine) as connection:
        yield from _items(connection, query, NotKeptItem, limit)


def _select(item: type[Item], model: type[Row], **elsewhere: Any) -> Select[Any]:
    """Selects the fields of `item` in their order: columns of `model`, but for those found `elsewhere`."""
    names = [field.name for field in fields(item)]
    columns = (elsewhere[name] if name in elsewhere else getattr(model, name) for name in names)
    return select(*(column.label(name) for column, name in zip(columns, names, strict=True)))


def _items(connection: Connection, query: Select[Any], item: type[Item], limit: int | None) -> Iterator[Item]:
    streamed = connection.execute(query.limit(limit), execution_options={"yield_per": FETCH})
    if item is DocumentItem:
        for row in streamed.mappings():
            # Of a picture a list tells only its address.
            yield item(**{**row, "images": [image["url"] for image in row["images"]]})
    else:
        yield from starmap(item, streamed)
