"""Reads the WARC, ARC and WACZ files of others, record by record, and says where one is broken."""

from __future__ import annotations

import gzip
import logging
import zipfile
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Any
from uuid import NAMESPACE_URL, uuid5

from isal import isal_zlib

from archive.capture import Capture
from archive.digest import AT_IMPORT, agrees, sha256
from archive.errors import BrokenRecord, UnreadableArchive
from archive.foreign.framing import Framing
from archive.foreign.incoming import Defect, IncomingRecord
from archive.reader import MAX_RECORD_BYTES, stored_response
from archive.warc.gzipmember import GZIP, LEVEL
from archive.warc.payloads import has_payload
from archive.warc.placing import CAPTURES, placed
from archive.warc.warcformat import MAX_WARC_HEAD_BYTES

ORIGINAL_ID = "WARC-Original-Record-ID"
"""The header with the id that a record came with, when another record has it already."""

# What warcio has to say comes back as a Defect; without a handler Python would print it.
logging.getLogger("warcio").addHandler(logging.NullHandler())

__all__ = [
    "Defect",
    "IncomingRecord",
    "capture_of",
    "records",
    "records_in",
    "with_header_lines",
    "with_new_id",
]


def records(path: Path) -> Iterator[IncomingRecord | Defect]:
    """The records of a WARC, ARC or WACZ file, gzipped or not, in order; defects stand among them.

    What is damaged gives a Defect with its offset, and reading goes on with the next whole record. Raises
    UnreadableArchive for a file that holds no record at all.
    """
    if _is_zip(path):
        yield from _of_wacz(path)
        return
    if path.stat().st_size == 0:
        raise UnreadableArchive(f"{path} is empty")
    with path.open("rb") as stream:
        found = yield from _of_stream(path, stream)
    if not found:
        raise UnreadableArchive(
            f"{path} is not a WARC, ARC or WACZ file: it holds no record that can be read"
        )


def records_in(content: IO[bytes], name: str) -> Iterator[IncomingRecord | Defect]:
    """The same for a WARC or ARC file that is open, or part of one; `name` says in messages what it is."""
    yield from _of_stream(Path(name), content)


def with_header_lines(incoming: IncomingRecord, lines: tuple[str, ...]) -> IncomingRecord:
    """The record with more lines in its WARC header; its id, date, digests and block stay as they are."""
    head, _, rest = gzip.decompress(incoming.raw).partition(b"\r\n\r\n")
    found = [*head.split(b"\r\n"), *(line.encode() for line in lines)]
    block = rest[: -len(b"\r\n\r\n")]
    response = stored_response(_fields(found), block, incoming.where) if incoming.response else None
    return replace(incoming, raw=_member(found, block), response=response)


def with_new_id(incoming: IncomingRecord) -> IncomingRecord:
    """The record under an id made of its content, for one whose own id is that of another; that stands beside it."""
    head, _, rest = gzip.decompress(incoming.raw).partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    kept = [line for line in lines if line.partition(b":")[0].strip().lower() != b"warc-record-id"]
    made = f"urn:uuid:{uuid5(NAMESPACE_URL, sha256(head, rest))}"
    told = (f"WARC-Record-ID: <{made}>", f"{ORIGINAL_ID}: <{incoming.record_id}>")
    found = [*kept, *(line.encode("utf-8", "replace") for line in told)]
    block = rest[: -len(b"\r\n\r\n")]
    response = stored_response(_fields(found), block, incoming.where) if incoming.response else None
    return replace(incoming, raw=_member(found, block), record_id=made, response=response)


def capture_of(incoming: IncomingRecord) -> Callable[[str, int, int], Capture] | None:
    """Gives the capture of a copied record once its place is known; None for a record that is no capture."""
    return placed(incoming.response) if incoming.response else None


def _is_zip(path: Path) -> bool:
    """Whether a file begins as a ZIP file does; `zipfile.is_zipfile` finds one in the last record of a WARC, too."""
    with path.open("rb") as stream:
        return stream.read(4) in (b"PK\x03\x04", b"PK\x05\x06")


def _of_wacz(path: Path) -> Iterator[IncomingRecord | Defect]:
    # It loads what checks signatures: for packages only.
    from archive.foreign.packaged import UNREADABLE_MEMBER, package_defects, warcs_in

    try:
        with zipfile.ZipFile(path) as wacz:
            yield from package_defects(path, wacz)
            for entry in warcs_in(wacz):
                try:
                    with wacz.open(entry) as stream:
                        yield from _of_stream(path, stream, entry.filename)
                except UNREADABLE_MEMBER as error:
                    yield Defect(path, entry.header_offset, f"not read: {_reason(error)}", entry.filename)
    except (zipfile.BadZipFile, OSError) as error:
        raise UnreadableArchive(f"{path} is not a WACZ that can be read: {_reason(error)}") from error


def _of_stream(
    path: Path, stream: IO[bytes], member: str = ""
) -> Generator[IncomingRecord | Defect, None, int]:
    """What a stream of records holds; returns (to `yield from`) how many records there were."""
    # warcio loads fsspec besides; our own archive is read without either.
    from warcio.exceptions import ArchiveLoadFailed
    from warcio.recordloader import ArcWarcRecordLoader

    found = 0
    framing = Framing(stream)
    loader = ArcWarcRecordLoader(verify_http=False, arc2warc=True)
    while True:
        before = framing.here()
        offset, skipped = framing.seek_record()
        if not found and (skipped or offset is None) and not framing.damage():
            return found
        if skipped:
            yield Defect(path, before, f"{skipped} bytes here belong to no record", member)
        if offset is None:
            if damage := framing.damage():
                yield Defect(path, framing.here(), damage, member)
            if framing.resume():
                continue
            return found
        where = f"{path}, {member} at byte {offset}" if member else f"{path} at byte {offset}"
        try:
            loaded = loader.parse_record_stream(framing, statusline=framing.head, no_record_parse=True)
            read = _record(loaded, framing.head, where)
        except (ArchiveLoadFailed, BrokenRecord, EOFError, ValueError, OSError) as error:
            yield Defect(path, offset, _reason(error), member)
            continue
        found += 1
        yield read
        if read.problem:
            yield Defect(path, offset, read.problem, member)


def _record(loaded: Any, head: bytes, where: str) -> IncomingRecord:
    """A record that warcio loaded as an incoming one. Raises BrokenRecord when it is not whole."""
    if len(head) > MAX_WARC_HEAD_BYTES:
        raise BrokenRecord(
            f"its WARC header is longer than {MAX_WARC_HEAD_BYTES // 1024} KB, which WARC readers do not take"
        )
    if loaded.length is None or loaded.length < 0:
        raise BrokenRecord("the record does not say how long it is")
    if loaded.length > MAX_RECORD_BYTES:
        raise BrokenRecord(f"the record is longer than {MAX_RECORD_BYTES} bytes")
    block = loaded.raw_stream.read(loaded.length) if loaded.length else b""
    if len(block) < loaded.length:
        raise BrokenRecord(f"the record is cut off: {len(block)} of {loaded.length} bytes are there")
    kind = str(loaded.rec_type or "unknown")
    lines = _lines(head) if head.startswith(b"WARC/") else _converted(loaded, block)
    lines += _missing(lines, kind, head, block)
    response, problem = None, _wrong_digest(lines, kind, block)
    lines = _as_it_came(lines, block, wrong=problem is not None)
    if kind in CAPTURES:
        try:
            response = stored_response(_fields(lines), block, where)
        except BrokenRecord as error:
            problem = str(error).removeprefix(f"{where}: ")
        if response and not response.url:
            response, problem = None, "the record has no address"
        if response and kind != "revisit" and not _stated(lines, b"warc-payload-digest"):
            lines.append(b"WARC-Payload-Digest: " + response.payload_digest.encode())
            response = stored_response(_fields(lines), block, where)
    named = _stated(lines, b"warc-record-id").decode("utf-8", "replace").strip("<>")
    record_id = response.record_id if response else named
    return IncomingRecord(kind, _member(lines, block), where, record_id, response, problem)


def _lines(head: bytes) -> list[bytes]:
    """The version line and the header lines of a WARC record as found, without line ends."""
    return [line.rstrip(b"\r") for line in head.split(b"\n") if line.strip()]


def _converted(loaded: Any, block: bytes) -> list[bytes]:
    """The header lines that an ARC record has as a WARC record."""
    found = [(str(name), str(value)) for name, value in loaded.rec_headers.headers]
    kept = [
        f"{name}: {value}"
        for name, value in found
        if name.lower() not in ("content-length", "warc-record-id")
    ]
    return [line.encode() for line in ["WARC/1.1", *kept, f"Content-Length: {len(block)}"]]


def _missing(lines: list[bytes], kind: str, head: bytes, block: bytes) -> list[bytes]:
    """What WARC 1.1 §5 demands and the record does not have. An id is made of the content: a second import knows it."""
    missing = []
    if not _stated(lines, b"content-length").isdigit():
        raise BrokenRecord("the record does not say how long it is")
    if not _stated(lines, b"warc-type"):
        missing.append(b"WARC-Type: " + kind.encode())
    if not _stated(lines, b"warc-record-id"):
        missing.append(f"WARC-Record-ID: <urn:uuid:{uuid5(NAMESPACE_URL, sha256(head, block))}>".encode())
    return missing


def _stated(lines: list[bytes], name: bytes) -> bytes:
    """The first value of a header among header lines, or nothing."""
    for line in lines[1:]:
        key, _, value = line.partition(b":")
        if key.strip().lower() == name:
            return value.strip()
    return b""


def _fields(lines: list[bytes]) -> tuple[tuple[str, str], ...]:
    pairs = (line.decode("utf-8", "replace").partition(":") for line in lines[1:])
    return tuple((name.strip(), value.strip()) for name, _, value in pairs)


def _as_it_came(lines: list[bytes], block: bytes, *, wrong: bool) -> list[bytes]:
    """The header lines with our own digest of a record whose stated one is wrong; one that does not hold is left out.

    By it `verify` tells what came so from what is damaged since.
    """
    ours = AT_IMPORT.lower().encode()
    held = [line for line in lines if line.partition(b":")[0].strip().lower() != ours]
    return [*held, f"{AT_IMPORT}: {sha256(block)}".encode()] if wrong else held


def _wrong_digest(lines: list[bytes], kind: str, block: bytes) -> str | None:
    """Which digest is not that of the bytes. The payload of a revisit is not judged: it is left out."""
    said = _stated(lines, b"warc-block-digest").decode("latin-1")
    if said and agrees(said, block) is False:
        return f"the bytes of the record are not those of its block digest {said}"
    said = _stated(lines, b"warc-payload-digest").decode("latin-1")
    content_type = _stated(lines, b"content-type").decode("latin-1")
    if kind != "revisit" and said and not has_payload(block, content_type, said):
        return f"the payload of the record is not that of its digest {said}"
    return None


def _member(lines: list[bytes], block: bytes) -> bytes:
    packer = isal_zlib.compressobj(LEVEL, isal_zlib.DEFLATED, GZIP)
    parts = (b"\r\n".join(lines), b"\r\n\r\n", block, b"\r\n\r\n")
    return b"".join([*(packer.compress(part) for part in parts), packer.flush()])


def _reason(error: Exception) -> str:
    said = " ".join(str(error).split())
    return said[:200] or type(error).__name__
