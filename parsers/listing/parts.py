"""Articles in several pages: where one goes on, and which page it begins with."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

from parsers.headline import clean_title
from parsers.html import absolute
from parsers.listing.paging import next_links, page_call
from parsers.page import Link
from parsers.webpage import Webpage

_NUMBER = re.compile(r"(?:_|(?<=\d{5})-)\d{1,2}$")
"""Ends the file name of a later page: `t20210615_100002_1` (TRS), `c_1127438192_2`, `c1001-32101234-2` (People)."""

_BACK = re.compile(r"(?:第?\s*[1一]\s*页?|首页|第一页|上一?页|前一页|[<＜«]{1,2}|\[1\]|\(1\))")


def next_part(web: Webpage) -> tuple[Link, ...]:
    """The next page of this same article, at most one: its address must go on from this one's."""
    own = _stem(web.page.url or web.canonical or "")
    stem = _NUMBER.sub("", own)
    return tuple(
        link
        for link in next_links(web.dom, web.base)
        if stem and _stem(link.url) not in (own, stem) and _NUMBER.sub("", _stem(link.url)) == stem
    )


def first_part(web: Webpage) -> str | None:
    """The address of the first page of an article that this is a later page of; None for any other page.

    A number at the end of the file name is not enough: the page's paging call, or a link of its pager, must lead back.
    """
    parts = urlsplit(web.page.url or web.canonical or "")
    own, dot, extension = parts.path.rpartition(".")
    found = _NUMBER.search(own)
    if not (dot and found):
        return None
    first = urlunsplit(parts._replace(path=f"{own[: found.start()]}.{extension}", query="", fragment=""))
    call = page_call(web.dom)
    if call is not None and call.of_article and call.current > 0:
        return first if own[: found.start()].rpartition("/")[2] == call.name else None
    for anchor in web.dom.iter("a"):
        if _BACK.fullmatch(clean_title(anchor.text_content())[:12]) and (
            absolute(anchor.get("href") or "", web.base) == first
        ):
            return first
    return None


def _stem(url: str) -> str:
    """A path without its extension."""
    return urlsplit(url).path.rpartition(".")[0]
