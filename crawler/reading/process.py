"""What the process beside the crawl does: it reads pages and writes them to the store.

Its functions are called by `crawler.reading.handing` through a process pool, which hands nothing but globals from
one to the next.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from multiprocessing import parent_process
from multiprocessing.connection import wait
from pathlib import Path
from typing import TypeVar

import surt  # noqa: F401  # the crawl needs it too: loaded once, before the process is copied (`crawler.reading.starting`)
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from archive.capture import Capture
from archive.collection import Collection
from archive.noted.look import LookRecord, looks_in
from archive.noted.notkept import NotKept
from crawler.reading.ingesting import UNREADABLE, ingest_archived
from crawler.relevance import Judge, leads_on, names_more, why_not_kept
from db.campaigns import Terms
from db.ingest.captures import Captured, IngestReport, ingest
from db.ingest.whole import is_part
from db.pages.looks import write_looks
from db.pages.notkept import write_not_kept
from db.session import connect
from parsers import read
from parsers.families import families
from parsers.page import LinkRole, Page, PageKind, Reading
from workspace.garbage import collect_seldom

BATCH = 200
"""Captures that are written to the store together."""

LATEST_SECONDS = 5.0
"""A capture waits no longer than this for others, as long as pages keep coming."""

LISTS = (PageKind.LISTING, PageKind.FEED, PageKind.SITEMAP, PageKind.ACCOUNT)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ToRead:
    """A page to be read: written to the store when it is archived; a `judge` says where it leads."""

    page: Page
    capture: Capture | None = None
    judge: Judge | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What the crawl needs to know of a page: the reading without its text, and what it shows besides.

    `leads` are other articles that a relevant article leads to; `names_more` says that a list names relevant ones.
    `problem` is a sentence when the page could not be read.
    """

    reading: Reading
    requisites: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    names_more: bool = False
    problem: str | None = None


@dataclass
class Work:
    """What the reading process holds."""

    engine: Engine
    campaign: str
    collection: Collection
    terms: Terms
    waiting: list[Captured] = field(default_factory=list)
    looks: list[LookRecord] = field(default_factory=list)
    since: float = 0.0


_work: Work | None = None
"""A pool's initializer can hand its workers nothing but globals."""


def begin(database: str, campaign: str, collection: Collection, terms: Terms) -> None:
    """Makes a new process ready to read the pages of a campaign, also by what is else imported for the first page."""
    global _work
    # Ctrl-C goes to all processes of a terminal; the crawl decides when this one ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    collect_seldom()
    _work = Work(connect(database, lean=True), campaign, collection, terms)
    families()


def _end_with_parent() -> None:
    """Ends this process when the crawl was killed: the pool's pipe would keep it waiting for ever."""
    parent = parent_process()
    if parent:
        wait([parent.sentinel])
        os._exit(1)


def _with_work(do: Callable[[Work], T]) -> T:
    if _work is None:
        raise RuntimeError("the reading process was not begun")
    return do(_work)


def read_pages(pages: Sequence[ToRead]) -> tuple[list[Found], IngestReport, str | None]:
    """What the crawl needs to know of each page, what was written to the store, and why it could not be.

    What is not written to the store now is in the archive: `catch_up` writes it, or fails where it is heard.
    """
    read_all = [_read(each) for each in pages]
    found = [each for each, _ in read_all]
    captured = [item for _, item in read_all if item]
    try:
        return found, _with_work(lambda work: _add(work, captured)), None
    except DBAPIError as error:
        return found, IngestReport(), str(error.orig)


def _read(asked: ToRead) -> tuple[Found, Captured | None]:
    page, judge = asked.page, asked.judge
    try:
        reading = read(page)
    except Exception as error:  # a page made to break a reader must not end the crawl; its bytes are safe
        problem = f"could not be read ({type(error).__name__}: {error}); its bytes are kept"
        reading = replace(UNREADABLE, warnings=(problem,))
        found = Found(reading, problem=problem)
    else:
        shown = [image.url for image in reading.document.images] if reading.document else []
        shown += [link.url for link in reading.links if link.role is LinkRole.REQUISITE]
        found = Found(
            replace(reading, document=None),
            tuple(dict.fromkeys(shown)),
            leads=leads_on(page.url, reading, judge) if judge else (),
            names_more=judge is not None and reading.kind in LISTS and names_more(reading, judge),
        )
    # The parts of an article are put together when all are archived: `catch_up`.
    if asked.capture is None or is_part(reading):
        return found, None
    return found, Captured(asked.capture, replace(page, body=b""), reading=reading)


def judge_page(page: Page, judge: Judge) -> str | None:
    """Why a page is not worth keeping; None when it is, or when it cannot be read."""
    try:
        return why_not_kept(read(page), judge)
    except Exception:  # what cannot be read is kept, and the reading of it says why
        return None


def pass_over(made: NotKept) -> IngestReport:
    """Writes the decision not to keep a page to the store."""

    def write(work: Work) -> IngestReport:
        with work.engine.begin() as connection:
            write_not_kept(connection, work.campaign, [made])
        return IngestReport()

    return _with_work(write)


def looked(look: LookRecord) -> IngestReport:
    """Takes up a look, to be written to the store after the capture that it ended with."""
    return _with_work(lambda work: _add(work, [], [look]))


def record(captured: list[Captured]) -> IngestReport:
    """Takes up captures that are no pages, to be written to the store."""
    return _with_work(lambda work: _add(work, captured))


def flush() -> IngestReport:
    """Writes all that was taken up."""
    return _with_work(_write)


def catch_up(captures: Sequence[Capture], deadly: frozenset[str]) -> IngestReport:
    """Reads captures from the archive and writes them, but reads nothing `deadly` (by WARC-Record-ID)."""
    return _with_work(
        lambda work: ingest_archived(
            work.engine, work.campaign, work.collection, work.terms, captures, deadly
        )
    )


def looked_in(files: Sequence[Path]) -> IngestReport:
    """Writes the looks that WARC files hold."""

    def write(work: Work) -> IngestReport:
        write_looks(work.engine, work.campaign, looks_in(files))
        return IngestReport()

    return _with_work(write)


def _add(work: Work, captured: list[Captured], looks: Sequence[LookRecord] = ()) -> IngestReport:
    if not work.waiting and not work.looks:
        work.since = time.monotonic()
    work.waiting += captured
    work.looks += looks
    full = max(len(work.waiting), len(work.looks)) >= BATCH
    if not full and time.monotonic() - work.since < LATEST_SECONDS:
        return IngestReport()
    return _write(work)


def _write(work: Work) -> IngestReport:
    captured, looks, work.waiting, work.looks = work.waiting, work.looks, [], []
    report = ingest(work.engine, work.campaign, captured, region=work.terms.region, words=work.terms.words)
    write_looks(work.engine, work.campaign, looks)
    return report
