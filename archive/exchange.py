"""One HTTP exchange as it crossed the wire, before it is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

Headers = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class Tls:
    """What the TLS handshake agreed on: `version` as in `TLSv1.3`, `cipher` by its IANA name,
    `chain` the peer's certificates in DER, leaf first.
    """

    version: str
    cipher: str
    chain: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and the response to it.

    `body` is the entity after transfer decoding and before content decoding (WARC 1.1 §5.9's payload).
    Headers keep the order and case they had on the wire. `truncated` is a WARC-Truncated reason
    (`length`, `time`, `disconnect`, `unspecified`) or None. `started_at` is in UTC; `seconds` is how long the
    fetch took. `status` is None when no response arrived; `error` then says why in a sentence.
    """

    url: str
    started_at: datetime
    method: str = "GET"
    request_headers: Headers = ()
    request_body: bytes = b""
    http_version: str = "HTTP/1.1"
    status: int | None = None
    reason: str = ""
    response_headers: Headers = ()
    body: bytes = b""
    ip_address: str | None = None
    tls: Tls | None = None
    seconds: float | None = None
    truncated: str | None = None
    error: str | None = None
    via: str | None = None
    notes: tuple[tuple[str, str], ...] = ()
