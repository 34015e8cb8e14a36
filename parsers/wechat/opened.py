"""A WeChat page taken apart once: its markup as a tree, its data, its script variables."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from parsers.markup.charset import decode
from parsers.markup.cut import Cut, cut
from parsers.markup.html import parse
from parsers.markup.metas import Metas, metas_of
from parsers.markup.prose import one_line
from parsers.page import Page
from parsers.wechat.literal import NotLiteral, Value, read_object
from parsers.wechat.variables import variables

_WITH_ID = etree.XPath("//*[@id]")
_DATA = re.compile(rb"window\.cgiDataNew\s{0,9}=\s{0,9}(?=\{)")
_NOTICE_DATA = re.compile(rb"window\.cgiData\s{0,9}=\s{0,9}(?=\{)")
_SHOW_TYPE = re.compile(r"item_show_type['\"]?\s{0,3}:\s{0,3}['\"]?(\d{1,4})")
_WANTED = frozenset(
    """
    item_show_type title desc author nick_name user_name bizuin mid idx sn link source_url ori_create_time
    create_timestamp create_time cdn_url cdn_url_1_1 cdn_url_16_9 cdn_url_235_1 copyright_info
    appmsgalbuminfo
    """.split()  # noqa: SIM905 - a table of names
)
_ENOUGH = ("nick_name", "bizuin", "ori_create_time")
_BODIES = frozenset(("content_noencode", "text_page_info", "picture_page_info_list"))


@dataclass(frozen=True, slots=True)
class Opened:
    """`data` is `window.cgiDataNew`; `variables` are read only where `data` does not say enough.

    `ids` maps the ids of elements to the elements, the first of each name.
    """

    page: Page
    markup: bytes
    scripts: tuple[tuple[int, int], ...]
    dom: HtmlElement
    ids: Mapping[str, HtmlElement]
    metas: Metas
    data: Mapping[str, Value]
    variables: Mapping[str, str]

    def text(self, *path: str) -> str | None:
        """A value of `data` as one line of text, its entities undone; None when missing, empty or nested."""
        value = self.value(*path)
        if isinstance(value, str):
            return one_line(unescape_entities(value)) or None
        return str(value) if isinstance(value, int) and not isinstance(value, bool) and value else None

    def value(self, *path: str) -> Value:
        """A value of `data` as it is."""
        value: Value = dict(self.data)
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        return value


def open_page(page: Page) -> Opened:
    """The page decoded, cut and parsed. Never raises."""
    parts = cut(page.body)
    decoded = decode(parts.markup, page.content_type)
    dom = parse(decoded.text)
    ids: dict[str, HtmlElement] = {}
    for element in _WITH_ID(dom):
        ids.setdefault(element.get("id"), element)
    data = _data(page.body, parts, decoded.encoding, ids)
    metas = metas_of(dom)
    named = bool(data.get("mid") or data.get("link") or metas.get("og:url"))
    enough = named and all(data.get(key) for key in _ENOUGH)
    found = {} if enough else variables(page.body, parts.scripts, decoded.encoding)
    return Opened(page, parts.markup, parts.scripts, dom, ids, metas, data, found)


def notice_data(opened: Opened) -> Mapping[str, Value]:
    """`window.cgiData` of a removal notice: reason and account; empty when there is none."""
    source = _literal(opened.page.body, Cut(opened.markup, opened.scripts), _NOTICE_DATA, "utf-8")
    try:
        return read_object(source, 0) if source else {}
    except NotLiteral:
        return {}


def unescape_entities(text: str) -> str:
    """HTML entities undone, twice where they were escaped twice (`&amp;amp;`)."""
    once = html.unescape(text)
    return html.unescape(once) if "&" in once else once


def _data(body: bytes, parts: Cut, encoding: str, ids: Mapping[str, HtmlElement]) -> Mapping[str, Value]:
    source = _literal(body, parts, _DATA, encoding)
    if not source:
        return {}
    kind = _SHOW_TYPE.search(source)
    content = ids.get("js_content")
    shown = content is not None and (len(content) > 0 or (content.text or "").strip() != "")
    is_paper = shown and kind is not None and kind[1] == "0"
    try:
        return read_object(source, 0, wanted=_WANTED if is_paper else _WANTED | _BODIES)
    except NotLiteral:
        return {}


def _literal(body: bytes, parts: Cut, opening: re.Pattern[bytes], encoding: str) -> str:
    """The script from the literal's `{` to the script's end; its own end is the reader's to find."""
    for start, end in parts.scripts:
        match = opening.search(body, start, end)
        if match:
            return body[match.end() : end].decode(encoding, "replace")
    return ""
