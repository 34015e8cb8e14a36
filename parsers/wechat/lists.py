"""Lists of WeChat articles: an account's history, an album, a backend export (PAGES.md §4)."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from parsers.article.stamps import SHANGHAI
from parsers.identity import canonical, is_temporary
from parsers.markup.html import absolute
from parsers.markup.prose import one_line
from parsers.page import Link, LinkRole

_HOME = "https://mp.weixin.qq.com/"
_DEEPEST = 6
_MOST = 20_000


def links_of(value: object, base: str = _HOME) -> tuple[Link, ...]:
    """The articles in any of WeChat's list answers, in their order, each address once.

    Reads account history (`general_msg_list` or `msgList`, a JSON text inside JSON), albums
    (`getalbum_resp.article_list`, an object when there is one article) and a backend's `appmsgpublish` (three layers
    of JSON). Items without an address are left out: WeChat empties the address of removed items.
    """
    found: dict[str, Link] = {}
    for link in _walk(value, base, None, 0):
        found.setdefault(link.url, link)
        if len(found) >= _MOST:
            break
    return tuple(found.values())


def next_album_page(value: object) -> tuple[str, str] | None:
    """`begin_msgid` and `begin_itemidx` of the next page of an album; None at its end."""
    answer = value.get("getalbum_resp") if isinstance(value, dict) else None
    if not isinstance(answer, dict) or str(answer.get("continue_flag")) != "1":
        return None
    items = answer.get("article_list")
    last = items[-1] if isinstance(items, list) and items else items
    if not isinstance(last, dict) or not last.get("msgid"):
        return None
    return str(last["msgid"]), str(last.get("itemidx") or "1")


def _walk(value: object, base: str, time: object, depth: int) -> Iterator[Link]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for item in value:
            yield from _walk(item, base, time, depth)
    elif isinstance(value, dict):
        stamp = _time(value) or time
        link = _link(value, base, stamp)
        if link:
            yield link
        for key in _NESTED:
            if key in value:
                yield from _walk(_opened(value[key]), base, stamp, depth + 1)


_NESTED = (
    *("getalbum_resp", "article_list", "general_msg_list", "msgList", "list", "app_msg_ext_info"),
    *(
        "multi_app_msg_item_list",
        "publish_page",
        "publish_list",
        "publish_info",
        "appmsgex",
        "app_msg_list",
        "data",
    ),
)


def _opened(value: object) -> object:
    """A JSON text inside JSON, read; its quotes may be HTML entities."""
    if not isinstance(value, str):
        return value
    for text in (value, html.unescape(value)):
        try:
            parsed: object = json.loads(text)
        except (ValueError, RecursionError):
            continue
        return parsed
    return None


def _time(item: Mapping[str, Any]) -> object:
    message = item.get("comm_msg_info")
    if isinstance(message, dict):
        return message.get("datetime")
    return item.get("create_time") or item.get("update_time")


def _link(item: Mapping[str, Any], base: str, time: object) -> Link | None:
    address = next(
        (item[key] for key in ("content_url", "link", "url") if isinstance(item.get(key), str)), ""
    )
    url = absolute(html.unescape(html.unescape(address)), base)
    title = item.get("title")
    if not url or not isinstance(title, str):
        return None
    stable = url if is_temporary(url) else canonical(url)
    return Link(stable, LinkRole.ARTICLE, one_line(html.unescape(title)), _date(time))


def _date(time: object) -> str | None:
    text = str(time)
    if not (text.isascii() and text.isdigit() and len(text) == 10):
        return None
    return datetime.fromtimestamp(int(text), SHANGHAI).date().isoformat()
