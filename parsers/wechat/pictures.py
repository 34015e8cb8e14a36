"""Pictures of WeChat articles: where they stand, and which addresses are one picture (PAGES.md §3)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from parsers.document import Image
from parsers.markup.html import absolute
from parsers.wechat.literal import Value
from parsers.wechat.opened import Opened, unescape_entities

_HOST_ALIASES = re.compile(r"^(?:mmbiz|mmecoa)\.(?:qpic|qlogo)\.")
_SIZE = re.compile(r"/\d{1,4}$")
_LESSER = etree.XPath(
    ".//@data-croporisrc | .//@data-before-oversubscription-url | .//@data-cover | .//@data-backsrc | .//@background"
)
_COVERS = ("cdn_url", "cdn_url_1_1", "cdn_url_16_9", "cdn_url_235_1")


def picture_key(url: str) -> str:
    """One key for all variants of a picture: size, format, scheme and host alias make no difference."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if not _HOST_ALIASES.match(host):
        return url
    return f"{_HOST_ALIASES.sub('mmbiz.', host)}{_SIZE.sub('', parts.path)}"


def distinct(images: Iterable[Image]) -> tuple[Image, ...]:
    """The images without repeated variants; the first of each stays."""
    kept: dict[str, Image] = {}
    for image in images:
        kept.setdefault(picture_key(image.url), image)
    return tuple(kept.values())


def listed_pictures(opened: Opened, base: str) -> tuple[Image, ...]:
    """The pictures of a picture share, in their order; they stand before its text."""
    listed = opened.value("picture_page_info_list")
    addresses = [_address(item, base) for item in listed] if isinstance(listed, list) else []
    return distinct(Image(address) for address in addresses if address)


def requisites(opened: Opened, content: HtmlElement | None, base: str) -> tuple[str, ...]:
    """Further pictures that a faithful copy needs: covers, uncropped originals, video posters, avatars."""
    found: list[str | None] = [absolute(opened.text(key) or "", base) for key in _COVERS]
    found.append(absolute(opened.metas.get("og:image") or opened.variables.get("msg_cdn_url") or "", base))
    if content is not None:
        found.extend(absolute(_unquoted(value), base) for value in _LESSER(content))
    return tuple(dict.fromkeys(address for address in found if address))


def _address(item: Value, base: str) -> str | None:
    url = item.get("cdn_url") if isinstance(item, dict) else None
    return absolute(unescape_entities(url), base) if isinstance(url, str) else None


def _unquoted(value: str) -> str:
    if value[:7].lower() in ("http%3a", "https%3"):
        return unquote(value)
    return value
