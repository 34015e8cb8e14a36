"""The store against the archive: every capture it lists must be there, and every one that is there must be listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from sqlalchemy import Engine, select

from archive.capture import Capture
from archive.collection import OPEN, Collection
from archive.errors import BrokenIndex
from archive.index import captures
from archive.verify import Finding, Grade
from db.models import CaptureRow
from db.session import reading

COMPARED = ("url", "time", "status", "file", "offset", "length", "payload_digest")
"""Fields of a Capture, in the order of the columns that are read."""


def archived_campaigns(engine: Engine) -> set[str]:
    """The campaigns of which the store lists captures."""
    with reading(engine) as connection:
        return set(connection.scalars(select(CaptureRow.campaign).distinct()))


def verify_store(engine: Engine, campaign: str, collection: Collection) -> Iterator[Finding]:
    """What the store and the index of a campaign's collection say differently.

    Captures that the store does not know are unread, and no damage: the next crawl or import reads them.
    """
    try:
        archived = _by_record(collection)
    except BrokenIndex:
        problem = "the index is damaged, so that the database was not compared with it"
        yield Finding(collection.indexes.name, problem)
        return
    columns = (
        CaptureRow.record_id,
        CaptureRow.url,
        CaptureRow.time,
        CaptureRow.status,
        CaptureRow.file,
        CaptureRow.warc_offset,
        CaptureRow.warc_length,
        CaptureRow.payload_digest,
    )
    # A writer has these files, or had them when it was killed: their rows come later, their last lines may be lost.
    unfinished = {path.name.removesuffix(OPEN) for path in collection.unsealed()}
    query = select(*columns).where(CaptureRow.campaign == campaign)
    with reading(engine) as connection:
        for row in connection.execute(query):
            record_id, url, _, _, file, offset, *_ = row
            held = archived.pop(record_id, [])
            if not held:
                if file in unfinished:
                    continue
                problem = "the database lists a capture that the archive does not have"
                yield Finding(file, problem, offset, record_id, url)
                continue
            others = [_other(capture, row[1:]) for capture in held]
            if all(others):
                capture, other = held[0], others[0]
                problem = (
                    f"the database has another {', '.join(other)} of this capture; run: holdfast rebuild"
                )
                yield Finding(capture.file, problem, capture.offset, record_id, capture.url)
    unknown = Counter(capture.file for capture, *_ in archived.values() if capture.file not in unfinished)
    for file, number in sorted(unknown.items()):
        yield Finding(file, _UNREAD.format(number=number), grade=Grade.UNREAD)


_UNREAD = (
    "{number} captures of this file are not in the database, because a crawl or import was stopped or the database is "
    "older; the next crawl or import of the campaign reads them, and so does holdfast rebuild"
)


def _by_record(collection: Collection) -> dict[str, list[Capture]]:
    """The captures of the index by their record's id, which is unique by contract only: one row stands for all."""
    found: dict[str, list[Capture]] = {}
    for capture in captures(collection):
        found.setdefault(capture.record_id, []).append(capture)
    return found


def _other(capture: Capture, row: Sequence[object]) -> list[str]:
    """The fields in which a row is not as the capture."""
    said = [getattr(capture, name) for name in COMPARED]
    return [name for name, ours, theirs in zip(COMPARED, said, row, strict=True) if ours != theirs]
