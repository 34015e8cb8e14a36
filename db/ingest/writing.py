"""Writing what was read into the store, in one short transaction a batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from archive.capture import Capture
from db import rows
from db.bulk import Values
from db.campaigns import Terms, remember
from db.claims.due import mark_due
from db.models import (
    CaptureRow,
    DocumentRow,
    LeadRow,
    LookRow,
    ObservationRow,
    RequisiteRow,
    SourceRow,
)
from db.pages.altered import settle_altered
from db.pages.leads import led_to_by
from db.pages.pages import known_addresses, settle_pages, visit_pages
from db.pages.requisites import needed_by, settle_requisites
from db.reviews.attached import reattach
from db.upsert import chunks, upsert
from parsers.identity import canonical
from parsers.observation import Reported
from parsers.page import Reading
from workspace.garbage import uncollected

BATCH = 200
"""Captures in one transaction: few enough that no other writer waits long."""


@dataclass(frozen=True, slots=True)
class ReadCapture:
    """A capture with what was read out of it.

    `reading` is None for what is not a page (a picture, a style sheet). `reported` is None when the
    document needs no new observations: the store has those of this reader already.
    """

    capture: Capture
    source_path: str | None
    reading: Reading | None
    reported: Reported | None


def write(
    connection: Connection, campaign: str, batch: Sequence[ReadCapture], *, terms: Terms, reader: str
) -> None:
    """Writes a batch: captures, pages, documents, observations, looks, pictures still to fetch,
    articles led to.

    Writing the same again changes nothing. Observations of a document that `reader` no longer makes are
    marked superseded; reviews stay with their quotes.
    """
    with uncollected():
        _write(connection, campaign, batch, terms, reader)


def _write(
    connection: Connection, campaign: str, batch: Sequence[ReadCapture], terms: Terms, reader: str
) -> None:
    remember(connection, campaign, terms)
    captures = [
        rows.capture_values(campaign, read.capture, read.source_path, read.reading, reader) for read in batch
    ]
    addresses = _addresses(connection, campaign, captures, batch)
    sources: list[Values] = []
    looks: list[Values] = []
    needs: list[Values] = []
    led_to: list[Values] = []
    documents: list[Values] = []
    observations: list[Values] = []
    for read, capture, url in zip(batch, captures, addresses, strict=True):
        if read.reading is None:
            continue
        page = capture["page_id"] = rows.page_id(campaign, url)
        looks.append(rows.look_values(campaign, page, capture, read.reading))
        document = read.reading.document
        if document is None:
            continue
        identifier = capture["document_id"] = rows.document_id(campaign, page, document)
        needs += needed_by(campaign, page, read.reading)
        led_to += led_to_by(campaign, page, url, read.reading)
        if read.reported is None:
            continue
        sources.append(rows.source_values(document, url))
        values = rows.document_values(campaign, identifier, url, capture, read.reading, read.reported, reader)
        documents.append(values)
        observations += rows.observation_values(
            campaign, identifier, values["published_at"], read.reported.observations, reader
        )
    left_behind = _pages_of(connection, captures)
    visit_pages(connection, campaign, captures, addresses)
    upsert(connection, SourceRow, sources, replace=["name", "account_id", "biz"])
    mark_due(connection, campaign, [document["id"] for document in documents])
    _write_documents(connection, documents)
    _write_observations(connection, documents, observations)
    upsert(connection, CaptureRow, captures, replace=_REPLACED_IN_CAPTURES)
    upsert(connection, LookRow, looks, replace=[key for key in looks[0] if key != "id"] if looks else None)
    upsert(connection, RequisiteRow, needs)
    upsert(connection, LeadRow, led_to)
    settle_requisites(connection, campaign, [need["url"] for need in needs], captures)
    pages = left_behind | {capture["page_id"] for capture in captures if capture["page_id"]}
    settle_pages(connection, campaign, pages, [capture["surt"] for capture in captures])
    reattach(connection, campaign, [document["id"] for document in documents])
    settle_altered(connection, campaign, pages)


_REPLACED_IN_CAPTURES = (
    "page_id",
    "document_id",
    "canonical",
    "kind",
    "family",
    "availability",
    "reader",
    "warnings",
    "file",
    "warc_offset",
    "warc_length",
)


def _addresses(
    connection: Connection, campaign: str, captures: Sequence[Values], batch: Sequence[ReadCapture]
) -> list[str]:
    """The page address of each capture: its canonical link, else what others of its URL say, else the URL.

    A deletion notice names no address, so it is known by other captures of the same URL; an
    article without one keeps its URL.
    """
    unnamed = [
        capture["surt"]
        for capture, read in zip(captures, batch, strict=True)
        if read.reading and not read.reading.document and not capture["canonical"]
    ]
    known = known_addresses(connection, campaign, unnamed)
    within = {c["surt"]: c["canonical"] for c in sorted(captures, key=lambda c: c["time"]) if c["canonical"]}
    return [
        capture["canonical"]
        or (
            canonical(capture["url"])
            if read.reading and read.reading.document
            else within.get(capture["surt"]) or known.get(capture["surt"]) or canonical(capture["url"])
        )
        for capture, read in zip(captures, batch, strict=True)
    ]


def _pages_of(connection: Connection, captures: Iterable[Values]) -> set[str]:
    """The pages that these captures stood with until now, for those that a new reading moves elsewhere."""
    found: set[str] = set()
    for chunk in chunks(captures):
        ids = [capture["id"] for capture in chunk]
        found |= {
            page
            for page in connection.scalars(select(CaptureRow.page_id).where(CaptureRow.id.in_(ids)))
            if page
        }
    return found


def _write_documents(connection: Connection, documents: Sequence[Values]) -> None:
    """Writes documents; of several captures with one text, the earliest lends its fields."""
    earliest: dict[str, Values] = {}
    for values in sorted(documents, key=lambda v: (v["captured_at"], v["capture_id"]), reverse=True):
        earliest[values["id"]] = values
    upsert(
        connection,
        DocumentRow,
        earliest.values(),
        replace=[key for key in documents[0] if key not in ("id", "number")] if documents else None,
    )


def _write_observations(
    connection: Connection, documents: Sequence[Values], observations: Sequence[Values]
) -> None:
    """Writes the current observations of `documents` and marks those of former readers as superseded."""
    for chunk in chunks(documents):
        connection.execute(
            update(ObservationRow)
            .where(
                ObservationRow.document_id.in_([document["id"] for document in chunk]),
                ~ObservationRow.superseded,
            )
            .values(superseded=True)
        )
    upsert(
        connection,
        ObservationRow,
        observations,
        replace=[key for key in observations[0] if key not in ("id", "document_id")]
        if observations
        else None,
    )
