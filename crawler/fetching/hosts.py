"""How each host fares in a run: which to wait for, and which to leave alone."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import MappingProxyType

from scrapy.exceptions import IgnoreRequest

from workspace.logs import event_log

LOG = event_log("crawl")

LONGEST_WAIT = 120.0
"""Seconds; a host that asks for a longer wait is left alone for this run."""

SHORTEST_WAIT = 0.5
"""Seconds after the first failure, where the user's own delay is not longer; each further failure doubles it."""

GIVEN_UP_AFTER = 6
"""Failures of a host without an answer in between after which it is left alone for this run."""


@dataclass
class _Trouble:
    failures: int = 0
    until: float = 0.0


class Hosts:
    """Waits that double with each failure in a row (exponential back-off), or are what the host asks for.

    A host in trouble is asked one thing at a time, a host that is well `at_once` things. Scrapy's own limit for a
    host does not hold without a delay in its asyncio mode: its loop starts each task before the last one counts.
    """

    def __init__(self, delay: float, at_once: int) -> None:
        self._first_wait = max(SHORTEST_WAIT, delay)
        self._trouble: dict[str, _Trouble] = {}
        self._parked: dict[str, str] = {}
        self._turns: dict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(at_once))
        self._single: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @property
    def parked(self) -> Mapping[str, str]:
        """The hosts that are left alone for the rest of this run, and why."""
        return MappingProxyType(self._parked)

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Lets through when `host` may be asked. Raises IgnoreRequest when it is left alone, also if only meanwhile."""
        async with self._turns[host]:
            if host not in self._trouble:
                self.check(host)
                yield
                return
            async with self._single[host]:
                await self._back_off(host)
                self.check(host)
                yield

    async def _back_off(self, host: str) -> None:
        while (trouble := self._trouble.get(host)) and host not in self._parked:
            left = trouble.until - time.monotonic()
            if left <= 0:
                return
            await asyncio.sleep(left)

    def check(self, host: str) -> None:
        """Raises IgnoreRequest when `host` is left alone."""
        if host in self._parked:
            raise IgnoreRequest(f"{host} is left alone until the next run: {self._parked[host]}")

    def answered(self, host: str) -> None:
        """Notes that a host is well."""
        self._trouble.pop(host, None)

    def failed(self, host: str, why: str, asked: float | None = None) -> None:
        """Notes that a host failed and why, and how many seconds it asks to be waited for."""
        trouble = self._trouble.setdefault(host, _Trouble())
        trouble.failures += 1
        if asked is not None and asked > LONGEST_WAIT:
            self.park(host, f"it asked to be left alone for {asked:.0f} seconds")
        elif trouble.failures >= GIVEN_UP_AFTER:
            self.park(host, f"it failed {trouble.failures} times in a row, the last time: {why}")
        else:
            wait = self._first_wait * 2 ** (trouble.failures - 1) if asked is None else asked
            trouble.until = max(trouble.until, time.monotonic() + min(wait, LONGEST_WAIT))

    def park(self, host: str, reason: str) -> None:
        """Leaves a host alone for the rest of this run."""
        if host not in self._parked:
            self._parked[host] = reason
            LOG.warning("host left alone", host=host, reason=reason)


def wait_asked_for(value: str, now: datetime) -> float | None:
    """The seconds that a `Retry-After` field asks for (RFC 9110 §10.2.3), as a number or a date; None for neither."""
    stripped = value.strip()
    if stripped.isascii() and stripped.isdigit() and len(stripped) < 10:
        return float(stripped)
    try:
        until = parsedate_to_datetime(stripped)
    except (ValueError, OverflowError):
        return None
    aware = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max((aware - now).total_seconds(), 0.0)
