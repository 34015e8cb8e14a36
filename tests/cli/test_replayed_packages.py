"""A package for others, opened in the two common readers: text visible, pictures painted, nothing asked of the web."""

from __future__ import annotations

import asyncio
import shutil
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from playwright.sync_api import Browser, Frame, Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from archive.replay import replay
from demo.site import articles
from tests import starter
from tests.chromium import FLAGS, chromium_path, viewer_folder
from tests.crawler.site import serving

pytestmark = pytest.mark.browser

SETTINGS = "download_delay = 0\nmin_free_bytes = 0\ntimeout = 10\nbrowser_sandbox = false\n"
EMBED = """<!doctype html><meta charset="utf-8"><script src="ui.js"></script>
<replay-web-page style="height: 100vh" embed="replayonly" replayBase="/replay/" source="/evidence.wacz"
 url="{url}"></replay-web-page>"""
PAINTED = """image => new Promise(done => {
    const look = () => image.naturalWidth ? done() : requestAnimationFrame(look);
    look();
})"""
BROWSERS_OWN = ("google.com", "googleapis.com")
"""Where Chromium itself looks for updates, whatever page it shows."""


@dataclass(frozen=True)
class Packed:
    """A package, and the page in it to look at: a sentence of its text, and which pictures it shows."""

    package: Path
    url: str
    text: str
    images: str


class _Outside(socketserver.BaseRequestHandler):
    """A proxy that notes what pages ask for and lets nobody through."""

    def handle(self) -> None:
        method, _, rest = self.request.recv(4096).decode("latin-1").partition(" ")
        host = (urlsplit(f"//{rest.split()[0]}" if method == "CONNECT" else rest.split()[0])).hostname or ""
        if not host.endswith(BROWSERS_OWN):
            self.server.asked.append(rest)  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def outside() -> Iterator[tuple[str, list[str]]]:
    """The address of a proxy that all but loopback goes to, and the requests that came to it."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Outside) as proxy:
        asked: list[str] = []
        proxy.asked = asked  # type: ignore[attr-defined]
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{proxy.server_address[1]}", asked
        proxy.shutdown()


@pytest.fixture(scope="module")
def browser(outside: tuple[str, list[str]]) -> Iterator[Browser]:
    path = chromium_path()
    with sync_playwright() as playwright:
        route = {"server": outside[0], "bypass": "127.0.0.1"}
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS, proxy=route)  # type: ignore[arg-type]
        yield opened
        opened.close()


def holdfast(*arguments: object) -> None:
    starter.holdfast(*arguments).check_returncode()


@pytest.fixture(scope="module")
def demo(toured: Path) -> Path:
    package = toured.parent / "demo.wacz"
    holdfast("--home", toured, "export", "wacz", "--campaign", "demo", "-o", package)
    return package


@pytest.fixture(scope="module")
def scripted(tmp_path_factory: pytest.TempPathFactory) -> Packed:
    """A page that shows text and pictures only by its scripts, archived with the browser."""
    chromium_path()
    home = tmp_path_factory.mktemp("scripted") / "home"
    holdfast("init", home)
    (home / "holdfast.toml").write_text(SETTINGS)
    with serving() as site:
        url = f"{site.url}/gentle.html"
        holdfast("--home", home, "crawl", "--url", url, "--browser")
    package = home.parent / "scripted.wacz"
    holdfast("--home", home, "export", "wacz", "--campaign", "default", "-o", package)
    return Packed(package, url, "synthetic words of a script", "img[data-src]")


@pytest.fixture(params=["government", "news", "scripted"])
def packed(request: pytest.FixtureRequest) -> Packed:
    if request.param == "scripted":
        made: Packed = request.getfixturevalue("scripted")
        return made
    chosen = next(a for a in articles() if a.site == request.param and a.images and not a.vanishes)
    return Packed(request.getfixturevalue("demo"), chosen.url, chosen.text[0], "img")


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The files of a folder over HTTP, with ranges, on loopback."""
    loop, started = asyncio.new_event_loop(), threading.Event()
    app = web.Application()
    app.router.add_static("/", folder)
    runner = web.AppRunner(app)

    async def start() -> None:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        started.set()

    def run() -> None:
        loop.run_until_complete(start())
        loop.run_forever()

    threading.Thread(target=run, daemon=True).start()
    started.wait(60)
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(60)
        loop.call_soon_threadsafe(loop.stop)


def archived_frame(page: Page, url: str) -> Frame:
    """The frame with the archived page, once it is there."""

    def is_it(frame: Frame) -> bool:
        return frame.url.endswith(f"mp_/{url}")

    for _ in range(3):
        if not any(map(is_it, page.frames)):
            with suppress(PlaywrightTimeout):
                page.wait_for_event("framenavigated", is_it, timeout=90_000)
        if found := next(filter(is_it, page.frames), None):
            return found
        # On a busy machine a viewer's service worker at times takes charge of a page only when it is loaded again.
        page.reload()
    pytest.fail(f"{page.url} shows no {url}; frames: {[frame.url for frame in page.frames]}")


def look(page: Page, packed: Packed, shot: Path) -> None:
    """The text is visible and each picture painted, once scrolled to."""
    frame = archived_frame(page, packed.url)
    frame.get_by_text(packed.text).first.wait_for(state="visible", timeout=60_000)
    pictures = frame.locator(packed.images)
    assert pictures.count()
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
        picture.evaluate(PAINTED)
    page.screenshot(path=str(shot))


def test_replayweb_page_shows_it_from_the_package_alone(
    browser: Browser, outside: tuple[str, list[str]], packed: Packed, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    shutil.copytree(viewer_folder(), site / "replay")
    shutil.copy(viewer_folder() / "ui.js", site)
    shutil.copy(packed.package, site / "evidence.wacz")
    (site / "index.html").write_text(EMBED.format(url=packed.url))
    with served(site) as address, browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{address}/index.html")
        look(page, packed, tmp_path / "replayweb.png")
    assert outside[1] == []


def test_pywb_shows_it_from_the_package_alone(
    browser: Browser, outside: tuple[str, list[str]], packed: Packed, tmp_path: Path
) -> None:
    manager = Path(sys.executable).with_name("wb-manager")
    for words in (["init", "evidence"], ["add", "--unpack-wacz", "evidence", str(packed.package)]):
        subprocess.run([manager, *words], cwd=tmp_path, check=True, capture_output=True, timeout=120)
    # Its own configuration, without the script that our replay adds.
    (tmp_path / "config.yaml").write_text("framed_replay: true\n")
    with replay(tmp_path) as address, browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{address}/evidence/mp_/{packed.url}")
        look(page, packed, tmp_path / "pywb.png")
    assert outside[1] == []
