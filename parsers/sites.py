"""Site rules: what is known of single sites and content management systems, kept as TOML beside the
families.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any

from cssselect import SelectorError
from lxml.cssselect import CSSSelector

from parsers.families import Head


@dataclass(frozen=True, slots=True)
class Site:
    """One site, or one content management system when it has no host.

    `hosts` are host suffixes; `marks` are texts in the first 64 KB by which a saved page without an
    address is
    recognised. The other fields but `publisher` are CSS selectors, tried in order.
    """

    publisher: str | None = None
    hosts: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    author: tuple[str, ...] = ()


ANY_SITE = Site()


@cache
def sites(name: str) -> tuple[Site, ...]:
    """The rules of `families/<name>.toml`. A wrong key or selector there is an error of ours and raises
    ValueError.
    """
    table = tomllib.loads(files("parsers.families").joinpath(f"{name}.toml").read_text("utf-8"))
    return tuple(_site(entry, name) for entry in table["site"])


def site_of(known: tuple[Site, ...], head: Head) -> Site | None:
    """The site a page belongs to: by its host, or by a mark when it has no address."""
    if head.host:
        return next((site for site in known if any(_below(head.host, host) for host in site.hosts)), None)
    return next((site for site in known if any(_marked(head.start, mark) for mark in site.marks)), None)


@cache
def selector(css: str) -> CSSSelector:
    """A compiled CSS selector."""
    return CSSSelector(css, translator="html")


def _below(host: str, suffix: str) -> bool:
    return host == suffix or host.endswith("." + suffix)


def _marked(start: bytes, mark: str) -> bool:
    low = mark.lower()
    return low.encode() in start or low.encode("gb18030") in start


def _site(entry: dict[str, Any], name: str) -> Site:
    known = {field.name for field in fields(Site)}
    if unknown := set(entry) - known:
        raise ValueError(
            f"parsers/families/{name}.toml has the unknown key {sorted(unknown)[0]!r}: remove it."
        )
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()
    }
    site = Site(**values)
    try:
        for group in (site.title, site.body, site.drop, site.published, site.source, site.author):
            for css in group:
                selector(css)
    except SelectorError as error:
        raise ValueError(f"parsers/families/{name}.toml has a broken selector: {error}.") from error
    return site
