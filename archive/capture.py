"""Where one response is in the archive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Capture:
    """One response at one moment, durably on disk.

    `record_id` is the WARC-Record-ID without its angle brackets (`urn:uuid:…`). `file` is the WARC's
    name, relative to the collection's archive folder; `offset` and `length` are the compressed
    member's, in bytes. Digests read `sha256:<hex>`. `record_type` is `response`, `revisit` or `resource`.
    `refers_to` is the record id a revisit repeats. `stated_digest` is what the WARC-Payload-Digest of a record
    of others says, when that is not `payload_digest` (another algorithm, or a payload in chunks). `source_uri` is the
    address at a web archive that the capture was had from, when others took it (WARC-Source-URI, as pywb writes it).
    """

    record_id: str
    url: str
    time: datetime
    status: int | None
    mime: str
    file: str
    offset: int
    length: int
    payload_digest: str
    record_type: str = "response"
    refers_to: str | None = None
    truncated: str | None = None
    stated_digest: str | None = None
    source_uri: str | None = None


def is_sound(capture: Capture) -> bool:
    """Whether the fields of a capture that was read from somewhere are of the kinds that they should be.

    The name of its file must be a name, and lead to no other folder.
    """
    texts = (
        capture.record_id,
        capture.url,
        capture.mime,
        capture.file,
        capture.payload_digest,
        capture.record_type,
    )
    more = (capture.refers_to, capture.truncated, capture.stated_digest, capture.source_uri)
    return (
        all(isinstance(each, str) for each in texts)
        and all(each is None or isinstance(each, str) for each in more)
        and capture.time.tzinfo is not None
        and min(capture.offset, capture.length) >= 0
        and Path(capture.file).name == capture.file
    )
