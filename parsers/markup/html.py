"""HTML as a tree, whatever state it is in."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlComment, HtmlElement

_CONTROL = bytes({*range(0x20)} - {*b"\t\n\f\r"})
_ENDS = re.compile(rb"</(?:body|html|BODY|HTML|Body|Html)\s{0,20}>")
_CLASSES = etree.ElementDefaultClassLookup(element=HtmlElement, comment=HtmlComment)
"""One class for all elements: lxml.html's own parser asks a Python function at every access."""

_EMPTY = b"<html><body></body></html>"


def parse(text: str, *, comments: bool = False) -> HtmlElement:
    """The tree of a whole page or a fragment; an empty page for text without markup or sense.

    Comments stay only if asked for. `</body></html>` amid the page, as 开普 (UCAP) includes leave it (PAGES.md
    §5.2), does not end the tree: what follows belongs to the body, as browsers have it (HTML Living Standard
    §13.2.6.4.19). Never raises.
    """
    source = _ENDS.sub(b"", text.encode("utf-8", "ignore").translate(None, _CONTROL))
    tree = _tree(source, comments=comments)
    return tree if tree is not None else _tree(_EMPTY, comments=False)


def _tree(source: bytes, *, comments: bool) -> HtmlElement:
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=not comments, remove_pis=True, no_network=True
    )
    parser.set_element_class_lookup(_CLASSES)
    try:
        return etree.fromstring(source, parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def absolute(url: str, base: str) -> str | None:
    """`url` as an absolute http(s) address on `base`; None for anything a crawler cannot fetch."""
    cleaned = url.strip()
    if not cleaned or cleaned[:11].lower() == "javascript:" or cleaned.startswith(("data:", "#", "about:")):
        return None
    try:
        joined = urljoin(base, cleaned)
        parts = urlsplit(joined)
        named = bool(parts.hostname)
    except ValueError:
        return None
    return joined if parts.scheme in ("http", "https") and named else None
