"""Makes a collection whole after a crash, a power failure or a full disk.

Whatever a writer left behind unsealed is scanned. All complete records stay; what follows the last of them,
a cut or zero-filled tail, is moved to `torn/` and never deleted; the file is sealed; the index is completed from the
files. Doing it twice, or while other writers are at work, changes nothing more.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from archive.capture import Capture
from archive.collection import OPEN, Collection
from archive.digest import sha256
from archive.errors import BrokenRecord
from archive.gzipmember import expand, member_ends
from archive.index import captures, journal_of, line_of, merge, replace_all
from archive.openfile import is_being_written, sync_folder
from archive.reader import MAX_RECORD_BYTES, parse_record, stored_response
from archive.warcformat import clean_url


@dataclass(frozen=True, slots=True)
class Torn:
    """A tail that was cut off: the file it was cut from, the offset it began at, its bytes, where it is now."""

    file: str
    offset: int
    bytes: int
    kept_at: Path


@dataclass(frozen=True, slots=True)
class Recovery:
    """What was found and done: files sealed, tails set aside, captures added to the index."""

    sealed: tuple[Path, ...] = ()
    torn: tuple[Torn, ...] = ()
    indexed: int = 0

    @property
    def anything(self) -> bool:
        """Whether there was something to mend."""
        return bool(self.sealed or self.torn or self.indexed)


def recover(collection: Collection, *, on_seal: Callable[[Path], None] = lambda path: None) -> Recovery:
    """Makes the collection whole; `on_seal` is called with each file that had to be sealed."""
    collection.make()
    sealed, torn = [], []
    for path in collection.unsealed():
        if is_being_written(path):
            continue
        end, size = _whole_until(path), path.stat().st_size
        if end < size:
            torn.append(_set_aside(collection, path, end, size))
        if end == 0:
            path.unlink()
            continue
        final = path.with_name(path.name.removesuffix(OPEN))
        path.rename(final)
        sync_folder(final.parent)
        _write_journal(collection, final)
        on_seal(final)
        sealed.append(final)
    merge(collection)
    return Recovery(tuple(sealed), tuple(torn), _index_forgotten(collection))


def rebuild_index(collection: Collection) -> int:
    """Makes the index of a collection anew from its sealed files; gives the number of captures."""
    collection.make()
    return replace_all(collection, (capture for path in collection.sealed() for capture in captures_in(path)))


def captures_in(path: Path) -> list[Capture]:
    """The captures of a WARC file, read from the file itself."""
    found = []
    for offset, end, _ in member_ends(path):
        capture = _capture_at(path, offset, end - offset)
        if capture:
            found.append(capture)
    return found


def _whole_until(path: Path) -> int:
    """The end of the last whole record."""
    whole = 0
    for _, end, head in member_ends(path):
        if not head.startswith(b"WARC/"):
            break
        whole = end
    return whole


def _set_aside(collection: Collection, path: Path, end: int, size: int) -> Torn:
    name = path.name.removesuffix(OPEN)
    kept_at = collection.torn / f"{name}.from-{end}"
    with path.open("rb+") as stream, kept_at.open("wb") as kept:
        stream.seek(end)
        while piece := stream.read(1 << 20):
            kept.write(piece)
        kept.flush()
        os.fsync(kept.fileno())
        sync_folder(collection.torn)
        stream.truncate(end)
        os.fsync(stream.fileno())
    return Torn(name, end, size - end, kept_at)


def _write_journal(collection: Collection, path: Path) -> None:
    journal = journal_of(collection, path.name)
    journal.write_text("".join(line_of(capture) for capture in captures_in(path)), encoding="utf-8")


def _index_forgotten(collection: Collection) -> int:
    """Indexes sealed files that the index does not know: a crash between sealing and indexing leaves such."""
    known = {capture.file for capture in captures(collection)}
    added = 0
    for path in collection.sealed():
        if path.name not in known and not journal_of(collection, path.name).exists():
            found = captures_in(path)
            if found:
                _write_journal(collection, path)
                added += len(found)
    if added:
        merge(collection)
    return added


def _capture_at(path: Path, offset: int, length: int) -> Capture | None:
    where = f"{path.name} at byte {offset}"
    with path.open("rb") as stream:
        raw = b"".join(expand(stream, offset, where=where, limit=MAX_RECORD_BYTES))
    headers, block = parse_record(raw, where)
    field = {name.lower(): value for name, value in headers}
    if field.get("warc-type") not in ("response", "revisit", "resource"):
        return None
    try:
        stored = stored_response(headers, block, where)
    except BrokenRecord:
        return None
    is_revisit = stored.record_type == "revisit"
    digest = field.get("warc-payload-digest", "") if is_revisit else sha256(stored.payload)
    refers_to = field.get("warc-refers-to")
    return Capture(
        record_id=stored.record_id,
        url=clean_url(stored.url),
        time=stored.time,
        status=stored.status,
        mime=stored.mime,
        file=path.name,
        offset=offset,
        length=length,
        payload_digest=digest,
        record_type=stored.record_type,
        refers_to=refers_to.strip("<>") if refers_to else None,
        truncated=field.get("warc-truncated"),
    )
