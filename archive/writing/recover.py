"""Makes a collection whole after a crash, a power failure or a full disk.

Whatever a writer left behind unsealed is scanned. All complete records stay, also those of an exchange whose later
records are missing: the response comes first, and counts once it is whole. What follows the last whole record, a
cut or zero-filled tail, is moved to `torn/` and never deleted. Should whole records follow after damage, they are
copied to a file of their own. The file is sealed and the index completed from the files. Doing it twice, or while
other writers are at work, changes nothing more.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.capture import Capture
from archive.collection import OPEN, WARC, Collection
from archive.errors import ArchiveError, BrokenIndex
from archive.index import (
    capture_in,
    captures,
    journal_of,
    line_of,
    merge,
    places_of_lines,
    replace_all,
)
from archive.locking import sync_folder
from archive.storage import fetched, ledger
from archive.warc.gzipmember import CHUNK, compressed, later_records, member_ends
from archive.warc.placing import captures_in
from archive.warc.warcformat import CrawlInfo, warcinfo
from archive.writing.openfile import claim


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
    """Makes the collection whole; `on_seal` is called with each file that had to be sealed.

    Raises ArchiveError when the disk does not let it; nothing is lost then, and it can be done again.
    """
    sealed: list[Path] = []
    torn: list[Torn] = []
    try:
        collection.make()
        for path in collection.unsealed():
            stream = claim(collection, path)
            if stream is None:
                continue
            with stream:
                for final in _mend(collection, path, stream, torn):
                    sealed.append(final)
                    on_seal(final)
        indexed = _complete_index(collection)
    except OSError as error:
        raise ArchiveError(
            f"{error.filename or collection.root}: {error.strerror or error}; the archive could not be made whole, "
            "nothing is lost: free some space, give permission or move away what stands there, then run this again"
        ) from error
    return Recovery(tuple(sealed), tuple(torn), indexed)


def rebuild_index(collection: Collection) -> int:
    """Makes the index of a collection anew from its sealed files; gives the number of captures.

    Of files that are only in an object store the lines that are there stay; where they are damaged or missing, the file
    is fetched: raises CaptureMissing or StorageFailed when it cannot be, and has changed nothing then.
    """
    collection.make()
    return replace_all(collection, [*_elsewhere(collection), *_from_files(collection)])


def _mend(collection: Collection, path: Path, stream: io.FileIO, torn: list[Torn]) -> Iterable[Path]:
    """Seals what is whole of an unsealed file; adds to `torn` what is not."""
    name, size, end = path.name.removesuffix(OPEN), path.stat().st_size, _whole_until(path)
    found = []
    if end < size:
        torn.append(_set_aside(collection, path, end, size))
        if later := list(later_records(path, end)):
            found.append(_copy_out(collection, path, end, later))
        stream.truncate(end)
        os.fsync(stream.fileno())
    if end == 0:
        path.unlink()
        return found
    _write_journal(collection, name, captures_in(path, name))
    final = path.with_name(name)
    path.rename(final)
    sync_folder(final.parent)
    return [final, *found]


def _whole_until(path: Path) -> int:
    """The end of the last record before any damage."""
    whole = 0
    with path.open("rb") as source:
        for _, end, head in member_ends(source):
            if not head.startswith(b"WARC/"):
                break
            whole = end
    return whole


def _set_aside(collection: Collection, path: Path, end: int, size: int) -> Torn:
    name = path.name.removesuffix(OPEN)
    kept_at = collection.torn / f"{name}.from-{end}"
    with path.open("rb") as source, kept_at.open("wb") as kept:
        source.seek(end)
        while piece := source.read(CHUNK):
            kept.write(piece)
        kept.flush()
        os.fsync(kept.fileno())
    sync_folder(collection.torn)
    return Torn(name, end, size - end, kept_at)


def _copy_out(collection: Collection, path: Path, end: int, later: list[tuple[int, int]]) -> Path:
    """Whole records that lie after damage, as a sealed file of their own."""
    stem = path.name.removesuffix(OPEN).removesuffix(WARC)
    name = f"{stem}-from-{end}{WARC}"
    part = collection.archive / f".{name}.part"
    about = CrawlInfo(
        collection.root.name, software=f"holdfast; records of {stem}{WARC} after damage at byte {end}"
    )
    with path.open("rb") as source, part.open("wb") as out:
        out.write(compressed(warcinfo(name, about, datetime.now(UTC))))
        for start, stop in later:
            source.seek(start)
            out.write(source.read(stop - start))
        out.flush()
        os.fsync(out.fileno())
    _write_journal(collection, name, captures_in(part, name))
    final = collection.archive / name
    part.replace(final)
    sync_folder(collection.archive)
    return final


def _complete_index(collection: Collection) -> int:
    """Merges what is known of sealed files and adds those that the index does not know; gives how many captures came.

    A crash between sealing and indexing leaves such files, a bit flip in the index makes all of it suspect.
    """
    try:
        merge(collection)
        known = {capture.file for capture in captures(collection)}
    except BrokenIndex:
        return rebuild_index(collection)
    added = 0
    for path in collection.sealed():
        if path.name not in known and not journal_of(collection, path.name).exists():
            found = captures_in(path, path.name)
            _write_journal(collection, path.name, found)
            added += len(found)
    if added:
        merge(collection)
    return added


def _write_journal(collection: Collection, name: str, found: Iterable[Capture]) -> None:
    with journal_of(collection, name).open("w", encoding="utf-8") as journal:
        journal.writelines(line_of(capture) for capture in found)
        journal.flush()
        os.fsync(journal.fileno())
    sync_folder(collection.indexes)


def _from_files(collection: Collection) -> Iterable[Capture]:
    return (capture for path in collection.sealed() for capture in captures_in(path, path.name))


def _elsewhere(collection: Collection) -> list[Capture]:
    """The captures of the files that only the store has, fetched where the index does not say well what is in them."""
    away = {name for name in ledger(collection) if not (collection.archive / name).is_file()}
    if not away:
        return []
    found: dict[str, list[Capture]] = {}
    damaged = False
    for _, _, line in places_of_lines(collection):
        try:
            capture = capture_in(line.decode())
        except (BrokenIndex, UnicodeDecodeError):
            damaged = True
            continue
        found.setdefault(capture.file, []).append(capture)
    for name in sorted(away):
        if damaged or name not in found:
            with fetched(collection, name) as copy:
                found[name] = captures_in(copy.path, name)
    return [capture for name in sorted(away) for capture in found[name]]
