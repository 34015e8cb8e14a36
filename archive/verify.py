"""Checks a collection: every byte of every record, and the index against the files, both ways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from hashlib import blake2b
from pathlib import Path

from archive.capture import Capture
from archive.coding import dechunked
from archive.collection import Collection
from archive.custody.check import verify_custody
from archive.digest import agrees
from archive.errors import BrokenIndex, BrokenRecord
from archive.finding import Finding
from archive.gzipmember import expand, record_places
from archive.index import capture_in, line_of, places_of_lines
from archive.placing import CAPTURES, placed
from archive.reader import MAX_RECORD_BYTES, parse_http, parse_record, stored_response
from archive.storage import ledger
from archive.warcformat import header

__all__ = ["Finding", "verify_collection", "verify_custody"]


def verify_collection(collection: Collection) -> Iterator[Finding]:
    """Each record's digests, what lies between records, and each line of the index against its record.

    Files that a writer has open are left out, as are those that are only in an object store.
    """
    files = collection.sealed()
    index = {_key(line): (path, offset) for path, offset, line in places_of_lines(collection)}
    damaged: set[tuple[str, int]] = set()
    unlisted: dict[tuple[str, int], Capture] = {}
    for path in files:
        for found in _verify_file(path):
            if isinstance(found, Finding):
                damaged.add((found.file, found.offset or 0))
                yield found
            elif index.pop(_key(line_of(found).encode()), None) is None:
                unlisted[found.file, found.offset] = found
    here = {path.name for path in files}
    for place in index.values():
        yield from _without_record(collection, place, here, damaged, unlisted)
    for capture in unlisted.values():
        if (capture.file, capture.offset) not in damaged:
            yield _about(capture, "the index does not list this capture; holdfast rebuild makes it anew")


def _verify_file(path: Path) -> Iterator[Finding | Capture]:
    """What is wrong with a file, and the captures in it."""
    whole = 0
    for offset, end in record_places(path):
        if offset > whole:
            yield Finding(path.name, f"{offset - whole} bytes are damaged or are no whole record", whole)
        whole = end
        try:
            yield from _verify_record(path, offset, end)
        except BrokenRecord as error:
            yield Finding(path.name, str(error), offset)
    size = path.stat().st_size
    if whole < size:
        yield Finding(path.name, f"{size - whole} bytes are damaged or are no whole record", whole)


def _verify_record(path: Path, offset: int, end: int) -> Iterator[Finding | Capture]:
    where = f"{path.name} at byte {offset}"
    with path.open("rb") as stream:
        raw = b"".join(expand(stream, offset, where=path.name, limit=MAX_RECORD_BYTES))
    headers, block = parse_record(raw, where)
    field = {name.lower(): value for name, value in headers}
    kind, record_id = field.get("warc-type", ""), field.get("warc-record-id", "").strip("<>")
    problems = []
    if (stated := field.get("warc-block-digest")) and agrees(stated, block) is False:
        problems.append(f"the record's bytes do not have their block digest {stated}")
    elif kind in ("response", "resource") and not _has_its_payload(block, field):
        problems.append(f"the payload does not have its digest {field.get('warc-payload-digest')}")
    if not raw.endswith(b"\r\n\r\n"):
        problems.append("the record does not end with two line breaks")
    url = field.get("warc-target-uri", "").strip("<>")
    yield from (Finding(path.name, problem, offset, record_id, url) for problem in problems)
    if kind in CAPTURES:
        try:
            response = stored_response(headers, block, where)
        except BrokenRecord:
            # A record of others that is not well-formed is kept, and is no capture (see `placing`).
            return
        yield placed(response)(path.name, offset, end - offset)


def _has_its_payload(block: bytes, field: dict[str, str]) -> bool:
    stated = field.get("warc-payload-digest")
    return not stated or any(agrees(stated, payload) is not False for payload in _payloads(block, field))


def _payloads(block: bytes, field: dict[str, str]) -> Iterator[bytes]:
    """What the payload may be: tools differ in whether they count chunk framing."""
    if not field.get("content-type", "").lower().startswith("application/http"):
        yield block
        return
    try:
        _, _, headers, body = parse_http(block, "")
    except BrokenRecord:
        yield block
        return
    yield body
    if header(headers, b"transfer-encoding"):
        yield dechunked(body)


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
    elif not collection.path_of(listed.file).exists() and listed.file not in ledger(collection):
        yield _about(listed, "the index lists a capture of a file that is not there")


def _same_record(listed: Capture, unlisted: dict[tuple[str, int], Capture]) -> Capture | None:
    same = next((place for place, each in unlisted.items() if each.record_id == listed.record_id), None)
    return unlisted.pop(same) if same else None


def _about(capture: Capture, problem: str) -> Finding:
    return Finding(capture.file, problem, capture.offset, capture.record_id, capture.url)


def _key(line: bytes) -> bytes:
    """Stands for a line: an index may have millions."""
    return blake2b(line, digest_size=16).digest()
