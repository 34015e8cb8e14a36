"""What waits to be written: bounded in number and in bytes, so that a fast source waits for a slow disk."""

from __future__ import annotations

import threading
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Backlog(Generic[T]):
    """A queue between many threads that put and one that takes. One item larger than `most_bytes` passes alone."""

    def __init__(self, most: int, most_bytes: int) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._items: deque[tuple[T, int]] = deque()
        self._bytes = 0
        self._closed = False
        self._changed = threading.Condition()

    def put(self, item: T, size: int) -> bool:
        """Adds an item of `size` bytes, after waiting for room; False when nothing is taken any more."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._has_room(size))
            if self._closed:
                return False
            self._items.append((item, size))
            self._bytes += size
            self._changed.notify_all()
            return True

    def take(self, most: int, most_bytes: int) -> list[T]:
        """What waits, oldest first, after waiting for something; empty once the backlog is closed and empty."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or bool(self._items))
            taken: list[T] = []
            size = 0
            while self._items and len(taken) < most and (not taken or size + self._items[0][1] <= most_bytes):
                item, its_size = self._items.popleft()
                taken.append(item)
                size += its_size
            self._bytes -= size
            self._changed.notify_all()
            return taken

    def close(self) -> None:
        """Takes no more; what waits can still be taken."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _has_room(self, size: int) -> bool:
        if not self._items:
            return True
        return len(self._items) < self._most and self._bytes + size <= self._most_bytes
