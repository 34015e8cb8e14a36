"""The index of a collection: sorted CDXJ as pywb reads it, found by address, time or digest.

`indexes/index.cdxj` is sorted by bytes. Captures of files that are still open stand in a journal for each
(`indexes/<file>.journal`) until the file is sealed and the journal merged. Everything here can be made again
from the WARC files by `archive.writing.recover.rebuild_index`.
"""

from __future__ import annotations

import heapq
import json
import mmap
import os
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import time_ns
from typing import Any

from archive.capture import Capture, is_sound
from archive.collection import Collection
from archive.errors import BrokenIndex
from archive.locking import locked, sync_folder
from archive.warc.warcformat import clean_url

NAME = "index.cdxj"
JOURNAL = ".journal"
LOCK = ".lock"
_STATUS = re.compile(r"[0-9]{3}")
_MIME = re.compile(r"[;\s]")


def key_of(url: str) -> str:
    """The SURT form of an address, by which CDXJ files are sorted; as cdxj-indexer and pywb make it."""
    import surt  # loads an HTTP client besides, which most commands have no use for

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
    url = clean_url(capture.url)
    fields: dict[str, Any] = {
        "url": url,
        "mime": "warc/revisit"
        if capture.record_type == "revisit"
        else _MIME.split(capture.mime, maxsplit=1)[0],
        "status": "" if capture.status is None else str(capture.status),
        "digest": capture.stated_digest or capture.payload_digest,
        "length": str(capture.length),
        "offset": str(capture.offset),
        "filename": capture.file,
        "id": capture.record_id,
        "time": capture.time.astimezone(UTC).isoformat(),
    }
    if capture.stated_digest:
        fields["payloadDigest"] = capture.payload_digest
    if capture.refers_to:
        fields["refersTo"] = capture.refers_to
    if capture.source_uri:
        fields["sourceUri"] = capture.source_uri
    if capture.truncated:
        fields["truncated"] = capture.truncated
    if capture.record_type == "resource":
        fields["type"] = "resource"
    fields = {name: value for name, value in fields.items() if value != ""}
    return f"{key_of(url)} {stamp_of(capture.time)} {json.dumps(fields)}\n"


def capture_in(line: str) -> Capture:
    """The capture that a line of this index describes. Raises BrokenIndex."""
    try:
        fields = json.loads(line.split(" ", 2)[2])
        kind = "revisit" if fields.get("mime") == "warc/revisit" else fields.get("type", "response")
        stated = fields.get("digest", "")
        digest = fields.get("payloadDigest", stated)
        found = Capture(
            record_id=fields["id"],
            url=fields["url"],
            time=datetime.fromisoformat(fields["time"]),
            status=_status(fields.get("status", "")),
            mime=fields.get("mime", ""),
            file=fields["filename"],
            offset=int(fields["offset"]),
            length=int(fields["length"]),
            payload_digest=digest,
            record_type=kind,
            refers_to=fields.get("refersTo"),
            truncated=fields.get("truncated"),
            stated_digest=stated if stated != digest else None,
            source_uri=fields.get("sourceUri"),
        )
        if not is_sound(found):
            raise ValueError(line[:60])
        return found
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise BrokenIndex(
            f"the index has a damaged line ({line[:60]!r}); make it anew from the files"
        ) from error


def _status(listed: str) -> int | None:
    if listed and not _STATUS.fullmatch(listed):
        raise ValueError(f"{listed!r} is no status")
    return int(listed) if listed else None


def journal_of(collection: Collection, file: str) -> Path:
    """Where the captures of a file stand until it is sealed."""
    return collection.indexes / (file + JOURNAL)


def captures(collection: Collection) -> Iterator[Capture]:
    """Every capture of the index, those of open files last. Raises BrokenIndex, also when it is not in order."""
    yield from map(capture_in, _lines(collection, "", _in_order))


def places_of_lines(collection: Collection) -> Iterator[tuple[Path, int, bytes]]:
    """Each line about sealed files as it stands, damaged or not: its file, the byte it begins at, its bytes.

    Lines that another process merges meanwhile may come twice.
    """
    for path in (*_journals(collection), collection.indexes / NAME):
        about = path.name.removesuffix(JOURNAL)
        if not path.is_file() or (path.name != NAME and not (collection.archive / about).exists()):
            continue
        try:
            with path.open("rb") as lines:
                offset = 0
                for line in lines:
                    yield path, offset, line
                    offset += len(line)
        except FileNotFoundError:
            continue


def lookup(collection: Collection, url: str) -> list[Capture]:
    """All captures of an address, oldest first. http and https twins share a key."""
    return sorted(map(capture_in, _lines_with(collection, f"{key_of(url)} ")), key=lambda found: found.time)


def lookup_prefix(collection: Collection, url: str) -> list[Capture]:
    """All captures of addresses that begin like `url`, by address and time."""
    return [capture_in(line) for line in sorted(_lines_with(collection, key_of(url).rstrip("/")))]


def lookup_closest(collection: Collection, url: str, time: datetime) -> Capture | None:
    """The capture of an address nearest to a time."""
    found = lookup(collection, url)
    return min(found, key=lambda capture: abs(capture.time - time)) if found else None


def merge(collection: Collection) -> None:
    """Moves the journals of sealed files into the sorted index; safe while other processes do the same."""
    with locked(collection.indexes / LOCK):
        journals = [
            journal
            for journal in _journals(collection)
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
    with locked(collection.indexes / LOCK):
        lines = sorted({line_of(capture) for capture in found}, key=str.encode)
        _replace(collection.indexes / NAME, lines)
        for journal in _journals(collection):
            if (collection.archive / journal.name.removesuffix(JOURNAL)).exists():
                journal.unlink()
    return len(lines)


def _journals(collection: Collection) -> list[Path]:
    return sorted(path for path in collection.indexes.glob(f"*{JOURNAL}") if path.is_file())


def _whole_lines(path: Path) -> Iterator[str]:
    """The lines of a file but for one that is just being written. Raises BrokenIndex, also when it is no file."""
    if path.exists() and not path.is_file():
        raise BrokenIndex(f"{path} is no file; holdfast rebuild makes it anew")
    with path.open(encoding="utf-8", newline="\n") as lines:
        try:
            yield from (line for line in lines if line.endswith("\n"))
        except UnicodeDecodeError as error:
            raise BrokenIndex(
                f"{path} has a damaged line ({error.reason}); make it anew from the files"
            ) from error


def _in_order(path: Path) -> Iterator[str]:
    """The lines of the sorted index; whoever searches it misses those that are out of their place."""
    last = b""
    for line in _whole_lines(path):
        key = line.encode()
        if key < last:
            raise BrokenIndex(
                f"the lines of {path} are not in order ({line[:60]!r}); make it anew from the files"
            )
        last = key
        yield line


def _lines_with(collection: Collection, prefix: str) -> Iterator[str]:
    return _lines(collection, prefix, lambda path: _search(path, prefix.encode()))


def _lines(collection: Collection, prefix: str, merged: Callable[[Path], Iterator[str]]) -> Iterator[str]:
    """The lines that begin with `prefix`: those that `merged` finds in the sorted index, then those of the journals.

    The journals are read first: one that another process merges meanwhile is in the index by then.
    """
    waiting: dict[str, None] = {}
    for journal in _journals(collection):
        try:
            waiting |= dict.fromkeys(line for line in _whole_lines(journal) if line.startswith(prefix))
        except FileNotFoundError:
            continue
    index = collection.indexes / NAME
    if index.exists():
        for line in merged(index):
            waiting.pop(line, None)
            yield line
    yield from waiting


def _search(path: Path, prefix: bytes) -> Iterator[str]:
    """The lines of a sorted file that begin with `prefix`, by binary search."""
    if not path.is_file():
        raise BrokenIndex(f"{path} is no file; holdfast rebuild makes it anew")
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
            try:
                yield data[low:end].decode()
            except UnicodeDecodeError as error:
                raise BrokenIndex(
                    f"{path} has a damaged line at byte {low}; make it anew from the files"
                ) from error
            low = end


def _merged(path: Path, fresh: list[str]) -> Iterator[str]:
    old: Iterable[str] = _in_order(path) if path.exists() else ()
    last = None
    for line in heapq.merge(old, fresh, key=str.encode):
        if line != last:
            yield line
        last = line


def _replace(path: Path, lines: Iterable[str]) -> None:
    """Writes the index; a folder or the like that stands in its place is moved aside."""
    part = path.with_name(path.name + ".part")
    try:
        with part.open("w", encoding="utf-8") as out:
            out.writelines(lines)
            out.flush()
            os.fsync(out.fileno())
        if path.exists() and not path.is_file():
            path.rename(path.with_name(f"{path.name}.no-file-{time_ns()}"))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    sync_folder(path.parent)
