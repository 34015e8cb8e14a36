"""Exchanges as WARC 1.1 records (https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/)."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit
from uuid import uuid4

from archive.digest import sha256
from archive.exchange import Exchange, Headers, Original

IDENTICAL_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
FIELDS = "application/warc-fields"
OF_OTHERS = "Holdfast-Of-Others"
"""The header line of metadata records that were imported: what they say of looks and decisions is not our word."""

FIRST_YEAR, LAST_YEAR = 1900, 2200

MAX_URL_BYTES = 8192
"""Of an address that is asked for. It stands in the WARC header, of which readers take no more than 64 KB in all
(FastWARC), and in each line of the index; web servers and browsers have bounds of this order themselves.
"""

MAX_WARC_HEAD_BYTES = 48 * 1024
"""Of a record of others: the same bound, with room for the lines that are added."""

_UNSAFE_IN_URL = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_UNSAFE_IN_HEADER = re.compile(rb"[\r\n\x00]+")
_UNSAFE_IN_HEADER_NAME = re.compile(rb"[\r\n\x00:]+")
_UNSAFE_IN_FIELD = re.compile(r"[\r\n\x00\x85\u2028\u2029\ud800-\udfff]+")
_UNSAFE_IN_FIELD_NAME = re.compile(r"[^!#$%&'*+.^_`|~0-9A-Za-z-]+")


@dataclass(frozen=True, slots=True)
class CrawlInfo:
    """Who writes a WARC file and how: what its `warcinfo` record says."""

    campaign: str
    operator: str = ""
    software: str = "holdfast"
    robots: str = "classic"
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One record ready to be compressed; `compressed_already` says that deflating it would be a waste."""

    kind: str
    record_id: str
    head: bytes
    content: tuple[bytes, ...]
    compressed_already: bool = False

    def parts(self) -> Iterator[bytes]:
        """The record's bytes, ending in the two line breaks of §4."""
        yield self.head
        yield from self.content
        yield b"\r\n\r\n"


def new_id() -> str:
    """A fresh record id, without angle brackets."""
    return f"urn:uuid:{uuid4()}"


def instant(time: datetime) -> str:
    """A WARC-Date with microseconds (§5.4 allows fractions)."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def time_of(date: str) -> datetime:
    """The moment of a WARC-Date (§5.4) in UTC; a date without a zone is taken for UTC.

    Raises ValueError for what is no date, and for a year in which nobody captured a page: such dates overflow in other
    zones and in the programs that exports are for.
    """
    time = datetime.fromisoformat(date.replace("Z", "+00:00"))
    if not FIRST_YEAR < time.year < LAST_YEAR:
        raise ValueError(f"no page was captured in the year {time.year}")
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def clean_url(url: str) -> str:
    """`url` with spaces, line breaks, control characters and half surrogates percent-encoded, so that it cannot
    end its header line or its index line.
    """
    return _UNSAFE_IN_URL.sub(lambda found: quote(found[0], safe="", errors="replace"), url)


def is_too_long(url: str) -> bool:
    """Whether an address is longer than `MAX_URL_BYTES`, as it would stand in a record."""
    return len(url) > MAX_URL_BYTES or len(clean_url(url).encode()) > MAX_URL_BYTES


def warcinfo(file: str, info: CrawlInfo, time: datetime) -> Record:
    """The record that begins every file (§6.2), with the fields of its Dublin-Core-like vocabulary."""
    fields = [
        ("software", info.software),
        ("format", "WARC File Format 1.1"),
        ("conformsTo", "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"),
        ("isPartOf", info.campaign),
        ("operator", info.operator),
        ("robots", info.robots),
        ("http-header-user-agent", info.user_agent),
    ]
    return record("warcinfo", new_id(), time, [("WARC-Filename", file)], FIELDS, (fields_block(fields),))


def exchange_records(exchange: Exchange, payload_digest: str, original: Original | None) -> list[Record]:
    """The records of one exchange: response (or revisit of `original`), request, metadata.

    The response comes first, so that whatever a torn file still holds of an exchange begins with what
    matters most. An exchange without a response has a request and a metadata record that says why.
    """
    url = clean_url(exchange.url)
    response_id, request_id = new_id(), new_id()
    answered = exchange.status is not None
    common = [("WARC-Target-URI", url), *_connection(exchange)]
    records = []
    if answered:
        records.append(_response(exchange, response_id, request_id, common, payload_digest, original))
    concurrent = [("WARC-Concurrent-To", f"<{response_id}>")] if answered else []
    records.append(
        record(
            "request",
            request_id,
            exchange.started_at,
            [*common, *concurrent, ("WARC-Payload-Digest", sha256(exchange.request_body))],
            "application/http;msgtype=request",
            (_request_head(exchange), exchange.request_body),
        )
    )
    subject = response_id if answered else request_id
    described = [
        ("WARC-Target-URI", url),
        ("WARC-Concurrent-To", f"<{subject}>"),
        ("WARC-Refers-To", f"<{subject}>"),
    ]
    records.append(
        record(
            "metadata",
            new_id(),
            exchange.started_at,
            described,
            FIELDS,
            (fields_block(circumstances(exchange)),),
        )
    )
    return records


def resource_record(
    url: str, body: bytes, mime: str, time: datetime, extra: Iterable[tuple[str, str]] = ()
) -> tuple[Record, str]:
    """A `resource` record (§6.3) and its payload digest."""
    digest = sha256(body)
    headers = [("WARC-Target-URI", clean_url(url)), ("WARC-Payload-Digest", digest), *extra]
    made = record(
        "resource", new_id(), time, headers, mime, (body,), compressed_already=is_compressed(mime, b"")
    )
    return made, digest


def notes_record(record_id: str, url: str, time: datetime, notes: Iterable[tuple[str, str]]) -> Record:
    """A `metadata` record that says how another record came about, or what it stands for."""
    headers = [
        ("WARC-Target-URI", clean_url(url)),
        ("WARC-Refers-To", f"<{record_id}>"),
        ("WARC-Concurrent-To", f"<{record_id}>"),
    ]
    return record("metadata", new_id(), time, headers, FIELDS, (fields_block(notes),))


def record(
    kind: str,
    record_id: str,
    time: datetime,
    headers: Iterable[tuple[str, str]],
    content_type: str,
    content: tuple[bytes, ...],
    *,
    compressed_already: bool = False,
) -> Record:
    """Any record, with its block digest. No header value can end its line."""
    lines = [
        ("WARC-Type", kind),
        ("WARC-Record-ID", f"<{record_id}>"),
        ("WARC-Date", instant(time)),
        *headers,
        ("WARC-Block-Digest", sha256(*content)),
        ("Content-Type", content_type),
        ("Content-Length", str(sum(map(len, content)))),
    ]
    head = (
        "WARC/1.1\r\n"
        + "".join(f"{name}: {_UNSAFE_IN_FIELD.sub(' ', value)}\r\n" for name, value in lines)
        + "\r\n"
    )
    return Record(kind, record_id, head.encode(), content, compressed_already)


_COMPRESSED_TYPES = re.compile(
    r"(image/(?!svg|bmp|x-ms-bmp)|video/|audio/(?!wav|x-wav)|font/woff|application/(zip|gzip|x-gzip|pdf|x-7z|x-rar))"
)


def is_compressed(mime: str, encoding: bytes) -> bool:
    """Whether a body of this type and content-encoding would only lose time by being deflated again."""
    return encoding.strip().lower() not in (b"", b"identity") or bool(_COMPRESSED_TYPES.match(mime.lower()))


def header(headers: Headers, name: bytes) -> bytes:
    """The first value of an HTTP header, or nothing."""
    return next((value for key, value in headers if key.lower() == name), b"")


def _response(
    exchange: Exchange,
    record_id: str,
    request_id: str,
    common: list[tuple[str, str]],
    payload_digest: str,
    original: Original | None,
) -> Record:
    headers = [*common, ("WARC-Concurrent-To", f"<{request_id}>"), ("WARC-Payload-Digest", payload_digest)]
    content_type = "application/http;msgtype=response"
    if exchange.truncated:
        headers.append(("WARC-Truncated", exchange.truncated))
    # A 304 has no block of its own (§6.7.3): with one, pywb would show its status in place of the page.
    head = b"" if exchange.confirms else response_head(exchange)
    if original is not None:
        headers += [
            ("WARC-Profile", NOT_MODIFIED if exchange.confirms else IDENTICAL_PAYLOAD),
            ("WARC-Refers-To", f"<{original.record_id}>"),
            ("WARC-Refers-To-Target-URI", clean_url(original.url)),
            ("WARC-Refers-To-Date", instant(original.time)),
        ]
        return record("revisit", record_id, exchange.started_at, headers, content_type, (head,))
    mime = header(exchange.response_headers, b"content-type").decode("latin-1")
    compressed = is_compressed(mime, header(exchange.response_headers, b"content-encoding"))
    return record(
        "response",
        record_id,
        exchange.started_at,
        headers,
        content_type,
        (head, exchange.body),
        compressed_already=compressed,
    )


def _connection(exchange: Exchange) -> Iterator[tuple[str, str]]:
    """Address and protocols (WARC-Protocol, WARC-Cipher-Suite: the IIPC's proposals of 2021)."""
    if exchange.ip_address:
        yield "WARC-IP-Address", exchange.ip_address
    if exchange.status is not None:
        yield "WARC-Protocol", exchange.http_version.lower()
    if exchange.tls:
        yield "WARC-Protocol", _tls_protocol(exchange.tls.version)
        yield "WARC-Cipher-Suite", exchange.tls.cipher


def _tls_protocol(version: str) -> str:
    """`TLSv1.3` as `tls/1.3`, `TLSv1` as `tls/1.0`, `SSLv3` as `ssl/3`."""
    name, _, number = version.lower().partition("v")
    return f"{name}/{'1.0' if (name, number) == ('tls', '1') else number}" if number else name


def response_head(exchange: Exchange) -> bytes:
    """Status line and headers of a response as its record holds them."""
    reason = exchange.reason.encode("latin-1", "replace")
    status = f"{exchange.http_version} {exchange.status} ".encode() + reason
    # The body stands without its chunk framing; under this header replay tools would look for chunks.
    named = (
        (b"X-Archive-Orig-" + name if name.lower() == b"transfer-encoding" else name, value)
        for name, value in exchange.response_headers
    )
    return _head(status, named)


def _request_head(exchange: Exchange) -> bytes:
    parts = urlsplit(clean_url(exchange.url))
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    line = f"{exchange.method} {target} {exchange.http_version}".encode("utf-8", "replace")
    return _head(line, exchange.request_headers)


def _head(first: bytes, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    lines = [_UNSAFE_IN_HEADER.sub(b" ", first)]
    for name, value in headers:
        lines.append(_UNSAFE_IN_HEADER_NAME.sub(b"_", name) + b": " + _UNSAFE_IN_HEADER.sub(b" ", value))
    return b"\r\n".join(lines) + b"\r\n\r\n"


def circumstances(exchange: Exchange) -> Iterator[tuple[str, str]]:
    """What a metadata record says of an exchange besides its bytes."""
    if exchange.seconds is not None:
        yield "fetchTimeMs", str(round(exchange.seconds * 1000))
    if exchange.confirms:
        for line in response_head(exchange).decode("latin-1").splitlines():
            yield "http-response-head", line
    if exchange.error:
        yield "error", exchange.error
    if exchange.truncated:
        yield "truncated", exchange.truncated
    if exchange.via:
        yield "via", exchange.via
    if exchange.tls:
        yield "tls-version", exchange.tls.version
        yield "tls-cipher-suite", exchange.tls.cipher
        for certificate in exchange.tls.chain:
            yield "tls-certificate-der-base64", base64.b64encode(certificate).decode()
    yield from exchange.notes


def fields_block(fields: Iterable[tuple[str, str]]) -> bytes:
    """The block of an `application/warc-fields` record; fields without a value are left out."""
    lines = (
        f"{_UNSAFE_IN_FIELD_NAME.sub('-', name)}: {_UNSAFE_IN_FIELD.sub(' ', value)}\r\n"
        for name, value in fields
        if value
    )
    return "".join(lines).encode()
