"""Lists of WeChat articles: account history (page or exported JSON), albums, backend exports."""

from __future__ import annotations

import html
import json
import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from parsers.availability.states import Availability
from parsers.families import Head
from parsers.markup.charset import decode
from parsers.markup.cut import cut
from parsers.page import Link, LinkRole, Page, PageKind, Reading
from parsers.wechat.lists import links_of, next_album_page
from parsers.wechat.literal import NotLiteral, read_object

NAME = "wechat_lists"
PRIORITY = 11

_KEYS = (b"general_msg_list", b"getalbum_resp", b"publish_page", b"app_msg_ext_info", b"app_msg_list")
_INLINE = re.compile(r"\b(?:msgList|videoList|articleList)\s{0,5}=\s{0,5}(?P<quote>['\"]?)(?=\{)")
_NO_SESSION = frozenset((-3, -6, 200003))
_LIMITED = frozenset((200013, -1))


def claims(page: Page, head: Head) -> bool:
    """JSON with WeChat's list keys, or a page whose script holds a `msgList`."""
    if head.start.lstrip()[:1] in (b"{", b"["):
        return any(key in page.body for key in _KEYS)
    if head.is_markup and head.path.startswith("/mp/appmsgalbum"):
        return True
    return head.is_markup and b"msgList" in page.body and b"app_msg_ext_info" in page.body


def read(page: Page, head: Head) -> Reading | None:
    """A listing with a link for each article; an expired session or a rate limit is `blocked`, never an end."""
    if head.start.lstrip()[:1] in (b"{", b"["):
        return _from_json(page)
    return _from_page(page)


def _from_json(page: Page) -> Reading | None:
    try:
        value = json.loads(decode(page.body, page.content_type).text)
    except (ValueError, RecursionError):
        return None
    if isinstance(value, dict):
        refusal = _refusal(value)
        if refusal:
            return Reading(NAME, PageKind.VERIFICATION, Availability.BLOCKED, warnings=(refusal,))
    links = links_of(value)
    following = next_album_page(value)
    if following and page.url:
        links += (_album_page(page.url, *following),)
    warnings = () if links else ("The list holds no article with an address.",)
    return Reading(NAME, PageKind.LISTING, Availability.LIVE, links=links, warnings=warnings)


def _refusal(value: dict[str, object]) -> str | None:
    base = value.get("base_resp")
    code = value.get("ret", base.get("ret") if isinstance(base, dict) else 0)
    if code in _NO_SESSION:
        return f"WeChat answered {code}: the session is gone; log in again and export anew."
    if code in _LIMITED:
        return f"WeChat answered {code}: too many requests; wait before asking again."
    if code == 0 and value.get("msg_count") == 0 and not value.get("general_msg_list"):
        return "WeChat answered with no messages at all, which is a silent limit and not the end of the list."
    return None


def _album_page(url: str, message: str, place: str) -> Link:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, max_num_fields=50))
    query |= {"begin_msgid": message, "begin_itemidx": place}
    return Link(urlunsplit(parts._replace(query=urlencode(query))), LinkRole.NEXT)


def _from_page(page: Page) -> Reading | None:
    parts = cut(page.body)
    for start, end in parts.scripts:
        if page.body.find(b"List", start, end) < 0:
            continue
        source = decode(page.body[start:end], page.content_type).text
        match = _INLINE.search(source)
        if match is None:
            continue
        text = source[match.end() :]
        literal = html.unescape(text) if match["quote"] else text
        try:
            value = read_object(literal, 0)
        except NotLiteral:
            continue
        links = links_of(value)
        return Reading(NAME, PageKind.LISTING, Availability.LIVE, links=links)
    return None
