"""Which pages a crawl goes to next. What a page says is read by `parsers.read`; spiders only steer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from scrapy import FormRequest, Request, Spider
from scrapy.exceptions import CloseSpider, IgnoreRequest
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure as Caught

from archive.capture import Capture
from archive.errors import ArchiveError
from crawler.browser.recording import record_page
from crawler.errors import BrowserFailed, BrowserMissing
from crawler.fetching.archiving import CAPTURE, JUDGED, LISTED, NOT_KEPT
from crawler.plan import Seed, host_of
from crawler.reading.process import LISTS, Found
from crawler.session import CrawlSession
from parsers.availability.states import Availability
from parsers.page import Link, LinkRole, Page, PageKind, Reading
from parsers.requisites import style_requisites

HTML = (b"text/html", b"application/xhtml+xml")
QUEUES = "HOLDFAST_QUEUES"
"""The setting that names the folder where requests wait; those of other spiders cannot be written down."""

MAX_REDIRECTS = 3
"""Redirects by script or meta element that are followed in a row."""

MAX_IMPORTS = 2
"""Style sheets that import style sheets are followed so deep."""

DEEPER = 2
"""Lists that name relevant articles are followed so many levels deeper than their source says,"""

FURTHER = 4
"""and to so many times as many pages."""

FIRST, SOON, LAST = 10, 0, -10
"""Priorities: lists before pages, so that the whole crawl is known early; pages before pictures."""


class PageSpider(Spider):
    """Fetches pages, the lists they stand in and the pictures they show; one subclass for each sort of host."""

    name = "page"

    def __init__(self, session: CrawlSession | None = None, **kwargs: Any) -> None:
        if session is None:
            raise CloseSpider("a spider needs a workspace; start it with: holdfast crawl")
        super().__init__(**kwargs)
        self.session = session

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Gives each spider a queue of its own, as Scrapy asks for."""
        super().update_settings(settings)
        if queues := settings[QUEUES]:
            settings.set("JOBDIR", f"{queues}/{cls.name}", priority="spider")

    @classmethod
    def takes(cls, url: str) -> bool:
        """Whether this spider is the one for an address."""
        raise NotImplementedError

    def referer(self, page_url: str) -> str:
        """The Referer with which a page's pictures are asked for: the page, as a browser would send."""
        return page_url

    def closed(self, reason: str) -> None:
        """Notes that everything there was to do is done; Scrapy calls it with another reason when it is not."""
        if reason == "finished":
            self.session.unfinished.discard(self.name)

    async def start(self) -> AsyncIterator[Request]:
        """The seeds, then the articles and pictures that earlier runs did not get to."""
        for seed in self.session.seeds:
            if not self.takes(seed.url):
                continue
            if seed.is_page and not self.session.mark(seed.url):
                self.session.count("known")
                continue
            request = self._page_request(seed.url, seed, priority=SOON if seed.is_page else FIRST)
            request.meta[LISTED] = seed.listed
            yield request
        for url in self.session.leads:
            if self.takes(url) and self.session.mark(url):
                yield self._page_request(url, self._list_of(url))
        for requisite in self.session.pending:
            if self.takes(requisite.page_url):
                referer, seed = self.referer(requisite.page_url), self._source_of(requisite.page_url)
                for request in self._requisite_requests([requisite.url], referer, seed):
                    yield request

    def _source_of(self, page_url: str) -> Seed:
        """The seed of the page's host, so that what an earlier run left goes the way its source should."""
        host = host_of(page_url)
        return next((seed for seed in self.session.seeds if host_of(seed.url) == host), Seed(page_url))

    def _list_of(self, url: str) -> Seed:
        """The list that an article is taken to stand in when an earlier run found it: one on its host."""
        lists = (seed for seed in self.session.seeds if not seed.is_page)
        return next((seed for seed in lists if host_of(seed.url) == host_of(url)), Seed(url, is_page=False))

    async def parse_page(
        self, response: Response, seed: Seed, depth: int = 0, number: int = 1, redirects: int = 0
    ) -> AsyncIterator[Any]:
        """Reads a page, hands it to the store, and follows what it leads to."""
        capture: Capture | None = response.meta.get(CAPTURE)
        page = Page(
            url=response.url,
            body=response.body,
            status=response.status,
            content_type=(response.headers.get("Content-Type") or b"").decode("latin-1"),
            captured_at=capture.time if capture else None,
        )
        found = await self.session.reader.read(page, capture, self.session.judge)
        if found.problem:
            self._failed(response.url, found.problem)
            return
        if NOT_KEPT in response.meta:
            self.session.count("not_kept")
            found = replace(found, requisites=())
        else:
            self._note(response, found.reading)
        if seed.browser and capture and _is_shown(response, found.reading):
            await self._open_in_browser(response, capture, seed)
        for request in self._next(response.url, found, seed, depth, number, redirects):
            yield request

    def parse_requisite(self, response: Response, seed: Seed, depth: int = 0) -> Iterator[Request]:
        """A requisite only has to be archived; what a style sheet shows and imports is fetched too."""
        capture: Capture | None = response.meta.get(CAPTURE)
        if capture:
            self.session.reader.record(capture)
        is_style = (response.headers.get("Content-Type") or b"").lower().startswith(b"text/css")
        self.session.count("styles" if is_style else "images")
        if response.status >= 400:
            self._failed(response.url, f"the server answered {response.status}")
        elif is_style and depth < MAX_IMPORTS:
            css = response.body.decode("utf-8", "replace")
            shown = [link.url for link in style_requisites(css, response.url)]
            yield from self._requisite_requests(shown, response.url, seed, depth + 1)

    def not_fetched(self, failure: Caught) -> None:
        """Notes why an address could not be had."""
        request: Any = getattr(failure, "request", None)
        error = failure.value
        if isinstance(error, IgnoreRequest) and "robots.txt" in str(error):
            reason = "robots.txt forbids it"
        else:
            reason = str(error) or type(error).__name__
        self._failed(
            request.url if request else "", reason.removeprefix(f"{request.url}: ") if request else reason
        )

    def _next(
        self, url: str, found: Found, seed: Seed, depth: int, number: int, redirects: int
    ) -> Iterator[Request]:
        reading = found.reading
        if self.session.with_requisites:
            yield from self._requisite_requests(found.requisites, self.referer(url), seed)
        deepest = seed.depth + DEEPER if found.names_more else seed.depth
        farthest = seed.pages * FURTHER if found.names_more else seed.pages
        fresh = 0
        links = [link for link in reading.links if self.session.fits(link.url)]
        for link in links:
            if link.role is LinkRole.REDIRECT and redirects < MAX_REDIRECTS:
                yield self._page_request(link.url, seed, depth=depth, redirects=redirects + 1)
            elif self._follows(link, url, reading, seed):
                if self.session.mark(link.url):
                    fresh += 1
                    yield self._page_request(link.url, seed, depth=depth)
                else:
                    self.session.count("known")
            elif self._goes_deeper(link, seed, depth, deepest):
                yield self._page_request(link.url, seed, priority=FIRST, depth=depth + 1)
        for address in found.leads if not seed.is_page else ():
            if self.session.fits(address) and self.session.mark(address):
                yield self._page_request(address, seed, depth=depth)
        for link in links:
            if (
                link.role is LinkRole.NEXT
                and number < farthest
                and (reading.kind is PageKind.ARTICLE or fresh)
            ):
                yield self._next_request(link, seed, depth, number)

    def _follows(self, link: Link, url: str, reading: Reading, seed: Seed) -> bool:
        """Articles are followed from lists; attachments also from the article they belong to.

        An article that the campaign names as a list is one.
        """
        if link.role is LinkRole.ATTACHMENT and reading.kind is PageKind.ARTICLE:
            return self.session.with_requisites
        listed = link.role in (LinkRole.ARTICLE, LinkRole.ATTACHMENT)
        return listed and not seed.is_page and (reading.kind in LISTS or url == seed.url)

    def _goes_deeper(self, link: Link, seed: Seed, depth: int, deepest: int) -> bool:
        """Whether a list is followed to another, which is done once."""
        wanted = link.role is LinkRole.LISTING and depth < deepest and not seed.is_page
        return wanted and self.session.go_deeper(link.url, depth + 1)

    def _page_request(
        self, url: str, seed: Seed, *, priority: int = SOON, depth: int = 0, redirects: int = 0
    ) -> Request:
        self.session.count("queued")
        return Request(
            url,
            callback=self.parse_page,
            errback=self.not_fetched,
            cb_kwargs={"seed": seed, "depth": depth, "redirects": redirects},
            priority=priority,
            dont_filter=True,
            meta={**self._meta(seed), JUDGED: not seed.is_page},
        )

    def _next_request(self, link: Link, seed: Seed, depth: int, number: int) -> Request:
        kwargs = {"seed": seed, "depth": depth, "number": number + 1}
        common: dict[str, Any] = {
            "callback": self.parse_page,
            "errback": self.not_fetched,
            "cb_kwargs": kwargs,
            "priority": FIRST,
            "meta": {**self._meta(seed), JUDGED: not seed.is_page},
        }
        if link.post is not None:
            return FormRequest(link.url, formdata=list(link.post), **common)
        return Request(link.url, **common)

    def _requisite_requests(
        self, urls: Iterable[str], referer: str, seed: Seed, depth: int = 0
    ) -> Iterator[Request]:
        meta = {"download_maxsize": self.session.settings.max_requisite_bytes, **self._meta(seed)}
        for url in urls:
            if not url.startswith(("http://", "https://")) or not self.session.fits(url):
                continue
            request = Request(
                url,
                callback=self.parse_requisite,
                errback=self.not_fetched,
                cb_kwargs={"seed": seed, "depth": depth},
                priority=LAST,
                headers={"Referer": referer},
                dont_filter=True,
                meta=dict(meta),
            )
            if self.session.need(request.url):
                self.session.count("queued")
                yield request

    def _meta(self, seed: Seed) -> dict[str, Any]:
        meta: dict[str, Any] = {"cookiejar": seed.source or "pages"}
        if seed.proxy:
            meta["proxy"] = seed.proxy
        if seed.ignore_robots_because:
            meta |= {"dont_obey_robotstxt": True, "ignore_robots_because": seed.ignore_robots_because}
        return meta

    def _note(self, response: Response, reading: Reading) -> None:
        self.session.count("lists" if reading.kind in LISTS else "pages")
        if reading.availability is Availability.BLOCKED:
            host = urlsplit(response.url).hostname or ""
            self.session.hosts.park(host, "it asks for verification")
            self._failed(response.url, "the site asks for verification; it is left alone until the next run")
        elif response.status >= 400:
            self._failed(response.url, f"the server answered {response.status}")

    async def _open_in_browser(self, response: Response, capture: Capture, seed: Seed) -> None:
        """Pictures of a page are welcome, not needed: without them it stays as it is."""
        if self.session.no_browser:
            return
        try:
            await record_page(self.session, self.crawler.engine, response, capture, self._meta(seed))
            self.session.count("renditions")
        except BrowserMissing as error:
            self.session.no_browser = True
            self._failed(response.url, f"no picture of this page or others was taken: {error}")
        except BrowserFailed as error:
            self._failed(response.url, f"the page is archived, but without a picture: {error}")
        except ArchiveError as error:
            self.session.fail(error)

    def _failed(self, url: str, reason: str) -> None:
        self.session.give_up(url, reason)


def _is_shown(response: Response, reading: Reading) -> bool:
    """Whether this is a page for people that was fetched well."""
    is_html = (response.headers.get("Content-Type") or b"").lower().startswith(HTML)
    there = reading.availability in (Availability.LIVE, Availability.CHANGED)
    return is_html and there and response.status < 400 and reading.kind not in LISTS
