"""WeChat public accounts: articles of every era and type, removal notices, account pages, verification."""

from __future__ import annotations

import re

from parsers.availability.states import Availability, Notice
from parsers.families import Head
from parsers.identity import canonical, wechat_id
from parsers.markup.html import absolute
from parsers.markup.prose import one_line
from parsers.page import Link, LinkRole, Page, PageKind, Reading
from parsers.wechat.article import Article, has_article, read_article
from parsers.wechat.notices import is_verification, read_message, state_of
from parsers.wechat.opened import Opened, notice_data, open_page
from parsers.wechat.pictures import requisites

NAME = "wechat"
PRIORITY = 10

_OWN_MARKS = (
    b"js_article",
    b"cgiDataNew",
    b"mmbizwap:",
    b"secitptpage/verify",
    b"global_error_msg",
    b"page_rumor",
)
"""Names that only WeChat's pages use."""

_SHARED_MARKS = (
    *(
        b"js_content",
        b"activity-name",
        b"rich_media_title",
        b"mmbizappmsg",
        b"var msg_title",
        b"weui-msg__title",
    ),
    *(b"activity-detail", b"wx_wap_page", b"js_verify", b"share_content_page", b"TCaptcha.js"),
)
"""Names that WeUI, copies of articles and other Tencent pages use too; two of them together are not chance."""

_PANEL = b"mesg-block"
_PANEL_BYTES = 8192
_NOTICE_BYTES = 131_072
_SHORT = re.compile(r"/s/[\w-]{8,64}/?$")


def claims(page: Page, head: Head) -> bool:
    """By host, or by structure: a saved page has no address, and replays have other hosts."""
    if not head.is_markup:
        return False
    if head.host == "mp.weixin.qq.com" or (_PANEL in page.body and len(page.body) <= _PANEL_BYTES):
        return True
    if any(mark in page.body for mark in _OWN_MARKS):
        return True
    shared = (mark for mark in _SHARED_MARKS if mark in page.body)
    return next(shared, None) is not None and next(shared, None) is not None


def read(page: Page, head: Head) -> Reading | None:
    """The article, or what the page shows in its place; None for WeChat's lists, another family's."""
    opened = open_page(page)
    if has_article(opened):
        article = read_article(opened)
        if article.document.title or article.document.text:
            return _article(opened, article)
    scripts = b"".join(page.body[start:end] for start, end in opened.scripts if end - start < 20_000)
    if is_verification(head.path, opened.markup, scripts):
        return Reading(NAME, PageKind.VERIFICATION, Availability.BLOCKED)
    notice = read_message(opened.markup[:_NOTICE_BYTES].decode("utf-8", "replace"))
    if notice:
        return _notice(opened, notice)
    if opened.dom.find_class("about-page"):
        return _account_page(opened)
    if b"msgList" in scripts:
        return None
    warning = "A WeChat page with neither an article nor a message element: its state is not known."
    return Reading(NAME, PageKind.OTHER, Availability.UNKNOWN, warnings=(warning,))


def _article(opened: Opened, article: Article) -> Reading:
    return Reading(
        family=NAME,
        kind=PageKind.ARTICLE,
        availability=Availability.LIVE,
        canonical_url=article.canonical_url,
        document=article.document,
        links=_links(opened, article),
        warnings=article.warnings,
    )


def _links(opened: Opened, article: Article) -> tuple[Link, ...]:
    """Links to other WeChat articles, to the source and the album, and pictures that a copy needs."""
    found = [Link(url, LinkRole.REQUISITE) for url in requisites(opened, article.content, article.base)]
    stated = (
        (opened.text("source_url") or opened.variables.get("msg_source_url"), LinkRole.ARTICLE, "阅读原文"),
        (opened.text("copyright_info", "reprint_url"), LinkRole.ARTICLE, article.document.title),
        (
            opened.text("appmsgalbuminfo", "link"),
            LinkRole.LISTING,
            opened.text("appmsgalbuminfo", "title") or "",
        ),
        (opened.text("appmsgalbuminfo", "pre_article_link"), LinkRole.ARTICLE, ""),
        (opened.text("appmsgalbuminfo", "next_article_link"), LinkRole.ARTICLE, ""),
    )
    for url, role, title in stated:
        address = absolute(url or "", article.base)
        if address:
            found.append(Link(canonical(address), role, title))
    source = opened.ids.get("js_share_source")
    if source is not None and (address := absolute(source.get("data-url") or "", article.base)):
        found.append(Link(canonical(address), LinkRole.ARTICLE, article.document.title))
    if article.content is not None:
        for anchor in article.content.iter("a"):
            address = absolute(anchor.get("href") or anchor.get("data-link") or "", article.base)
            if address and _is_article(address):
                found.append(Link(canonical(address), LinkRole.ARTICLE, one_line(anchor.text_content())))
    return tuple(dict.fromkeys(found))


def _is_article(address: str) -> bool:
    return wechat_id(address) is not None or ("weixin" in address and _SHORT.search(address) is not None)


def _notice(opened: Opened, notice: Notice) -> Reading:
    data = notice_data(opened)
    stated = {key: one_line(str(data[key])) for key in data if data[key]}
    complete = Notice(
        text=notice.text,
        language=notice.language,
        reason=stated.get("del_reason") or notice.reason,
        reason_id=stated.get("del_reason_id"),
        account=stated.get("nick_name"),
        account_id=stated.get("user_name"),
    )
    state = state_of(notice.text)
    if state is Availability.UNKNOWN and notice.reason:
        state = state_of(notice.reason)
    links: tuple[Link, ...] = ()
    target = absolute(
        opened.variables.get("transferTargetLink") or opened.variables.get("transfer_target_link") or "",
        "https://mp.weixin.qq.com/",
    )
    if target:
        links = (Link(canonical(target), LinkRole.ARTICLE, "transferTargetLink"),)
    if state is Availability.BLOCKED:
        return Reading(NAME, PageKind.VERIFICATION, state, notice=complete)
    warnings: tuple[str, ...] = ()
    if state is Availability.UNKNOWN:
        warnings = (
            f"WeChat's message “{notice.text[:80]}” stands for no known state; add it to notices.toml.",
        )
    return Reading(NAME, PageKind.NOTICE, state, notice=complete, links=links, warnings=warnings)


def _account_page(opened: Opened) -> Reading:
    verified = opened.ids.get("link")
    anchor = verified.find(".//a") if verified is not None else None
    links: tuple[Link, ...] = ()
    if anchor is not None and (address := absolute(anchor.get("href") or "", "https://mp.weixin.qq.com/")):
        links = (Link(address, LinkRole.LISTING, one_line(anchor.text_content())),)
    return Reading(NAME, PageKind.ACCOUNT, Availability.LIVE, links=links)
