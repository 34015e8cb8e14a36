"""What a page needs besides its text to look as it did: pictures, style sheets, sounds.

Scripts are left out: replay shows the text without them, and they are what changes from fetch to fetch.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

import re2
from lxml import etree
from lxml.html import HtmlElement

from parsers.markup.html import absolute
from parsers.page import Link, LinkRole

MOST = 500
"""Addresses taken of one page or style sheet."""

_STYLE_BYTES = 2_000_000

_PLAIN = etree.XPath(
    "//link[contains(translate(@rel,'ESTYLHICON','estylhicon'),'stylesheet') or "
    "contains(translate(@rel,'ESTYLHICON','estylhicon'),'icon')]/@href"
    "|//img/@src|//img/@data-src|//img/@data-original|//input[@type='image']/@src"
    "|//video/@poster|//audio/@src|//audio/source/@src|//embed[contains(@type,'audio')]/@src|//*/@background"
)
_SETS = etree.XPath("//img/@srcset|//img/@data-srcset|//picture/source/@srcset")
_STYLES = etree.XPath("//@style[contains(.,'url(')]|//style/text()")
_URL = re2.compile(r"""url\(\s*["']?([^"'()\s]{1,1000})["']?\s*\)""")
_IMPORT = re2.compile(r"""@import\s+["']([^"']{1,1000})["']""")
_COMMENT = re2.compile(r"/\*[\s\S]*?\*/")


def page_requisites(dom: HtmlElement, base: str) -> tuple[Link, ...]:
    """Pictures anywhere on the page, candidates of `srcset` (HTML Living Standard §4.8.4.2.1), style sheets, icons,
    sounds and what inline styles show; each address once, in no order that means anything.
    """
    found = [*_PLAIN(dom), *(url for value in _SETS(dom) for url in _candidates(value))]
    found += (url for style in _STYLES(dom) for url in _in_style(style))
    return _links(found, base)


def style_requisites(css: str, base: str) -> tuple[Link, ...]:
    """What a style sheet at `base` shows and imports (CSS Values 4 §4.5, CSS Cascade 5 §2)."""
    return _links(_in_style(css), base)


def _links(found: Iterable[str], base: str) -> tuple[Link, ...]:
    addresses = (address.split("#", 1)[0] for url in found if (address := absolute(url, base)))
    distinct = islice(dict.fromkeys(addresses), MOST)
    return tuple(Link(address, LinkRole.REQUISITE) for address in distinct)


def _candidates(srcset: str) -> Iterator[str]:
    """The addresses of a `srcset`, without their widths and densities."""
    for candidate in srcset.split(", " if ", " in srcset else ","):
        words = candidate.split()
        if words:
            yield words[0].rstrip(",")


def _in_style(css: str) -> Iterator[str]:
    source = _COMMENT.sub("", css[:_STYLE_BYTES])
    for pattern in (_URL, _IMPORT):
        for match in pattern.finditer(source):
            yield match.group(1)
