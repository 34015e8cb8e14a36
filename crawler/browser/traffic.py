"""Answers what a page in the browser asks for."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.noted.rendition import AskedFor

if TYPE_CHECKING:
    from playwright.async_api import Request, Route

MAX_REQUESTS = 500
MAX_BYTES = 128 * 2**20
"""What one page may ask for, in requests and in bytes of answers."""

QUIET_SECONDS = 0.3
"""A page that has asked for nothing for so long has what it wants for now."""

READING = ("GET", "HEAD")
"""Methods that change nothing on a server (RFC 9110 §9.2.1)."""

WEB = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class Question:
    """What the browser asks for."""

    url: str
    method: str
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the browser is given: a response with its content-encoding undone."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def mime(self) -> str:
        """The media type, without parameters."""
        named = (value for name, value in self.headers if name.lower() == "content-type")
        return next(named, "").partition(";")[0].strip()


Fetch = Callable[[Question], Awaitable[Answer | None]]
"""Gets and archives what the browser asks for; None when it cannot be had."""


class Traffic:
    """All that one page asks for. `given` is what it was given, `left_out` counts, by reason, what it was not."""

    def __init__(self, document: Answer, fetch: Fetch) -> None:
        self._document: Answer | None = document
        self._fetch = fetch
        self._bytes = 0
        self._asked = 0
        self._open = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self.left_out: Counter[str] = Counter()
        self.given: list[AskedFor] = []

    @property
    def asked(self) -> int:
        """How many requests the page made besides the one for itself."""
        return self._asked

    async def answer(self, route: Route, request: Request) -> None:
        """Answers one request; a browser that is gone meanwhile needs no answer."""
        from playwright.async_api import Error

        self._open += 1
        self._idle.clear()
        try:
            given = await self._answer(request)
            if given is None:
                # Chromium stays at a page only when a way from it is "aborted"; after any failure it shows its own.
                await route.abort("aborted")
            else:
                headers = _as_dict(given.headers)
                await route.fulfill(status=given.status, headers=headers, body=given.body)
        except Error:
            self.left_out["too late"] += 1
        finally:
            self._open -= 1
            if not self._open:
                self._idle.set()

    async def quiet(self) -> None:
        """Waits until nothing is under way and nothing more is asked for."""
        while True:
            await self._idle.wait()
            before = self._asked
            await asyncio.sleep(QUIET_SECONDS)
            if self._idle.is_set() and self._asked == before:
                return

    async def _answer(self, request: Request) -> Answer | None:
        if _goes_elsewhere(request):
            document, self._document = self._document, None
            if document is None:
                self.left_out["leads to another page"] += 1
            return document
        self._asked += 1
        if reason := self._refusal(request):
            self.left_out[reason] += 1
            return None
        headers = tuple(request.headers.items())
        given = await self._fetch(Question(request.url, request.method, headers))
        if given is None:
            self.left_out["not to be had"] += 1
        else:
            self._bytes += len(given.body)
            self.given.append(AskedFor(request.url, given.status, given.mime, request.resource_type))
        return given

    def _refusal(self, request: Request) -> str | None:
        if request.method not in READING:
            return "would send something"
        if not request.url.startswith(WEB):
            return "no web address"
        if request.resource_type == "media":
            return "video or sound"
        if self._asked > MAX_REQUESTS or self._bytes > MAX_BYTES:
            return "too much for one page"
        return None


def _goes_elsewhere(request: Request) -> bool:
    """Whether this is about the page itself or a new window, not about something in the page."""
    from playwright.async_api import Error

    if not request.is_navigation_request():
        return False
    try:
        return request.frame.parent_frame is None
    except Error:  # a window that is only just opening
        return True


def _as_dict(headers: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Headers as Playwright takes them: repeated ones in one, in lines."""
    joined: dict[str, str] = {}
    for name, value in headers:
        joined[name] = f"{joined[name]}\n{value}" if name in joined else value
    return joined
