"""Reads captures back, each by its place in one seek."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from archive.coding import coding_of, dechunked, decoded
from archive.collection import Collection
from archive.digest import agrees, sha256
from archive.errors import BrokenRecord, CaptureMissing
from archive.exchange import Headers, Original
from archive.index import lookup
from archive.storage import open_warc
from archive.warc.gzipmember import expand
from archive.warc.warcformat import NOT_MODIFIED, clean_url, header, time_of

MAX_RECORD_BYTES = 512 * 2**20
MAX_DECODED_BYTES = 128 * 2**20
HEAD_CHUNK = 1 << 12
"""More than the header lines of our records have."""

_LENGTH = re.compile(r"[0-9]{1,18}")
_STATUS = re.compile(rb"[1-9][0-9]{2}")


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """A capture as the archive has it.

    `payload` is the body after transfer decoding and before content decoding, in bytes as received; a `resource`
    has no status and no headers. For a `revisit` the payload is that of the capture it refers to.
    """

    record_id: str
    record_type: str
    url: str
    time: datetime
    status: int | None
    reason: str
    headers: Headers
    mime: str
    payload: bytes
    warc_headers: tuple[tuple[str, str], ...] = ()

    @property
    def payload_digest(self) -> str:
        """The digest of the payload as it was read now, not as some header says it should be."""
        return sha256(self.payload)

    def decoded(self, limit: int = MAX_DECODED_BYTES) -> bytes:
        """The payload with its content-encoding undone. Raises BrokenBody for damaged or exploding bodies."""
        return decoded(self.payload, coding_of(self.headers), limit=limit)


def read_capture(collection: Collection, file: str, offset: int) -> StoredResponse:
    """The capture at a place of a collection, by one seek; a revisit by one more, to what it repeats.

    Raises CaptureMissing when the file, or what a revisit repeats, is not there, BrokenRecord when no whole
    record begins at `offset`.
    """
    stored = _read(collection, file, offset)
    if stored.record_type != "revisit":
        return stored
    for place in _original_places(collection, stored):
        original = _read(collection, *place)
        if _is_repeated_by(stored, original):
            return _repeated(stored, original)
    raise CaptureMissing(
        f"{file}: what the revisit at byte {offset} repeats is not in the collection; run: holdfast verify"
    )


def read_original(collection: Collection, file: str, offset: int) -> Original:
    """What a revisit record says of the capture at this place. Raises CaptureMissing or BrokenRecord."""
    path = collection.path_of(file)
    head = b""
    if not path.is_file():
        raise CaptureMissing(f"{path} is not there; run: holdfast verify")
    try:
        with path.open("rb", buffering=0) as stream:
            for piece in expand(stream, offset, where=file, chunk=HEAD_CHUNK):
                head += piece
                if b"\r\n\r\n" in head:
                    break
    except FileNotFoundError as error:
        raise CaptureMissing(f"{path} is not there; run: holdfast verify") from error
    field = {name.lower(): value for name, value in warc_fields(head, f"{file} at byte {offset}")[0]}
    return Original(*_identity(field, f"{file} at byte {offset}"))


def warc_block(collection: Collection, file: str, offset: int) -> tuple[tuple[tuple[str, str], ...], bytes]:
    """The WARC headers and the content block of the record at a place."""
    with open_warc(collection, file) as stream:
        raw = b"".join(expand(stream, offset, where=file, limit=MAX_RECORD_BYTES))
    return parse_record(raw, f"{file} at byte {offset}")


def parse_record(raw: bytes, where: str) -> tuple[tuple[tuple[str, str], ...], bytes]:
    """The WARC headers and the content block of a record's plain bytes (WARC 1.1 §4). Raises BrokenRecord."""
    headers, rest = warc_fields(raw, where)
    length = next((value for name, value in headers if name.lower() == "content-length"), "")
    if not _LENGTH.fullmatch(length) or len(rest) < int(length):
        raise BrokenRecord(f"{where}: the record is shorter than its Content-Length")
    return headers, rest[: int(length)]


def warc_fields(raw: bytes, where: str) -> tuple[tuple[tuple[str, str], ...], bytes]:
    """The WARC headers at the start of a record, and what follows them. Raises BrokenRecord."""
    head, separator, rest = raw.partition(b"\r\n\r\n")
    if not separator or not head.startswith(b"WARC/"):
        raise BrokenRecord(f"{where}: these bytes are not a WARC record")
    return tuple(_field(line) for line in head.decode("utf-8", "replace").split("\r\n")[1:]), rest


def stored_response(warc_headers: tuple[tuple[str, str], ...], block: bytes, where: str) -> StoredResponse:
    """A capture from the headers and the block of its record. Raises BrokenRecord."""
    field = {name.lower(): value for name, value in warc_headers}
    kind = field.get("warc-type", "")
    content_type = field.get("content-type", "")
    status: int | None = None
    headers: Headers = ()
    reason, payload, mime = "", block, content_type
    if kind == "revisit" and not block:
        mime = ""
        status = 304 if field.get("warc-profile") == NOT_MODIFIED else None
    elif content_type.lower().startswith("application/http"):
        status, reason, headers, payload = parse_http(block, where)
        if b"chunked" in header(headers, b"transfer-encoding").lower():
            payload = dechunked(payload)
        mime = header(headers, b"content-type").decode("latin-1")
    record_id, url, time = _identity(field, where)
    return StoredResponse(record_id, kind, url, time, status, reason, headers, mime, payload, warc_headers)


def parse_http(block: bytes, where: str) -> tuple[int | None, str, Headers, bytes]:
    """Status, reason phrase, headers and body of an HTTP response as stored. Raises BrokenRecord."""
    head, separator, body = block.partition(b"\r\n\r\n")
    if not separator:
        head, separator, body = block.partition(b"\n\n")
    first, *lines = head.replace(b"\r\n", b"\n").split(b"\n")
    parts = first.split(None, 2)
    if (
        not parts
        or not parts[0].upper().startswith(b"HTTP/")
        or len(parts) < 2
        or not _STATUS.fullmatch(parts[1])
    ):
        raise BrokenRecord(f"{where}: the record does not begin with an HTTP status line")
    headers = tuple(
        (name.strip(), value.strip()) for name, _, value in (line.partition(b":") for line in lines)
    )
    reason = parts[2].decode("latin-1") if len(parts) > 2 else ""
    return int(parts[1]), reason, headers, body


def _read(collection: Collection, file: str, offset: int) -> StoredResponse:
    headers, block = warc_block(collection, file, offset)
    return stored_response(headers, block, f"{file} at byte {offset}")


def _identity(field: dict[str, str], where: str) -> tuple[str, str, datetime]:
    """Id, address and date from the WARC headers (by name in lower case)."""
    try:
        time = time_of(field["warc-date"])
        record_id = field["warc-record-id"].strip("<>")
    except (KeyError, ValueError) as error:
        raise BrokenRecord(f"{where}: the record has no usable date or id") from error
    return record_id, field.get("warc-target-uri", "").strip("<>"), time


def _original_places(collection: Collection, revisit: StoredResponse) -> Iterator[tuple[str, int]]:
    """Where the capture may be that a revisit repeats: the record it names, then those of the same address."""
    field = {name.lower(): value.strip("<>") for name, value in revisit.warc_headers}
    address = clean_url(field.get("warc-refers-to-target-uri") or revisit.url)
    candidates = [found for found in lookup(collection, address) if found.record_type != "revisit"]
    named = field.get("warc-refers-to")
    candidates.sort(key=lambda found: (found.record_id != named, abs(found.time - revisit.time)))
    yield from ((found.file, found.offset) for found in candidates)


def _is_repeated_by(revisit: StoredResponse, original: StoredResponse) -> bool:
    """Whether the payload is the one that the revisit speaks of."""
    wanted = stated_digest(revisit)
    return not wanted or agrees(wanted, original.payload) is True or wanted == stated_digest(original)


def _repeated(revisit: StoredResponse, original: StoredResponse) -> StoredResponse:
    """The revisit with what it left out: the payload, and the response's head too if it has none (WARC 1.1 §6.7)."""
    if revisit.headers:
        return replace(revisit, payload=original.payload)
    return replace(
        revisit,
        payload=original.payload,
        status=revisit.status or original.status,
        reason=original.reason,
        headers=original.headers,
        mime=original.mime,
    )


def stated_digest(stored: StoredResponse) -> str:
    """What the record's WARC-Payload-Digest says, true or not; empty when it says nothing."""
    return next((value for name, value in stored.warc_headers if name.lower() == "warc-payload-digest"), "")


def _field(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.strip(), value.strip()
