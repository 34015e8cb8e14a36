"""Looks at pages that were archived before: what each rested on, as a `metadata` record (WARC 1.1 §6.5).

A look may take several exchanges: redirects, attempts that failed. They are archived like any other; the record of the
look names them, so that what was found can be told again from the archive alone. It holds no verdict: that is the
readers', who may learn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from archive.foreign.intake import IncomingRecord, records
from archive.noted.notes import Notes, notes_in
from archive.warc.warcformat import clean_url, notes_record, time_of
from archive.writing.entry import Entry

LOOK_AT, FOUND, THROUGH, FAILURE, ROUTE = "look-at", "look-found", "look-through", "look-failure", "via"


@dataclass(frozen=True, slots=True)
class LookRecord:
    """One look at the page at `url`.

    `since` is the WARC-Record-ID of the capture that the page was known by before, `found` that of the response that
    the look ended with, None when none came whole; `failure` then says why in a word. `through` are the captures on
    the way there. `route` is the proxy it went through. `record_id` is None until it is written.
    """

    url: str
    time: datetime
    since: str
    found: str | None = None
    failure: str | None = None
    through: tuple[str, ...] = ()
    route: str | None = None
    record_id: str | None = None


def look_entry(look: LookRecord) -> tuple[Entry, LookRecord]:
    """What the writer appends for a look, and the look with the id of its record."""
    told = [
        (LOOK_AT, look.since),
        (FOUND, look.found or ""),
        *((THROUGH, record) for record in look.through),
        (FAILURE, look.failure or ""),
        (ROUTE, look.route or ""),
    ]
    made = notes_record(look.found or look.since, look.url, look.time, told)
    return Entry((made,), None), replace(look, record_id=made.record_id, url=clean_url(look.url))


def looks_in(paths: Iterable[Path]) -> Iterator[LookRecord]:
    """The looks whose records stand in WARC files."""
    for path in paths:
        for found in records(path):
            notes = notes_in(found) if isinstance(found, IncomingRecord) else None
            if notes and (look := look_in(notes)):
                yield look


def look_in(notes: Notes) -> LookRecord | None:
    """The look that a record tells of; None for any other, and for one too damaged to be told."""
    told, named = notes.fields, notes.headers
    if LOOK_AT not in told:
        return None
    try:
        return LookRecord(
            url=named["warc-target-uri"],
            time=time_of(named["warc-date"]),
            since=told[LOOK_AT],
            found=told.get(FOUND),
            failure=told.get(FAILURE),
            through=tuple(value for name, value in notes.told if name == THROUGH),
            route=told.get(ROUTE),
            record_id=named["warc-record-id"].strip("<>"),
        )
    except (KeyError, ValueError):
        return None
