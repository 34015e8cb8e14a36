"""Opens a page that was just archived in the browser too, and archives its picture, its PDF and what it asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from archive.capture import Capture
from archive.noted.rendition import PAGE_INFO, PDF, SCREENSHOT, page_info
from crawler.browser.traffic import Answer, Fetch, Question
from crawler.browser.visit import HEIGHT, WIDTH, Visit, visit
from crawler.fetching.archiving import ASKED_FOR
from crawler.fetching.download import DOWNLOAD_ERRORS
from crawler.session import CrawlSession

OWN = frozenset({"accept-encoding", "connection", "content-length", "cookie", "host", "user-agent"})
"""Request headers that the downloader sets itself."""

DONE = frozenset({b"content-encoding", b"content-length", b"transfer-encoding", b"connection"})
"""Response headers about the way the body came, which the browser gets whole and decoded."""


async def record_page(
    session: CrawlSession, engine: Any, response: Response, capture: Capture, meta: dict[str, Any]
) -> None:
    """Archives `urn:fullPage:`, `urn:pdf:` and `urn:pageinfo:` of the page that `capture` holds; one page at a time.

    `meta` is that of the requests which the browser's become. Raises BrowserMissing or BrowserFailed, and
    ArchiveError when nothing can be archived any more; the page itself is safe in any case.
    """
    fetch = _fetcher(session, engine, capture, meta)
    async with session.browsing:
        seen = await visit(response.url, _answer(response), fetch, session.settings)
    now = datetime.now(UTC)
    notes = (*_notes(seen), ("page-capture", capture.record_id))
    made = (
        (SCREENSHOT, seen.picture, "image/png"),
        (PDF, seen.pdf, "application/pdf"),
        (PAGE_INFO, page_info(capture, seen.given), "application/json"),
    )
    for kind, body, mime in made:
        written = session.writer.write_resource(
            kind + capture.url, body, mime, now, notes, concurrent_to=capture.record_id
        )
        await asyncio.wrap_future(written)


def _fetcher(session: CrawlSession, engine: Any, capture: Capture, meta: dict[str, Any]) -> Fetch:
    async def fetch(question: Question) -> Answer | None:
        request = Request(
            question.url,
            method=question.method,
            headers={name: value for name, value in question.headers if name.lower() not in OWN},
            meta={"download_maxsize": session.settings.max_requisite_bytes, **meta, ASKED_FOR: capture.url},
        )
        try:
            response = await engine.download_async(request)
        except (IgnoreRequest, *DOWNLOAD_ERRORS):
            return None
        if response.status < 400:
            session.need(request.url)
            session.need(response.url)
        return _answer(response)

    return fetch


def _answer(response: Response) -> Answer:
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
        if name.lower() not in DONE
    )
    return Answer(response.status, headers, response.body)


def _notes(seen: Visit) -> Iterator[tuple[str, str]]:
    """How the picture came about, and what it does not show."""
    yield "taken-by", f"{seen.browser}, headless, window of {WIDTH} by {HEIGHT} pixels, scrolled to the end"
    yield "document", "the bytes of the page's own capture; it was not fetched a second time"
    yield (
        "traffic",
        f"{seen.asked} requests of the page; each that was answered was made and archived by this crawler, "
        "so connections, TLS and cookies are the crawler's and not the browser's, "
        "and a redirect was followed before the browser got the answer",
    )
    if seen.left_out:
        told = ", ".join(f"{count} {reason}" for reason, count in sorted(seen.left_out.items()))
        yield "not-answered", told
    if not seen.complete:
        yield "incomplete", "time ran out before the page had all that it asked for"
    if seen.cut:
        yield "cut", "the page is larger than the picture; the PDF has all of it"
