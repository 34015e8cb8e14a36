"""Leaves alone a host that asks us to stop, for the rest of the run."""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from crawler.session import session_of


class ParkingMiddleware:
    """Drops requests to parked hosts before they are sent."""

    def __init__(self, crawler: Crawler) -> None:
        self._session = session_of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ParkingMiddleware:
        """As Scrapy makes it."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises IgnoreRequest for a parked host."""
        host = urlsplit(request.url).hostname or ""
        if host in self._session.parked:
            raise IgnoreRequest(f"{host} is left alone until the next run: {self._session.parked[host]}")
