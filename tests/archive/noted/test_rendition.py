"""Lists of what a page asked for in a browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from archive import Collection, CrawlInfo, Exchange, open_writer
from archive.capture import Capture
from archive.noted.rendition import PAGE_INFO, AskedFor, asked_for, is_rendition, page_info, renditions_of

INFO = CrawlInfo(campaign="test", operator="Testers", software="holdfast/test")
PAGE = "http://site.example/page"
ASKED = (
    AskedFor("http://site.example/a.js", 200, "text/javascript", "script"),
    AskedFor("http://site.example/b.json", 404, "application/json", "fetch"),
)


def listed(collection: Collection, exchange: Callable[..., Exchange], body: bytes | None = None) -> Capture:
    """The list that is archived for a page: `body`, or one of what was asked for."""
    with open_writer(collection, info=INFO) as writer:
        page = writer.write(exchange(url=PAGE)).result()
        assert page is not None
        made = page_info(page, ASKED) if body is None else body
        written = writer.write_resource(
            PAGE_INFO + PAGE, made, "application/json", datetime.now(UTC)
        ).result()
    assert written is not None
    return written


def test_a_list_names_what_was_asked_for(collection: Collection, exchange: Callable[..., Exchange]) -> None:
    capture = listed(collection, exchange)
    assert list(asked_for(collection, [capture])) == [(each.url, capture.time) for each in ASKED]


def test_a_list_has_browsertrixs_form(collection: Collection, exchange: Callable[..., Exchange]) -> None:
    with open_writer(collection, info=INFO) as writer:
        page = writer.write(exchange(url=PAGE)).result()
    assert page is not None
    info = json.loads(page_info(page, ASKED))
    assert (info["pageid"], info["url"]) == (page.record_id, PAGE)
    assert info["urls"]["http://site.example/b.json"] == {
        "status": 404,
        "mime": "application/json",
        "type": "fetch",
    }
    assert datetime.fromisoformat(info["ts"]) == page.time.replace(
        microsecond=page.time.microsecond // 1000 * 1000
    )


@pytest.mark.parametrize("body", [b"", b"[]", b'{"urls": 3}', b"\xff{", b'{"urls": null}', b"[" * 100_000])
def test_a_damaged_list_of_others_names_nothing(
    collection: Collection, exchange: Callable[..., Exchange], body: bytes
) -> None:
    assert list(asked_for(collection, [listed(collection, exchange, body)])) == []


def test_what_a_browser_made_is_no_page() -> None:
    assert all(is_rendition(address) for address in renditions_of(PAGE))
    assert not is_rendition(PAGE)
