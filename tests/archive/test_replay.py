"""Archived pages in a real browser: text visible, every archived picture painted, nothing asked outside the archive."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, sync_playwright

from archive.errors import ReplayFailed
from archive.replay import replay
from demo.site import Article, articles
from tests.chromium import FLAGS, chromium_path

SITES = ("wechat", "government", "news")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium_path()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def address(toured: Path) -> Iterator[str]:
    with replay(toured) as served:
        yield f"{served}/demo"


def one_of(site: str) -> Article:
    """An article of a site that has pictures and was not deleted meanwhile."""
    return next(each for each in articles() if each.site == site and each.images and not each.vanishes)


@pytest.mark.browser
@pytest.mark.parametrize("site", SITES)
def test_a_page_replays_whole_from_the_archive_alone(
    browser: Browser, address: str, site: str, tmp_path: Path
) -> None:
    article = one_of(site)
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/mp_/{article.url}", wait_until="networkidle")
    shown = page.frames[-1]
    assert article.text[0] in shown.evaluate("document.body.innerText")
    body = shown.locator("#js_content, .TRS_Editor, .news_txt").first
    assert body.is_visible()
    assert body.evaluate("element => getComputedStyle(element).visibility") == "visible"
    assert float(body.evaluate("element => getComputedStyle(element).opacity")) == 1
    widths = shown.evaluate("[...document.images].map(image => image.naturalWidth)")
    assert len(widths) == len(article.images)
    assert all(width > 0 for width in widths)
    if site == "government":
        assert "serif" in shown.evaluate("getComputedStyle(document.body).fontFamily")
    outside = [url for url in asked if not url.startswith((address.rsplit("/", 1)[0], "data:", "blob:"))]
    assert outside == []
    page.screenshot(path=str(tmp_path / f"{site}.png"))
    page.close()


@pytest.mark.browser
def test_a_page_that_was_never_archived_is_not_fetched_from_the_web(browser: Browser, address: str) -> None:
    page = browser.new_page()
    answer = page.goto(f"{address}/mp_/http://elsewhere.example/", wait_until="networkidle")
    assert answer
    assert "not found" in page.content().lower()
    page.close()


def test_a_server_answers_hundreds_of_requests(tmp_path: Path) -> None:
    (tmp_path / "collections" / "demo").mkdir(parents=True)
    with replay(tmp_path) as served:
        for number in range(400):
            connection = HTTPConnection(urlsplit(served).netloc, timeout=30)
            connection.request("GET", f"/demo/mp_/http://site.example/{number}-{'x' * 500}")
            assert connection.getresponse().status == 404
            connection.close()


def test_what_pywb_says_of_a_start_that_fails_is_told(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("collections: 5")
    with pytest.raises(ReplayFailed, match="pywb did not start: AttributeError"), replay(tmp_path):
        pass


def test_a_port_that_is_taken_is_said_so(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with (
            pytest.raises(ReplayFailed, match=f"cannot listen on 127.0.0.1 port {port}"),
            replay(tmp_path, port=port),
        ):
            pass
