"""A WARC file while it is being written: locked by its writer, cut back when a write fails, sealed at the end."""

from __future__ import annotations

import fcntl
import io
import os
import re
import socket
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from archive.collection import OPEN, WARC, Collection
from archive.gzipmember import compressed
from archive.index import journal_of
from archive.warcformat import CrawlInfo, Record, warcinfo


class OpenFile:
    """The one file of one writer. `size` counts what was appended; it is kept once `sync` returns."""

    def __init__(self, collection: Collection, name: str, stream: io.FileIO) -> None:
        self.name = name
        self.size = 0
        self._kept = 0
        self._waiting: list[bytes] = []
        self._path = collection.archive / (name + OPEN)
        self._stream = stream
        self._journal = journal_of(collection, name)

    def append(self, records: Iterable[Record | bytes]) -> tuple[int, int]:
        """Takes records (or finished members); gives the offset and the length, in bytes, of the first."""
        offset = self.size
        first = 0
        for record in records:
            member = record if isinstance(record, bytes) else compressed(record)
            self._waiting.append(member)
            self.size += len(member)
            first = first or len(member)
        return offset, first

    def sync(self) -> None:
        """Puts everything appended so far durably on disk. Raises OSError; `cut` then makes the file whole again."""
        waiting = memoryview(b"".join(self._waiting))
        while waiting:
            waiting = waiting[self._stream.write(waiting) :]
        os.fdatasync(self._stream.fileno())
        self._waiting.clear()
        self._kept = self.size

    def note(self, lines: Iterable[str]) -> None:
        """Adds index lines to the journal. It is not synced: it can be made again from the file."""
        text = "".join(lines)
        if text:
            with self._journal.open("a", encoding="utf-8") as journal:
                journal.write(text)

    def cut(self) -> None:
        """Forgets what was appended since the last `sync`, also what reached the disk of it."""
        self._waiting.clear()
        self.size = self._kept
        os.ftruncate(self._stream.fileno(), self._kept)
        os.lseek(self._stream.fileno(), self._kept, os.SEEK_SET)

    def seal(self) -> Path:
        """Gives the file its final name, durably; no byte of it changes again."""
        sealed = self._path.with_name(self.name)
        self._path.rename(sealed)
        sync_folder(sealed.parent)
        self._stream.close()
        return sealed


_PLAIN = re.compile(r"[^A-Za-z0-9]+")


def create(collection: Collection, info: CrawlInfo, serial: int, time: datetime) -> OpenFile:
    """A new file named by campaign, time, serial and host, locked, with its `warcinfo` record on disk.

    The lock (flock) goes with the process: another process can tell a file that is being written from one
    that a crash left behind.
    """
    host = _PLAIN.sub("-", socket.gethostname())[:32] or "host"
    while True:
        name = f"{info.campaign}-{time:%Y%m%d%H%M%S%f}-{serial:05d}-{host}-{os.getpid()}{WARC}"
        path = collection.archive / (name + OPEN)
        if not (collection.archive / name).exists():
            try:
                stream = path.open("xb", buffering=0)
                break
            except FileExistsError:
                pass
        serial += 1
    fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    file = OpenFile(collection, name, stream)
    file.append([warcinfo(name, info, time)])
    file.sync()
    sync_folder(collection.archive)
    return file


def is_being_written(path: Path) -> bool:
    """Whether a living process has this unsealed file."""
    with path.open("rb+") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
        fcntl.flock(stream, fcntl.LOCK_UN)
        return False


def sync_folder(folder: Path) -> None:
    """Makes names in a folder durable (a rename or a new file is lost on power failure otherwise)."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
