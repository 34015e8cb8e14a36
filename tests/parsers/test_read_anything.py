"""Reading never raises and never takes a refusal for a removal, whatever the bytes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from parsers import read
from parsers.availability.states import Availability
from parsers.page import Page

PAGES = sorted(
    path for path in (Path(__file__).parent / "pages").glob("*/*") if not path.name.endswith(".expected.json")
)
REMOVED = (
    Availability.DELETED_BY_PUBLISHER,
    Availability.REMOVED_FOR_VIOLATION,
    Availability.SOFT_404,
    Availability.NOT_FOUND,
)
TAGS = (
    "<div>",
    "</div>",
    "<p>",
    "<table><tr><td>",
    "<a href='x'>",
    "</a>",
    "<script>",
    "<!--",
    "<meta name=PubDate content=",
    "<li>",
    "<rss>",
)


@given(
    st.binary(max_size=3000),
    st.sampled_from(["", "https://a.example/b.html", "https://a.gov.cn/", "http://["]),
)
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_survived(body: bytes, url: str) -> None:
    assert read(Page(url, body)).family


@given(st.lists(st.sampled_from(TAGS) | st.text(max_size=30), max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_markup_is_survived(pieces: list[str]) -> None:
    assert read(Page("https://a.example/", "".join(["<html>", *pieces]).encode("utf-8", "replace"))).family


@given(st.sampled_from(PAGES), st.integers(0, 5000), st.binary(min_size=1, max_size=30))
@example(next(page for page in PAGES if page.name == "atom.xml"), 30, b"\x80")
@example(next(page for page in PAGES if page.name == "atom.xml"), 30, b"\x00")
@example(next(page for page in PAGES if page.name == "account_search.html"), 977, b"\x00")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_damaged_pages_are_survived(path: Path, at: int, damage: bytes) -> None:
    body = path.read_bytes()
    place = at % (len(body) + 1)
    assert read(Page("", body[:place] + damage + body[place:])).family


@pytest.mark.parametrize("status", [202, 403, 412, 429, 521])
@pytest.mark.parametrize("body", [b"", b"<html></html>", "<html><body>页面不存在</body></html>".encode()])
def test_a_refusal_is_never_called_a_removal(status: int, body: bytes) -> None:
    reading = read(Page("https://www.a.example/b.html", body, status=status))
    assert reading.availability not in REMOVED
    assert reading.document is None


def test_a_deep_page_is_survived() -> None:
    body = "<div><span>" * 20_000 + "云岭派出所开展登记活动，群众满意。" * 20
    assert read(Page("https://www.a.example/b.html", body.encode())).family
