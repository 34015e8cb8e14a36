"""What a study cites of a document: its source, the records that hold it, and whether its page is still there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, exists, select

from db.models import CaptureRow, DocumentRow, LookRow, PageRow
from db.session import reading
from db.upsert import chunks


@dataclass(frozen=True, slots=True)
class CitedRecord:
    """A response in the archive: its WARC file and the offset there, and the digest of its body (`sha256:…`)."""

    capture_id: str
    url: str
    time: datetime
    file: str
    offset: int
    payload_digest: str
    source_uri: str | None


@dataclass(frozen=True, slots=True)
class CitedDocument:
    """An article with its page's state at the last look; an article in several pages has a record for each.

    A page that is known from saved files alone was never `looked_at`: its state is what the files show.
    """

    id: str
    page_id: str
    url: str
    title: str
    account: str | None
    publisher: str | None
    published_at: datetime | None
    availability: str
    confirmed: str | None
    last_checked: datetime
    records: tuple[CitedRecord, ...]
    looked_at: bool = True

    @property
    def state(self) -> str:
        """The availability, or `not_looked_at`."""
        return self.availability if self.looked_at else "not_looked_at"


def cited(engine: Engine, documents: Iterable[str]) -> list[CitedDocument]:
    """The documents with these ids, in order of publication and address."""
    found: list[CitedDocument] = []
    with reading(engine) as connection:
        for chunk in chunks(sorted(set(documents))):
            found += _cited(connection, chunk)
    return sorted(found, key=lambda each: (each.published_at is None, each.published_at, each.url, each.id))


def was_looked_at(page: Any) -> ColumnElement[bool]:
    """Whether the page was ever asked for on the web: by a check, or by a capture that is no saved file."""
    return exists(
        select(LookRow.id)
        .outerjoin(CaptureRow, CaptureRow.id == LookRow.capture_id)
        .where(LookRow.page_id == page, LookRow.record_id.is_not(None) | CaptureRow.status.is_not(None))
        .correlate(PageRow)
    )


def _cited(connection: Connection, documents: Sequence[str]) -> list[CitedDocument]:
    captures: dict[str, list[Any]] = defaultdict(list)
    taken = (
        select(CaptureRow.__table__)
        .where(CaptureRow.document_id.in_(documents))
        .order_by(CaptureRow.time, CaptureRow.id)
    )
    for row in connection.execute(taken):
        captures[row.document_id].append(row)
    query = (
        select(
            *DocumentRow.__table__.columns,
            CaptureRow.page_id,
            PageRow.availability,
            PageRow.confirmed,
            PageRow.last_checked,
            was_looked_at(PageRow.id).label("looked_at"),
        )
        .join(CaptureRow, CaptureRow.id == DocumentRow.capture_id)
        .join(PageRow, PageRow.id == CaptureRow.page_id)
        .where(DocumentRow.id.in_(documents))
    )
    return [_document(row, captures) for row in connection.execute(query)]


def _document(row: Any, captures: Mapping[str, Sequence[Any]]) -> CitedDocument:
    """The document with the earliest record of each of its parts, the first part's being the one it was read from."""
    parts = [part["url"] for part in row.parts]
    records = [each for each in captures[row.id] if each.id == row.capture_id]
    for url in parts:
        if url not in {record.url for record in records}:
            records += [each for each in captures[row.id] if each.url == url][:1]
    return CitedDocument(
        row.id,
        row.page_id,
        row.url,
        row.title,
        row.account,
        row.publisher,
        row.published_at,
        row.availability,
        row.confirmed,
        row.last_checked,
        tuple(map(_record, records)),
        bool(row.looked_at),
    )


def _record(row: Any) -> CitedRecord:
    return CitedRecord(
        row.id, row.url, row.time, row.file, row.warc_offset, row.payload_digest, row.source_uri
    )
