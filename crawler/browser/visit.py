"""Opens one page in the browser as a reader would, to its end, and pictures it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.noted.rendition import AskedFor
from crawler.browser.chromium import chromium
from crawler.browser.traffic import Answer, Fetch, Traffic
from crawler.errors import BrowserFailed
from workspace.settings import Settings

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

WIDTH, HEIGHT = 1280, 1024
"""The window, in CSS pixels."""

MAX_WIDTH, MAX_HEIGHT = 4096, 16_384
"""Of a picture, in pixels: Chromium repeats the top of anything higher."""

MAX_SCREENS = 64
"""How far down a page is scrolled."""

PICTURE_SECONDS = 60.0
"""How long picture and PDF may take, each."""

SCROLL = """async () => {
    window.scrollBy(0, window.innerHeight);
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    const root = document.scrollingElement || document.documentElement;
    return window.scrollY + window.innerHeight >= root.scrollHeight - 1;
}"""
BACK = """async () => {
    window.scrollTo(0, 0);
    const decoded = [...document.images].map(image => image.decode().catch(() => null));
    const late = new Promise(done => setTimeout(done, 5000));
    await Promise.race([Promise.all([document.fonts.ready, ...decoded]), late]);
}"""
SIZE = """() => {
    const root = document.scrollingElement || document.documentElement;
    return [Math.max(root.scrollWidth, window.innerWidth), Math.max(root.scrollHeight, window.innerHeight)];
}"""


@dataclass(frozen=True, slots=True)
class Visit:
    """A page as the browser showed it.

    `complete` is False when time ran out before the page had everything; `cut` when the page is larger than the
    picture. `given` is what it asked for and got; `left_out` counts requests that were not answered, by reason.
    """

    picture: bytes
    pdf: bytes
    browser: str
    complete: bool
    cut: bool
    asked: int
    given: tuple[AskedFor, ...]
    left_out: Mapping[str, int]


async def visit(url: str, document: Answer, fetch: Fetch, settings: Settings) -> Visit:
    """Shows `document` under its address `url`, scrolls down and takes picture and PDF.

    The page itself is not asked for again; everything else comes through `fetch`. Raises BrowserMissing, or
    BrowserFailed when the browser does not start, crashes or hangs.
    """
    from playwright.async_api import Error

    try:
        async with (
            asyncio.timeout(settings.browser_seconds + 4 * PICTURE_SECONDS),
            chromium(settings) as browser,
        ):
            return await _visit(browser, url, Traffic(document, fetch), settings)
    except Error as error:
        reason = error.message.partition("\n")[0]
        raise BrowserFailed(
            f"the browser could not show the page ({reason}); try again with --again"
        ) from error
    except TimeoutError as error:
        raise BrowserFailed(
            "the browser did not come to an end with the page; try again with --again"
        ) from error


async def _visit(browser: Browser, url: str, traffic: Traffic, settings: Settings) -> Visit:
    context = await browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT},
        user_agent=settings.user_agent,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        service_workers="block",
        accept_downloads=False,
    )
    await context.route("**/*", traffic.answer)
    page = await context.new_page()
    page.set_default_timeout(PICTURE_SECONDS * 1000)
    page.on("dialog", lambda dialog: dialog.dismiss())
    complete = True
    try:
        async with asyncio.timeout(settings.browser_seconds):
            await _read_through(page, url, traffic, settings.browser_seconds)
    except TimeoutError:
        complete = False
    size = await page.evaluate(SIZE)
    width, height = min(size[0], MAX_WIDTH), min(size[1], MAX_HEIGHT)
    picture = await page.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height})
    await page.emulate_media(media="screen")
    pdf = await page.pdf(format="A4", print_background=True)
    return Visit(
        picture=picture,
        pdf=pdf,
        browser=f"Chromium {browser.version}",
        complete=complete,
        cut=[width, height] != size,
        asked=traffic.asked,
        given=tuple(traffic.given),
        left_out=dict(traffic.left_out),
    )


async def _read_through(page: Page, url: str, traffic: Traffic, seconds: float) -> None:
    """Down to the end and up again, so that a page loads what it loads only when it comes into view."""
    # A page that tries to lead away while it loads is never loaded in Playwright's sense.
    await page.goto(url, wait_until="commit", timeout=seconds * 1000)
    await traffic.quiet()
    for _ in range(MAX_SCREENS):
        at_end = await page.evaluate(SCROLL)
        await traffic.quiet()
        if at_end:
            break
    await page.evaluate(BACK)
