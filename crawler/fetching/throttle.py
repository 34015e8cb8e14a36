"""Scrapy's AutoThrottle with a lower bound for each source's host."""

from __future__ import annotations

from scrapy.core.downloader import Slot
from scrapy.crawler import Crawler
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response

from crawler.plan import host_of


class SourceThrottle(AutoThrottle):
    """Never goes below the delay that a source sets for its own host."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        slots = crawler.settings.getdict("DOWNLOAD_SLOTS")
        self._least = {host: float(slot["delay"]) for host, slot in slots.items() if "delay" in slot}

    def _adjust_delay(self, slot: Slot, latency: float, response: Response) -> None:
        super()._adjust_delay(slot, latency, response)
        slot.delay = max(slot.delay, self._least.get(host_of(response.url), 0.0))
