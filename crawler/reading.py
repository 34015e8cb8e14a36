"""Hands pages to the process beside the crawl that reads them and writes them to the store.

Reading is work for a processor and would keep the network waiting; and a page that brings a library down takes only
that process with it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

from sqlalchemy import Engine

from archive.capture import Capture
from archive.collection import Collection
from archive.look import LookRecord
from archive.notkept import NotKept
from crawler import reading_process
from crawler.ingesting import UNREADABLE, unread
from crawler.reading_process import Found, ToRead
from crawler.relevance import Judge
from crawler.starting import way_to_start
from db.campaigns import Terms
from db.ingest import Captured, IngestReport
from parsers.page import Page
from workspace.logs import event_log

LOG = event_log("crawl")

AT_ONCE = 1000
"""Pages handed over and not yet read; a crawl that fetches faster waits.

So many that pictures can be fetched while pages wait to be read. Scrapy's SCRAPER_SLOT_MAX_ACTIVE_SIZE bounds their
bytes.
"""

TOGETHER, TOGETHER_BYTES = 64, 2**22
"""Pages, and bytes of them, that are handed over at once: handing over costs a tenth of reading a page."""

PICTURES = 200
"""Pictures that are handed over together."""


class PageReader:
    """Hands pages over to the reading process. `report` sums up what reached the store; made by `open_reader`."""

    def __init__(
        self, engine: Engine, database: str, campaign: str, collection: Collection, terms: Terms
    ) -> None:
        self._engine = engine
        self._start = (database, campaign, collection, terms)
        self._pool = self._new_pool()
        self._room = asyncio.Semaphore(AT_ONCE)
        self._waiting: deque[tuple[ToRead, asyncio.Future[Found]]] = deque()
        self._sending: asyncio.Task[None] | None = None
        self._deadly: set[str] = set()
        self._others: list[Captured] = []
        self._handed: list[Future[IngestReport]] = []
        self.report = IngestReport()

    async def read(self, page: Page, capture: Capture | None, judge: Judge | None = None) -> Found:
        """Reads a page, and has it written to the store when it is archived; a `judge` says where it leads."""
        async with self._room:
            answer: asyncio.Future[Found] = asyncio.get_running_loop().create_future()
            self._waiting.append((ToRead(page, capture, judge), answer))
            if self._sending is None or self._sending.done():
                self._sending = asyncio.create_task(self._send())
            return await answer

    async def room(self) -> None:
        """Returns when another page may come: what waits to be read is held in memory."""
        async with self._room:
            pass

    async def judge(self, page: Page, judge: Judge) -> str | None:
        """Why a page is not worth keeping; None when it is, or when it cannot be read."""
        pool = self._pool
        try:
            return await asyncio.wrap_future(pool.submit(reading_process.judge_page, page, judge))
        except BrokenProcessPool:
            if self._pool is pool:
                self._pool = self._new_pool()
            return None

    def pass_over(self, made: NotKept) -> None:
        """Has the decision not to keep a page written to the store."""
        self._submit(reading_process.pass_over, made)

    def looked(self, look: LookRecord) -> None:
        """Has a look written to the store, after the capture that it ended with."""
        self._submit(reading_process.looked, look)

    def record(self, capture: Capture) -> None:
        """Has a capture written to the store that is no page."""
        self._others.append(Captured(capture, Page(capture.url, b"", capture.status or 200)))
        if len(self._others) >= PICTURES:
            self._hand_over()

    def last(self) -> None:
        """Has everything written that was handed over; no more comes. `finish` waits for it."""
        self._hand_over()
        self._submit(reading_process.flush)

    def finish(self) -> None:
        """Waits until everything is written that was handed over, and has written what has no row even so."""
        try:
            for handed in self._handed:
                self.report += handed.result()
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
            self.report += self._pool.submit(
                reading_process.catch_up, frozenset(self._deadly), mended
            ).result()

    def close(self) -> None:
        """Ends the process."""
        self._pool.shutdown()

    async def _send(self) -> None:
        """Hands over what waits, one batch after the other."""
        while self._waiting:
            batch = self._take()
            try:
                found = await self._read([asked for asked, _ in batch])
            except BaseException as error:
                for _, answer in batch:
                    if not answer.done():
                        answer.set_exception(error)
                raise
            for (_, answer), each in zip(batch, found, strict=True):
                if not answer.done():
                    answer.set_result(each)

    def _take(self) -> list[tuple[ToRead, asyncio.Future[Found]]]:
        batch, size = [self._waiting.popleft()], 0
        while self._waiting and len(batch) < TOGETHER:
            size += len(batch[-1][0].page.body)
            if size >= TOGETHER_BYTES:
                break
            batch.append(self._waiting.popleft())
        return batch

    async def _read(self, asked: Sequence[ToRead]) -> list[Found]:
        """Reads pages; when the process dies of one of them, each by itself to see which it was."""
        try:
            return await self._read_together(asked)
        except BrokenProcessPool:
            return [await self._read_alone(each) for each in asked]

    async def _read_alone(self, asked: ToRead) -> Found:
        try:
            return (await self._read_together([asked]))[0]
        except BrokenProcessPool:
            if asked.capture:
                self._deadly.add(asked.capture.record_id)
            return Found(UNREADABLE, problem=UNREADABLE.warnings[0])

    async def _read_together(self, asked: Sequence[ToRead]) -> list[Found]:
        pool = self._pool
        try:
            found, report, problem = await asyncio.wrap_future(pool.submit(reading_process.read_pages, asked))
        except BrokenProcessPool:
            if self._pool is pool:
                self._pool = self._new_pool()
            raise
        self.report += report
        if problem:
            LOG.warning("not in the store yet", pages=len(asked), reason=problem)
        return found

    def _hand_over(self) -> None:
        others, self._others = self._others, []
        self._submit(reading_process.record, others)

    def _submit(self, do: Callable[..., IngestReport], *what: object) -> None:
        try:
            self._handed.append(self._pool.submit(do, *what))
        except BrokenProcessPool:
            # They are in the archive: `catch_up` finds them there.
            self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPoolExecutor:
        pool = ProcessPoolExecutor(
            1, get_context(way_to_start(self._start[0])), reading_process.begin, self._start
        )
        pool.submit(
            reading_process.flush
        )  # its start may take a second, which the first fetches take as well
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
