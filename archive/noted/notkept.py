"""Pages that were fetched and not kept: a metadata record says so, with the digest of what was not kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from archive.digest import sha256
from archive.exchange import Exchange
from archive.noted.notes import Notes
from archive.warc.warcformat import (
    FIELDS,
    circumstances,
    clean_url,
    fields_block,
    header,
    new_id,
    record,
    time_of,
)
from archive.writing.entry import Entry

DECISION = "not-kept-because"
"""The field of a metadata record that says why a page's bytes were not kept."""

_STATUS = re.compile(r"[0-9]{3}")
_SIZE = re.compile(r"[0-9]{1,15}")


@dataclass(frozen=True, slots=True)
class NotKept:
    """A page that was looked at and left: its digest and size, why, and by which terms (their digest) it was judged."""

    record_id: str
    url: str
    time: datetime
    status: int | None
    mime: str
    payload_digest: str
    payload_bytes: int
    reason: str
    terms: str


def decided(exchange: Exchange, reason: str, terms: str) -> NotKept:
    """The decision on a page, before it is written."""
    return NotKept(
        record_id=new_id(),
        url=clean_url(exchange.url),
        time=exchange.started_at,
        status=exchange.status,
        mime=header(exchange.response_headers, b"content-type").decode("latin-1"),
        payload_digest=sha256(exchange.body),
        payload_bytes=len(exchange.body),
        reason=reason,
        terms=terms,
    )


def not_kept_entry(made: NotKept, exchange: Exchange) -> Entry:
    """The decision as a metadata record (WARC 1.1 §6.5) about an address that has no capture."""
    told = [
        (DECISION, made.reason),
        ("terms", made.terms),
        ("status", str(made.status)),
        ("content-type", made.mime),
        ("payload-digest", made.payload_digest),
        ("payload-bytes", str(made.payload_bytes)),
        *circumstances(exchange),
    ]
    named = [("WARC-Target-URI", made.url)]
    return Entry((record("metadata", made.record_id, made.time, named, FIELDS, (fields_block(told),)),), None)


def read_back(notes: Notes) -> NotKept | None:
    """The decision that a metadata record holds; None for a record of another kind, and for one that is damaged."""
    told, named = notes.fields, notes.headers
    if DECISION not in told:
        return None
    status, size = told.get("status", ""), told.get("payload-bytes", "")
    try:
        time = time_of(named["warc-date"])
    except (KeyError, ValueError):
        return None
    return NotKept(
        record_id=named.get("warc-record-id", "").strip("<>"),
        url=named.get("warc-target-uri", ""),
        time=time,
        status=int(status) if _STATUS.fullmatch(status) else None,
        mime=told.get("content-type", ""),
        payload_digest=told.get("payload-digest", ""),
        payload_bytes=int(size) if _SIZE.fullmatch(size) else 0,
        reason=told[DECISION],
        terms=told.get("terms", ""),
    )
