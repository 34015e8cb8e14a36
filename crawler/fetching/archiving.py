"""The downloader middleware that archives: nearest to the downloader, so that it sees what the wire carried.

Everything above it (redirects, retries, decompression, cookies) works on what is already safe.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import partial

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from archive.capture import Capture
from archive.coding import coding_of, decoded
from archive.errors import ArchiveError, BrokenRecord
from archive.exchange import Exchange
from archive.noted.notkept import NotKept, decided, not_kept_entry
from archive.reader import MAX_DECODED_BYTES
from archive.warc.warcformat import header
from archive.writing.writer import ArchiveWriter
from crawler.fetching.conditional import validators_for
from crawler.fetching.download import WIRE
from crawler.older.keeping import Keep
from crawler.session import CrawlSession, session_of
from parsers.page import Page
from workspace.logs import event_log

LOG = event_log("crawl")

CAPTURE = "holdfast_capture"
ASKED_FOR = "holdfast_asked_for"
"""In a request's meta: the page in the browser that asked for this."""

KEEP = "holdfast_keep"
"""Under this in `request.meta` stands what is kept of the exchange (`crawler.older.keeping.Keep`), if not all of it."""

JUDGED = "holdfast_judged"
"""Set for pages that are kept only when they are relevant, in campaigns that want it so."""

LISTED = "holdfast_listed"
"""What the list of sources says of the page that is asked for: notes for its metadata record."""

TRAIL = "holdfast_trail"
"""Under this in `request.meta` may stand a Trail, shared by a request and all that come of it."""

NOT_KEPT = "holdfast_not_kept"
"""Why a page was not kept."""


@dataclass
class Trail:
    """What was met on the way: captures of redirects and attempts, and what the last attempt failed with."""

    captures: list[Capture] = field(default_factory=list)
    error: Exception | None = None


class ArchivingMiddleware:
    """Writes each attempt to the archive and lets it go on only when its bytes are on disk."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ArchivingMiddleware:
        """As Scrapy makes it."""
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response:
        """Archives a response; its Capture is then in `request.meta[CAPTURE]`."""
        await self._archive(request)
        await session_of(self._crawler).reader.room()
        return response

    async def process_exception(self, request: Request, exception: Exception) -> None:
        """Archives a fetch that failed, with whatever had arrived."""
        await self._archive(request, exception)

    async def _archive(self, request: Request, error: Exception | None = None) -> None:
        exchange: Exchange | None = request.meta.pop(WIRE, None)
        if exchange is None:
            return
        session: CrawlSession = session_of(self._crawler)
        keep: Keep = request.meta.get(KEEP, _whole)
        made = await _decision(request, exchange, session)
        if made:
            keep = partial(_decision_only, made)
        if validators := validators_for(request):
            exchange = replace(exchange, condition=validators.condition)
        try:
            written = keep(replace(exchange, notes=(*_notes(request), *exchange.notes)), session.writer)
            capture = await asyncio.wrap_future(written) if written else None
        except ArchiveError as unwritten:
            session.fail(unwritten)
            raise
        request.meta[CAPTURE] = capture
        _tell(session.campaign, exchange, capture, made)
        trail: Trail | None = request.meta.get(TRAIL)
        if trail:
            trail.error = error
            trail.captures += [capture] if capture else []
        if made:
            request.meta[NOT_KEPT] = made.reason
            session.reader.pass_over(made)


async def _decision(request: Request, exchange: Exchange, session: CrawlSession) -> NotKept | None:
    """The decision not to keep a page; None for what is kept, and for all that is not judged."""
    judge = session.judge if session.selective and request.meta.get(JUDGED) else None
    if judge is None or exchange.status != 200 or exchange.truncated:
        return None
    try:
        coding = coding_of(exchange.response_headers)
        body = decoded(exchange.body, coding, limit=MAX_DECODED_BYTES)
    except BrokenRecord:
        return None
    mime = header(exchange.response_headers, b"content-type").decode("latin-1")
    page = Page(exchange.url, body, exchange.status, mime, exchange.started_at)
    reason = await session.reader.judge(page, judge)
    return decided(exchange, reason, judge.digest) if reason else None


def _tell(campaign: str, exchange: Exchange, capture: Capture | None, made: NotKept | None) -> None:
    if made:
        LOG.info("not kept", campaign=campaign, url=exchange.url, reason=made.reason)
    elif capture:
        LOG.info(
            "archived",
            campaign=campaign,
            url=exchange.url,
            status=exchange.status,
            record=capture.record_id,
            file=capture.file,
            offset=capture.offset,
        )


def _decision_only(made: NotKept, exchange: Exchange, writer: ArchiveWriter) -> Future[Capture | None]:
    return writer.write_entry(lambda: not_kept_entry(made, exchange), 0)


def _whole(exchange: Exchange, writer: ArchiveWriter) -> Future[Capture | None]:
    return writer.write(exchange)


def _notes(request: Request) -> list[tuple[str, str]]:
    """What a later reader should know of the attempt."""
    notes = [("attempt", str(request.meta.get("retry_times", 0) + 1))]
    if urls := request.meta.get("redirect_urls"):
        notes.append(("redirected-from", str(urls[-1])))
    if reason := request.meta.get("ignore_robots_because"):
        notes.append(("robots-ignored-because", str(reason)))
    if page := request.meta.get(ASKED_FOR):
        notes.append(("asked-for-by", f"{page}, open in a browser"))
    notes += request.meta.get(LISTED, ())
    return notes
