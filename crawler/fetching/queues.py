"""Where requests wait: the newest in memory, the rest on disk."""

from __future__ import annotations

import shutil
import tempfile
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.squeues import PickleLifoDiskQueue

from archive.locking import take

IN_MEMORY = 2000
"""Requests of one priority that stay in memory, about 4 MB of them."""


PREFIX, LOCK = "holdfast-queue-", "lock"


@contextmanager
def queue_folder() -> Iterator[Path]:
    """A folder for the requests of one crawl, in the system's folder for temporary files.

    What a crawl that was killed left behind there is removed: no crawl goes on from a queue, the store knows what
    is still to be fetched.
    """
    _remove_abandoned(Path(tempfile.gettempdir()))
    with (
        tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as name,
        (Path(name) / "taken").open("xb", buffering=0) as lock,
    ):
        take(lock)
        # Only a lock that is held bears the name by which other crawls look for abandoned ones.
        (Path(name) / "taken").rename(Path(name) / LOCK)
        yield Path(name)


def _remove_abandoned(folder: Path) -> None:
    for lock in folder.glob(f"{PREFIX}*/{LOCK}"):
        try:
            with lock.open("rb", buffering=0) as held:
                if take(held):
                    shutil.rmtree(lock.parent, ignore_errors=True)
        except OSError:
            continue  # another user's, or one that another crawl has just removed


class RecentInMemory(PickleLifoDiskQueue):  # type: ignore[misc,valid-type]  # Scrapy makes it at run time
    """Scrapy's disk queue, last in first out, that writes down only what it holds beyond `IN_MEMORY` requests.

    Most requests are fetched soon after they were found: writing each down and reading it again costs as much as
    fetching it.
    """

    def __init__(self, crawler: Crawler, key: str) -> None:
        super().__init__(crawler, key)
        self._newest: deque[Request] = deque()

    def push(self, request: Request) -> None:
        """Takes a request. Raises ValueError for the oldest in memory when it cannot be written down."""
        if len(self._newest) >= IN_MEMORY:
            super().push(self._newest[0])
            self._newest.popleft()
        self._newest.append(request)

    def pop(self) -> Request | None:
        """The request that came last."""
        return self._newest.pop() if self._newest else super().pop()

    def peek(self) -> Request | None:
        """The request that `pop` would give."""
        return self._newest[-1] if self._newest else super().peek()

    def __len__(self) -> int:
        return len(self._newest) + int(super().__len__())
