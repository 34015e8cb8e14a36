"""A WeChat article of any era and item type (PAGES.md §1)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

from parsers.document import Document, Image
from parsers.identity import canonical, is_temporary, wechat_id
from parsers.markup.html import absolute, parse
from parsers.markup.prose import Prose, one_line, plain, prose
from parsers.wechat.literal import Value
from parsers.wechat.opened import Opened, unescape_entities
from parsers.wechat.pictures import distinct, listed_pictures
from parsers.wechat.published import published

_ITEM_TYPES = {
    0: "article",
    5: "video",
    6: "music",
    7: "audio",
    8: "picture_share",
    10: "text_share",
    17: "short",
}
_PICTURE_SHARE, _TEXT_SHARE = 8, 10
_REPRINT, _CARD = "2", "2"
_DEFAULT_ACCOUNT = "gh_1e80bb81a1d2"
"""Stands as a default in every modern bundle and is nobody's account (PAGES.md §1.6)."""

_BADGE = re.compile(r"^(?:已付费|付费)\s+|\s+(?:已付费|付费)$")
_TAG = re.compile(r"<(?:a|p|br|span|section|img|div|mp-)[\s/>-]", re.IGNORECASE)
_LATE_LINE = re.compile(r"\\x0a|\\n|\n")
_HOME = "https://mp.weixin.qq.com/"
_CARD_CHROME = frozenset(("js_share_author", "js_share_source"))


@dataclass(frozen=True, slots=True)
class Article:
    """An article, the element its text came from, and what was odd about it."""

    document: Document
    canonical_url: str | None
    content: HtmlElement | None
    base: str
    warnings: tuple[str, ...]


def has_article(opened: Opened) -> bool:
    """Whether the page holds an article: decided by its root elements, never by words in it."""
    if any(name in opened.ids for name in ("js_article", "js_content", "js_share_content")):
        return True
    return bool(opened.data) and bool(opened.value("title") or opened.value("content_noencode"))


def read_article(opened: Opened) -> Article:
    """The article; empty text is no error, for some pages hold only a video."""
    number = _item_type(opened)
    url = _own_address(opened)
    base = opened.page.url or url or _HOME
    title = _title(opened, number)
    body, content, warnings = _body(opened, number, base, title)
    images = listed_pictures(opened, base) + body.images if number == _PICTURE_SHARE else body.images
    account = _account(opened)
    identity = wechat_id(url) if url else None
    kind = _ITEM_TYPES.get(number, f"type_{number}")
    reprint = opened.text("copyright_info", "copyright_stat") == _REPRINT or "js_share_source" in opened.ids
    document = Document(
        title=title or body.text.partition("\n")[0][:64],
        text=body.text,
        author=_author(opened),
        account=account,
        account_id=_account_id(opened),
        biz=opened.text("bizuin") or opened.variables.get("biz") or (identity.biz if identity else None),
        publisher=account,
        source=_source(opened),
        published=published(opened),
        images=distinct(images),
        item_type="repost" if kind == "article" and reprint else kind,
    )
    return Article(document, url, content, base, warnings)


def _item_type(opened: Opened) -> int:
    for value in (opened.text("item_show_type"), opened.variables.get("item_show_type")):
        if value and value.isdigit():
            return int(value)
    root = opened.ids.get("js_article")
    names = (root.get("class") or "") if root is not None else ""
    if "share_content_page" in names and "js_content" not in opened.ids:
        return _PICTURE_SHARE
    return _TEXT_SHARE if "js_text_title" in opened.ids else 0


def _title(opened: Opened, number: int) -> str:
    heading = opened.ids.get("js_text_title" if number == _TEXT_SHARE else "activity-name")
    shown = _BADGE.sub("", one_line(heading.text_content())) if heading is not None else ""
    stated = (
        opened.text("title"),
        shown,
        opened.metas.get("og:title", "twitter:title"),
        opened.variables.get("msg_title"),
        "".join(element.text or "" for element in opened.dom.iter("title")),
    )
    first = next((title for title in stated if title and title.strip()), "")
    return one_line(unescape_entities(_LATE_LINE.sub(" ", first)))


def _body(
    opened: Opened, number: int, base: str, title: str
) -> tuple[Prose, HtmlElement | None, tuple[str, ...]]:
    """The text by item type: which elements are there says nothing about which of them holds it."""
    if number == _TEXT_SHARE:
        text = _from_data(opened.value("text_page_info", "content_noencode"), base)
        text = text or _from_data(opened.value("content_noencode"), base)
        whole = opened.value("title")
        return text or Prose(plain(unescape_entities(whole if isinstance(whole, str) else title))), None, ()
    content = opened.ids.get("js_content")
    if content is not None and number != _PICTURE_SHARE:
        body = prose(content, base, backgrounds=True)
        if body.text or body.images:
            return body, content, ()
    from_data = _from_data(opened.value("content_noencode"), base)
    if from_data:
        return from_data, None, ()
    return _shared(opened, base)


def _from_data(value: Value, base: str) -> Prose | None:
    """Text out of the page's data: markup for articles, plain text with line feeds for shares."""
    if not isinstance(value, str) or not value.strip():
        return None
    if _TAG.search(value):
        markup = value if "<p" in value or "<section" in value else value.replace("\n", "<br>")
        found = prose(parse(markup), base, backgrounds=True)
    else:
        found = Prose(plain(unescape_entities(value)))
    return found if found.text or found.images else None


def _shared(opened: Opened, base: str) -> tuple[Prose, HtmlElement | None, tuple[str, ...]]:
    """What is left where neither the content element nor the data has the text."""
    for name in ("js_share_content", "img_list"):
        element = opened.ids.get(name)
        body = Prose("")
        if element is not None:
            body = prose(element, base, hidden_ids=_CARD_CHROME, backgrounds=True)
        if body.text or body.images:
            warning = (
                "Only the excerpt on the repost card is on this page; follow its source link for the text."
            )
            return body, element, (warning,) if name == "js_share_content" else ()
    summary = unescape_entities(opened.metas.get("og:description", "description") or "")
    text = plain(_LATE_LINE.sub("\n", summary))
    warning = (
        "The page holds no text; its description stands in for it." if text else "The page holds no text."
    )
    return Prose(text, _cover(opened, base)), None, (warning,)


def _cover(opened: Opened, base: str) -> tuple[Image, ...]:
    address = absolute(opened.metas.get("og:image") or "", base)
    return (Image(address),) if address and "js_content" not in opened.ids else ()


def _own_address(opened: Opened) -> str | None:
    """The page's address by its own account; a temporary one names nothing and is passed over."""
    stated = (opened.metas.get("og:url"), opened.text("link"), opened.variables.get("msg_link"))
    home = _home(opened)
    for url in stated:
        if url and absolute(url, home) and not is_temporary(url):
            return canonical(url)
    values = [
        opened.text(key) or opened.variables.get(name)
        for key, name in (("bizuin", "biz"), ("mid", "mid"), ("idx", "idx"), ("sn", "sn"))
    ]
    biz, mid, idx, sn = values
    if biz and mid and idx:
        return canonical(f"{home}s?__biz={biz}&mid={mid}&idx={idx}" + (f"&sn={sn}" if sn else ""))
    return None


def _home(opened: Opened) -> str:
    """Where the page was served, if that names itself WeChat: replays and test sites have hosts of their own."""
    start = "/".join(opened.page.url.split("/", 3)[:3])
    return f"{start}/" if start.startswith(("https://mp.weixin.", "http://mp.weixin.")) else _HOME


def _account(opened: Opened) -> str | None:
    stated = opened.text("nick_name") or opened.variables.get("nickname")
    if stated and stated.strip():
        return one_line(stated)
    for name in ("js_name", "post-user"):
        if name in opened.ids and (text := one_line(opened.ids[name].text_content())):
            return text
    for name in ("wx_follow_nickname", "profile_nickname"):
        for element in opened.dom.find_class(name):
            if text := one_line(element.text_content()):
                return text
    return None


def _account_id(opened: Opened) -> str | None:
    stated = opened.text("user_name") or opened.variables.get("user_name")
    return stated if stated and stated != _DEFAULT_ACCOUNT else None


def _author(opened: Opened) -> str | None:
    """The byline, which is not the account."""
    stated = opened.text("author") or opened.metas.get("og:article:author", "author")
    if stated:
        return one_line(unescape_entities(stated)) or None
    for element in opened.dom.find_class("rich_media_meta_text"):
        names = (element.get("class") or "").split()
        if (
            element.tag in ("em", "span")
            and not element.get("id")
            and "rich_media_meta_nickname" not in names
        ):
            text = one_line(element.text_content())
            if text:
                return text
    return None


def _source(opened: Opened) -> str | None:
    if opened.text("copyright_info", "copyright_stat") == _REPRINT:
        return opened.text("copyright_info", "platform")
    element = opened.ids.get("js_share_author")
    return one_line(element.text_content()) or None if element is not None else None
