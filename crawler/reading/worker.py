"""One process beside the crawl, for work that may bring it down or never come to an end.

The next work has a new process then; whoever asked is told, and finds out which page it was.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures import wait as wait_for
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any, ParamSpec, TypeVar

from archive.collection import Collection
from crawler.errors import CrawlError
from crawler.reading import process as reading_process
from crawler.reading.starting import way_to_start
from db.campaigns import Terms

START_SECONDS = 120.0
"""A new process imports all that reads pages: seconds on a slow computer, no more."""

T = TypeVar("T")
P = ParamSpec("P")


class Lost(CrawlError):
    """The process died of its work, or was ended because it was not done in time."""

    def __init__(self) -> None:
        super().__init__(
            "the process that reads pages was lost; nothing else is: type the same command again"
        )


@dataclass(frozen=True, slots=True)
class Start:
    """What a reading process begins with; `seconds` are how long any one work may take."""

    database: str
    campaign: str
    collection: Collection
    terms: Terms
    seconds: float


class ReadingWorker:
    """One reading process at a time, the next one when that is lost; to be closed."""

    def __init__(self, start: Start) -> None:
        self._start = start
        self._begin()

    def submit(self, do: Callable[P, T], *what: P.args, **named: P.kwargs) -> Future[T]:
        """Hands over work, which is done after what was handed over before; `result` or `answer` waits for it."""
        try:
            return self._pool.submit(do, *what, **named)
        except BrokenProcessPool:
            self._renew()
            return self._pool.submit(do, *what, **named)

    def result(self, work: Future[T]) -> T:
        """What the work gave. Raises Lost, CrawlError when no process starts, and what the work raises."""
        pool, pid = self._pool, self._pid
        self._started(pid, wait_for([pid], START_SECONDS).done)
        self._in_time(pool, pid, wait_for([work], self._start.seconds).done)
        return _given(work)

    async def answer(self, work: Future[T]) -> T:
        """As `result`; the event loop goes on meanwhile."""
        pool, pid = self._pool, self._pid
        self._started(pid, await _wait(pid, START_SECONDS))
        self._in_time(pool, pid, await _wait(work, self._start.seconds))
        return _given(work)

    def close(self) -> None:
        """Ends the process, when what it was given is done or has had its time."""
        with suppress(Lost, CrawlError):
            self.result(self.submit(os.getpid))
        self._pool.shutdown()

    def _begin(self) -> None:
        start = self._start
        self._pool = ProcessPoolExecutor(
            1,
            get_context(way_to_start(start.database)),
            reading_process.begin,
            (start.database, start.campaign, start.collection, start.terms),
        )
        # Asked at once: its start may take a second, which the first fetches take as well.
        self._pid = self._pool.submit(os.getpid)

    def _renew(self) -> None:
        self._pool.shutdown(wait=False)
        self._begin()

    def _started(self, pid: Future[int], done: object) -> None:
        if not done or isinstance(pid.exception(), BrokenProcessPool):
            raise CrawlError("the process that reads pages does not start; type the same command again")

    def _in_time(self, pool: ProcessPoolExecutor, pid: Future[int], done: object) -> None:
        """Kills the process when the work is not done; all that it was given is lost then."""
        if done:
            return
        with suppress(ProcessLookupError):
            os.kill(pid.result(), getattr(signal, "SIGKILL", signal.SIGTERM))
        if self._pool is pool:
            self._renew()
        raise Lost()


async def _wait(work: Future[Any], seconds: float) -> object:
    done, _ = await asyncio.wait([asyncio.wrap_future(work)], timeout=seconds)
    for each in done:
        each.exception()  # it is raised from `work`; here asyncio would complain that nobody looked
    return done


def _given(work: Future[T]) -> T:
    try:
        return work.result()
    except BrokenProcessPool as error:
        raise Lost() from error
