"""Where requests wait: the newest in memory, the rest on disk."""

from __future__ import annotations

from collections import deque

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.squeues import PickleLifoDiskQueue

IN_MEMORY = 2000
"""Requests of one priority that stay in memory, about 4 MB of them."""


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
