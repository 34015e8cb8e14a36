"""A page opened for reading: its text, its tree, its meta tags, its base address."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from parsers import identity
from parsers.markup.charset import decode
from parsers.markup.html import absolute, parse
from parsers.markup.metas import Metas, metas_of
from parsers.page import Page

_JSON_LD = 200_000


@dataclass(frozen=True, slots=True)
class Webpage:
    """A page, and what every reader of a web page needs of it.

    `base` is the address that relative links resolve against: the page's own, or what its `<base>` or
    canonical
    link says of it; a saved page without any keeps its links relative to nothing, and they are left out.
    """

    page: Page
    text: str
    dom: HtmlElement
    metas: Metas
    base: str
    canonical: str | None


def open_webpage(page: Page) -> Webpage:
    """The page decoded and parsed. Never raises."""
    text = decode(page.body, page.content_type).text
    dom = parse(text)
    metas = metas_of(dom)
    canonical = _canonical(dom, metas, page.url)
    stated = next((element.get("href") for element in dom.iter("base") if element.get("href")), None)
    own = page.url or canonical or ""
    base = (absolute(stated, own) if stated else None) or own
    return Webpage(page, text, dom, metas, base, canonical)


def json_objects(dom: HtmlElement) -> Iterator[dict[str, Any]]:
    """Every JSON-LD object of the page, those in lists and `@graph` too; broken blocks are passed over."""
    for script in dom.iter("script"):
        if (script.get("type") or "").strip().lower() != "application/ld+json" or not script.text:
            continue
        try:
            value = json.loads(script.text[:_JSON_LD], strict=False)
        except ValueError:
            continue
        waiting = [value]
        while waiting:
            item = waiting.pop(0)
            if isinstance(item, list):
                waiting.extend(item)
            elif isinstance(item, dict):
                yield item
                waiting.extend(item["@graph"] if isinstance(item.get("@graph"), list) else [])


def _canonical(dom: HtmlElement, metas: Metas, url: str) -> str | None:
    """The page's own address by its canonical link or meta data, absolute; None if it names none that is."""
    linked = [
        element.get("href") or ""
        for element in dom.iter("link")
        if (element.get("rel") or "").lower() == "canonical"
    ]
    for candidate in (*linked, metas.get("og:url") or "", metas.get("Url") or ""):
        found = absolute(candidate, url)
        if found and not (_is_home(found) and not _is_home(url)):
            return identity.canonical(found)
    return None


def _is_home(url: str) -> bool:
    """Whether an address names a whole site: templates give every page the home page's as its own."""
    parts = urlsplit(url)
    return bool(url) and parts.path in ("", "/") and not parts.query
