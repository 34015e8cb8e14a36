"""Labelled fields near a headline: 来源, 作者, 发布时间."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from parsers.article.stamps import find_stamp
from parsers.document import Published

_SOURCE = r"(?:(?:信息|文章|稿件|消息|新闻|内容|本文|资料)?来\s*源(?:于)?|稿\s*源|出\s*处|信源)"
_PUBLISHER = r"(?:(?:信息)?发布(?:机构|单位|部门)|供稿单位|发文机关|信息提供)"
_AUTHOR = r"(?:作\s*者|记\s*者|撰\s*稿(?:人)?|通讯员)"
_TIME = r"(?:(?:信息)?(?:发布|发表|发稿|公开|成文|更新|上传|添加|录入)?(?:时间|日期|于)|发表于|发布于)"
_END = (
    r"(?=\s*(?:[|｜\t]|\s{2,}|$|(?:责任|执行|网络)?编\s*辑|责编|校对|审核|字\s*号|字\s*体|浏览|阅读|点击|访问|打印|分享|收藏|"
    r"评论|大\s*中\s*小|【|\[|〖|"
    + "|".join((_SOURCE, _PUBLISHER, r"作\s*者", r"记\s*者\s*[:：]", _TIME))
    + r"))"
)
_COLON = r"\s*[:：]\s*"


def _labelled(label: str) -> re.Pattern[str]:
    return re.compile(rf"{label}{_COLON}(?P<value>[^\s|｜:：][^|｜\n\t]{{0,60}}?){_END}")


_PATTERNS = {"source": _labelled(_SOURCE), "publisher": _labelled(_PUBLISHER), "author": _labelled(_AUTHOR)}
_BARE = {
    "source": re.compile(r"^来源(?!于)(?P<value>[^\s:：]{2,30})$"),
    "author": re.compile(r"^作者(?P<value>[^\s:：]{2,12})$"),
}
_LABEL_FIRST = re.compile(
    rf"(?:{_SOURCE}|{_PUBLISHER}|{_AUTHOR}|{_TIME}|(?:责任)?编\s*辑|责编|字\s*号|字\s*体|浏览次数|浏览量|阅读|点击){_COLON}"
)
_MAY_LABEL = re.compile(r"[:：]|来源|作者")
"""Every labelled field has one of these; most lines near an article have none."""

_MAY_DATE = re.compile(r"时间|日期|于")
"""One of these stands in whatever `_TIME` matches."""

_DATED = re.compile(rf"{_TIME}{_COLON}?")
_SPACES = re.compile(r"[ \u00a0\u3000\u2002\u2003]+")
_NOTHING = re.compile(r"(?:[-—/\\|、，。：:\s]|未知|暂无|无|null|undefined|本站原创)*", re.IGNORECASE)
_LONGEST_PIECE = 160


@dataclass(frozen=True, slots=True)
class Labels:
    """What the labels of one place say; a field without a label, or with nothing after it, is None."""

    source: str | None = None
    publisher: str | None = None
    author: str | None = None
    published: Published | None = None


def read_labels(pieces: Iterable[str], place: str) -> Labels:
    """Labelled fields in the texts of consecutive elements.

    `place` says where the pieces stand and goes into the date's evidence. A label whose value is in the next
    element (`来源：` `<em>新华网</em>`) is joined with it. Only the first value of each field counts.
    """
    kept = [_SPACES.sub(" ", piece).strip() for piece in pieces]
    texts = [piece for piece in kept if piece and len(piece) <= _LONGEST_PIECE]
    lines = list(_joined(texts))
    labelled = [line for line in lines if _MAY_LABEL.search(line)]
    return Labels(
        source=_value("source", labelled),
        publisher=_value("publisher", labelled),
        author=_value("author", labelled),
        published=_labelled_date(lines, place),
    )


def first_date(pieces: Iterable[str], evidence: str) -> Published | None:
    """The first date that stands alone: its piece holds little besides the date."""
    for piece in pieces:
        text = piece.strip()
        if 6 <= len(text) <= 60 and (found := find_stamp(text, evidence)) is not None:
            return found
    return None


def _joined(texts: list[str]) -> Iterable[str]:
    """The pieces, each label without a value joined to the piece after it."""
    skip = False
    for index, text in enumerate(texts):
        if skip:
            skip = False
            continue
        following = texts[index + 1] if index + 1 < len(texts) else ""
        if text.endswith((":", "：")) and following and not _LABEL_FIRST.match(following):
            skip = True
            yield f"{text}{following}"
        else:
            yield text


def _value(field: str, lines: list[str]) -> str | None:
    for line in lines:
        for part in (line, *re.split(r"[|｜]", line)):
            part = part.strip()
            match = _PATTERNS[field].search(part) or (_BARE[field].search(part) if field in _BARE else None)
            value = match["value"].strip(" ，,。;；()（）[]【】\"'") if match else ""
            if value and not _NOTHING.fullmatch(value):
                return value
    return None


def _labelled_date(lines: list[str], place: str) -> Published | None:
    for line in lines:
        label = _DATED.search(line) if _MAY_DATE.search(line) else None
        if (
            label
            and (found := find_stamp(line[label.end() :], f"{label[0].strip(' ：:')} {place}")) is not None
        ):
            return found
    return None
