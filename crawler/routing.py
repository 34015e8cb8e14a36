"""Which way each request goes: through its source's proxy, or not at all when its host is left alone."""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from crawler.session import session_of


class RoutingMiddleware:
    """Sees every request first, robots.txt included, so that none takes a way its source must not take."""

    def __init__(self, crawler: Crawler) -> None:
        self._session = session_of(crawler)
        self._routes = {_host(seed.url): seed.proxy for seed in self._session.seeds if seed.proxy}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RoutingMiddleware:
        """As Scrapy makes it."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Sets the proxy. Raises IgnoreRequest for a host that asked us to stop earlier in this run."""
        host = _host(request.url)
        if host in self._session.parked:
            raise IgnoreRequest(f"{host} is left alone until the next run: {self._session.parked[host]}")
        proxy = request.meta.get("proxy") or self._routes.get(host) or self._session.settings.proxy
        if proxy:
            request.meta["proxy"] = proxy


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
