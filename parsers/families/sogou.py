"""Sogou's WeChat search: result lists, link redirects and its own verification page (PAGES.md §4)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from parsers.article.stamps import SHANGHAI
from parsers.availability.states import Availability, Notice
from parsers.families import Head
from parsers.markup.charset import decode
from parsers.markup.html import absolute
from parsers.markup.prose import one_line
from parsers.page import Link, LinkRole, Page, PageKind, Reading

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

NAME = "sogou"
PRIORITY = 12

_HOME = "https://weixin.sogou.com/"
_PIECE = re.compile(r"url\s{0,3}\+=\s{0,3}'([^'\\\n]{0,2000})'")
_EPOCH = re.compile(r"\d{10}")
_REFUSAL = re.compile("过于频繁|协助验证")
_MOST_PIECES = 200
_LONGEST = 1_000_000


def claims(page: Page, head: Head) -> bool:
    """Sogou's search pages by their markup, its redirects by the address they put together in pieces."""
    start = head.start
    if b"url +=" in start and b"location.replace(url)" in start and len(page.body) < 20_000:
        return True
    if b"seccodeimage" in start and b"authform" in start:
        return True
    return b"sogou_vr_1100" in page.body or (b"sogou" in start and b"data-uigs=" in start)


def read(page: Page, head: Head) -> Reading | None:
    """The results as links, the target of a redirect, or `blocked` when Sogou asks to be shown a person."""
    text = decode(page.body[:_LONGEST], page.content_type).text
    if b"location.replace(url)" in head.start:
        return _redirect(text)
    from bs4 import BeautifulSoup  # articles are read without it

    soup = BeautifulSoup(text, "lxml")
    if soup.select_one("form[name=authform]") or soup.select_one("#seccodeImage"):
        found = soup.find(string=_REFUSAL)
        notice = Notice(one_line(str(found))[:200], "zh") if found else None
        return Reading(NAME, PageKind.VERIFICATION, Availability.BLOCKED, notice=notice)
    base = page.url or _HOME
    links = [*_articles(soup, base), *_accounts(soup, base)]
    return Reading(NAME, PageKind.LISTING, Availability.LIVE, links=tuple(dict.fromkeys(links)))


def _redirect(text: str) -> Reading | None:
    pieces = [match[1] for match in _PIECE.finditer(text)][:_MOST_PIECES]
    target = absolute("".join(pieces).replace("@", ""), _HOME)
    if not target:
        return None
    return Reading(NAME, PageKind.REDIRECT, Availability.LIVE, links=(Link(target, LinkRole.REDIRECT),))


def _articles(soup: BeautifulSoup, base: str) -> list[Link]:
    """Search results, and the bare items of the front page's columns."""
    found = []
    for item in soup.select("ul.news-list > li, li[d]:has(.list-txt), ul.news-list2 > li dd"):
        anchor = item.select_one("h3 a[href], h4 a[href], a[href][uigs^=account_article]")
        address = absolute(str(anchor["href"]), base) if anchor else None
        if anchor and address:
            found.append(Link(address, LinkRole.ARTICLE, one_line(anchor.get_text()), _date(item)))
    return found


def _accounts(soup: BeautifulSoup, base: str) -> list[Link]:
    found = []
    for item in soup.select("ul.news-list2 > li p.tit a[href]"):
        address = absolute(str(item["href"]), base)
        if address:
            found.append(Link(address, LinkRole.LISTING, one_line(item.get_text())))
    return found


def _date(item: Tag) -> str | None:
    """The day in the epoch that the result carries in an attribute or hands to a script."""
    stamp = item.select_one("[t], [data-lastmodified]")
    stated = str(stamp.get("t") or stamp.get("data-lastmodified")) if stamp else ""
    scripts = " ".join(script.get_text() for script in item.select("script"))
    match = _EPOCH.fullmatch(stated) or _EPOCH.search(scripts[:2000])
    return datetime.fromtimestamp(int(match[0]), SHANGHAI).date().isoformat() if match else None
