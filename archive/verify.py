"""Checks everything: each record's bytes, the index against the files, the custody log, signatures, time-stamps."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.coding import dechunked
from archive.collection import Collection
from archive.custody.keys import verifies
from archive.custody.log import LOG, Line, lines
from archive.custody.merkle import EMPTY, grow, leaf_hash, root_of
from archive.custody.timestamp import check, stamped
from archive.digest import agrees
from archive.errors import ArchiveError, BrokenRecord
from archive.gzipmember import expand, record_places
from archive.index import captures
from archive.reader import MAX_RECORD_BYTES, parse_http, parse_record
from archive.storage import ledger
from archive.warcformat import header

CAPTURES = ("response", "revisit", "resource")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: where, as exactly as can be said, and what, in a sentence."""

    file: str
    problem: str
    offset: int | None = None
    record_id: str | None = None
    url: str | None = None

    def __str__(self) -> str:
        """The finding as one line."""
        place = f" at byte {self.offset}" if self.offset is not None else ""
        subject = f" ({self.url})" if self.url else ""
        return f"{self.file}{place}{subject}: {self.problem}"


def verify_collection(collection: Collection) -> Iterator[Finding]:
    """Every record's digests and the index against the files, both ways."""
    listed = {(capture.file, capture.offset): capture for capture in captures(collection)}
    stored = ledger(collection)
    for path in collection.sealed():
        for found in _verify_file(path):
            if isinstance(found, Finding):
                yield found
                continue
            offset, length, record_id, url = found
            capture = listed.pop((path.name, offset), None)
            if capture is None:
                yield Finding(path.name, "the index does not list this capture", offset, record_id, url)
            elif (capture.record_id, capture.length) != (record_id, length):
                yield Finding(
                    path.name, "the index says something else of this capture", offset, record_id, url
                )
    open_now = {path.name.removesuffix(".open") for path in collection.unsealed()}
    for (file, offset), capture in listed.items():
        if file in stored and not (collection.archive / file).exists():
            continue
        if file not in open_now:
            problem = "the index lists a capture that is not there"
            yield Finding(file, problem, offset, capture.record_id, capture.url)


def verify_custody(
    folder: Path, collections: list[Collection], authority_root: Path | None = None
) -> Iterator[Finding]:
    """The log's chain and signatures, its entries against the sealed files, and the time-stamps."""
    log: list[Line] = []
    try:
        log.extend(lines(folder))
    except ArchiveError as error:
        yield Finding(LOG, str(error))
        return
    yield from _verify_chain(folder, log)
    yield from _verify_seals(log, collections)
    yield from _verify_stamps(folder, log, authority_root)


def _verify_file(path: Path) -> Iterator[Finding | tuple[int, int, str, str]]:
    """Findings, and the place, id and address of each capture."""
    whole = 0
    for offset, end in record_places(path):
        if offset > whole:
            yield Finding(path.name, f"{offset - whole} bytes are damaged or are no whole record", whole)
        whole = end
        try:
            with path.open("rb") as stream:
                raw = b"".join(expand(stream, offset, where=path.name, limit=MAX_RECORD_BYTES))
            headers, block = parse_record(raw, f"{path.name} at byte {offset}")
        except BrokenRecord as error:
            yield Finding(path.name, str(error), offset)
            continue
        field = {name.lower(): value for name, value in headers}
        record_id, url = (
            field.get("warc-record-id", "").strip("<>"),
            field.get("warc-target-uri", "").strip("<>"),
        )
        kind = field.get("warc-type", "")
        if (stated := field.get("warc-block-digest")) and agrees(stated, block) is False:
            yield Finding(
                path.name, "the record's bytes do not have their block digest", offset, record_id, url
            )
        elif kind in ("response", "resource") and not _has_its_payload(block, field):
            yield Finding(path.name, "the payload does not have its digest", offset, record_id, url)
        if not raw.endswith(b"\r\n\r\n"):
            yield Finding(path.name, "the record does not end as it should", offset, record_id, url)
        if kind in CAPTURES:
            yield offset, end - offset, record_id, url
    size = path.stat().st_size
    if whole < size:
        yield Finding(path.name, f"{size - whole} bytes are damaged or are no whole record", whole)


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


def _verify_chain(folder: Path, log: list[Line]) -> Iterator[Finding]:
    frontier: list[bytes] = []
    for number, line in enumerate(log):
        where = f"{LOG}, line {number + 1}"
        frontier = grow(frontier, number, leaf_hash(line.leaf))
        if line.entry.get("index") != number or line.head.size != number + 1:
            yield Finding(where, "the entry is out of its order: a line was removed, added or moved")
        if root_of(frontier) != line.head.root or list(line.frontier) != frontier:
            yield Finding(where, "the entry does not belong to the chain: it or one before it was changed")
        if not verifies(folder, line.key, line.signature, line.head.text()):
            yield Finding(where, "the signature does not hold")


def _verify_seals(log: list[Line], collections: list[Collection]) -> Iterator[Finding]:
    sealed = {
        str(line.entry["subject"].get("file")): line.entry["subject"]
        for line in log
        if line.entry.get("act") in ("seal", "recover") and isinstance(line.entry.get("subject"), dict)
    }
    for collection in collections:
        away = ledger(collection)
        present = {path.name: path for path in collection.sealed()}
        for name, path in present.items():
            subject = sealed.get(name)
            if subject is None:
                yield Finding(name, "the custody log has no entry for this file")
                continue
            with path.open("rb") as content:
                digest = hashlib.file_digest(content, "sha256").hexdigest()
            if subject.get("sha256") != digest:
                yield Finding(name, "the file is not what it was when it was sealed (SHA-256)")
        for name, subject in sealed.items():
            mine = subject.get("collection") == collection.root.name
            if mine and name not in present and name not in away:
                yield Finding(name, "the custody log says that this file was sealed, but it is not there")


def _verify_stamps(folder: Path, log: list[Line], authority_root: Path | None) -> Iterator[Finding]:
    try:
        stamps = stamped(folder)
    except (ArchiveError, OSError) as error:
        yield Finding("timestamps", str(error))
        return
    for path, head, text, answer in stamps:
        known = log[head.size - 1].head.root if 0 < head.size <= len(log) else EMPTY
        if head.root != known or head.text() != text:
            yield Finding(path.name, "the time-stamp is for another state of the log than the log has")
        elif authority_root is not None:
            try:
                check(answer, text, authority_root)
            except ArchiveError as error:
                yield Finding(path.name, str(error))
