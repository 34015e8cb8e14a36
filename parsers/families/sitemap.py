"""Sitemaps and sitemap indexes (sitemaps.org protocol 0.9), gzip or not, and robots.txt with its Sitemap
lines.
"""

from __future__ import annotations

import re
import zlib
from typing import Any

from lxml import etree

from parsers.article.headline import clean_title
from parsers.article.stamps import parse_stamp
from parsers.availability.states import Availability
from parsers.families import Head
from parsers.markup.html import absolute
from parsers.page import Link, LinkRole, Page, PageKind, Reading

NAME = "sitemap"
PRIORITY = 14

_MOST_BYTES = 50 * 1024 * 1024
"""The protocol's limit for one file, uncompressed."""

_MOST_URLS = 50_000
_GZIP = b"\x1f\x8b"
_ROBOTS_LINE = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


def claims(page: Page, head: Head) -> bool:
    """`<urlset>` or `<sitemapindex>` near the start, a gzip body at a sitemap's address, or robots.txt."""
    start = head.start[:4096]
    if b"<urlset" in start or b"<sitemapindex" in start or (head.path == "/robots.txt" and page.status < 400):
        return True
    return page.body.startswith(_GZIP) and ("sitemap" in head.path.lower() or head.path.endswith(".xml.gz"))


def read(page: Page, head: Head) -> Reading | None:
    """The addresses listed, pages as articles and further sitemaps as listings, with their last
    modification.
    """
    body, cut = _unpacked(page.body)
    if head.path == "/robots.txt":
        found = _ROBOTS_LINE.findall(body[:500_000].decode("utf-8", "replace"))
        links = [Link(url, LinkRole.LISTING) for line in found if (url := absolute(line, page.url))]
        return Reading(NAME, PageKind.SITEMAP, Availability.LIVE, links=tuple(links))
    listed, broken = _listed(body, page.url)
    warnings = []
    if cut:
        warnings.append(
            f"The sitemap has more than {_MOST_BYTES} bytes, the protocol's limit: the rest was not read."
        )
    if broken:
        warnings.append("The sitemap is not well-formed: what could be read of it is listed.")
    if len(listed) >= _MOST_URLS:
        warnings.append(f"The sitemap lists more than {_MOST_URLS} addresses: the rest was not read.")
    return Reading(NAME, PageKind.SITEMAP, Availability.LIVE, links=tuple(listed), warnings=tuple(warnings))


def _unpacked(body: bytes) -> tuple[bytes, bool]:
    """The body without gzip, at most the protocol's limit, and whether it was cut there. Damaged gzip
    gives what it has.
    """
    if not body.startswith(_GZIP):
        return body[:_MOST_BYTES], len(body) > _MOST_BYTES
    unpack = zlib.decompressobj(wbits=31)
    try:
        data = unpack.decompress(body, _MOST_BYTES)
    except zlib.error:
        return b"", False
    return data, bool(unpack.unconsumed_tail)


def _listed(body: bytes, base_url: str) -> tuple[list[Link], bool]:
    """The links, and whether the XML was broken. Entities are not resolved and nothing is loaded."""
    parser: Any = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return [], True
    if root is None:
        return [], True
    links: list[Link] = []
    for entry in root.iter("{*}url", "{*}sitemap"):
        role = LinkRole.LISTING if etree.QName(entry).localname == "sitemap" else LinkRole.ARTICLE
        url = absolute(entry.findtext("{*}loc") or "", base_url)
        stamp = parse_stamp(entry.findtext("{*}lastmod") or "", "")
        if url:
            title = clean_title(
                entry.findtext(".//{http://www.google.com/schemas/sitemap-news/0.9}title") or ""
            )
            links.append(Link(url, role, title, stamp.at.date().isoformat() if stamp else None))
        if len(links) >= _MOST_URLS:
            break
    return links, len(parser.error_log) > 0
