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
class Original:
    """The earlier capture that a revisit repeats."""

    record_id: str
    url: str
    time: datetime


@dataclass(frozen=True, slots=True)
class Condition:
    """The capture whose ETag or Last-Modified a request carried, and the digest of its payload."""

    original: Original
    payload_digest: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and the response to it.

    `body` is the entity after transfer decoding and before content decoding (WARC 1.1 §5.9's payload).
    Headers keep the order and case they had on the wire. `truncated` is a WARC-Truncated reason
    (`length`, `time`, `disconnect`, `unspecified`) or None. `started_at` is in UTC; `seconds` is how long the
    fetch took. `status` is None when no response arrived; `error` then says why in a sentence. `condition` is what
    a conditional request (RFC 9110 §13) rested on.
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
    condition: Condition | None = None

    @property
    def confirms(self) -> Condition | None:
        """The condition, when the response says that it still holds (304)."""
        return self.condition if self.status == 304 else None
