"""What was read: documents and the observations in them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.types import Row


def _newest_first(table: str, *covered: str) -> tuple[Index, Index]:
    """The index in the order of lists, the latest publications first, for each kind of database.

    SQLite puts NULL last by itself; PostgreSQL must be told, in the index as in the query.
    """
    name = f"ix_{table}_newest"
    latest = text("published_at DESC NULLS LAST"), text("id DESC")
    return (
        Index(name, "published_at", "id", *covered).ddl_if(dialect="sqlite"),
        Index(name, *latest, postgresql_include=covered).ddl_if(dialect="postgresql"),
    )


class DocumentRow(Row):
    """An article: one for each distinct text of a page.

    `number` is the id as an integer, for the full-text index. Fields are read from the earliest capture
    that has this text, named by `capture_id` and `captured_at`. `superseded` marks a text that the current
    reader no longer finds.
    """

    __tablename__ = "document"
    __table_args__ = (Index(None, "campaign", "published_at"), *_newest_first("document"))

    id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, unique=True)
    campaign: Mapped[str] = mapped_column(ForeignKey("campaign.name"))
    source_id: Mapped[str | None] = mapped_column(ForeignKey("source.id"), index=True)
    capture_id: Mapped[str]
    captured_at: Mapped[datetime]
    url: Mapped[str]
    family: Mapped[str]
    text_digest: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    text: Mapped[str]
    author: Mapped[str | None]
    account: Mapped[str | None] = mapped_column(index=True)
    account_id: Mapped[str | None]
    biz: Mapped[str | None]
    publisher: Mapped[str | None] = mapped_column(index=True)
    reprinted_from: Mapped[str | None]
    published_at: Mapped[datetime | None]
    published_precision: Mapped[str | None]
    published_evidence: Mapped[str | None]
    language: Mapped[str]
    item_type: Mapped[str]
    images: Mapped[list[dict[str, Any]]]
    parts: Mapped[list[dict[str, Any]]]
    relevant: Mapped[bool]
    register: Mapped[str]
    rules: Mapped[list[str]]
    reader: Mapped[str] = mapped_column(index=True)
    superseded: Mapped[bool]


class ObservationRow(Row):
    """One claim in a document (fields as in `parsers.observation`).

    `quote` is `document.text[quote_start:quote_end]`. `place_code` is a statistical division code, so that
    a place and all below it are a range of codes. `superseded` marks a reading the current reader no longer
    makes. Fields that a reviewer corrected hold the corrected values, so that every list, sum and estimate has
    them; `original` then holds what was read.
    """

    __tablename__ = "observation"
    # Both hold all that filters ask for, so that a list or a count is found without reading a row.
    __table_args__ = (
        *_newest_first(
            "observation",
            "place_code",
            "modality",
            "kind",
            "date_start",
            "date_end",
            "count_min",
            "count_max",
            "superseded",
            "campaign",
        ),
        Index(
            "ix_observation_place",
            "place_code",
            "modality",
            "kind",
            "superseded",
            "published_at",
            "id",
            "date_start",
            "date_end",
            "count_min",
            "count_max",
            "campaign",
            "document_id",
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    campaign: Mapped[str] = mapped_column(ForeignKey("campaign.name"))
    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"), index=True)
    published_at: Mapped[datetime | None]
    modality: Mapped[str]
    kind: Mapped[str]
    count_min: Mapped[int | None] = mapped_column(BigInteger)
    count_max: Mapped[int | None] = mapped_column(BigInteger)
    count_qualifier: Mapped[str]
    unit: Mapped[str | None]
    rate: Mapped[float | None]
    date_start: Mapped[date | None]
    date_end: Mapped[date | None]
    date_precision: Mapped[str]
    date_evidence: Mapped[str | None]
    date_relative: Mapped[bool]
    place_code: Mapped[str | None]
    place: Mapped[str | None]
    place_level: Mapped[str | None]
    place_candidates: Mapped[list[str]]
    organ: Mapped[str | None]
    venue: Mapped[list[str]]
    targets: Mapped[list[str]]
    purposes: Mapped[list[str]]
    quote: Mapped[str]
    quote_start: Mapped[int]
    quote_end: Mapped[int]
    confidence: Mapped[float]
    rules: Mapped[list[str]]
    flags: Mapped[list[str]]
    original: Mapped[dict[str, Any]]
    reader: Mapped[str]
    superseded: Mapped[bool]
