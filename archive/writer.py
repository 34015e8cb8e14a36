"""Writes records durably: one thread, one file, one sync for many records (group commit)."""

from __future__ import annotations

import errno
import queue
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.capture import Capture
from archive.collection import Collection
from archive.digest import sha256
from archive.errors import ArchiveError, DiskLow, WriteFailed
from archive.exchange import Exchange
from archive.index import Originals, line_of, merge
from archive.intake import IncomingRecord, capture_of
from archive.openfile import OpenFile, create
from archive.reader import read_original
from archive.warcformat import (
    CrawlInfo,
    Original,
    Record,
    exchange_records,
    header,
    notes_record,
    resource_record,
)

MAX_BYTES = 2**30
MIN_FREE_BYTES = 2**28
QUEUED = 256
"""Records that may wait to be written; a caller of `write` waits when there are more."""

BATCH = 128
FREE_CHECK_BYTES = 2**22
"""How much is written between two looks at the free disk space."""

Seal = Callable[[Path], None]
Place = Callable[[str, int, int], Capture]
"""Gives the capture once its file, offset and length are known."""


@dataclass(frozen=True, slots=True)
class _Job:
    """Something to be written: `make` gives its records, in the writer's thread."""

    make: Callable[[], tuple[list[Record | bytes], Place | None]]
    done: Future[Capture | None]


class ArchiveWriter:
    """Writes to one collection; made by `open_writer`. Its methods may be called from any thread.

    Each gives a Future that holds the Capture once its bytes are on disk; it raises WriteFailed or DiskLow
    when they could not be put there, and then nothing of the record counts as archived.
    """

    def __init__(
        self,
        collection: Collection,
        info: CrawlInfo,
        *,
        max_bytes: int,
        min_free_bytes: int,
        on_seal: Seal,
        clock: Callable[[], datetime],
    ) -> None:
        self._collection = collection.make()
        self._info = info
        self._max_bytes = max_bytes
        self._min_free = min_free_bytes
        self._on_seal = on_seal
        self._clock = clock
        self._originals = Originals(collection)
        self._in_batch: dict[str, Capture] = {}
        self._broken: ArchiveError | None = None
        self._jobs: queue.Queue[_Job | None] = queue.Queue(QUEUED)
        self._file: OpenFile | None = None
        self._serial = 0
        self._since_check = FREE_CHECK_BYTES
        self._thread = threading.Thread(target=self._run, name="archive-writer", daemon=True)
        self._thread.start()

    def write(self, exchange: Exchange) -> Future[Capture | None]:
        """Archives an exchange; the capture is None when there was no response to it."""
        return self._submit(lambda: self._exchange(exchange))

    def write_resource(
        self,
        url: str,
        body: bytes,
        mime: str,
        time: datetime,
        notes: Iterable[tuple[str, str]] = (),
    ) -> Future[Capture | None]:
        """Archives bytes that came without an HTTP exchange: a saved page, a screenshot, a PDF."""
        told = tuple(notes)
        return self._submit(lambda: self._resource(url, body, mime, time, told))

    def copy(self, incoming: IncomingRecord) -> Future[Capture | None]:
        """Archives a record of others as it is; the capture is None for records that are no captures."""
        return self._submit(lambda: ([incoming.raw], capture_of(incoming)))

    def close(self) -> None:
        """Writes what waits, seals the file and brings the index up to date."""
        if self._thread.is_alive():
            self._jobs.put(None)
            self._thread.join()
        self._seal()
        merge(self._collection)
        if self._broken:
            raise self._broken

    def _submit(
        self, make: Callable[[], tuple[list[Record | bytes], Place | None]]
    ) -> Future[Capture | None]:
        job = _Job(make, Future())
        self._jobs.put(job)
        return job.done

    def _exchange(self, exchange: Exchange) -> tuple[list[Record | bytes], Place | None]:
        digest = sha256(exchange.body)
        original = self._original(exchange, digest)
        records = exchange_records(exchange, digest, original)
        if exchange.status is None:
            return list(records), None
        first = records[0]
        mime = header(exchange.response_headers, b"content-type").decode("latin-1")

        def captured(file: str, offset: int, length: int) -> Capture:
            return Capture(
                record_id=first.record_id,
                url=exchange.url,
                time=exchange.started_at,
                status=exchange.status,
                mime=mime,
                file=file,
                offset=offset,
                length=length,
                payload_digest=digest,
                record_type=first.kind,
                refers_to=original.record_id if original else None,
                truncated=exchange.truncated,
            )

        return list(records), captured

    def _original(self, exchange: Exchange, digest: str) -> Original | None:
        if not exchange.body or exchange.truncated:
            return None
        if capture := self._in_batch.get(digest):
            return Original(capture.record_id, capture.url, capture.time)
        place = self._originals.place_of(digest)
        return read_original(self._collection, *place) if place else None

    def _resource(
        self, url: str, body: bytes, mime: str, time: datetime, notes: tuple[tuple[str, str], ...]
    ) -> tuple[list[Record | bytes], Place]:
        made, digest = resource_record(url, body, mime, time)
        records: list[Record | bytes] = [made]
        if notes:
            records.append(notes_record(made.record_id, url, time, notes))

        def captured(file: str, offset: int, length: int) -> Capture:
            return Capture(made.record_id, url, time, None, mime, file, offset, length, digest, "resource")

        return records, captured

    def _run(self) -> None:
        while True:
            batch = self._take()
            jobs = [job for job in batch if job is not None]
            if jobs:
                self._commit(jobs)
            if len(jobs) != len(batch):
                return

    def _take(self) -> list[_Job | None]:
        batch = [self._jobs.get()]
        while len(batch) < BATCH and batch[-1] is not None:
            try:
                batch.append(self._jobs.get_nowait())
            except queue.Empty:
                break
        return batch

    def _commit(self, jobs: list[_Job]) -> None:
        """Writes all of a batch, syncs once, and only then tells the callers."""
        captures: list[Capture | None] = []
        try:
            if self._broken:
                raise self._broken
            self._check_space()
            file = self._ready()
            before = file.size
            for job in jobs:
                captures.append(self._append(file, job))
            file.sync()
            self._since_check += file.size - before
            file.note(line_of(capture) for capture in captures if capture)
        except Exception as error:
            self._undo(captures)
            failure = _failure(error, self._collection)
            for job in jobs:
                job.done.set_exception(failure)
            return
        finally:
            self._in_batch.clear()
        for job, capture in zip(jobs, captures, strict=True):
            job.done.set_result(capture)
        if file.size >= self._max_bytes:
            self._seal()

    def _append(self, file: OpenFile, job: _Job) -> Capture | None:
        records, captured = job.make()
        offset, length = file.append(records)
        if captured is None:
            return None
        capture = captured(file.name, offset, length)
        self._originals.remember(capture)
        self._in_batch.setdefault(capture.payload_digest, capture)
        return capture

    def _undo(self, captures: list[Capture | None]) -> None:
        """Cuts the file back to what was whole before a batch that failed."""
        for capture in captures:
            if capture:
                self._originals.forget(capture)
        if self._file:
            self._file.cut()

    def _check_space(self) -> None:
        if self._since_check < FREE_CHECK_BYTES:
            return
        free = shutil.disk_usage(self._collection.root).free
        if free < self._min_free:
            raise DiskLow(
                f"only {free / 2**20:.0f} MiB are free for {self._collection.root}, less than the "
                f"{self._min_free / 2**20:.0f} MiB kept in reserve; free some, then run the same command again"
            )
        self._since_check = 0

    def _ready(self) -> OpenFile:
        if self._file is None:
            self._serial += 1
            self._file = create(self._collection, self._info, self._serial, self._clock())
        return self._file

    def _seal(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            try:
                self._on_seal(file.seal())
            except Exception as error:
                self._broken = _failure(error, self._collection)


def _failure(error: Exception, collection: Collection) -> ArchiveError:
    if isinstance(error, ArchiveError):
        return error
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return DiskLow(
            f"the disk of {collection.root} is full; what was archived before is whole; "
            "free some space, then run the same command again"
        )
    reason = error.strerror if isinstance(error, OSError) else f"{type(error).__name__}: {error}"
    return WriteFailed(f"cannot write to {collection.archive}: {reason}; nothing of this record is archived")


@contextmanager
def open_writer(
    collection: Collection,
    *,
    info: CrawlInfo,
    max_bytes: int = MAX_BYTES,
    min_free_bytes: int = MIN_FREE_BYTES,
    on_seal: Seal = lambda path: None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Iterator[ArchiveWriter]:
    """A writer for `collection`; at the end everything is on disk, the file is sealed and the index complete.

    A file that has grown to `max_bytes` is sealed and `on_seal` called with its path. Writing stops with
    DiskLow when less than `min_free_bytes` are free. Many processes may have writers at once: each has its own file.
    """
    writer = ArchiveWriter(
        collection,
        info,
        max_bytes=max_bytes,
        min_free_bytes=min_free_bytes,
        on_seal=on_seal,
        clock=clock,
    )
    try:
        yield writer
    finally:
        writer.close()
