"""Finding and starting the system's Chromium, cut off from every network."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.errors import BrowserFailed, BrowserMissing
from workspace.settings import Settings

if TYPE_CHECKING:
    from playwright.async_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

START_SECONDS = 60.0

FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    # WebRTC would go past the proxy.
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    # Nothing is asked of any network by the browser itself, so it need not keep pages from the local one.
    "--disable-features=LocalNetworkAccessChecks,DialMediaRouteProvider,OptimizationHints,Translate",
)


def find_chromium(settings: Settings) -> Path:
    """The Chromium to use: the settings' own, else the first on the PATH. Raises BrowserMissing with what to do."""
    if find_spec("playwright") is None:
        raise BrowserMissing(
            "Playwright is not installed; install holdfast with its extra: holdfast[browser]"
        )
    if settings.chromium:
        if not os.access(settings.chromium, os.X_OK) or os.path.isdir(settings.chromium):
            raise BrowserMissing(
                f"{settings.chromium} is no program; correct the setting chromium, or leave it out"
            )
        return Path(settings.chromium)
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        raise BrowserMissing("no Chromium was found; install it, or set its path as chromium in the settings")
    return Path(found)


@asynccontextmanager
async def chromium(settings: Settings) -> AsyncIterator[Browser]:
    """A browser of its own, gone when the block ends. Raises BrowserMissing or BrowserFailed.

    It can reach nothing: its proxy is a port that nobody listens at. What a page asks for it gets only from whoever
    answers its routes. Chromium's sandbox is on, except for root, for whom Chromium has none.
    """
    path = find_chromium(settings)
    from playwright.async_api import Error, async_playwright

    with socket.socket() as nowhere:
        nowhere.bind(("127.0.0.1", 0))
        async with async_playwright() as playwright:
            try:
                browser = await playwright.chromium.launch(
                    executable_path=path,
                    args=list(FLAGS),
                    chromium_sandbox=settings.browser_sandbox and os.geteuid() != 0,
                    proxy={"server": f"http://127.0.0.1:{nowhere.getsockname()[1]}"},
                    timeout=START_SECONDS * 1000,
                )
            except Error as error:
                reason = error.message.partition("\n")[0]
                raise BrowserFailed(
                    f"{path} could not be started ({reason}); in a container set browser_sandbox = false"
                ) from error
            try:
                yield browser
            finally:
                await browser.close()
