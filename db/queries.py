"""Lists of observations, documents, pages and captures, narrowed by filters, one row at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Engine, Select, func, select

from db.filters import (
    Filters,
    asks_of_documents,
    documents_with,
    latest_verdict,
    on_documents,
    on_observations,
    within,
)
from db.items import CaptureItem, DocumentItem, NotKeptItem, ObservationItem, PageItem
from db.models import CaptureRow, DocumentRow, LookRow, NotKeptRow, ObservationRow, PageRow, Row
from db.session import reading

FETCH = 500
"""Rows fetched at a time."""

EVERYTHING = Filters()

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
        .where(*on_observations(filters, engine.dialect.name))
        .order_by(ObservationRow.published_at.desc().nulls_last(), ObservationRow.id.desc())
    )
    return _items(engine, query, ObservationItem, limit)


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
    files = (
        select(CaptureRow.document_id, CaptureRow.source_path)
        .where(CaptureRow.document_id.is_not(None))
        .distinct()
        .subquery()
    )
    query = (
        _select(DocumentItem, DocumentRow, source_path=files.c.source_path)
        .join(files, files.c.document_id == DocumentRow.id)
        .where(*on_documents(filters, engine.dialect.name))
        .order_by(DocumentRow.published_at.desc().nulls_last(), DocumentRow.id.desc(), files.c.source_path)
    )
    return _items(engine, query, DocumentItem, limit)


def pages(engine: Engine, filters: Filters = EVERYTHING, *, limit: int | None = None) -> Iterator[PageItem]:
    """Pages, those looked at last first."""
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
        .where(LookRow.part_of.is_(None))
        .subquery()
    )
    conditions: list[ColumnElement[bool]] = [looks.c.newest == 1, *within(PageRow.last_checked, filters)]
    if filters.campaign:
        conditions.append(PageRow.campaign == filters.campaign)
    if filters.availability:
        conditions.append(looks.c.state.in_(filters.availability))
    if asks_of_documents(filters):
        holding = select(CaptureRow.page_id).join(DocumentRow, DocumentRow.id == CaptureRow.document_id)
        conditions.append(PageRow.id.in_(holding.where(*documents_with(filters, engine.dialect.name))))
    query = (
        _select(
            PageItem,
            PageRow,
            availability=looks.c.state,
            evidence=looks.c.evidence,
            source_path=looks.c.source_path,
        )
        .join(looks, looks.c.page_id == PageRow.id)
        .where(*conditions)
        .order_by(PageRow.last_checked.desc(), PageRow.id, looks.c.source_path)
    )
    return _items(engine, query, PageItem, limit)


def captures(
    engine: Engine, filters: Filters = EVERYTHING, *, limit: int | None = None
) -> Iterator[CaptureItem]:
    """Captures, latest first."""
    conditions = within(CaptureRow.time, filters)
    if filters.campaign:
        conditions.append(CaptureRow.campaign == filters.campaign)
    if filters.availability:
        conditions.append(CaptureRow.availability.in_(filters.availability))
    if asks_of_documents(filters):
        holding = select(DocumentRow.id).where(*documents_with(filters, engine.dialect.name))
        conditions.append(CaptureRow.document_id.in_(holding))
    query = (
        _select(CaptureItem, CaptureRow, offset=CaptureRow.warc_offset, length=CaptureRow.warc_length)
        .where(*conditions)
        .order_by(CaptureRow.time.desc(), CaptureRow.id)
    )
    return _items(engine, query, CaptureItem, limit)


def not_kept(
    engine: Engine, filters: Filters = EVERYTHING, *, limit: int | None = None
) -> Iterator[NotKeptItem]:
    """Pages that were not kept, latest first."""
    conditions = within(NotKeptRow.time, filters)
    if filters.campaign:
        conditions.append(NotKeptRow.campaign == filters.campaign)
    query = _select(NotKeptItem, NotKeptRow).where(*conditions)
    return _items(engine, query.order_by(NotKeptRow.time.desc(), NotKeptRow.id), NotKeptItem, limit)


def _select(item: type[Item], model: type[Row], **elsewhere: Any) -> Select[Any]:
    """Selects the fields of `item` in their order: columns of `model`, but for those found `elsewhere`."""
    names = [field.name for field in fields(item)]
    columns = (elsewhere[name] if name in elsewhere else getattr(model, name) for name in names)
    return select(*(column.label(name) for column, name in zip(columns, names, strict=True)))


def _items(engine: Engine, query: Select[Any], item: type[Item], limit: int | None) -> Iterator[Item]:
    with reading(engine) as connection:
        streamed = connection.execution_options(yield_per=FETCH).execute(query.limit(limit))
        for row in streamed.mappings():
            yield item(**_told(row))


def _told(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A row as an item tells it: of a picture only its address."""
    told = dict(row)
    if "images" in told:
        told["images"] = [image["url"] for image in told["images"]]
    return told
