"""Looks again at pages that are archived, by the same way as a crawl: each response is archived, whatever it says."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
from scrapy import Request, Spider
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure as Caught

from archive.capture import Capture
from archive.errors import ArchiveError
from archive.noted.look import LookRecord, look_entry
from crawler.fetching.archiving import CAPTURE, TRAIL, Trail
from crawler.fetching.conditional import VALIDATORS, validators_for, validators_of
from crawler.fetching.routing import OTHER_ROUTE, without_credentials
from crawler.plan import Seed, host_of
from crawler.session import CrawlSession
from crawler.steering import MAX_REDIRECTS
from db.ingest.archived import NOT_MODIFIED, from_archive
from db.pages.looks import DuePage
from parsers.availability import classify
from parsers.availability.states import Availability
from parsers.identity import is_temporary
from parsers.page import LinkRole, Page, PageKind

ENDLESS = "max redirections reached"
"""What Scrapy says of a redirect that leads in a circle."""


class CheckSpider(Spider):
    """Looks at pages once each, wherever they are; what is found there is not followed, but for redirects."""

    name = "check"

    def __init__(
        self, session: CrawlSession, due: tuple[DuePage, ...], taken: list[LookRecord], **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.session = session
        self.due = due
        self.taken = taken
        self.sources = {host_of(seed.url): seed for seed in session.seeds}

    def closed(self, reason: str) -> None:
        """Notes that everything there was to do is done."""
        if reason == "finished":
            self.session.unfinished.discard(self.name)

    async def start(self) -> AsyncIterator[Request]:
        """One request for each page, conditional where its server gave something to rest on."""
        for page in self.due:
            known = page.capture.url
            usable = known.startswith("http") and not is_temporary(known)
            meta: dict[str, Any] = {TRAIL: Trail()}
            if usable and (validators := validators_of(self.session.collection, page.capture)):
                meta[VALIDATORS] = validators
            yield self._request(known if usable else page.url, page, meta)

    async def parse_look(
        self, response: Response, page: DuePage, asked: str, redirects: int = 0
    ) -> AsyncIterator[Request]:
        """Reads what came, follows a redirect by script, and sets down the look when it is at its end."""
        capture: Capture = response.meta[CAPTURE]
        found = await self.session.reader.read(*self._read_as(response, capture))
        if found.reading.availability is Availability.BLOCKED:
            self.session.hosts.park(host_of(response.url), "it asks for verification")
        onward = [link.url for link in found.reading.links if link.role is LinkRole.REDIRECT]
        if found.reading.kind is PageKind.REDIRECT and onward and redirects < MAX_REDIRECTS:
            yield self._request(onward[0], page, {TRAIL: response.meta[TRAIL]}, asked, redirects + 1)
            return
        await self._looked(page, asked, response.meta, capture)

    async def not_fetched(self, failure: Caught) -> None:
        """Sets down a look that ended without a page: what the last attempt met is what was found.

        What we did not ask for, or were not to, is no look.
        """
        request: Any = failure.request  # type: ignore[attr-defined]
        page, asked, trail = request.cb_kwargs["page"], request.cb_kwargs["asked"], request.meta[TRAIL]
        error = failure.value
        last = trail.captures[-1] if trail.captures else None
        if trail.error or (isinstance(error, IgnoreRequest) and str(error) == ENDLESS):
            await self._looked(page, asked, request.meta, None, failure_of(trail.error))
        elif last and last.status in self._retried():
            await self._looked(page, asked, request.meta, last)
        else:
            reason = "robots.txt forbids it" if "robots.txt" in str(error) else str(error)
            self.session.give_up(page.url, reason)

    async def _looked(
        self,
        page: DuePage,
        asked: str,
        meta: dict[str, Any],
        found: Capture | None,
        failure: classify.Failure | None = None,
    ) -> None:
        proxy = meta.get("proxy")
        entry, look = look_entry(
            LookRecord(
                url=asked,
                time=found.time if found else datetime.now(UTC),
                since=page.capture.record_id,
                found=found.record_id if found else None,
                failure=failure.value if failure else None,
                through=tuple(each.record_id for each in meta[TRAIL].captures if each is not found),
                route=without_credentials(proxy) if proxy else None,
            )
        )
        try:
            await asyncio.wrap_future(self.session.writer.write_entry(lambda: entry, 0))
        except ArchiveError as error:
            self.session.fail(error)
            return
        self.taken.append(look)
        self.session.reader.looked(look)
        self.session.count("pages")

    def _retried(self) -> frozenset[int]:
        """Statuses after which Scrapy asks again."""
        return frozenset(map(int, self.settings.getlist("RETRY_HTTP_CODES")))

    def _read_as(self, response: Response, capture: Capture) -> tuple[Page, Capture]:
        if response.status == NOT_MODIFIED and response.request and validators_for(response.request):
            held = from_archive(self.session.collection, capture)
            return held.page, held.capture
        page = Page(
            url=response.url,
            body=response.body,
            status=response.status,
            content_type=(response.headers.get("Content-Type") or b"").decode("latin-1"),
            captured_at=capture.time,
        )
        return page, capture

    def _other_route(self, page: DuePage, source: Seed) -> str:
        """The proxy by which a change is confirmed; empty when there is none, or the last look went through it."""
        other = source.confirm_proxy or self.session.settings.confirm_proxy
        return other if page.to_confirm and other and page.route != without_credentials(other) else ""

    def _request(
        self, url: str, page: DuePage, meta: dict[str, Any], asked: str = "", redirects: int = 0
    ) -> Request:
        source = self.sources.get(host_of(url), Seed(url))
        meta["cookiejar"] = source.source or "pages"
        if source.proxy:
            meta["proxy"] = source.proxy
        if other := self._other_route(page, source):
            # Cookies of one way would tell the site who comes by the other.
            meta |= {"proxy": other, OTHER_ROUTE: True, "cookiejar": f"{meta['cookiejar']} by {other}"}
        if source.ignore_robots_because:
            meta |= {"dont_obey_robotstxt": True, "ignore_robots_because": source.ignore_robots_because}
        self.session.count("queued")
        return Request(
            url,
            callback=self.parse_look,
            errback=self.not_fetched,
            cb_kwargs={"page": page, "asked": asked or url, "redirects": redirects},
            dont_filter=True,
            meta=meta,
        )


def failure_of(error: BaseException | None) -> classify.Failure:
    """Why no response came, from a download error and what caused it."""
    cause = (error.__cause__ if error else None) or error
    if isinstance(cause, TimeoutError):
        return classify.Failure.TIMEOUT
    if isinstance(cause, aiohttp.ClientConnectorDNSError):
        return classify.Failure.DNS
    if isinstance(cause, aiohttp.ClientSSLError | ssl.SSLError):
        return classify.Failure.TLS
    if isinstance(cause, aiohttp.ClientConnectorError):
        return classify.Failure.REFUSED
    if isinstance(
        cause, aiohttp.ClientPayloadError | aiohttp.ServerDisconnectedError | aiohttp.ClientOSError
    ):
        return classify.Failure.RESET
    return classify.Failure.OTHER
