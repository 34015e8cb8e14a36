"""Asks web archives what they have of a page, and fetches the versions that are worth having."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import urljoin

from scrapy import Request, Spider
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure as Caught

from archive.capture import Capture
from archive.errors import ArchiveError
from archive.index import lookup
from archive.noted.older import Provenance
from archive.reader import read_capture
from crawler.errors import UnusableAnswer
from crawler.fetching.archiving import CAPTURE, KEEP
from crawler.older import cdx, keeping, memento
from crawler.older.listed import Listed, worth_having
from crawler.older.sought import Sought
from crawler.session import CrawlSession
from parsers.page import Page
from workspace.web_archive import WebArchive

MAX_LIST_BYTES = 16 * 2**20
MAX_TIMEMAPS = 4
"""TimeMaps that a TimeGate or a TimeMap leads to and that are followed for one page."""

MAX_REDIRECTS = 3
ALL = list(range(300, 600))
"""Statuses that come to the spider: a capture of an error or a redirect has its status."""


class OlderSpider(Spider):
    """Fetches nothing from the pages' own hosts, only from the web archives that the settings name."""

    name = "older"

    def __init__(
        self,
        session: CrawlSession,
        sought: tuple[Sought, ...],
        archives: tuple[WebArchive, ...],
        earliest: datetime,
        most: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.session = session
        self.sought = sought
        self.archives = archives
        self.earliest = earliest
        self.most = most

    def closed(self, reason: str) -> None:
        """Notes that everything there was to do is done."""
        if reason == "finished":
            self.session.unfinished.discard(self.name)

    async def start(self) -> AsyncIterator[Request]:
        """One question to each web archive for each page."""
        for page in self.sought:
            page.waiting = len(self.archives)
            for archive in self.archives:
                address = cdx.query(archive, page.url) if archive.cdx else memento.query(archive, page.url)
                yield self._list_request(address, page, archive)

    def parse_list(
        self, response: Response, page: Sought, archive: WebArchive, followed: int = 0
    ) -> Iterator[Request]:
        """Takes down what an archive lists; once all have answered, asks for the captures."""
        try:
            listed, more = self._listed(response, page, archive)
        except UnusableAnswer as error:
            self._failed(page, f"{archive.name}: {error}")
            listed, more = [], ()
        page.listed += [(archive, each) for each in listed]
        if not listed:
            for address in more[: MAX_TIMEMAPS - followed]:
                followed += 1
                page.waiting += 1
                yield self._list_request(urljoin(response.url, address), page, archive, followed=MAX_TIMEMAPS)
        yield from self._answered(page)

    async def parse_capture(
        self, response: Response, page: Sought, archive: WebArchive, listed: Listed, redirects: int = 0
    ) -> AsyncIterator[Request]:
        """Has a capture read like any other page, from the bytes that are now in the archive."""
        capture: Capture | None = response.meta.get(CAPTURE)
        if capture is None:
            onward = response.headers.get("Location")
            if onward and 300 <= response.status < 400 and redirects < MAX_REDIRECTS:
                address = urljoin(response.url, onward.decode("latin-1"))
                yield self._capture_request(page, archive, listed, address, redirects + 1)
            else:
                self._failed(page, f"{archive.name}: {_why_not(response, listed)}: {listed.named}")
            return
        page.captures.append(capture)
        self.session.count("captures")
        try:
            stored = read_capture(self.session.collection, capture.file, capture.offset)
            body = stored.decoded()
        except ArchiveError as error:
            self._failed(page, f"{archive.name}: {error}")
            return
        found = await self.session.reader.read(
            Page(capture.url, body, capture.status or 200, stored.mime, capture.time), capture
        )
        if found.problem:
            self._failed(page, f"{archive.name}: {capture.url}: {found.problem}")

    def not_listed(self, failure: Caught) -> Iterator[Request]:
        """Notes why an archive could not be asked."""
        request: Any = getattr(failure, "request", None)
        page, archive = request.cb_kwargs["page"], request.cb_kwargs["archive"]
        self._failed(page, f"{archive.name}: {_reason(failure, request.url)}")
        yield from self._answered(page)

    def not_fetched(self, failure: Caught) -> None:
        """Notes why a capture could not be had."""
        request: Any = getattr(failure, "request", None)
        page, archive = request.cb_kwargs["page"], request.cb_kwargs["archive"]
        self._failed(page, f"{archive.name}: {_reason(failure, request.url)}: {request.url}")

    def _listed(
        self, response: Response, page: Sought, archive: WebArchive
    ) -> tuple[list[Listed], tuple[str, ...]]:
        if archive.cdx:
            if response.status == 404:
                return [], ()
            if response.status != 200:
                raise UnusableAnswer(f"it answered {response.status} when asked for its list")
            return cdx.listed_in(response.body, archive), ()
        links = (response.headers.get("Link") or b"").decode("latin-1")
        if archive.timegate and response.request and "Accept-Datetime" in response.request.headers:
            found = memento.mementos_in(links, page.url)
            return ([], found.timemaps) if found.timemaps else (list(found.listed), ())
        if response.status == 404:
            return [], ()
        if response.status != 200:
            raise UnusableAnswer(f"it answered {response.status} when asked for its list")
        found = memento.mementos_in(response.body.decode("utf-8", "replace"), page.url)
        return list(found.listed), tuple(m for m in found.timemaps if m != response.url)

    def _answered(self, page: Sought) -> Iterator[Request]:
        page.waiting -= 1
        if page.waiting:
            return
        of = {each.named: archive for archive, each in page.listed}
        held = {
            capture.source_uri
            for url in {page.url, *(each.url for _, each in page.listed)}
            for capture in lookup(self.session.collection, url)
            if capture.source_uri
        }
        wanted = worth_having((each for _, each in page.listed), self.most)
        page.held = sum(each.named in held for each in wanted)
        for each in wanted:
            if each.named not in held:
                yield self._capture_request(page, of[each.named], each, each.source_uri)

    def _list_request(self, address: str, page: Sought, archive: WebArchive, *, followed: int = 0) -> Request:
        gate = archive.timegate and not followed
        headers = {"Accept-Datetime": format_datetime(self.earliest, usegmt=True)} if gate else {}
        self.session.count("queued")
        return Request(
            address,
            callback=self.parse_list,
            errback=self.not_listed,
            cb_kwargs={"page": page, "archive": archive, "followed": followed},
            headers=headers,
            priority=1,
            dont_filter=True,
            meta={**_meta(archive), KEEP: keeping.nothing, "download_maxsize": MAX_LIST_BYTES},
        )

    def _capture_request(
        self, page: Sought, archive: WebArchive, listed: Listed, address: str, redirects: int = 0
    ) -> Request:
        provenance = Provenance(
            archive=archive.name,
            source_uri=listed.named,
            found_by=archive.cdx or archive.timemap or archive.timegate,
            stated_digest=listed.digest,
            operator=self.session.settings.operator,
            reasons=_reasons(archive),
        )
        headers = {"Prefer": memento.PREFER}
        if listed.offset is not None and listed.length is not None:
            last = listed.offset + listed.length - 1
            headers = {"Range": f"bytes={listed.offset}-{last}", "Accept-Encoding": "identity"}
        self.session.count("queued")
        return Request(
            address,
            callback=self.parse_capture,
            errback=self.not_fetched,
            cb_kwargs={"page": page, "archive": archive, "listed": listed, "redirects": redirects},
            headers=headers,
            dont_filter=True,
            meta={**_meta(archive), KEEP: keeping.capture_of(listed, provenance)},
        )

    def _failed(self, page: Sought, reason: str) -> None:
        page.problems.append(reason)
        self.session.give_up(page.url, reason)


def _meta(archive: WebArchive) -> dict[str, Any]:
    meta: dict[str, Any] = {"handle_httpstatus_list": ALL, "cookiejar": archive.name}
    if archive.proxy:
        meta["proxy"] = archive.proxy
    if archive.ignore_robots_because:
        meta["dont_obey_robotstxt"] = True
    return meta


def _reasons(archive: WebArchive) -> tuple[tuple[str, str], ...]:
    reason = archive.ignore_robots_because
    return (("robots-ignored-because", reason),) if reason else ()


def _why_not(response: Response, listed: Listed) -> str:
    if listed.offset is not None:
        if response.status != keeping.PARTIAL:
            return f"it answered {response.status} when asked for a range of bytes"
        return "the bytes that it gave are not the capture that it lists"
    names: Iterable[bytes] = response.headers.keys()
    fields = {
        name.decode("latin-1").lower(): (response.headers.get(name) or b"").decode("latin-1")
        for name in names
    }
    return memento.why_not_kept(response.url, response.status, fields) or "it could not be archived"


def _reason(failure: Caught, url: str) -> str:
    error = failure.value
    if isinstance(error, IgnoreRequest) and "robots.txt" in str(error):
        return "robots.txt forbids it"
    return (str(error) or type(error).__name__).removeprefix(f"{url}: ")
