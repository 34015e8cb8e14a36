"""Writes records durably: one thread, one file, one sync for many records (group commit)."""

from __future__ import annotations

import errno
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
from archive.errors import ArchiveError, DiskLow, WriteFailed
from archive.exchange import Exchange
from archive.foreign.intake import IncomingRecord
from archive.index import line_of, merge
from archive.warc.warcformat import CrawlInfo
from archive.writing.backlog import Backlog
from archive.writing.entry import Entry, copied_entry, exchange_entry, resource_entry
from archive.writing.openfile import OpenFile, create
from archive.writing.originals import Originals

MAX_BYTES = 2**30
MIN_FREE_BYTES = 2**28
QUEUED = 1024
QUEUED_BYTES = 2**26
"""Records, and bytes of bodies, that may wait to be written; a caller of `write` waits when there are more."""

BATCH = 256
BATCH_BYTES = 2**24
"""How much one sync is for."""

FREE_CHECK_BYTES = 2**22
"""How much is written between two looks at the free disk space."""

Seal = Callable[[Path], None]
"""Told of each file that is finished."""


@dataclass(frozen=True, slots=True)
class _Job:
    """Something to be written: `make` gives its records, in the writer's thread."""

    make: Callable[[], Entry]
    done: Future[Capture | None]


class ArchiveWriter:
    """Writes to one collection; made by `open_writer`. Its methods may be called from any thread.

    Each gives a Future that holds the Capture once its bytes are on disk; it raises WriteFailed or DiskLow
    when they could not be put there, and then nothing of the record counts as archived. What was handed over is
    written even when nobody waits for it any more: the Future cannot be cancelled.
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
        self._broken: ArchiveError | None = None
        self._jobs: Backlog[_Job] = Backlog(QUEUED, QUEUED_BYTES)
        self._file: OpenFile | None = None
        self._serial = 0
        self._since_check = FREE_CHECK_BYTES
        self._thread = threading.Thread(target=self._run, name="archive-writer", daemon=True)
        self._thread.start()

    def write(self, exchange: Exchange) -> Future[Capture | None]:
        """Archives an exchange; the capture is None when there was no response to it."""
        return self._submit(
            lambda: exchange_entry(exchange, self._originals.of),
            len(exchange.body) + len(exchange.request_body),
        )

    def write_resource(
        self,
        url: str,
        body: bytes,
        mime: str,
        time: datetime,
        notes: Iterable[tuple[str, str]] = (),
        *,
        concurrent_to: str | None = None,
    ) -> Future[Capture | None]:
        """Archives bytes that came without an HTTP exchange: a saved page, a screenshot, a PDF.

        `concurrent_to` is the id of the record of the page that they show (WARC 1.1 §5.7).
        """
        told = tuple(notes)
        return self._submit(lambda: resource_entry(url, body, mime, time, told, concurrent_to), len(body))

    def copy(self, incoming: IncomingRecord) -> Future[Capture | None]:
        """Archives a record of others as it is; the capture is None for records that are no captures."""
        return self._submit(lambda: copied_entry(incoming), len(incoming.raw))

    def write_entry(self, make: Callable[[], Entry], size: int) -> Future[Capture | None]:
        """Archives what `make` gives, called in the writer's thread; `size` is about how many bytes that is."""
        return self._submit(make, size)

    def close(self) -> None:
        """Writes what waits, seals the file and brings the index up to date. Raises ArchiveError.

        When the index cannot be written, `recover` completes it later: what was archived is safe.
        """
        self._jobs.close()
        self._thread.join()
        self._seal()
        if self._broken:
            raise self._broken

    def _submit(self, make: Callable[[], Entry], size: int) -> Future[Capture | None]:
        job = _Job(make, Future())
        job.done.set_running_or_notify_cancel()
        if not self._jobs.put(job, size):
            job.done.set_exception(WriteFailed(f"the writer of {self._collection.root} is closed already"))
        return job.done

    def _run(self) -> None:
        while jobs := self._jobs.take(BATCH, BATCH_BYTES):
            self._commit(jobs)
            if self._file and self._file.size >= self._max_bytes:
                self._seal()

    def _commit(self, jobs: list[_Job]) -> None:
        """Writes all of a batch, syncs once, and only then tells the callers.

        What cannot be made into records fails alone; what cannot be put on disk fails with its batch.
        """
        written: list[tuple[_Job, Capture | None]] = []
        lines: list[str] = []
        try:
            if self._broken:
                raise self._broken
            self._check_space()
            file = self._ready()
            before = file.size
            for job in jobs:
                try:
                    entry = job.make()
                except Exception as error:
                    job.done.set_exception(_failure(error, self._collection))
                else:
                    capture = self._append(file, entry)
                    written.append((job, capture))
                    lines += [line_of(capture)] if capture else []
            file.sync()
            self._since_check += file.size - before
            file.note(lines)
        except Exception as error:
            self._undo(written)
            failure = _failure(error, self._collection)
            for job in jobs:
                if not job.done.done():
                    job.done.set_exception(failure)
            return
        self._originals.settle()
        for job, capture in written:
            job.done.set_result(capture)

    def _append(self, file: OpenFile, entry: Entry) -> Capture | None:
        offset, length = file.append(entry.records)
        if entry.placed is None:
            return None
        capture = entry.placed(file.name, offset, length)
        self._originals.remember(capture)
        return capture

    def _undo(self, written: list[tuple[_Job, Capture | None]]) -> None:
        """Cuts the file back to what was whole before a batch that failed."""
        for _, capture in written:
            if capture:
                self._originals.forget(capture)
        self._originals.settle()
        try:
            if self._file:
                self._file.cut()
        except OSError as error:
            # The file's end is not known any more: `recover` sets it aside on the next start.
            self._file = None
            self._broken = _failure(error, self._collection)

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
        try:
            if file is not None:
                self._on_seal(file.seal())
            merge(self._collection)
        except Exception as error:
            self._broken = self._broken or _not_sealed(error, self._collection)


_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


def _failure(error: Exception, collection: Collection) -> ArchiveError:
    if isinstance(error, ArchiveError):
        return error
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return _full(collection)
    return WriteFailed(
        f"cannot write to {collection.archive}: {_reason(error)}; nothing of this record is archived"
    )


def _full(collection: Collection) -> DiskLow:
    return DiskLow(
        f"the disk of {collection.root} is full; what was archived before is whole; "
        "free some space, then run the same command again"
    )


def _not_sealed(error: Exception, collection: Collection) -> ArchiveError:
    if isinstance(error, ArchiveError):
        return error
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return _full(collection)
    return ArchiveError(
        f"what was archived in {collection.archive} is safe, but the file could not be finished: "
        f"{_reason(error)}; run the same command again"
    )


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return f"{type(error).__name__}: {error}"


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

    A file that has grown to `max_bytes` is sealed and `on_seal` called with its path, in the writer's
    thread. Writing stops with DiskLow when less than `min_free_bytes` are free. Many processes may have writers at
    once: each has its own file.
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
