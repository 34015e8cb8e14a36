"""Articles in several pages: where one goes on, and which page it begins with."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit, urlunsplit

from parsers.article.headline import clean_title
from parsers.listing.paging import next_links, page_call
from parsers.markup.html import absolute
from parsers.markup.webpage import Webpage
from parsers.page import Link

_NUMBER = re.compile(r"(?:_|(?<=\d{5})-)\d{1,2}$")
"""Ends the file name of a later page: `t20210615_100002_1` (TRS), `c_1127438192_2`, `c1001-32101234-2` (People)."""

_BACK = re.compile(r"(?:第?\s*[1一]\s*页?|首页|第一页|上一?页|前一页|[<＜«]{1,2}|\[1\]|\(1\))")


_PARAMETERS = frozenset(("page", "p", "pageno", "pagenum", "pageindex", "pn"))
"""Names, in small letters, under which a query says which page of an article is meant, from 1."""


def next_part(web: Webpage) -> tuple[Link, ...]:
    """The next page of this same article, at most one: its address must go on from this one's."""
    own = web.page.url or web.canonical or ""
    return tuple(
        link
        for link in next_links(web.dom, web.base)
        if _is_later_file(own, link.url) or _is_later_query(own, link.url)
    )


def first_part(web: Webpage) -> str | None:
    """The address of the first page of an article that this is a later page of; None for any other page.

    A number at the end of the file name, or in the query, is not enough: the page's paging call, or a link of its
    pager, must lead back.
    """
    parts = urlsplit(web.page.url or web.canonical or "")
    number, whole = _of_query(parts)
    if number > 1:
        return whole if any(_of_query(urlsplit(url)) == (1, whole) for url in _back(web)) else None
    own, dot, extension = parts.path.rpartition(".")
    found = _NUMBER.search(own)
    if not (dot and found):
        return None
    first = urlunsplit(parts._replace(path=f"{own[: found.start()]}.{extension}", query="", fragment=""))
    call = page_call(web.dom)
    if call is not None and call.of_article and call.current > 0:
        return first if own[: found.start()].rpartition("/")[2] == call.name else None
    return first if first in _back(web) else None


def _back(web: Webpage) -> list[str]:
    """Where the pager leads back to: its first page, and the one before."""
    anchors = (each for each in web.dom.iter("a") if _BACK.fullmatch(clean_title(each.text_content())[:12]))
    found = (absolute(anchor.get("href") or "", web.base) for anchor in anchors)
    return [url for url in found if url]


def _is_later_file(own: str, url: str) -> bool:
    stem = _NUMBER.sub("", _stem(own))
    return bool(stem) and _stem(url) not in (_stem(own), stem) and _NUMBER.sub("", _stem(url)) == stem


def _is_later_query(own: str, url: str) -> bool:
    number, whole = _of_query(urlsplit(own))
    return bool(own) and _of_query(urlsplit(url)) == (number + 1, whole)


def _of_query(parts: SplitResult) -> tuple[int, str]:
    """Which page an address means by its query (1 when it says nothing), and the address without that."""
    number, rest = 1, []
    for pair in parts.query.split("&"):
        name, _, value = pair.partition("=")
        if name.lower() in _PARAMETERS and re.fullmatch(r"[1-9]\d?", value):
            number = int(value)
        else:
            rest.append(pair)
    return number, urlunsplit(parts._replace(query="&".join(rest), fragment=""))


def _stem(url: str) -> str:
    """A path without its extension."""
    return urlsplit(url).path.rpartition(".")[0]
