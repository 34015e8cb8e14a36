"""What stands in for an article: redirects, firewall pages, notices that the page is gone."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from importlib.resources import files

from parsers.article.headline import clean_title
from parsers.article.main_text import main_container
from parsers.availability.states import Availability, Notice
from parsers.markup.html import absolute
from parsers.markup.prose import one_line, prose
from parsers.markup.webpage import Webpage
from parsers.page import Link, LinkRole, PageKind

_KNOWN = tomllib.loads(files("parsers.availability").joinpath("shells.toml").read_text("utf-8"))
REFUSALS = frozenset(_KNOWN["blocked"]["statuses"])
"""Statuses with which firewalls and rate limits keep us out."""

_REFRESH = re.compile(
    r"^\s*(\d{1,3})(?:\.\d+)?\s*[;,]\s*url\s*=\s*['\"]?\s*([^'\"\s>]{1,600})", re.IGNORECASE
)
_LOCATION = re.compile(
    r"(?:(?:window|self|top|parent|document)\s{0,2}\.\s{0,2}){0,2}location(?:\s{0,2}\.\s{0,2}href)?\s{0,3}"
    r"(?:=\s{0,3}|\.\s{0,2}(?:replace|assign)\s{0,2}\(\s{0,2})(?P<mark>[\"'])(?P<url>[^\"'<>\s]{1,600})(?P=mark)"
)
_CJK = re.compile(r"[\u4e00-\u9fff]")
_SHELL_BYTES = 2048
_REFRESH_BYTES = 8192
_LITTLE_TEXT = 400
_FEW_WORDS = 120
_LONGEST_WAIT = 15
_SCRIPT_BYTES = 262_144


@dataclass(frozen=True, slots=True)
class Shell:
    """A page that is not what was asked for."""

    kind: PageKind
    availability: Availability
    notice: Notice | None = None
    links: tuple[Link, ...] = ()


def shell_of(web: Webpage) -> Shell | None:
    """What stands in for the page, or None when it is a page of its own.

    Blocked by us being unwelcome comes before gone: a firewall's page is never taken for a removal.
    """
    if _is_article(web) and len(web.page.body) > _REFRESH_BYTES:
        return None
    visible = prose(web.dom).text
    return _redirect(web, visible) or _blocked(web, visible) or _gone(web, visible)


def _redirect(web: Webpage, visible: str) -> Shell | None:
    size = len(web.page.body)
    refresh = _REFRESH.match(web.metas.get("refresh") or "") if size <= _REFRESH_BYTES else None
    to = refresh[2] if refresh and int(refresh[1]) <= _LONGEST_WAIT else None
    if to is None and size <= _SHELL_BYTES and len(visible) <= _FEW_WORDS:
        found = [
            match["url"]
            for script in web.dom.iter("script")
            for match in _LOCATION.finditer(script.text or "")
        ]
        to = found[-1] if found else None
    url = absolute(to, web.base) if to else None
    if url is None or url.split("#")[0] == web.base.split("#")[0]:
        return None
    return Shell(PageKind.REDIRECT, Availability.LIVE, links=(Link(url, LinkRole.REDIRECT),))


def _blocked(web: Webpage, visible: str) -> Shell | None:
    if len(visible) > _LITTLE_TEXT or _is_article(web):
        return None
    body = web.page.body[:_SCRIPT_BYTES].lower()
    scripted = any(mark.encode() in body for mark in _KNOWN["blocked"]["bytes"])
    title = clean_title(web.dom.findtext(".//title") or "")
    worded = any(word.lower() in f"{title}\n{visible}".lower() for word in _KNOWN["blocked"]["words"])
    refused = web.page.status in REFUSALS
    if not (worded or refused or (scripted and len(visible) <= _FEW_WORDS and b"<script" in body)):
        return None
    text = one_line(visible)[:300]
    return Shell(PageKind.VERIFICATION, Availability.BLOCKED, _notice(text) if text else None)


def _gone(web: Webpage, visible: str) -> Shell | None:
    text = one_line(visible)[:300]
    status = web.page.status
    if status in (404, 410):
        return Shell(PageKind.NOTICE, Availability.NOT_FOUND, _notice(text))
    if status in REFUSALS and status != 202:
        return Shell(PageKind.VERIFICATION, Availability.BLOCKED, _notice(text))
    if status >= 500:
        return Shell(PageKind.NOTICE, Availability.SERVER_ERROR, _notice(text))
    if status >= 400:
        return Shell(PageKind.NOTICE, Availability.UNKNOWN, _notice(text))
    if _is_article(web):
        return None
    title = clean_title(web.dom.findtext(".//title") or "")
    container = main_container(web.dom, title)
    if container is not None and len(prose(container).text) > _FEW_WORDS:
        return None
    titled = any(word.lower() in title.lower() for word in _KNOWN["gone"]["title_words"]) and len(title) <= 40
    told = _told(web)
    if told is None and not (titled and len(visible) <= _LITTLE_TEXT):
        return None
    return Shell(PageKind.NOTICE, Availability.SOFT_404, _notice(told or text))


def _is_article(web: Webpage) -> bool:
    """Whether the meta tags say that the page is an article, served as such."""
    return web.page.status == 200 and bool(web.metas.get("ArticleTitle", "PubDate", "article:published_time"))


def _told(web: Webpage) -> str | None:
    """The line, not a link, that says the page is gone."""
    for element in web.dom.iter(
        "p", "div", "h1", "h2", "h3", "h4", "span", "td", "li", "strong", "b", "font", "center"
    ):
        line = one_line("".join((element.text or "", *((child.tail or "") for child in element))))
        if 0 < len(line) <= _FEW_WORDS and any(
            word.lower() in line.lower() for word in _KNOWN["gone"]["words"]
        ):
            return line
    return None


def _notice(text: str) -> Notice:
    chinese = bool(_CJK.search(text))
    latin = bool(re.search(r"[A-Za-z]{4,}", text))
    return Notice(text, "mixed" if chinese and latin else "zh" if chinese else "en")
