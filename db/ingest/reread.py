"""Reading again what is archived, when the readers have learned something new."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby

from sqlalchemy import Engine, RowMapping, case, select

from archive.capture import Capture
from archive.collection import Collection
from archive.errors import ArchiveError
from db.campaigns import known_terms
from db.code_version import reader_version
from db.ingest.archived import to_read
from db.ingest.captures import Captured, IngestReport, ingest
from db.ingest.orphans import supersede_orphans
from db.models import CaptureRow
from db.session import reading

FETCH = 500
"""Rows fetched at a time."""


def reread(
    engine: Engine, collection_of: Callable[[str], Collection], *, everything: bool = False
) -> IngestReport:
    """Reads captures again that another version of the readers read; with `everything`, all of them.

    `collection_of` gives the collection of a campaign. What the readers no longer find is marked
    superseded; reviews stay with their quotes. A capture whose bytes the archive cannot give is a failure
    in the report and keeps its rows.
    """
    report = IngestReport()
    for campaign, stale in groupby(_stale(engine, everything), key=lambda row: str(row["campaign"])):
        failures: list[tuple[str, str]] = []
        captured = _captured(collection_of(campaign), stale, failures)
        report += ingest(engine, campaign, captured, again=True) + IngestReport(failures=tuple(failures))
        with engine.begin() as connection:
            supersede_orphans(connection, campaign)
    return report


def capture_of(row: RowMapping) -> Capture:
    """The capture that a row of the store describes."""
    return Capture(
        record_id=row["record_id"],
        url=row["url"],
        time=row["time"],
        status=row["status"],
        mime=row["mime"],
        file=row["file"],
        offset=row["warc_offset"],
        length=row["warc_length"],
        payload_digest=row["payload_digest"],
        record_type=row["record_type"],
        refers_to=row["refers_to"],
        truncated=row["truncated"],
        source_uri=row["source_uri"],
    )


def _stale(engine: Engine, everything: bool) -> Iterator[RowMapping]:
    """The captures to read again, in order of campaign and time; an unread revisit counts, a picture does not."""
    table = CaptureRow.__table__
    read_before = table.c.reader.is_not(None)
    marks = {name: reader_version() + terms.mark for name, terms in known_terms(engine).items()}
    current = case(marks, value=table.c.campaign, else_=reader_version()) if marks else reader_version()
    stale = read_before if everything else read_before & (table.c.reader != current)
    unread = table.c.reader.is_(None) & (table.c.record_type == "revisit")
    query = select(table).where(stale | unread).order_by(table.c.campaign, table.c.time, table.c.id)
    with reading(engine) as connection:
        yield from connection.execution_options(yield_per=FETCH).execute(query).mappings()


def _captured(
    collection: Collection, rows: Iterator[RowMapping], failures: list[tuple[str, str]]
) -> Iterator[Captured]:
    for row in rows:
        try:
            yield to_read(collection, capture_of(row), row["source_path"])
        except ArchiveError as error:
            failures.append((row["url"], str(error)))
