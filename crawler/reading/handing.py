"""Hands pages to the process beside the crawl that reads them and writes them to the store.

Reading is work for a processor and would keep the network waiting; and a page that brings a library down, or that a
library never comes to an end with, takes only that process with it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy import Engine

from archive.capture import Capture
from archive.noted.look import LookRecord
from archive.noted.notkept import NotKept
from crawler.reading import process as reading_process
from crawler.reading.ingesting import UNREADABLE, unread
from crawler.reading.process import BATCH, Found, ToRead
from crawler.reading.worker import Lost, ReadingWorker, Start
from crawler.relevance import Judge
from db.ingest.captures import Captured, IngestReport
from db.upsert import chunks
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

    def __init__(self, engine: Engine, start: Start) -> None:
        self._engine = engine
        self._start = start
        self._worker = ReadingWorker(start)
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
        try:
            return await self._worker.answer(self._worker.submit(reading_process.judge_page, page, judge))
        except Lost:
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
        for handed in self._handed:
            with suppress(Lost):  # it is in the archive: `catch_up` finds it there
                self.report += self._worker.result(handed)
        self._handed.clear()
        self.catch_up()

    def catch_up(self, mended: tuple[Path, ...] = ()) -> None:
        """Has everything written that is in the archive without a row: redirects, what a crash left behind.

        `mended` are the files that a crash had left unsealed: looks at pages stand in no index.
        """
        for some in chunks(unread(self._engine, self._start.campaign, self._start.collection), BATCH):
            self.report += self._ingest(some)
        if mended:
            self.report += self._worker.result(self._worker.submit(reading_process.looked_in, mended))

    def close(self) -> None:
        """Ends the process."""
        self._worker.close()

    def _ingest(self, captures: Sequence[Capture]) -> IngestReport:
        """Has captures written; when the process is lost over one of them, each by itself to see which it was."""
        try:
            return _ingested(self._worker, captures, self._deadly)
        except Lost:
            with closing(ReadingWorker(self._start)) as apart:
                return sum((self._ingest_alone(apart, each) for each in captures), IngestReport())

    def _ingest_alone(self, apart: ReadingWorker, capture: Capture) -> IngestReport:
        try:
            return _ingested(apart, [capture], self._deadly)
        except Lost:
            self._note_deadly(capture)
            return _ingested(apart, [capture], self._deadly)

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
        """Reads pages; when the process is lost over one of them, each by itself to see which it was.

        By itself in a process of its own: in the other one there may be work of others that brings it down.
        """
        try:
            return await self._read_with(self._worker, asked)
        except Lost:
            apart = ReadingWorker(self._start)
            try:
                return [await self._read_alone(apart, each) for each in asked]
            finally:
                await asyncio.to_thread(apart.close)

    async def _read_alone(self, apart: ReadingWorker, asked: ToRead) -> Found:
        try:
            (found,) = await self._read_with(apart, [asked])
            await apart.answer(apart.submit(reading_process.flush))
            return found
        except Lost:
            if asked.capture:
                self._note_deadly(asked.capture)
            return Found(UNREADABLE, problem=UNREADABLE.warnings[0])

    async def _read_with(self, worker: ReadingWorker, asked: Sequence[ToRead]) -> list[Found]:
        found, report, problem = await worker.answer(worker.submit(reading_process.read_pages, asked))
        self.report += report
        if problem:
            LOG.warning("not in the store yet", pages=len(asked), reason=problem)
        return found

    def _note_deadly(self, capture: Capture) -> None:
        LOG.warning("unreadable", campaign=self._start.campaign, url=capture.url, record=capture.record_id)
        self._deadly.add(capture.record_id)

    def _hand_over(self) -> None:
        others, self._others = self._others, []
        self._submit(reading_process.record, others)

    def _submit(self, do: Callable[..., IngestReport], *what: object) -> None:
        self._handed.append(self._worker.submit(do, *what))


def _ingested(worker: ReadingWorker, captures: Sequence[Capture], deadly: set[str]) -> IngestReport:
    skipped = deadly.intersection(each.record_id for each in captures)
    return worker.result(worker.submit(reading_process.catch_up, captures, frozenset(skipped)))


@contextmanager
def open_reader(engine: Engine, start: Start) -> Iterator[PageReader]:
    """The reading process for one campaign's pages, until the block ends; `engine` is its database, opened."""
    reader = PageReader(engine, start)
    try:
        yield reader
    finally:
        reader.close()
