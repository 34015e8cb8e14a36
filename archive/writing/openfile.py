"""A WARC file while it is being written: locked by its writer, cut back when a write fails, sealed at the end."""

from __future__ import annotations

import io
import os
import re
import socket
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from archive.collection import OPEN, WARC, Collection
from archive.index import journal_of
from archive.locking import is_still, locked, sync_folder, take
from archive.warc.gzipmember import compressed
from archive.warc.warcformat import CrawlInfo, Record, warcinfo


class OpenFile:
    """The one file of one writer. `size` counts what was appended; it is kept once `sync` returns."""

    def __init__(self, collection: Collection, name: str, stream: io.FileIO) -> None:
        self.name = name
        self.size = 0
        self._kept = 0
        self._waiting: list[bytes] = []
        self._path = collection.archive / (name + OPEN)
        self._stream = stream
        self._journal = Journal(journal_of(collection, name))

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
        rest = memoryview(b"".join(self._waiting))
        while rest:
            rest = rest[self._stream.write(rest) :]
        os.fdatasync(self._stream.fileno())
        self._waiting.clear()
        self._kept = self.size

    def note(self, lines: Iterable[str]) -> None:
        """Adds index lines to the journal; they are durable only once the file is sealed."""
        self._journal.add("".join(lines))

    def cut(self) -> None:
        """Forgets what was appended since the last `sync`, also what reached the disk of it."""
        self._waiting.clear()
        self.size = self._kept
        os.ftruncate(self._stream.fileno(), self._kept)
        os.lseek(self._stream.fileno(), self._kept, os.SEEK_SET)

    def seal(self) -> Path:
        """Gives the file its final name, durably; no byte of it changes again.

        Its journal is on disk before the name is: a sealed file with a journal has a complete one.
        """
        self._journal.settle()
        sealed = self._path.with_name(self.name)
        self._path.rename(sealed)
        sync_folder(sealed.parent)
        self._stream.close()
        return sealed


class Journal:
    """The index lines of an open file. Lines that cannot be written wait for the next time: the bytes that
    they speak of are safe, and the journal can be made again from them.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._size = 0
        self._waiting = b""

    def add(self, text: str) -> None:
        """Writes lines, and those that wait, if the disk takes them."""
        self._waiting += text.encode()
        if not self._waiting:
            return
        try:
            self._write()
        except OSError:
            # A full disk must not make a capture that is safe look lost; `settle` tries once more.
            return

    def settle(self) -> None:
        """Puts all lines on disk; without room for them there is no journal, and recovery makes the lines anew."""
        try:
            self._write(durably=True)
        except OSError:
            self._path.unlink(missing_ok=True)
        sync_folder(self._path.parent)

    def _write(self, *, durably: bool = False) -> None:
        with self._path.open("ab") as journal:
            if journal.tell() < self._size:
                raise OSError(f"{self._path} was shortened by someone else")
            journal.truncate(self._size)
            journal.write(self._waiting)
            journal.flush()
            self._size += len(self._waiting)
            self._waiting = b""
            if durably:
                os.fsync(journal.fileno())


_PLAIN = re.compile(r"[^A-Za-z0-9]+")
_UNSAFE_IN_NAME = re.compile(r"[\s/\x00-\x1f]+")
_CLAIMS = ".claims.lock"


def create(collection: Collection, info: CrawlInfo, serial: int, time: datetime) -> OpenFile:
    """A new file named by campaign, time, serial, host and process, locked, with its `warcinfo` record on disk."""
    host = _PLAIN.sub("-", socket.gethostname())[:32] or "host"
    campaign = _UNSAFE_IN_NAME.sub("-", info.campaign)
    # Between making the file and locking it, a recovery in another process must not find it.
    with locked(collection.root / _CLAIMS):
        while True:
            name = f"{campaign}-{time:%Y%m%d%H%M%S%f}-{serial:05d}-{host}-{os.getpid()}{WARC}"
            path = collection.archive / (name + OPEN)
            if not path.exists() and not (collection.archive / name).exists():
                break
            serial += 1
        stream = path.open("xb", buffering=0)
        take(stream)
    file = OpenFile(collection, name, stream)
    file.append([warcinfo(name, info, time)])
    try:
        file.sync()
        sync_folder(collection.archive)
    except OSError:
        path.unlink()
        stream.close()
        raise
    return file


def claim(collection: Collection, path: Path) -> io.FileIO | None:
    """An unsealed file that no living process has, locked until it is closed; None when one has, or just had, it."""
    with locked(collection.root / _CLAIMS):
        try:
            stream = path.open("rb+", buffering=0)
        except FileNotFoundError:
            return None
        if take(stream) and is_still(path, stream):
            return stream
        stream.close()
        return None
