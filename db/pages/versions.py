"""The texts that a page has shown, one after the other, with what each reports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, func, select

from db.models import CaptureRow, DocumentRow, ObservationRow, PageRow
from db.session import reading
from db.upsert import chunks


@dataclass(frozen=True, slots=True)
class Figure:
    """What a text reports, as it was read: corrections by reviewers do not change what a page said."""

    modality: str
    kind: str
    place: str | None
    low: int | None
    high: int | None
    rate: float | None
    start: date | None
    end: date | None
    quote: str


@dataclass(frozen=True, slots=True)
class Version:
    """A text of a page, first seen at `seen`."""

    document: str
    seen: datetime
    published: datetime | None
    title: str
    text: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class History:
    """The texts of one page in the order in which they were seen; two or more."""

    campaign: str
    url: str
    versions: tuple[Version, ...]


def histories(engine: Engine, campaign: str | None = None) -> Iterator[History]:
    """Pages that have shown more than one text, by address."""
    several_texts = (
        select(CaptureRow.page_id)
        .where(CaptureRow.document_id.is_not(None))
        .group_by(CaptureRow.page_id)
        .having(func.count(CaptureRow.document_id.distinct()) > 1)
    )
    query = (
        select(
            PageRow.id, PageRow.campaign, PageRow.url, DocumentRow.id.label("document"), DocumentRow.captured_at,
            DocumentRow.published_at, DocumentRow.title, DocumentRow.text,
        )
        .join(CaptureRow, CaptureRow.page_id == PageRow.id)
        .join(DocumentRow, DocumentRow.id == CaptureRow.document_id)
        .where(PageRow.id.in_(several_texts), DocumentRow.superseded.is_(False))
        .distinct()
        .order_by(PageRow.url, PageRow.id, DocumentRow.captured_at, DocumentRow.id)
    )  # fmt: skip
    if campaign:
        query = query.where(PageRow.campaign == campaign)
    with reading(engine) as connection:
        shown: dict[str, list[Any]] = defaultdict(list)
        for row in connection.execute(query):
            shown[row.id].append(row)
        several = [rows for rows in shown.values() if len(rows) > 1]
        said = _figures(connection, [row.document for rows in several for row in rows])
    for rows in several:
        versions = (
            Version(
                row.document,
                row.captured_at,
                row.published_at,
                row.title,
                row.text,
                tuple(said[row.document]),
            )
            for row in rows
        )
        yield History(rows[0].campaign, rows[0].url, tuple(versions))


def _figures(connection: Connection, documents: Sequence[str]) -> Mapping[str, list[Figure]]:
    found: dict[str, list[Figure]] = defaultdict(list)
    for some in chunks(documents):
        query = (
            select(ObservationRow.__table__)
            .where(ObservationRow.document_id.in_(some), ObservationRow.superseded.is_(False))
            .order_by(ObservationRow.quote_start, ObservationRow.id)
        )
        for row in connection.execute(query).mappings():
            read = {**row, **row["original"]}
            found[row["document_id"]].append(
                Figure(
                    read["modality"], read["kind"], read["place"], read["count_min"], read["count_max"], read["rate"],
                    _day(read["date_start"]), _day(read["date_end"]), row["quote"],
                )
            )  # fmt: skip
    return found


def _day(value: date | str | None) -> date | None:
    """Original values are kept as JSON, which has no dates."""
    return date.fromisoformat(value) if isinstance(value, str) else value
