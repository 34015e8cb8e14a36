"""Who wrote an article, where the text itself says so."""

from __future__ import annotations

import re

_OPENING = 160
_CLOSING = 60
_NAME = r"[\u4e00-\u9fff·•]{2,4}(?:[\s、，,/和]{1,2}[\u4e00-\u9fff·•]{2,4}){0,5}"
_REPORTER = r"(?:(?:本报|本网|本台|全媒体|实习|见习|特约|驻[\u4e00-\u9fff]{2,4})*(?:记者|通讯员|评论员))"
_IN_BRACKETS = re.compile(
    rf"[（(]\s*{_REPORTER}[\s:：]*({_NAME}?)\s*(?:整合|报道|摄影报道|采写|综合)?\s*[）)]"
)
_FIRST_LINE = re.compile(rf"^[\u4e00-\u9fff《》]{{0,8}}{_REPORTER}[\s:：]{{1,3}}({_NAME})$")
_WRITTEN_BY = re.compile(
    rf"^(?:采写|撰文|撰稿|文|作者|执笔)\s*[/:：丨|]\s*(?:[\u4e00-\u9fff]{{0,6}}记者\s*)?({_NAME})(?=$|[\s（(，。；)）])"
)
_SIGNED = re.compile(rf"[（(]\s*(?:{_REPORTER}[\s:：]*)?({_NAME})\s*(?:采写|文)?\s*[）)]$")
_EDITOR = re.compile(r"(?:责任|执行|网络|本期)?(?:编辑|责编|编审|校对|审核)|【纠错】|\[|图片|来源|供图|完")
_ROLES = ("记者", "通讯员", "评论员", "实习生", "摄影")
_GAP = re.compile(r"[\s、，,/和]+")


def author_in(text: str) -> str | None:
    """Names signed in an article's first lines or at its end, separated by spaces; None if it is not
    signed.
    """
    lines = text.split("\n")
    opening = text[:_OPENING]
    first = next((line.strip() for line in lines if line.strip()), "")
    found = _FIRST_LINE.match(first) or _WRITTEN_BY.match(first) or _IN_BRACKETS.search(opening)
    if found:
        return _names(found[1])
    for line in reversed([line.strip() for line in lines[-6:] if line.strip()]):
        tail = line[-_CLOSING:]
        signed = _SIGNED.search(tail) or (_WRITTEN_BY.match(line) if len(line) <= _CLOSING else None)
        if signed and not _EDITOR.search(signed[0]):
            return _names(signed[1])
    return None


def _names(text: str) -> str | None:
    names = [name for name in _GAP.split(text.strip()) if name and name not in _ROLES]
    return " ".join(names) or None
