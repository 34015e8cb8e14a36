"""The process beside the crawl that reads pages and writes them to the store.

Reading is work for a processor and would keep the network waiting; and a page that brings a library down takes only
this process with it.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine

from archive.capture import Capture
from archive.collection import Collection
from archive.look import LookRecord, looks_in
from archive.notkept import NotKept
from crawler.garbage import collect_seldom
from crawler.ingesting import UNREADABLE, ingest_unread, unread
from crawler.relevance import Judge, leads_on, names_more, why_not_kept
from crawler.starting import way_to_start
from db.campaigns import Terms
from db.ingest import Captured, IngestReport, ingest
from db.looks import write_looks
from db.notkept import write_not_kept
from db.session import connect
from db.whole import is_part
from parsers import read
from parsers.page import LinkRole, Page, PageKind, Reading

BATCH = 200
"""Captures that are written to the store together, and pictures that are handed over together."""

AT_ONCE = 1000
"""Pages handed over and not yet read; a crawl that fetches faster waits.

So many that pictures can be fetched while pages wait to be read. Scrapy's SCRAPER_SLOT_MAX_ACTIVE_SIZE bounds their
bytes.
"""

LATEST_SECONDS = 5.0
"""A capture waits no longer than this for others, as long as pages keep coming."""

LISTS = (PageKind.LISTING, PageKind.FEED, PageKind.SITEMAP, PageKind.ACCOUNT)

T = TypeVar("T")


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


class PageReader:
    """Hands pages over to the reading process. `report` sums up what reached the store; made by `open_reader`."""

    def __init__(
        self, engine: Engine, database: str, campaign: str, collection: Collection, terms: Terms
    ) -> None:
        self._engine = engine
        self._start = (database, campaign, collection, terms)
        self._pool = self._new_pool()
        self._alone = asyncio.Lock()
        self._room = asyncio.Semaphore(AT_ONCE)
        self._deadly: set[str] = set()
        self._others: list[Captured] = []
        self._handed: list[Future[IngestReport]] = []
        self.report = IngestReport()

    async def read(self, page: Page, capture: Capture | None, judge: Judge | None = None) -> Found:
        """Reads a page, and has it written to the store when it is archived; a `judge` says where it leads."""
        async with self._room:
            try:
                return await self._read(page, capture, judge)
            except BrokenProcessPool:
                async with self._alone:
                    try:
                        return await self._read(page, capture, judge)
                    except BrokenProcessPool:
                        if capture:
                            self._deadly.add(capture.record_id)
                        return Found(UNREADABLE, problem=UNREADABLE.warnings[0])

    async def room(self) -> None:
        """Returns when another page may come: what waits to be read is held in memory."""
        async with self._room:
            pass

    async def judge(self, page: Page, judge: Judge) -> str | None:
        """Why a page is not worth keeping; None when it is, or when it cannot be read."""
        pool = self._pool
        try:
            return await asyncio.wrap_future(pool.submit(_judge, page, judge))
        except BrokenProcessPool:
            if self._pool is pool:
                self._pool = self._new_pool()
            return None

    def pass_over(self, made: NotKept) -> None:
        """Has the decision not to keep a page written to the store."""
        self._submit(_pass_over, made)

    def looked(self, look: LookRecord) -> None:
        """Has a look written to the store, after the capture that it ended with."""
        self._submit(_looked, look)

    def record(self, capture: Capture) -> None:
        """Has a capture written to the store that is no page."""
        self._others.append(Captured(capture, Page(capture.url, b"", capture.status or 200)))
        if len(self._others) >= BATCH:
            self._hand_over()

    def finish(self) -> None:
        """Has everything written that was handed over, and then what is in the archive without a row."""
        self._hand_over()
        try:
            for handed in self._handed:
                self.report += handed.result()
            self.report += self._pool.submit(_flush).result()
        except BrokenProcessPool:
            self._pool = self._new_pool()
        self._handed.clear()
        self.catch_up()

    def catch_up(self, mended: tuple[Path, ...] = ()) -> None:
        """Has everything written that is in the archive without a row: redirects, what a crash left behind.

        `mended` are the files that a crash had left unsealed: looks at pages stand in no index.
        """
        _, campaign, collection, _ = self._start
        if mended or unread(self._engine, campaign, collection):
            self.report += self._pool.submit(_catch_up, frozenset(self._deadly), mended).result()

    def close(self) -> None:
        """Ends the process."""
        self._pool.shutdown()

    async def _read(self, page: Page, capture: Capture | None, judge: Judge | None) -> Found:
        pool = self._pool
        try:
            found, report = await asyncio.wrap_future(pool.submit(_read, page, capture, judge))
        except BrokenProcessPool:
            if self._pool is pool:
                self._pool = self._new_pool()
            raise
        self.report += report
        return found

    def _hand_over(self) -> None:
        others, self._others = self._others, []
        self._submit(_record, others)

    def _submit(self, do: Callable[[Any], IngestReport], what: object) -> None:
        try:
            self._handed.append(self._pool.submit(do, what))
        except BrokenProcessPool:
            # They are in the archive: `catch_up` finds them there.
            self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPoolExecutor:
        pool = ProcessPoolExecutor(1, get_context(way_to_start(self._start[0])), _begin, self._start)
        pool.submit(_flush)  # its start may take a second, which the first fetches take as well
        return pool


@contextmanager
def open_reader(
    engine: Engine, database: str, campaign: str, collection: Collection, terms: Terms
) -> Iterator[PageReader]:
    """The reading process for one campaign's pages, until the block ends; `engine` is `database`, opened."""
    reader = PageReader(engine, database, campaign, collection, terms)
    try:
        yield reader
    finally:
        reader.close()


@dataclass
class _Work:
    """What the reading process holds."""

    engine: Engine
    campaign: str
    collection: Collection
    terms: Terms
    waiting: list[Captured] = field(default_factory=list)
    looks: list[LookRecord] = field(default_factory=list)
    since: float = 0.0


_work: _Work | None = None
"""A pool's initializer can hand its workers nothing but globals."""


def _begin(database: str, campaign: str, collection: Collection, terms: Terms) -> None:
    global _work
    # Ctrl-C goes to all processes of a terminal; the crawl decides when this one ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    collect_seldom()
    _work = _Work(connect(database, lean=True), campaign, collection, terms)


def _end_with_parent() -> None:
    """Ends this process when the crawl was killed: the pool's pipe would keep it waiting for ever."""
    parent = parent_process()
    if parent:
        wait([parent.sentinel])
        os._exit(1)


def _with_work(do: Callable[[_Work], T]) -> T:
    if _work is None:
        raise RuntimeError("the reading process was not begun")
    return do(_work)


def _read(page: Page, capture: Capture | None, judge: Judge | None) -> tuple[Found, IngestReport]:
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
    if capture is None or is_part(reading):
        return (
            found,
            IngestReport(),
        )  # the parts of an article are put together when all are archived: `catch_up`
    item = Captured(capture, replace(page, body=b""), reading=reading)
    return found, _with_work(lambda work: _add(work, [item]))


def _judge(page: Page, judge: Judge) -> str | None:
    try:
        return why_not_kept(read(page), judge)
    except Exception:  # what cannot be read is kept, and the reading of it says why
        return None


def _pass_over(made: NotKept) -> IngestReport:
    def write(work: _Work) -> IngestReport:
        with work.engine.begin() as connection:
            write_not_kept(connection, work.campaign, [made])
        return IngestReport()

    return _with_work(write)


def _looked(look: LookRecord) -> IngestReport:
    return _with_work(lambda work: _add(work, [], [look]))


def _record(captured: list[Captured]) -> IngestReport:
    return _with_work(lambda work: _add(work, captured))


def _flush() -> IngestReport:
    return _with_work(_write)


def _catch_up(deadly: frozenset[str], mended: tuple[Path, ...]) -> IngestReport:
    def catch_up(work: _Work) -> IngestReport:
        report = ingest_unread(work.engine, work.campaign, work.collection, work.terms, deadly)
        write_looks(work.engine, work.campaign, looks_in(mended))
        return report

    return _with_work(catch_up)


def _add(work: _Work, captured: list[Captured], looks: Sequence[LookRecord] = ()) -> IngestReport:
    if not work.waiting and not work.looks:
        work.since = time.monotonic()
    work.waiting += captured
    work.looks += looks
    full = max(len(work.waiting), len(work.looks)) >= BATCH
    if not full and time.monotonic() - work.since < LATEST_SECONDS:
        return IngestReport()
    return _write(work)


def _write(work: _Work) -> IngestReport:
    captured, looks, work.waiting, work.looks = work.waiting, work.looks, [], []
    report = ingest(work.engine, work.campaign, captured, region=work.terms.region, words=work.terms.words)
    write_looks(work.engine, work.campaign, looks)
    return report
