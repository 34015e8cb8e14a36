"""Archived pages in a real browser: text visible, every archived picture painted, nothing asked outside the archive."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from archive.replay import replay
from demo.site import Article, articles
from tests.chromium import FLAGS, chromium_path

pytestmark = pytest.mark.browser

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


def test_a_page_that_was_never_archived_is_not_fetched_from_the_web(browser: Browser, address: str) -> None:
    page = browser.new_page()
    answer = page.goto(f"{address}/mp_/http://elsewhere.example/", wait_until="networkidle")
    assert answer
    assert "not found" in page.content().lower()
    page.close()
