"""When a WeChat article was published, by the most trustworthy stamp on the page (PAGES.md §1.5)."""

from __future__ import annotations

from collections.abc import Iterator

from parsers.article.stamps import parse_stamp
from parsers.document import Published
from parsers.markup.prose import one_line
from parsers.wechat.opened import Opened

_DATA = ("ori_create_time", "create_timestamp")
_VARIABLES = ("ct", "oriCreateTime", "window.ct", "xml.ct")


def published(opened: Opened) -> Published | None:
    """The publication time in +08:00 with its evidence.

    The visible date of pages since 2018 is filled in by script and relative (`昨天`, `Today`), so it is read
    only where it is a full date.
    """
    return next((found for found in _candidates(opened) if found), None)


def _candidates(opened: Opened) -> Iterator[Published | None]:
    for key in _DATA:
        yield _epoch(opened.text(key), f"cgiDataNew.{key}")
    for name in _VARIABLES:
        label = f"var {name}" if "." not in name else name
        yield _epoch(opened.variables.get(name), label)
    yield _stamp(opened.text("create_time"), "cgiDataNew.create_time")
    yield _stamp(opened.variables.get("createTime"), "var createTime")
    for name in ("post-date", "publish_time"):
        element = opened.ids.get(name)
        yield _stamp(one_line(element.text_content()) if element is not None else None, f"#{name}")
    yield _stamp(opened.variables.get("publish_time"), "var publish_time")


def _epoch(value: str | None, evidence: str) -> Published | None:
    is_epoch = value is not None and len(value) == 10 and value.isascii() and value.isdigit()
    return parse_stamp(value, evidence) if value and is_epoch else None


def _stamp(value: str | None, evidence: str) -> Published | None:
    return parse_stamp(value, evidence) if value else None
