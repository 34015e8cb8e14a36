"""From captures to rows for what a crawl did not hand over: redirects, error pages, what a crash left behind."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Engine, select

from archive.capture import Capture
from archive.collection import Collection
from archive.errors import ArchiveError
from archive.index import captures
from db.campaigns import Terms
from db.ingest.archived import from_archive
from db.ingest.captures import Captured, IngestReport, ingest
from db.models import CaptureRow
from db.session import reading
from db.upsert import chunks
from parsers.availability.states import Availability
from parsers.page import Page, PageKind, Reading

LOOKED_UP = 500


UNREADABLE = Reading(
    "none",
    PageKind.OTHER,
    Availability.UNKNOWN,
    warnings=("reading it brought the reading process down or did not come to an end; its bytes are kept",),
)


def ingest_archived(
    engine: Engine,
    campaign: str,
    collection: Collection,
    terms: Terms,
    captures: Iterable[Capture],
    deadly: frozenset[str] = frozenset(),
) -> IngestReport:
    """Reads captures from the archive and writes what they say.

    Those whose WARC-Record-ID is among `deadly` get a row and are not read: reading them kills the process.
    """
    found = (_captured(collection, capture, deadly) for capture in captures)
    return ingest(engine, campaign, found, region=terms.region, words=terms.words)


def unread(engine: Engine, campaign: str, collection: Collection) -> list[Capture]:
    """The captures of the index that have no row."""
    found: list[Capture] = []
    for some in chunks(_indexed(collection), LOOKED_UP):
        ids = [capture.record_id for capture in some]
        query = select(CaptureRow.record_id).where(
            CaptureRow.campaign == campaign, CaptureRow.record_id.in_(ids)
        )
        with reading(engine) as connection:
            known = set(connection.scalars(query))
        found += (capture for capture in some if capture.record_id not in known)
    return found


def _indexed(collection: Collection) -> Iterable[Capture]:
    return captures(collection) if collection.indexes.is_dir() else ()


def _captured(collection: Collection, capture: Capture, deadly: frozenset[str]) -> Captured:
    if capture.record_id in deadly:
        return Captured(capture, Page(capture.url, b"", capture.status or 200), reading=UNREADABLE)
    try:
        return from_archive(collection, capture)
    except ArchiveError:
        # The capture stays listed; `holdfast verify` says what is wrong with its bytes.
        nothing = Page(capture.url, b"", capture.status or 200, capture.mime, capture.time)
        return Captured(capture, nothing, collection=collection)
