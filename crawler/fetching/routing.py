"""Which way each request goes: through its source's proxy, or not at all when its host is left alone."""

from __future__ import annotations

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import yarl
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from archive.warc.warcformat import MAX_URL_BYTES, is_too_long
from crawler.plan import host_of
from crawler.session import session_of

OTHER_ROUTE = "holdfast_other_route"
"""Set in `request.meta` of a request that goes another way than its source's, which is no example for others."""


class RoutingMiddleware:
    """Sees every request first, robots.txt included, so that none takes a way its source must not take."""

    def __init__(self, crawler: Crawler) -> None:
        self._session = session_of(crawler)
        self._environment: dict[tuple[str, str], str] = {}
        self._routes = {host_of(seed.url): seed.proxy for seed in self._session.seeds if seed.proxy}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RoutingMiddleware:
        """As Scrapy makes it."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Sets the proxy. Raises IgnoreRequest for a host that is left alone, for an address that no record can hold,
        and when the crawl has stopped.
        """
        host = host_of(request.url)
        if is_too_long(request.url):
            raise IgnoreRequest(f"the address is longer than {MAX_URL_BYTES} bytes")
        self._session.hosts.check(host)
        if self._session.stopped_by:
            raise IgnoreRequest("the crawl has stopped itself")
        own = request.meta.get("proxy")
        if own and OTHER_ROUTE not in request.meta:
            # What Scrapy asks the same host for by itself (robots.txt) must not go another way.
            self._routes.setdefault(host, own)
        proxy = (
            own or self._routes.get(host) or self._session.settings.proxy or self._of_environment(request.url)
        )
        if proxy:
            request.meta["proxy"] = proxy

    def _of_environment(self, url: str) -> str:
        """The proxy that `http_proxy`, `https_proxy` and `no_proxy` name for an address; empty without one.

        Asked once for each site of a crawl: Python reads the whole environment anew each time.
        """
        parts = urlsplit(url)
        site = parts.scheme, parts.netloc
        if site not in self._environment:
            named = "" if proxy_bypass(parts.netloc) else getproxies().get(parts.scheme, "")
            self._environment[site] = named
        return self._environment[site]


def without_credentials(proxy: str) -> str:
    """The address of a proxy as it may be written down."""
    return str(yarl.URL(proxy).with_user(None))
