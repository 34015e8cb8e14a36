"""Feeds: RSS, Atom and JSON Feed, as sites and as bridges of WeChat accounts (RSSHub, wewe-rss,
we-mp-rss) give them.

A feed is a list of links and nothing else: a bridge's text may be a failure note, a captcha page or rewritten
images, so each article is fetched itself (PAGES.md §4).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from email.utils import parsedate_to_datetime
from typing import Any

from parsers.article.headline import clean_title
from parsers.article.stamps import SHANGHAI, find_stamp, parse_stamp
from parsers.availability.states import Availability
from parsers.document import Published
from parsers.families import Head
from parsers.markup.html import absolute, parse
from parsers.page import Link, LinkRole, Page, PageKind, Reading

NAME = "feed"
PRIORITY = 12

_OPENINGS = (b"<rss", b"<feed", b"<rdf:rdf")
_JSON_FEED = b"jsonfeed.org/version/"
_CHINESE = re.compile(r"CST$")
_LONGEST = 8 * 1024 * 1024
_DECLARATION = re.compile(rb"\A[^<]{0,8}<\?xml[^>]{0,200}>")
_MOST_ENTRIES = 5_000


def claims(page: Page, head: Head) -> bool:
    """The root element of RSS or Atom near the start, or JSON Feed's version."""
    start = head.start[:4096]
    return (any(opening in start for opening in _OPENINGS) and b"<html" not in start) or (
        _JSON_FEED in head.start and start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{")
    )


def read(page: Page, head: Head) -> Reading | None:
    """The feed's entries as links with titles and dates, newest as the feed has them, each address once."""
    body = page.body[:_LONGEST]
    links = (
        _json_links(body, page.url)
        if _JSON_FEED in head.start
        else _xml_links(body, page.url, page.content_type)
    )
    unique = {link.url: link for link in reversed(links)}
    warnings = () if links else ("The feed has no entries with an address.",)
    ordered = tuple(reversed(unique.values()))
    return Reading(NAME, PageKind.FEED, Availability.LIVE, links=ordered, warnings=warnings)


def _xml_links(body: bytes, base_url: str, content_type: str) -> list[Link]:
    try:
        parsed = _parsed(body, base_url, content_type or "application/xml")
    except (ValueError, LookupError):  # an encoding named by bytes that are no name
        parsed = _parsed(_DECLARATION.sub(b"", body, count=1), base_url, "application/xml; charset=utf-8")
    entries = parsed.entries[:_MOST_ENTRIES]
    return _links(
        (_address(entry, base_url, "link"), _text(entry, "title"), _entry_day(entry)) for entry in entries
    )


def _parsed(body: bytes, base_url: str, content_type: str) -> Any:
    import feedparser  # for feeds only, which most crawls do without

    return feedparser.parse(
        body,
        response_headers={"content-location": base_url, "content-type": content_type},
        sanitize_html=False,
        resolve_relative_uris=False,
    )


def _json_links(body: bytes, base_url: str) -> list[Link]:
    try:
        items = json.loads(body.decode("utf-8-sig", "replace"), strict=False)["items"]
    except (ValueError, KeyError, TypeError):
        return []
    entries = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    return _links(
        (
            _address(item, base_url, "url", "external_url"),
            _text(item, "title"),
            _day(parse_stamp(_text(item, "date_published"), "")),
        )
        for item in entries[:_MOST_ENTRIES]
    )


def _entry_day(entry: Any) -> str | None:
    """The day in Shanghai. A time without a zone, or in `CST`, is Chinese time, not UTC or Chicago's."""
    written = _text(entry, "published", "updated")
    stamp = find_stamp(written, "")
    if stamp:
        return _day(stamp)
    try:
        at = parsedate_to_datetime(_CHINESE.sub("+0800", written))
        aware = at if at.tzinfo else at.replace(tzinfo=SHANGHAI)
        return aware.astimezone(SHANGHAI).date().isoformat()
    except (ValueError, TypeError, OverflowError):  # the last for a moment beyond the year 9999
        return None


def _day(stamp: Published | None) -> str | None:
    return stamp.at.date().isoformat() if stamp else None


def _address(entry: Any, base_url: str, *keys: str) -> str:
    """The entry's link; its id when that is an address of its own."""
    own = _text(entry, "id")
    return absolute(_text(entry, *keys) or (own if own.startswith("http") else ""), base_url) or ""


def _text(entry: Any, *keys: str) -> str:
    return next((str(entry[key]).strip() for key in keys if entry.get(key)), "")


def _links(entries: Iterable[tuple[str, str, str | None]]) -> list[Link]:
    return [
        Link(url, LinkRole.ARTICLE, _plain(title), day)
        for url, title, day in entries
        if url.startswith("http")
    ]


def _plain(title: str) -> str:
    """A title without the markup that Atom allows in it."""
    return clean_title(parse(title).text_content() if "<" in title else title)
