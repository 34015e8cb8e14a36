"""Government sites: the meta tags of the state standard, and the content management systems below them."""

from __future__ import annotations

import re

from parsers.availability.states import Availability
from parsers.families import Head
from parsers.listing.jcms import is_unit_answer, next_unit, next_window, records, unit_rows
from parsers.markup.charset import decode
from parsers.page import Link, Page, PageKind, Reading
from parsers.site_page import read_site_page, seen_on
from parsers.sites import ANY_SITE, site_of, sites

NAME = "government"
PRIORITY = 60

_META = re.compile(
    rb"<meta\b[^>]{0,200}?name\s{0,3}=\s{0,3}[\"']?\s{0,3}(?:sitename|sitedomain|siteidcode|articletitle|contentsource|columnname|"
    rb"columntype|firstpublishedtime)\b"
)
_HOSTS = (".gov.cn", ".gov.hk", ".gov.mo", ".gov.tw")
_CMS = (b"trs_editor", b"ucap-content", b"<!--<$[", b"dataproxy.jsp", b"bszs.conac.cn", b"trs_ueditor")
_ANSWERS = ("dataproxy.jsp", "/jpaas-publish-server/")


def claims(page: Page, head: Head) -> bool:
    """A government host, the standard's meta tags, or a content management system that government sites
    run on.
    """
    if any(part in page.url for part in _ANSWERS) or head.start[:3000].lstrip().startswith(b"<datastore"):
        return True
    if not head.is_markup:
        return False
    if head.host:
        return f".{head.host}".endswith(_HOSTS) or bool(_META.search(head.start))
    return bool(_META.search(head.start)) or any(mark in page.body.lower() for mark in _CMS)


def read(page: Page, head: Head) -> Reading | None:
    """The article or column, or the window of a list that a column's script asks for."""
    if any(part in page.url for part in _ANSWERS) or b"<datastore" in head.start[:3000]:
        text = decode(page.body, page.content_type).text
        if is_unit_answer(text):
            onward = next_unit(text, page.url)
            rows = unit_rows(text, page.url, seen_on(page))
            return _window((*rows, *((onward,) if onward else ())))
        if "<record" in text[:4000].lower() and "<html" not in text[:500].lower():
            onward = next_window(text, page.url)
            return _window((*records(text, page.url, seen_on(page)), *((onward,) if onward else ())))
    return read_site_page(page, NAME, site_of(sites(NAME), head) or ANY_SITE)


def _window(links: tuple[Link, ...]) -> Reading:
    return Reading(NAME, PageKind.LISTING, Availability.LIVE, links=links)
