"""Captures into rows: reads each page, observes each new document, writes both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection, Engine, select

from archive.capture import Capture
from archive.collection import Collection
from archive.noted.rendition import is_rendition
from db import rows
from db.campaigns import Terms, Words, terms_of
from db.code_version import reader_version
from db.ingest.orphans import supersede_orphans
from db.ingest.whole import Whole, is_part, whole_of
from db.ingest.writing import BATCH, ReadCapture, write
from db.models import CaptureRow, DocumentRow
from db.session import reading as reading_from
from db.upsert import chunks
from parsers import read
from parsers.availability.states import Availability
from parsers.observation import Reported
from parsers.observe import observe
from parsers.page import Page, PageKind, Reading

NOT_PAGES = ("image/", "video/", "audio/", "font/", "text/css", "text/javascript", "application/javascript")
"""Media types, by their beginnings, that are kept but not read."""


@dataclass(frozen=True, slots=True)
class Captured:
    """A capture that is in the archive, and its body for reading.

    `source_path` is the file an import took it from. `reading` spares a second reading
    where the crawler has read the page already. `collection` is where the other parts of an article in several pages
    are looked for. `undecoded` says why there is no body to read.
    """

    capture: Capture
    page: Page
    source_path: str | None = None
    reading: Reading | None = None
    collection: Collection | None = None
    undecoded: str | None = None


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did. `new_…` counts what the store did not have before.

    `warnings` and `failures` pair an address with a sentence; a failure is a page that could not be read: its
    capture is recorded all the same.
    """

    captures: int = 0
    new_captures: int = 0
    documents: int = 0
    new_documents: int = 0
    observations: int = 0
    notices: int = 0
    warnings: tuple[tuple[str, str], ...] = field(default=())
    failures: tuple[tuple[str, str], ...] = field(default=())

    def __add__(self, other: IngestReport) -> IngestReport:
        """Both reports as one."""
        return IngestReport(
            self.captures + other.captures,
            self.new_captures + other.new_captures,
            self.documents + other.documents,
            self.new_documents + other.new_documents,
            self.observations + other.observations,
            self.notices + other.notices,
            self.warnings + other.warnings,
            self.failures + other.failures,
        )


def ingest(
    engine: Engine,
    campaign: str,
    captured: Iterable[Captured],
    *,
    region: str | None = None,
    words: Words | None = None,
    again: bool = False,
) -> IngestReport:
    """Reads captures and writes what they say; the same capture twice changes nothing.

    `region` is the campaign's GB/T 2260 code prefix and `words` are its own; without them, those given before.
    Captures that this reader has read already are left alone unless `again`.
    """
    terms = terms_of(engine, campaign, region, words)
    report = IngestReport()
    for batch in chunks(captured, BATCH):
        report += _ingest_batch(engine, campaign, batch, terms, again)
    return report


def _ingest_batch(
    engine: Engine, campaign: str, batch: Sequence[Captured], terms: Terms, again: bool
) -> IngestReport:
    reader = reader_version() + terms.mark
    with reading_from(engine) as connection:
        readers = _readers(connection, campaign, batch)
    report = IngestReport(captures=len(batch), new_captures=len(batch) - len(readers))
    read_captures: list[ReadCapture] = []
    others: dict[str, tuple[Capture, Reading]] = {}
    for item in batch:
        known = rows.capture_id(campaign, item.capture)
        if not again and known in readers and readers[known] in (reader, None):
            continue
        found, failures = _read(item)
        if whole := _whole(item, found):
            found = whole.reading
            others |= {rows.capture_id(campaign, part): (part, found) for part in whole.parts}
        report += _counted(item.capture.url, found, failures)
        read_captures.append(ReadCapture(item.capture, item.source_path, found, None))
    if not read_captures:
        return report
    added = _parts_read_before(engine, campaign, others, read_captures)
    read_captures += added
    with reading_from(engine) as connection:
        existing = _documents(connection, campaign, read_captures)
    observed, more = _observe(campaign, read_captures, existing, terms, reader)
    with engine.begin() as connection:
        write(connection, campaign, observed, terms=terms, reader=reader)
        if added:
            supersede_orphans(connection, campaign)
    return report + more


def _readers(connection: Connection, campaign: str, batch: Sequence[Captured]) -> dict[str, str | None]:
    """The captures of `batch` that the store has, with the reader that read each (None: not a page)."""
    ids = [rows.capture_id(campaign, item.capture) for item in batch]
    query = select(CaptureRow.id, CaptureRow.reader).where(CaptureRow.id.in_(ids))
    return {row.id: row.reader for row in connection.execute(query)}


def _read(item: Captured) -> tuple[Reading | None, tuple[str, ...]]:
    if item.reading is not None:
        return item.reading, ()
    if item.undecoded:
        return _unread(f"could not be decoded ({item.undecoded}); its bytes are kept")
    path = item.capture.url.partition("?")[0]
    if is_rendition(item.capture.url):
        return None, ()
    if item.capture.mime.lower().startswith(NOT_PAGES) or path.endswith("/robots.txt"):
        return None, ()
    if item.capture.record_type == "revisit" and not item.page.body:
        return None, ()  # its text is elsewhere in the archive: `db.ingest.reread` reads it from there
    try:
        return read(item.page), ()
    except Exception as error:  # a page made to break one reader must not stop the other ten thousand
        return _unread(f"could not be read ({type(error).__name__}: {error}); its bytes are kept")


def _unread(failure: str) -> tuple[Reading, tuple[str, ...]]:
    return Reading("none", PageKind.OTHER, Availability.UNKNOWN, warnings=(failure,)), (failure,)


def _whole(item: Captured, found: Reading | None) -> Whole | None:
    """The article in several pages that a capture is a part of, when others of its parts are archived."""
    if item.collection is None or found is None or not is_part(found):
        return None
    try:
        return whole_of(item.collection, item.capture, found)
    except Exception:  # another part that breaks a reader must not take this one with it
        return None


def _parts_read_before(
    engine: Engine,
    campaign: str,
    parts: dict[str, tuple[Capture, Reading]],
    batch: Sequence[ReadCapture],
) -> list[ReadCapture]:
    """Parts that the store has from earlier, when they stood for themselves or for less of the article."""
    ids = sorted(parts.keys() - {rows.capture_id(campaign, each.capture) for each in batch})
    with reading_from(engine) as connection:
        query = select(CaptureRow.id, CaptureRow.document_id).where(CaptureRow.id.in_(ids))
        known = {row.id: row.document_id for row in connection.execute(query)}
    made = [(ReadCapture(parts[each][0], None, parts[each][1], None), known[each]) for each in known]
    return [each for each, document in made if document != _document_id(campaign, each)]


def _counted(url: str, found: Reading | None, failures: tuple[str, ...]) -> IngestReport:
    if found is None:
        return IngestReport()
    return IngestReport(
        documents=int(found.document is not None),
        notices=int(found.notice is not None),
        warnings=tuple((url, warning) for warning in found.warnings if warning not in failures),
        failures=tuple((url, failure) for failure in failures),
    )


def _document_id(campaign: str, item: ReadCapture) -> str | None:
    if item.reading is None or item.reading.document is None:
        return None
    url = item.reading.canonical_url or item.capture.url
    return rows.document_id(campaign, rows.page_id(campaign, url), item.reading.document)


def _documents(
    connection: Connection, campaign: str, items: Sequence[ReadCapture]
) -> dict[str, tuple[str, datetime, str]]:
    """The documents of `items` that the store has: reader, time and id of the capture each was read from."""
    ids = [identifier for item in items if (identifier := _document_id(campaign, item))]
    query = select(DocumentRow.id, DocumentRow.reader, DocumentRow.captured_at, DocumentRow.capture_id).where(
        DocumentRow.id.in_(ids)
    )
    return {row.id: (row.reader, row.captured_at, row.capture_id) for row in connection.execute(query)}


def _observe(
    campaign: str,
    items: Sequence[ReadCapture],
    existing: dict[str, tuple[str, datetime, str]],
    terms: Terms,
    reader: str,
) -> tuple[list[ReadCapture], IngestReport]:
    """Observes documents that are new, or that the store has from a later capture or another reader."""
    report = IngestReport()
    earliest: dict[str, ReadCapture] = {}
    for item in sorted(items, key=lambda item: _moment(campaign, item), reverse=True):
        if identifier := _document_id(campaign, item):
            earliest[identifier] = item
    reported: dict[int, Reported] = {}
    for identifier, item in earliest.items():
        known = existing.get(identifier)
        if known and known[0] == reader and known[1:] < _moment(campaign, item):
            continue
        claims, failures = _claims(item.reading, terms)
        reported[id(item)] = claims
        report += IngestReport(
            new_documents=int(known is None),
            observations=len(claims.observations),
            failures=tuple((item.capture.url, failure) for failure in failures),
        )
    return [replace(item, reported=reported.get(id(item))) for item in items], report


def _moment(campaign: str, item: ReadCapture) -> tuple[datetime, str]:
    return item.capture.time, rows.capture_id(campaign, item.capture)


def _claims(reading: Reading | None, terms: Terms) -> tuple[Reported, tuple[str, ...]]:
    if reading is None or reading.document is None:
        return Reported(relevant=False), ()
    try:
        return observe(rows.article_of(reading.document, terms)), ()
    except Exception as error:  # as for reading: one text must not stop the rest
        failure = f"its text could not be observed ({type(error).__name__}: {error}); the document is kept"
        return Reported(relevant=False), (failure,)
