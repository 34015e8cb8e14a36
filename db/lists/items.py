"""The rows that lists are made of, as values; their fields are the columns of every export."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class ObservationItem:
    """An observation with what a reader of a table needs to know of its document."""

    id: str
    campaign: str
    modality: str
    kind: str
    count_min: int | None
    count_max: int | None
    count_qualifier: str
    unit: str | None
    rate: float | None
    date_start: date | None
    date_end: date | None
    date_precision: str
    date_relative: bool
    place: str | None
    place_code: str | None
    place_level: str | None
    organ: str | None
    venue: list[str]
    targets: list[str]
    purposes: list[str]
    quote: str
    quote_start: int
    quote_end: int
    confidence: float
    rules: list[str]
    flags: list[str]
    review: str | None
    document_id: str
    title: str
    account: str | None
    publisher: str | None
    published_at: datetime | None
    url: str
    capture_id: str


@dataclass(frozen=True, slots=True)
class DocumentItem:
    """A document. One that was read from several imported files stands once for each file."""

    id: str
    campaign: str
    url: str
    title: str
    author: str | None
    account: str | None
    publisher: str | None
    published_at: datetime | None
    published_precision: str | None
    text: str
    images: list[str]
    family: str
    language: str
    relevant: bool
    capture_id: str
    source_path: str | None


@dataclass(frozen=True, slots=True)
class PageItem:
    """A page. One that was imported from several files stands once for each, as that file showed it; one that is known
    from saved files alone was never looked at, and has no `last_checked`.
    """

    id: str
    campaign: str
    url: str
    kind: str
    family: str
    availability: str
    confirmed: str | None
    evidence: str | None
    first_seen: datetime
    last_checked: datetime | None
    captures: int
    source_path: str | None


@dataclass(frozen=True, slots=True)
class NotKeptItem:
    """A page that was fetched, judged beside the matter and not kept."""

    id: str
    campaign: str
    url: str
    time: datetime
    status: int | None
    mime: str
    payload_digest: str
    payload_bytes: int
    reason: str


@dataclass(frozen=True, slots=True)
class CaptureItem:
    """A capture: where one response is in the archive."""

    id: str
    campaign: str
    url: str
    time: datetime
    status: int | None
    mime: str
    file: str
    offset: int
    length: int
    payload_digest: str
    record_id: str
    record_type: str
    truncated: str | None
    availability: str | None
    page_id: str | None
    document_id: str | None
    source_path: str | None
