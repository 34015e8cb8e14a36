"""The index of a collection: sorted CDXJ as pywb reads it, found by address, time or digest.

`indexes/index.cdxj` is sorted by bytes. Captures of files that are still open stand in a journal for each
(`indexes/<file>.journal`) until the file is sealed and the journal merged. Everything here can be made again
from the WARC files by `rebuild`.
"""

from __future__ import annotations

import fcntl
import heapq
import json
import mmap
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import surt

from archive.capture import Capture
from archive.collection import Collection

NAME = "index.cdxj"
JOURNAL = ".journal"
_MIME = re.compile(r"[;\s]")


def key_of(url: str) -> str:
    """The SURT form of an address, by which CDXJ files are sorted; as cdxj-indexer and pywb make it."""
    try:
        key: str = surt.surt(url)
    except ValueError:
        return url
    return key


def stamp_of(time: datetime) -> str:
    """A time as 14 digits in UTC."""
    return time.astimezone(UTC).strftime("%Y%m%d%H%M%S")


def line_of(capture: Capture) -> str:
    """A capture's line of CDXJ, with line break."""
    fields: dict[str, Any] = {
        "url": capture.url,
        "mime": "warc/revisit"
        if capture.record_type == "revisit"
        else _MIME.split(capture.mime, maxsplit=1)[0],
        "status": "" if capture.status is None else str(capture.status),
        "digest": capture.payload_digest,
        "length": str(capture.length),
        "offset": str(capture.offset),
        "filename": capture.file,
        "id": capture.record_id,
        "time": capture.time.astimezone(UTC).isoformat(),
    }
    if capture.refers_to:
        fields["refersTo"] = capture.refers_to
    if capture.truncated:
        fields["truncated"] = capture.truncated
    if capture.record_type == "resource":
        fields["type"] = "resource"
    fields = {name: value for name, value in fields.items() if value != ""}
    return f"{key_of(capture.url)} {stamp_of(capture.time)} {json.dumps(fields, ensure_ascii=False)}\n"


def capture_in(line: str) -> Capture:
    """The capture that a line of this index describes."""
    fields = json.loads(line.split(" ", 2)[2])
    status = fields.get("status", "")
    kind = "revisit" if fields.get("mime") == "warc/revisit" else fields.get("type", "response")
    return Capture(
        record_id=fields["id"],
        url=fields["url"],
        time=datetime.fromisoformat(fields["time"]),
        status=int(status) if status.isdigit() else None,
        mime=fields.get("mime", ""),
        file=fields["filename"],
        offset=int(fields["offset"]),
        length=int(fields["length"]),
        payload_digest=fields.get("digest", ""),
        record_type=kind,
        refers_to=fields.get("refersTo"),
        truncated=fields.get("truncated"),
    )


def journal_of(collection: Collection, file: str) -> Path:
    """Where the captures of a file stand until it is sealed."""
    return collection.indexes / (file + JOURNAL)


def captures(collection: Collection) -> Iterator[Capture]:
    """Every capture of the index, those of open files last."""
    for path in _files(collection):
        with path.open(encoding="utf-8") as lines:
            yield from (capture_in(line) for line in lines if line.endswith("\n"))


def lookup(collection: Collection, url: str) -> list[Capture]:
    """All captures of an address, oldest first. http and https twins share a key."""
    return _sorted(capture_in(line) for line in _lines_with(collection, f"{key_of(url)} "))


def lookup_prefix(collection: Collection, url: str) -> list[Capture]:
    """All captures of addresses that begin like `url`, by address and time."""
    return [capture_in(line) for line in sorted(_lines_with(collection, key_of(url).rstrip("/")))]


def lookup_closest(collection: Collection, url: str, time: datetime) -> Capture | None:
    """The capture of an address nearest to a time."""
    found = lookup(collection, url)
    return min(found, key=lambda capture: abs(capture.time - time)) if found else None


def merge(collection: Collection) -> None:
    """Moves the journals of sealed files into the sorted index; safe while other processes do the same."""
    with _locked(collection):
        journals = [
            journal
            for journal in sorted(collection.indexes.glob(f"*{JOURNAL}"))
            if (collection.archive / journal.name.removesuffix(JOURNAL)).exists()
        ]
        if not journals:
            return
        fresh = sorted({line for journal in journals for line in _whole_lines(journal)}, key=str.encode)
        _replace(collection.indexes / NAME, _merged(collection.indexes / NAME, fresh))
        for journal in journals:
            journal.unlink()


def replace_all(collection: Collection, found: Iterable[Capture]) -> int:
    """Makes the sorted index anew from captures; gives their number. Journals of sealed files go with the old one."""
    with _locked(collection):
        lines = sorted({line_of(capture) for capture in found}, key=str.encode)
        _replace(collection.indexes / NAME, lines)
        for journal in collection.indexes.glob(f"*{JOURNAL}"):
            if (collection.archive / journal.name.removesuffix(JOURNAL)).exists():
                journal.unlink()
    return len(lines)


class Originals:
    """Finds the earlier capture with the same payload, across the whole collection.

    Memory: one entry of about 150 bytes for each distinct payload; the rest stays on disk.
    """

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._files: list[str] = []
        self._numbers: dict[str, int] = {}
        self._places: dict[bytes, tuple[int, int]] = {}
        for capture in captures(collection):
            self.remember(capture)

    def remember(self, capture: Capture) -> None:
        """Takes a capture as the original of its payload, unless an earlier one is known."""
        if capture.record_type != "response" or capture.truncated:
            return
        self._places.setdefault(
            _bytes_of(capture.payload_digest), (self._number(capture.file), capture.offset)
        )

    def forget(self, capture: Capture) -> None:
        """Takes back `remember`, when the capture was not written after all."""
        digest = _bytes_of(capture.payload_digest)
        if self._places.get(digest) == (self._number(capture.file), capture.offset):
            del self._places[digest]

    def place_of(self, digest: str) -> tuple[str, int] | None:
        """File and offset of the capture with this payload digest."""
        place = self._places.get(_bytes_of(digest))
        return (self._files[place[0]], place[1]) if place else None

    def _number(self, file: str) -> int:
        if file not in self._numbers:
            self._numbers[file] = len(self._files)
            self._files.append(file)
        return self._numbers[file]


def _bytes_of(digest: str) -> bytes:
    return bytes.fromhex(digest.rpartition(":")[2]) if digest.startswith("sha256:") else digest.encode()


def _files(collection: Collection) -> list[Path]:
    merged = collection.indexes / NAME
    journals = sorted(collection.indexes.glob(f"*{JOURNAL}"))
    return [path for path in (merged, *journals) if path.exists()]


def _whole_lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as lines:
        yield from (line for line in lines if line.endswith("\n"))


def _lines_with(collection: Collection, prefix: str) -> Iterator[str]:
    wanted = prefix.encode()
    for path in _files(collection):
        if path.name == NAME:
            yield from _search(path, wanted)
        else:
            yield from (line for line in _whole_lines(path) if line.startswith(prefix))


def _search(path: Path, prefix: bytes) -> Iterator[str]:
    """The lines of a sorted file that begin with `prefix`, by binary search."""
    if path.stat().st_size == 0:
        return
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        low, high = 0, len(data)
        while low < high:
            middle = (low + high) // 2
            start = data.rfind(b"\n", 0, middle) + 1
            end = data.find(b"\n", start) + 1 or len(data)
            if data[start : start + len(prefix)] < prefix:
                low = end
            else:
                high = start
        while low < len(data) and data[low : low + len(prefix)] == prefix:
            end = data.find(b"\n", low) + 1 or len(data)
            yield data[low:end].decode()
            low = end


def _merged(path: Path, fresh: list[str]) -> Iterator[str]:
    old: Iterable[str] = _whole_lines(path) if path.exists() else ()
    last = None
    for line in heapq.merge(old, fresh, key=str.encode):
        if line != last:
            yield line
        last = line


def _replace(path: Path, lines: Iterable[str]) -> None:
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8") as out:
        out.writelines(lines)
        out.flush()
        os.fsync(out.fileno())
    part.replace(path)


@contextmanager
def _locked(collection: Collection) -> Iterator[None]:
    with (collection.indexes / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _sorted(found: Iterable[Capture]) -> list[Capture]:
    return sorted(found, key=lambda capture: capture.time)
