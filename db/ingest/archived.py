"""Captures read back from the archive, ready to be ingested."""

from __future__ import annotations

from dataclasses import replace

from archive.capture import Capture
from archive.collection import Collection
from archive.errors import BrokenBody
from archive.reader import read_capture
from db.ingest.captures import Captured
from parsers.page import Page

NOT_MODIFIED = 304


def status_for_reading(capture: Capture) -> int:
    """The status under which a capture's body was sent: that of a 304 is the body of what it says still holds."""
    if capture.status == NOT_MODIFIED and capture.record_type == "revisit":
        return 200
    return capture.status or 200


def from_archive(collection: Collection, capture: Capture, source_path: str | None = None) -> Captured:
    """A capture with its body, content-encoding undone; a revisit has that of the capture it repeats.

    Raises archive.errors.ArchiveError when the archive cannot give the bytes.
    """
    stored = read_capture(collection, capture.file, capture.offset)
    mime = stored.mime or capture.mime  # the index has it without its parameters
    page = Page(
        url=capture.url,
        body=stored.decoded(),
        status=status_for_reading(capture),
        content_type=mime,
        captured_at=capture.time,
    )
    return Captured(replace(capture, mime=mime), page, source_path, collection=collection)


def to_read(collection: Collection, capture: Capture, source_path: str | None = None) -> Captured:
    """The same, but a capture whose body cannot be decoded says so: it is archived, and gets its row."""
    try:
        return from_archive(collection, capture, source_path)
    except BrokenBody as error:
        return Captured(capture, Page(capture.url, b""), source_path, undecoded=str(error))
