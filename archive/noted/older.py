"""Captures that another web archive took: kept under their own date, and saying where they were had from.

The record is a `response` with the original's address and date, with `WARC-Source-URI` and `WARC-Creation-Date` as pywb
writes them when it extracts from other archives. A metadata record after it holds our exchange with that archive.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from archive.capture import Capture
from archive.coding import coding_of, decoded
from archive.digest import agrees, sha256
from archive.errors import BrokenRecord
from archive.exchange import Exchange, Headers
from archive.foreign.incoming import IncomingRecord
from archive.foreign.intake import capture_of, records_in, with_header_lines
from archive.reader import MAX_DECODED_BYTES
from archive.warc.warcformat import (
    circumstances,
    clean_url,
    header,
    instant,
    is_compressed,
    new_id,
    notes_record,
    record,
    response_head,
)
from archive.writing.entry import Entry

ORIGINAL = b"x-archive-orig-"
"""Prefix under which Wayback machines and pywb hand on the header fields of the original response."""

CARRIED = (
    b"content-type",
    b"content-encoding",
    b"content-language",
    b"content-disposition",
    b"last-modified",
    b"etag",
    b"location",
)
"""Fields of a replayed response that are the original's, where no prefixed one says otherwise."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """How an older capture came to us.

    `archive` is the web archive's name, `source_uri` the address its bytes came from, `found_by` the index that
    listed it, `stated_digest` the payload digest that the index states (empty when it states none), and `operator` who
    fetched it. `reasons` are notes such as why robots.txt was not heeded.
    """

    archive: str
    source_uri: str
    found_by: str
    stated_digest: str = ""
    operator: str = ""
    reasons: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class OlderCapture:
    """A replayed capture: the original's address and date, and the exchange in which it was handed to us."""

    url: str
    time: datetime
    received: Exchange
    provenance: Provenance


def replayed_entry(older: OlderCapture) -> Entry:
    """A replayed capture as a response record, and a metadata record that says how it came.

    The header fields are the original's as far as the archive hands them on; the fields as we received them stand
    in the metadata record.
    """
    received = older.received
    body, headers, verdict = _payload(older)
    exchange = replace(received, url=older.url, response_headers=headers, body=body)
    digest, record_id = sha256(body), new_id()
    named = [
        ("WARC-Target-URI", clean_url(older.url)),
        ("WARC-Payload-Digest", digest),
        *_source(older.provenance, received),
    ]
    if received.truncated:
        named.append(("WARC-Truncated", received.truncated))
    mime = header(headers, b"content-type").decode("latin-1")
    packed = is_compressed(mime, header(headers, b"content-encoding"))
    response = record(
        "response",
        record_id,
        older.time,
        named,
        "application/http;msgtype=response",
        (response_head(exchange), body),
        compressed_already=packed,
    )

    def placed(file: str, offset: int, length: int) -> Capture:
        return Capture(
            record_id=record_id,
            url=clean_url(older.url),
            time=older.time,
            status=received.status,
            mime=mime,
            file=file,
            offset=offset,
            length=length,
            payload_digest=digest,
            truncated=received.truncated,
            source_uri=clean_url(older.provenance.source_uri),
        )

    notes = [*_notes(older.provenance, received), ("stated-digest-agrees", verdict)]
    return Entry((response, notes_record(record_id, older.url, received.started_at, notes)), placed)


def handed_over_entry(incoming: IncomingRecord, received: Exchange, provenance: Provenance) -> Entry:
    """A record out of the archive's own WARC file, as it is but for the two header lines that say where it is from.

    Raises BrokenRecord when the record is no capture.
    """
    lines = tuple(f"{name}: {value}" for name, value in _source(provenance, received))
    sourced = with_header_lines(incoming, lines)
    response, placed = sourced.response, capture_of(sourced)
    if response is None or placed is None:
        raise BrokenRecord(f"{incoming.where}: {incoming.problem or 'the record is no capture'}")
    agreed = agrees(provenance.stated_digest, response.payload) if provenance.stated_digest else None
    notes = [*_notes(provenance, received), ("stated-digest-agrees", _said(agreed))]
    described = notes_record(response.record_id, response.url, received.started_at, notes)
    return Entry((sourced.raw, described), placed)


def record_in(member: bytes, where: str) -> IncomingRecord:
    """The one record that a range of bytes out of a WARC file holds. Raises BrokenRecord."""
    for found in records_in(io.BytesIO(member), where):
        if isinstance(found, IncomingRecord) and found.response:
            return found
    raise BrokenRecord(f"{where}: these bytes hold no capture")


def _source(provenance: Provenance, received: Exchange) -> list[tuple[str, str]]:
    return [
        ("WARC-Source-URI", clean_url(provenance.source_uri)),
        ("WARC-Creation-Date", instant(received.started_at)),
    ]


def _payload(older: OlderCapture) -> tuple[bytes, Headers, str]:
    """Body and header fields of the original, and whether the archive's own digest is that of the body.

    A server may compress a body that the original had plain; only the stated digest can tell, and then the plain body
    is the original's.
    """
    body = older.received.body
    headers = _original_fields(older.received.response_headers, len(body))
    stated = older.provenance.stated_digest
    verdict = agrees(stated, body) if stated else None
    coding = coding_of(headers)
    if verdict is False and coding:
        try:
            plain = decoded(body, coding, limit=MAX_DECODED_BYTES)
        except BrokenRecord:
            return body, headers, _said(verdict)
        if agrees(stated, plain):
            uncoded = tuple(field for field in headers if field[0].lower() != b"content-encoding")
            return plain, uncoded, _said(True)
    return body, headers, _said(verdict)


def _original_fields(received: Headers, size: int) -> Headers:
    """The original's header fields that are true of a body of `size` bytes; others keep their prefix."""
    names = {name.lower() for name, _ in received}
    fields = []
    for name, value in received:
        bare = name.lower()
        if bare in CARRIED and (ORIGINAL + bare not in names or bare == b"content-encoding"):
            fields.append((name, value))
        elif bare == ORIGINAL + b"content-encoding":
            # Its coding was undone before the body was handed to us: under its own name, readers would undo it again.
            fields += [] if b"content-encoding" in names else [(name, value)]
        elif bare == ORIGINAL + b"content-length" and value.strip() != str(size).encode():
            fields.append((name, value))
        elif bare.startswith(ORIGINAL):
            fields.append((name[len(ORIGINAL) :], value))
    return tuple(fields)


def _said(agreed: bool | None) -> str:
    return {True: "yes", False: "no", None: "not known"}[agreed]


def _notes(provenance: Provenance, received: Exchange) -> Iterator[tuple[str, str]]:
    yield "taken-by", provenance.archive
    yield "source-uri", provenance.source_uri
    yield "fetched-at", instant(received.started_at)
    yield "fetched-by", provenance.operator
    yield "listed-by", provenance.found_by
    yield "stated-digest", provenance.stated_digest
    yield from provenance.reasons
    yield "received-status", f"{received.http_version} {received.status} {received.reason}".rstrip()
    for name, value in received.response_headers:
        yield "received-field", f"{name.decode('latin-1')}: {value.decode('latin-1')}"
    for name, value in received.request_headers:
        yield "sent-field", f"{name.decode('latin-1')}: {value.decode('latin-1')}"
    if received.ip_address:
        yield "server-ip-address", received.ip_address
    yield from circumstances(received)
