"""The store against the archive: every capture it lists must be there, and every one that is there must be listed."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Engine, select

from archive.collection import Collection
from archive.index import captures
from archive.verify import Finding
from db.models import CaptureRow
from db.session import reading


def verify_store(engine: Engine, campaign: str, collection: Collection) -> Iterator[Finding]:
    """What the store and the index of a campaign's collection say differently."""
    archived = {capture.record_id: capture for capture in captures(collection)}
    query = select(
        CaptureRow.record_id,
        CaptureRow.url,
        CaptureRow.file,
        CaptureRow.warc_offset,
        CaptureRow.payload_digest,
    ).where(CaptureRow.campaign == campaign)
    with reading(engine) as connection:
        for record_id, url, file, offset, digest in connection.execute(query):
            capture = archived.pop(record_id, None)
            if capture is None:
                problem = "the database lists a capture that the archive does not have"
                yield Finding(file, problem, offset, record_id, url)
            elif (capture.file, capture.offset, capture.payload_digest) != (file, offset, digest):
                yield Finding(
                    file, "the database says something else of this capture", offset, record_id, url
                )
    for capture in archived.values():
        problem = "the database does not know this capture; run: holdfast rebuild"
        yield Finding(capture.file, problem, capture.offset, capture.record_id, capture.url)
