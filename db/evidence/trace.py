"""The chain under an id: from an observation down to the record in the archive that supports it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, select

from db.errors import UnknownId
from db.evidence.cited import was_looked_at
from db.models import CaptureRow, DocumentRow, LookRow, ObservationRow, PageRow, ReviewRow
from db.session import reading


@dataclass(frozen=True, slots=True)
class QuoteLink:
    """The words a reading rests on: `matches` says whether the document's stored text has them at the offsets."""

    quote: str
    start: int
    end: int
    matches: bool


@dataclass(frozen=True, slots=True)
class ObservationLink:
    """A reading, its quote, the rules that made it, and what reviewers said of it."""

    id: str
    modality: str
    kind: str
    count_min: int | None
    count_max: int | None
    count_qualifier: str
    unit: str | None
    date_start: str | None
    date_end: str | None
    place: str | None
    place_code: str | None
    confidence: float
    rules: tuple[str, ...]
    flags: tuple[str, ...]
    reader: str
    superseded: bool
    reviews: tuple[str, ...]
    quote: QuoteLink


@dataclass(frozen=True, slots=True)
class DocumentLink:
    """The article that holds the quote."""

    id: str
    title: str
    account: str | None
    publisher: str | None
    published_at: datetime | None
    published_evidence: str | None
    url: str
    text_digest: str
    superseded: bool


@dataclass(frozen=True, slots=True)
class CaptureLink:
    """The response that the document was read from, and the record that keeps it."""

    id: str
    campaign: str
    url: str
    time: datetime
    status: int | None
    record_id: str
    record_type: str
    file: str
    offset: int
    length: int
    payload_digest: str
    source_uri: str | None
    source_path: str | None


@dataclass(frozen=True, slots=True)
class PageLink:
    """The page, how it was last found, and the publisher's notice if there was one. `looked_at` says whether anybody
    has looked on the web: of a page that is known from saved files alone, the state is what those show.
    """

    id: str
    url: str
    availability: str
    last_checked: datetime
    looked_at: bool
    captures: int
    notice: str | None


@dataclass(frozen=True, slots=True)
class Trace:
    """The whole chain; links above the id that was asked for are None."""

    id: str
    observation: ObservationLink | None
    document: DocumentLink | None
    page: PageLink | None
    capture: CaptureLink | None


def trace(engine: Engine, identifier: str) -> Trace:
    """The chain under an observation, document, capture or page. Raises UnknownId when no row has the id."""
    kind = identifier.partition("-")[0]
    with reading(engine) as connection:
        observation = _row(connection, ObservationRow, identifier) if kind == "obs" else None
        document_id = observation.document_id if observation else identifier if kind == "doc" else None
        document = _row(connection, DocumentRow, document_id) if document_id else None
        capture_id = identifier if kind == "cap" else None
        capture_id = _capture_of(connection, document, observation) if document else capture_id
        capture = _row(connection, CaptureRow, capture_id) if capture_id else None
        page_id = capture.page_id if capture else identifier if kind == "page" else None
        page = _row(connection, PageRow, page_id) if page_id else None
        if observation is None and document is None and capture is None and page is None:
            raise UnknownId(
                f"nothing has the id {identifier!r}; list ids with: holdfast observations, documents or captures"
            )
        return Trace(
            identifier,
            _observation(connection, observation, document) if observation and document else None,
            _document(document) if document else None,
            _page(connection, page) if page else None,
            _capture(capture) if capture else None,
        )


def _row(connection: Connection, model: Any, identifier: str) -> Any:
    return connection.execute(select(model.__table__).where(model.id == identifier)).one_or_none()


def _capture_of(connection: Connection, document: Any, observation: Any) -> str:
    """The capture that holds the quote: that of the part it stands in, for an article in several pages."""
    start = observation.quote_start if observation else 0
    part = next((each for each in reversed(document.parts) if each["offset"] <= start), None)
    query = (
        select(CaptureRow.id)
        .where(CaptureRow.document_id == document.id, CaptureRow.url == (part or {}).get("url"))
        .order_by(CaptureRow.time, CaptureRow.id)
        .limit(1)
    )
    return (connection.scalar(query) if part else None) or str(document.capture_id)


def _observation(connection: Connection, row: Any, document: Any) -> ObservationLink:
    reviews = connection.execute(
        select(ReviewRow.verdict, ReviewRow.reviewer, ReviewRow.reason)
        .where(ReviewRow.observation_id == row.id)
        .order_by(ReviewRow.made_at, ReviewRow.id)
    )
    return ObservationLink(
        row.id,
        row.modality,
        row.kind,
        row.count_min,
        row.count_max,
        row.count_qualifier,
        row.unit,
        row.date_start.isoformat() if row.date_start else None,
        row.date_end.isoformat() if row.date_end else None,
        row.place,
        row.place_code,
        row.confidence,
        tuple(row.rules),
        tuple(row.flags),
        row.reader,
        row.superseded,
        tuple(f"{review.verdict} by {review.reviewer}: {review.reason}" for review in reviews),
        QuoteLink(
            row.quote,
            row.quote_start,
            row.quote_end,
            document.text[row.quote_start : row.quote_end] == row.quote,
        ),
    )


def _document(row: Any) -> DocumentLink:
    return DocumentLink(
        row.id,
        row.title,
        row.account,
        row.publisher,
        row.published_at,
        row.published_evidence,
        row.url,
        row.text_digest,
        row.superseded,
    )


def _page(connection: Connection, row: Any) -> PageLink:
    notice = connection.scalar(
        select(LookRow.notice)
        .where(LookRow.page_id == row.id, LookRow.notice.is_not(None))
        .order_by(LookRow.time.desc(), LookRow.id)
        .limit(1)
    )
    looked_at = bool(connection.scalar(select(was_looked_at(row.id))))
    return PageLink(row.id, row.url, row.availability, row.last_checked, looked_at, row.captures, notice)


def _capture(row: Any) -> CaptureLink:
    return CaptureLink(
        row.id,
        row.campaign,
        row.url,
        row.time,
        row.status,
        row.record_id,
        row.record_type,
        row.file,
        row.warc_offset,
        row.warc_length,
        row.payload_digest,
        row.source_uri,
        row.source_path,
    )
