"""When an article was published, by the most trusted place that says so."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from parsers.article.header import Header
from parsers.article.labels import Labels, first_date
from parsers.article.stamps import find_stamp, parse_stamp, sharpen
from parsers.document import Published
from parsers.markup.prose import one_line
from parsers.markup.webpage import Webpage, json_objects
from parsers.sites import Site, selector

_PLACES = tomllib.loads(files("parsers.article").joinpath("published.toml").read_text("utf-8"))
_IN_URL = re.compile(
    r"(?:^|[/_t])((?:19|20)\d{2})(?:[-/_](\d{1,2})[-/_](\d{1,2})|-?(\d{2})[-/]?(\d{2})|/(\d{2})(\d{2})(?=/))(?=[/_.]|\d{6,}|$)"
)


def published_of(web: Webpage, site: Site, header: Header, labels: Labels) -> Published | None:
    """The publication time with its evidence.

    Order of trust: the site's own place by its rule; meta tags; JSON-LD; a labelled date near the
    headline; a bare
    date between headline and body; the address. A date without a clock time takes the time of the next
    place that names the same day. The first date somewhere on a page is never taken: page headers show
    today's.
    """
    found = tuple(_candidates(web, site, header, labels))
    return sharpen(found[0], found[1:]) if found else None


def url_date(url: str) -> str | None:
    """The day an address names, as `YYYY-MM-DD`."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return None
    for match in _IN_URL.finditer(path):
        month, day = match[2] or match[4] or match[6], match[3] or match[5] or match[7]
        try:
            return date(int(match[1]), int(month), int(day)).isoformat()
        except ValueError:
            continue
    return None


def _candidates(web: Webpage, site: Site, header: Header, labels: Labels) -> Iterator[Published]:
    for css in site.published:
        for element in selector(css)(web.dom)[:3]:
            stamp = find_stamp(one_line(_text(element)), css)
            if stamp:
                yield stamp
                break
    for name, value in web.metas.named(*_PLACES["metas"]):
        if stamp := parse_stamp(value, f"meta {name}"):
            yield stamp
    for item in json_objects(web.dom):
        for key in _PLACES["json_keys"]:
            stated = item.get(key)
            if isinstance(stated, str | int) and (stamp := parse_stamp(str(stated), f"JSON-LD {key}")):
                yield stamp
    if labels.published:
        yield labels.published
    for pieces, place in (
        (header.between, "text below the headline"),
        (header.inside[:4], "first line of the body"),
    ):
        if stamp := first_date(pieces, place):
            yield stamp
    day = url_date(web.page.url) or (url_date(web.canonical) if web.canonical else None)
    if day and (stamp := find_stamp(day, "address")):
        yield stamp


def _text(element: HtmlElement) -> str:
    return str(element.get("datetime") or " ".join(element.itertext()))
