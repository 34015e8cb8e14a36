"""What is handed to the writer as the records to append and the capture that they make."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from archive.capture import Capture
from archive.digest import sha256
from archive.exchange import Exchange, Original
from archive.foreign.intake import IncomingRecord, capture_of, with_header_lines
from archive.warc.warcformat import (
    OF_OTHERS,
    Record,
    clean_url,
    exchange_records,
    header,
    notes_record,
    resource_record,
)

Place = Callable[[str, int, int], Capture]
"""Gives the capture once its file, offset and length are known."""

Originals = Callable[[str], Original | None]
"""Gives the earlier capture whose payload has a digest."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Records that go into one file one after the other; `placed` is None when they hold no capture.

    The capture's own record comes first: its offset is the entry's.
    """

    records: tuple[Record | bytes, ...]
    placed: Place | None


def exchange_entry(exchange: Exchange, original_of: Originals) -> Entry:
    """An exchange as response (or revisit), request and metadata records."""
    original: Original | None
    if confirmed := exchange.confirms:
        digest, original = confirmed.payload_digest, confirmed.original
    else:
        digest = sha256(exchange.body)
        repeatable = exchange.status is not None and exchange.body and not exchange.truncated
        original = original_of(digest) if repeatable else None
    records = tuple(exchange_records(exchange, digest, original))
    if exchange.status is None:
        return Entry(records, None)
    first = records[0]
    mime = "" if exchange.confirms else header(exchange.response_headers, b"content-type").decode("latin-1")

    def placed(file: str, offset: int, length: int) -> Capture:
        return Capture(
            record_id=first.record_id,
            url=clean_url(exchange.url),
            time=exchange.started_at,
            status=exchange.status,
            mime=mime,
            file=file,
            offset=offset,
            length=length,
            payload_digest=digest,
            record_type=first.kind,
            refers_to=original.record_id if original else None,
            truncated=exchange.truncated,
        )

    return Entry(records, placed)


def resource_entry(
    url: str,
    body: bytes,
    mime: str,
    time: datetime,
    notes: Iterable[tuple[str, str]],
    concurrent_to: str | None = None,
) -> Entry:
    """Bytes that came without an exchange as a `resource` record, and how they came as a metadata record."""
    extra = [("WARC-Concurrent-To", f"<{concurrent_to}>")] if concurrent_to else []
    made, digest = resource_record(url, body, mime, time, extra)
    told = tuple(notes)
    records = (made, notes_record(made.record_id, url, time, told)) if told else (made,)

    def placed(file: str, offset: int, length: int) -> Capture:
        return Capture(
            made.record_id, clean_url(url), time, None, mime, file, offset, length, digest, "resource"
        )

    return Entry(records, placed)


def copied_entry(incoming: IncomingRecord) -> Entry:
    """A record of others as it is; a metadata record with a header line more, by which it is known as theirs."""
    if incoming.kind == "metadata":
        incoming = with_header_lines(incoming, (f"{OF_OTHERS}: yes",))
    return Entry((incoming.raw,), capture_of(incoming))
