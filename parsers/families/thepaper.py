"""The Paper (澎湃新闻): the desktop layout before 2022, the Next.js pages since, and the channel lists'
JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from parsers.article.headline import clean_title
from parsers.article.stamps import parse_stamp
from parsers.availability.states import Availability
from parsers.document import Document
from parsers.families import Head
from parsers.markup.charset import decode
from parsers.markup.html import parse
from parsers.markup.prose import one_line, plain, prose
from parsers.markup.webpage import Webpage, open_webpage
from parsers.page import Link, LinkRole, Page, PageKind, Reading
from parsers.site_page import read_site_page
from parsers.sites import site_of, sites

NAME = "thepaper"
PRIORITY = 40

_ADDRESS = "https://www.thepaper.cn/newsDetail_forward_{}"
_DETAILS = ("contentDetail", "liveDetail", "specialDetail", "videoDetail")
_TITLE = re.compile(r"^(?P<title>.+?)_(?P<node>[^_]{1,30})_澎湃新闻")
_HOST = "thepaper.cn"
_DEEPEST = 12


def claims(page: Page, head: Head) -> bool:
    """The Paper's hosts; a saved page by its title or its body's class."""
    if head.host:
        return head.host == _HOST or head.host.endswith("." + _HOST)
    return head.is_markup and site_of(sites(NAME), head) is not None


def read(page: Page, head: Head) -> Reading | None:
    """The article in whichever layout it comes, or the articles of a channel list."""
    text = decode(page.body, page.content_type).text
    if text.lstrip().startswith("{"):
        return _channel(text)
    site = site_of(sites(NAME), head) or sites(NAME)[0]
    web = open_webpage(page)
    detail = _detail(web)
    if detail is not None:
        return _next_article(detail, web)
    reading = read_site_page(page, NAME, site)
    return replace(reading, document=_old_article(reading.document, web)) if reading.document else reading


def _old_article(document: Document, web: Webpage) -> Document:
    """The old layout's own places: the column in `<title>`, the author in the first line below the
    headline.
    """
    titled = _TITLE.match(clean_title(web.dom.findtext(".//title") or ""))
    about = [one_line(line.text_content()) for line in web.dom.xpath('//*[@class="news_about"]/p')]
    return replace(
        document, account=titled["node"] if titled else None, author=(about[0] if about else None) or None
    )


def _detail(web: Webpage) -> dict[str, Any] | None:
    """The article object in `__NEXT_DATA__`: props.pageProps.detailData.contentDetail and its like."""
    for script in web.dom.iter("script"):
        if script.get("id") != "__NEXT_DATA__" or not script.text:
            continue
        try:
            data = json.loads(script.text, strict=False)["props"]["pageProps"]["detailData"]
        except (ValueError, KeyError, TypeError):
            return None
        found = next(
            (data[key] for key in _DETAILS if isinstance(data, dict) and isinstance(data.get(key), dict)),
            None,
        )
        inner = found.get("specialInfo") if found else None
        return inner if isinstance(inner, dict) else found
    return None


def _next_article(detail: dict[str, Any], web: Webpage) -> Reading:
    body = prose(parse(str(detail.get("content") or "")), web.base)
    text = body.text or plain(str(detail.get("summary") or ""))
    node = detail.get("nodeInfo")
    published = None
    for key in ("publishTime", "pubTimeLong", "pubTime"):
        published = published or parse_stamp(str(detail.get(key) or ""), f"__NEXT_DATA__ {key}")
    document = Document(
        title=clean_title(str(detail.get("name") or detail.get("title") or "")),
        text=text,
        author=one_line(str(detail.get("author") or "")) or None,
        account=one_line(str(node.get("name") or "")) or None if isinstance(node, dict) else None,
        publisher="澎湃新闻",
        source=one_line(str(detail.get("source") or "")) or None,
        published=published,
        images=body.images,
    )
    number = str(detail.get("contId") or "")
    canonical = _ADDRESS.format(number) if number.isdigit() else web.canonical
    if not document.title and not text:
        return Reading(
            NAME,
            PageKind.OTHER,
            Availability.UNKNOWN,
            canonical,
            warnings=("The page's data hold no article, perhaps a removed one: look at the capture.",),
        )
    warnings = () if text else ("The article has no text: a gallery or a video?",)
    return Reading(NAME, PageKind.ARTICLE, Availability.LIVE, canonical, document, warnings=warnings)


def _channel(text: str) -> Reading:
    """The articles of `nodeCont/getByChannelId` and like answers: objects with `contId` and `name`,
    however nested.
    """
    try:
        data = json.loads(text, strict=False)
    except ValueError:
        return Reading(
            NAME,
            PageKind.OTHER,
            Availability.UNKNOWN,
            warnings=("The answer is not whole JSON: fetch it again.",),
        )
    links: dict[str, Link] = {}
    for item in _items(data, 0):
        number = str(item.get("contId") or "")
        stamp = parse_stamp(
            str(item.get("pubTimeLong") or item.get("publishTime") or item.get("pubTimeNew") or ""), ""
        )
        if number.isdigit() and item.get("name"):
            day = stamp.at.date().isoformat() if stamp else None
            url = _ADDRESS.format(number)
            links.setdefault(url, Link(url, LinkRole.ARTICLE, clean_title(str(item["name"])), day))
    return Reading(NAME, PageKind.LISTING, Availability.LIVE, links=tuple(links.values()))


def _items(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        if "contId" in value:
            yield value
        for inner in value.values():
            yield from _items(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _items(inner, depth + 1)
