"""Checks a collection: every byte of every record, and the index against the files, both ways."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from hashlib import blake2b
from pathlib import Path

from archive.capture import Capture
from archive.collection import Collection
from archive.custody.check import verify_custody
from archive.digest import AT_IMPORT, agrees
from archive.errors import BrokenIndex, BrokenRecord, CaptureMissing, StorageFailed
from archive.finding import Finding, Grade
from archive.index import NAME, capture_in, line_of, places_of_lines
from archive.reader import MAX_RECORD_BYTES, parse_record, stored_response
from archive.storage import fetched, ledger, sealed_names
from archive.warc.gzipmember import expand, record_places
from archive.warc.payloads import has_payload
from archive.warc.placing import CAPTURES, placed

__all__ = ["Finding", "Grade", "verify_collection", "verify_custody"]


def verify_collection(
    collection: Collection, *, on_checked: Callable[[str], None] = lambda file: None
) -> Iterator[Finding]:
    """Each record's digests, what lies between records, and each line of the index against its record.

    Files that are only in the object store are fetched from it, one at a time, into the folder for temporary files.
    A file that cannot be had, and one that a writer has or had open, is named and not checked; `on_checked` is
    called with each that was.
    """
    for path in collection.no_files():
        yield Finding(path.name, _NO_INDEX if path.parent == collection.indexes else _NO_FILE)
    index: dict[bytes, tuple[Path, int]] = {}
    yield from _take_lines(collection, index)
    damaged: set[tuple[str, int]] = set()
    unlisted: dict[tuple[str, int], Capture] = {}
    here: set[str] = set()
    for file in sealed_names(collection):
        try:
            with fetched(collection, file) as copy:
                if copy.problem:
                    yield Finding(file, copy.problem)
                for found in _verify_file(copy.path, file):
                    if isinstance(found, Capture):
                        if index.pop(_key(line_of(found).encode()), None) is None:
                            unlisted[found.file, found.offset] = found
                        continue
                    if found.grade is Grade.DAMAGED:
                        damaged.add((found.file, found.offset or 0))
                    yield found
        except CaptureMissing as error:
            yield Finding(file, str(error))
        except StorageFailed as error:
            yield Finding(file, str(error), grade=Grade.NOT_CHECKED)
        else:
            here.add(file)
            on_checked(file)
    for place in index.values():
        yield from _without_record(collection, place, here, damaged, unlisted)
    for capture in unlisted.values():
        if (capture.file, capture.offset) not in damaged:
            yield _about(capture, "the index does not list this capture; holdfast rebuild makes it anew")
    for path in collection.unsealed():
        yield Finding(path.name, _UNFINISHED, grade=Grade.UNFINISHED)


def _take_lines(collection: Collection, index: dict[bytes, tuple[Path, int]]) -> Iterator[Finding]:
    """Fills `index` with the place of each line; says where the sorted file first is not in order."""
    last, in_order = b"", True
    for path, offset, line in places_of_lines(collection):
        index[_key(line)] = path, offset
        if path.name != NAME:
            continue
        if in_order and line < last:
            in_order = False
            yield Finding(NAME, _DISORDER, offset)
        last = line


_NO_FILE = "this is no file; move it away, and restore the file from your backup"
_NO_INDEX = "this is no file; holdfast rebuild makes the index anew"
_DISORDER = "the lines are not in order, so that captures are not found by them; holdfast rebuild makes the index anew"
_UNFINISHED = "it is being written, or its writer was killed; the next crawl or import makes it whole"


def _verify_file(path: Path, name: str) -> Iterator[Finding | Capture]:
    """What is wrong with the file `name`, which lies at `path`, and the captures in it."""
    whole = 0
    for offset, end in record_places(path):
        if offset > whole:
            yield Finding(name, f"{offset - whole} bytes are damaged or are no whole record", whole)
        whole = end
        try:
            yield from _verify_record(path, name, offset, end)
        except BrokenRecord as error:
            yield Finding(name, str(error), offset)
    size = path.stat().st_size
    if whole < size:
        yield Finding(name, f"{size - whole} bytes are damaged or are no whole record", whole)


def _verify_record(path: Path, name: str, offset: int, end: int) -> Iterator[Finding | Capture]:
    where = f"{name} at byte {offset}"
    with path.open("rb") as stream:
        raw = b"".join(expand(stream, offset, where=name, limit=MAX_RECORD_BYTES))
    headers, block = parse_record(raw, where)
    field = {name.lower(): value for name, value in headers}
    kind, record_id = field.get("warc-type", ""), field.get("warc-record-id", "").strip("<>")
    about = (offset, record_id, field.get("warc-target-uri", "").strip("<>"))
    ours = field.get(AT_IMPORT.lower())
    if ours and agrees(ours, block) is False:
        yield Finding(name, f"the record's bytes do not have the digest {ours} that they came with", *about)
    elif problem := _misstated(kind, block, field):
        grade = Grade.CAME_SO if ours else Grade.DAMAGED
        yield Finding(name, f"{problem}{', and did not when it came' if ours else ''}", *about, grade)
    if not raw.endswith(b"\r\n\r\n"):
        yield Finding(name, "the record does not end with two line breaks", *about)
    if kind in CAPTURES:
        try:
            response = stored_response(headers, block, where)
        except BrokenRecord:
            # A record of others that is not well-formed is kept, and is no capture (see `placing`).
            return
        yield placed(response)(name, offset, end - offset)


def _misstated(kind: str, block: bytes, field: dict[str, str]) -> str | None:
    """Which digest is not that of the bytes; those of a revisit's payload are not judged: it is left out."""
    if (stated := field.get("warc-block-digest")) and agrees(stated, block) is False:
        return f"the record's bytes do not have their block digest {stated}"
    stated = field.get("warc-payload-digest")
    judged = kind in ("response", "resource") and stated
    if judged and not has_payload(block, field.get("content-type", ""), stated or ""):
        return f"the payload does not have its digest {stated}"
    return None


def _without_record(
    collection: Collection,
    place: tuple[Path, int],
    here: set[str],
    damaged: set[tuple[str, int]],
    unlisted: dict[tuple[str, int], Capture],
) -> Iterator[Finding]:
    """What is wrong with a line of the index that no record makes; takes the capture it is about from `unlisted`."""
    path, at = place
    try:
        with path.open("rb") as lines:
            lines.seek(at)
            listed = capture_in(lines.readline().decode())
    except (BrokenIndex, UnicodeDecodeError):
        yield Finding(path.name, "this line cannot be read; holdfast rebuild makes the index anew", at)
        return
    except FileNotFoundError:
        return
    record = unlisted.pop((listed.file, listed.offset), None) or _same_record(listed, unlisted)
    if (listed.file, listed.offset) in damaged:
        yield _about(listed, "the index lists a capture here whose record is damaged")
    elif record is not None:
        other = [
            each.name for each in fields(Capture) if getattr(listed, each.name) != getattr(record, each.name)
        ]
        unlike = f"another {', '.join(other)}" if other else "another line"
        yield _about(record, f"the index has {unlike} than the record (line at byte {at} of {path.name})")
    elif listed.file in here:
        yield _about(listed, "the index lists a capture that is not there")
    elif not collection.path_of(listed.file).is_file() and listed.file not in ledger(collection):
        yield _about(listed, "the index lists a capture of a file that is not there")


def _same_record(listed: Capture, unlisted: dict[tuple[str, int], Capture]) -> Capture | None:
    same = next((place for place, each in unlisted.items() if each.record_id == listed.record_id), None)
    return unlisted.pop(same) if same else None


def _about(capture: Capture, problem: str) -> Finding:
    return Finding(capture.file, problem, capture.offset, capture.record_id, capture.url)


def _key(line: bytes) -> bytes:
    """Stands for a line: an index may have millions."""
    return blake2b(line, digest_size=16).digest()
