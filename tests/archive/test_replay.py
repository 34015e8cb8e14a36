"""Archived pages in a real browser: text visible, every archived picture painted, nothing asked outside the archive."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from archive import Collection, CrawlInfo, Exchange, open_writer
from archive.errors import ReplayFailed
from archive.replay import replay
from demo.site import Article, articles
from tests.archive.replay_outside import CALLS, STEALS, WAYS_OUT, listening, wanting_out
from tests.chromium import FLAGS, chromium_path
from tests.crawler.site import photo
from tests.db.archived import BEGIN, archive_pages

HTML, PNG = (((b"Content-Type", mime),) for mime in (b"text/html", b"image/png"))
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


@pytest.mark.browser
def test_no_way_leads_out_of_the_archive(browser: Browser, tmp_path: Path) -> None:
    with listening() as outside:
        pages = {"ways": WAYS_OUT, "calls": CALLS}
        archive_pages(
            tmp_path / "collections" / "demo",
            *(
                (f"http://site.example/{name}", wanting_out(page, outside.place))
                for name, page in pages.items()
            ),
        )
        with replay(tmp_path) as served, browser.new_context() as context:
            for name in pages:
                page = context.new_page()
                # Chromium ends a page that calls somebody where it must not.
                with suppress(PlaywrightError):
                    page.goto(f"{served}/demo/http://site.example/{name}")
                    assert "synthetic" in page.frames[1].evaluate("document.body.innerText")
                    page.wait_for_timeout(5000)
                page.close()
        assert outside.came == []


@pytest.mark.browser
def test_a_replayed_page_does_not_read_the_index_and_its_reader_does(
    browser: Browser, tmp_path: Path
) -> None:
    archive_pages(tmp_path / "collections" / "demo", ("http://site.example/steals", STEALS))
    with replay(tmp_path) as served, browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{served}/demo/http://site.example/steals", wait_until="networkidle")
        assert page.frames[-1].evaluate("document.body.textContent") == "403"
        with page.expect_response(lambda answer: "/demo/cdx?" in answer.url) as listed:
            page.goto(f"{served}/demo/*/http://site.example/steals")
        assert listed.value.status == 200


@pytest.mark.browser
def test_links_and_redirects_lead_on_within_the_archive(browser: Browser, tmp_path: Path) -> None:
    link = '<!doctype html><a href="/moved" target="_blank">synthetic link</a><img src="/moved.png">'
    pages = (("here", HTML, link.encode()), ("there", HTML, b"<p>synthetic: there</p>"))
    with open_writer(Collection(tmp_path / "collections" / "demo"), info=CrawlInfo("demo")) as writer:
        for name, headers, body in (*pages, ("there.png", PNG, photo(1))):
            url = f"http://site.example/{name}"
            writer.write(Exchange(url, BEGIN, status=200, response_headers=headers, body=body)).result()
        for name in ("", ".png"):
            led = ((b"Location", f"/there{name}".encode()),)
            url = f"http://site.example/moved{name}"
            writer.write(Exchange(url, BEGIN, status=302, response_headers=led)).result()
    with replay(tmp_path) as served, browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{served}/demo/mp_/http://site.example/here", wait_until="networkidle")
        assert page.frames[1].evaluate("document.images[0].naturalWidth") == 300
        page.frames[1].get_by_text("synthetic link").click()
        page.frame_locator("#replay_iframe").get_by_text("synthetic: there").wait_for()


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
