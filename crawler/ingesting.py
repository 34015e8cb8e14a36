"""From captures to rows while a crawl runs, off the event loop; and afterwards, for what a crash left unread."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from sqlalchemy import Engine, select

from archive.capture import Capture
from archive.collection import Collection
from archive.errors import ArchiveError
from archive.index import captures
from archive.reader import read_capture
from db.ingest import Captured, IngestReport, ingest
from db.models import CaptureRow
from db.session import reading
from db.upsert import chunks
from parsers.page import Page

BATCH = 40
"""Captures that are read and written together."""

LOOKED_UP = 500


class Ingestor:
    """Collects captures and writes them in batches. `report` sums up what was written."""

    def __init__(self, engine: Engine, campaign: str, region: str | None) -> None:
        self._engine = engine
        self._campaign = campaign
        self._region = region
        self._waiting: list[Captured] = []
        self._turn = asyncio.Lock()
        self.report = IngestReport()

    async def add(self, captured: Captured) -> None:
        """Takes a capture; returns when there is room for more."""
        self._waiting.append(captured)
        if len(self._waiting) >= BATCH:
            async with self._turn:
                batch, self._waiting = self._waiting, []
                if batch:
                    self.report += await asyncio.to_thread(self._write, batch)

    def flush(self) -> None:
        """Writes what waits."""
        batch, self._waiting = self._waiting, []
        if batch:
            self.report += self._write(batch)

    def _write(self, batch: list[Captured]) -> IngestReport:
        return ingest(self._engine, self._campaign, batch, region=self._region)


def ingest_unread(engine: Engine, campaign: str, collection: Collection, region: str | None) -> IngestReport:
    """Reads every capture of the index that has no row: redirects, failed pages, what a crash left behind."""
    unread = _unread(engine, campaign, collection)
    return ingest(engine, campaign, (_captured(collection, capture) for capture in unread), region=region)


def _unread(engine: Engine, campaign: str, collection: Collection) -> list[Capture]:
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


def _captured(collection: Collection, capture: Capture) -> Captured:
    try:
        stored = read_capture(collection, capture.file, capture.offset)
        body = stored.decoded()
    except ArchiveError:
        # The capture stays listed; `holdfast verify` says what is wrong with its bytes.
        body = b""
    page = Page(
        url=capture.url,
        body=body,
        status=capture.status or 200,
        content_type=capture.mime,
        captured_at=capture.time,
    )
    return Captured(capture, page)
