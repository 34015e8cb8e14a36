"""The captures that stand in a WARC file, read from the file itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from archive.capture import Capture
from archive.errors import BrokenRecord
from archive.reader import MAX_RECORD_BYTES, StoredResponse, parse_record, stored_response
from archive.warc.gzipmember import expand, record_places
from archive.warc.warcformat import clean_url

CAPTURES = ("response", "revisit", "resource")
"""The record types that are captures, as pywb indexes them."""


def placed(response: StoredResponse) -> Callable[[str, int, int], Capture]:
    """Gives the capture that a stored response is, once its file, offset and length are known."""
    field = {name.lower(): value.strip("<>") for name, value in response.warc_headers}
    stated = field.get("warc-payload-digest", "")
    digest = stated if response.record_type == "revisit" else response.payload_digest

    def capture(file: str, offset: int, length: int) -> Capture:
        return Capture(
            record_id=response.record_id,
            url=clean_url(response.url),
            time=response.time,
            status=response.status,
            mime=response.mime,
            file=file,
            offset=offset,
            length=length,
            payload_digest=digest,
            record_type=response.record_type,
            refers_to=field.get("warc-refers-to"),
            truncated=field.get("warc-truncated"),
            stated_digest=stated if stated and stated != digest else None,
            source_uri=field.get("warc-source-uri"),
        )

    return capture


def captures_in(path: Path, name: str) -> list[Capture]:
    """The captures of the WARC file `path`, to be known by `name`: all that are whole, also after damage."""
    found = []
    for offset, end in record_places(path):
        capture = _capture_at(path, name, offset, end - offset)
        if capture:
            found.append(capture)
    return found


def _capture_at(path: Path, name: str, offset: int, length: int) -> Capture | None:
    where = f"{name} at byte {offset}"
    try:
        with path.open("rb") as stream:
            raw = b"".join(expand(stream, offset, where=where, limit=MAX_RECORD_BYTES))
        headers, block = parse_record(raw, where)
        field = {key.lower(): value for key, value in headers}
        if field.get("warc-type") not in CAPTURES:
            return None
        response = stored_response(headers, block, where)
    except BrokenRecord:
        # A record of others that is not well-formed is kept, and cannot be a capture (see `intake`).
        return None
    return placed(response)(name, offset, length)
