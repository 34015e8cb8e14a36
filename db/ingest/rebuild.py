"""The store again, from the archive alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine, delete, select

from archive.collection import OPEN, Collection
from archive.errors import ArchiveError, CaptureMissing, StorageFailed
from archive.foreign.intake import Defect, IncomingRecord, records_in
from archive.index import captures
from archive.noted.look import LookRecord, look_in
from archive.noted.notes import notes_in
from archive.noted.notkept import NotKept, read_back
from archive.storage import LEDGER, open_warc, warc_names
from db.campaigns import Words
from db.claims.due import forget
from db.ingest.archived import to_read
from db.ingest.captures import Captured, IngestReport, ingest
from db.models import (
    CaptureRow,
    DocumentRow,
    LeadRow,
    LookRow,
    NotKeptRow,
    ObservationRow,
    PageRow,
    RequisiteRow,
    ReviewRow,
)
from db.pages.altered import pages_of, settle_altered
from db.pages.looks import write_looks
from db.pages.notkept import write_not_kept
from db.reviews.attached import reattach
from db.session import reading

SOURCE_PATH = "source-path"
"""The field of a metadata record that names the file a page was imported from."""


def rebuild(
    engine: Engine,
    campaign: str,
    collection: Collection,
    *,
    region: str | None = None,
    words: Words | None = None,
    on_capture: Callable[[], None] = lambda: None,
    lost: bool = False,
) -> IngestReport:
    """Drops what was derived from a campaign's archive and derives it again; the ids come out the same.

    The collection's index must be complete (`archive.writing.recover`). Reviews and estimates stay, and reviews
    find their observations again. Superseded readings, which only the store remembered, are gone. A capture
    whose bytes cannot be read is a failure in the report. Stopped half way, it can simply be run again.
    Raises ArchiveError, and has changed nothing, when the store does not give a file that only it has, and when a
    record of which the database has a row is gone or damaged; with `lost` these are failures in the report.
    """
    try:
        told = _told_in(collection)
    except (CaptureMissing, StorageFailed) as error:
        raise type(error)(
            f"{error}; nothing was changed: run holdfast rebuild again when the store gives the file, or, if it is "
            f"lost for good, take its line out of {collection.root / LEDGER} and run: holdfast rebuild --lost"
        ) from error
    gone = _gone(engine, campaign, collection, told.records)
    if gone and not lost:
        file, url = gone[0]
        raise CaptureMissing(
            f"{len(gone)} records of the campaign {campaign} that the database lists are gone from the archive or "
            f"damaged, the first in {file} ({url}); the database was left as it is: run holdfast verify, restore the "
            "file from your backup, or, if they are lost for good, run: holdfast rebuild --lost"
        )
    paths = _known_paths(engine, campaign) | told.paths
    with engine.begin() as connection:
        drop(connection, campaign)
        write_not_kept(connection, campaign, told.not_kept)
    failures = [(url, f"its record in {file} is gone") for file, url in gone]
    found = _captured(collection, paths, failures, on_capture)
    report = ingest(engine, campaign, found, region=region, words=words)
    write_looks(engine, campaign, told.looks)
    with engine.begin() as connection:
        judged = select(ReviewRow.document_id).where(ReviewRow.campaign == campaign).distinct()
        documents = sorted(connection.scalars(judged))
        reattach(connection, campaign, documents)
        settle_altered(connection, campaign, pages_of(connection, campaign, documents))
    return report + IngestReport(failures=tuple(failures))


def _gone(engine: Engine, campaign: str, collection: Collection, whole: set[str]) -> list[tuple[str, str]]:
    """File and address of each capture that the store lists and the archive does not have.

    The index, made anew, lists what is whole in files that are here. Of the others `whole` has the ids.
    """
    # The last lines about a file that is being written may still be on their way to the index.
    unfinished = {path.name.removesuffix(OPEN) for path in collection.unsealed()}
    here = {path.name for path in collection.sealed()} | unfinished
    listed = {
        capture.record_id
        for capture in captures(collection)
        if capture.file in here or capture.record_id in whole
    }
    query = (
        select(CaptureRow.record_id, CaptureRow.file, CaptureRow.url)
        .where(CaptureRow.campaign == campaign)
        .order_by(CaptureRow.file, CaptureRow.warc_offset)
    )
    with reading(engine) as connection:
        return [
            (file, url)
            for record, file, url in connection.execute(query)
            if record not in listed and file not in unfinished
        ]


def drop(connection: Connection, campaign: str) -> None:
    """Drops what was derived from a campaign's archive."""
    forget(connection, campaign)
    for model in (
        NotKeptRow,
        RequisiteRow,
        LeadRow,
        LookRow,
        CaptureRow,
        ObservationRow,
        DocumentRow,
        PageRow,
    ):
        connection.execute(delete(model).where(model.campaign == campaign))


def _captured(
    collection: Collection,
    paths: dict[str, str],
    failures: list[tuple[str, str]],
    on_capture: Callable[[], None],
) -> Iterator[Captured]:
    seen: set[str] = set()
    for capture in captures(collection):
        if capture.record_id in seen:
            continue
        seen.add(capture.record_id)
        on_capture()
        try:
            yield to_read(collection, capture, paths.get(capture.record_id))
        except StorageFailed as error:
            raise StorageFailed(
                f"{error}; the database is not whole until holdfast rebuild is run again"
            ) from error
        except ArchiveError as error:
            failures.append((capture.url, str(error)))


def _known_paths(engine: Engine, campaign: str) -> dict[str, str]:
    """Imported files by record, as the store has them: those of copied records stand nowhere else."""
    query = select(CaptureRow.record_id, CaptureRow.source_path).where(
        CaptureRow.campaign == campaign, CaptureRow.source_path.is_not(None)
    )
    with reading(engine) as connection:
        return {record: path for record, path in connection.execute(query) if path}


@dataclass(slots=True)
class _Told:
    """What only metadata records say: imported files by record, pages that were not kept, looks at pages.

    `records` has the ids of all records that could be read.
    """

    records: set[str] = field(default_factory=set)
    paths: dict[str, str] = field(default_factory=dict)
    not_kept: list[NotKept] = field(default_factory=list)
    looks: list[LookRecord] = field(default_factory=list)


def _records(collection: Collection, warc: str) -> Iterator[IncomingRecord | Defect]:
    with open_warc(collection, warc) as stream:
        yield from records_in(stream, warc)


def _told_in(collection: Collection) -> _Told:
    told = _Told()
    for warc in warc_names(collection):
        for found in _records(collection, warc):
            if isinstance(found, Defect):
                continue
            told.records.add(found.record_id)
            notes = notes_in(found)
            if notes is None:
                continue
            if look := look_in(notes):
                told.looks.append(look)
            elif made := read_back(notes):
                told.not_kept.append(made)
            elif SOURCE_PATH in notes.fields:
                told.paths[notes.headers.get("warc-refers-to", "").strip("<>")] = notes.fields[SOURCE_PATH]
    return told
