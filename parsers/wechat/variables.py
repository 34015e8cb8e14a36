"""The plain variables WeChat's inline scripts set: `var ct = "1521515999"`, `window.biz = '' || 'Mz…'`."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from itertools import chain, islice

from parsers.wechat.literal import js_decode, unescape

_LITERAL = r'(?:"(?:[^"\\\n]|\\.){0,4000}"|\'(?:[^\'\\\n]|\\.){0,4000}\')'
_CHAIN = rf"(?:(?:htmlDecode|JsDecode)\(\s?)?{_LITERAL}(?:\s?\)?\s{{0,2}}\|\|\s{{0,2}}{_LITERAL}){{0,4}}"
_ASSIGNED = re.compile(
    rf"var\s+(\w{{2,30}})\s{{0,9}}=\s{{0,9}}({_CHAIN})"
    rf"|window\.(\w{{2,30}})\s{{0,9}}=\s{{0,9}}(?:window\.\w{{1,30}}\s{{0,3}}=\s{{0,3}})?({_CHAIN})"
)
_NAMES = (
    *("ct", "oriCreateTime", "createTime", "publish_time", "nickname", "user_name", "biz", "appuin", "mid"),
    *("idx", "sn", "msg_title", "msg_link", "msg_source_url", "transferTargetLink", "transfer_target_link"),
    *("item_show_type", "msg_cdn_url"),
)
_NAMED = tuple(
    re.compile(prefix + f"(?:{'|'.join(_NAMES)})\\s{{0,9}}=".encode())
    for prefix in (rb"var\s+", rb"window\.")
)
_TERNARY_CT = re.compile(r"getXmlValue\('ori_create_time\.DATA'\)\s{0,3}:\s{0,3}'(\d{10})'")
_ONE_LITERAL = re.compile(_LITERAL)
_WINDOW = 9000
_GAP = 10
_MOST_HITS = 300
_MOST_SCRIPTS = 200
_BUNDLE = 400_000

_VALID = {
    "ct": re.compile(r"\d{10}"),
    "window.ct": re.compile(r"\d{10}"),
    "oriCreateTime": re.compile(r"\d{10}"),
    "biz": re.compile(r"[A-Za-z0-9+/]{4,40}={0,2}"),
    "appuin": re.compile(r"[A-Za-z0-9+/]{4,40}={0,2}"),
    "mid": re.compile(r"\d{1,20}"),
    "idx": re.compile(r"\d{1,3}"),
    "sn": re.compile(r"[0-9a-f]{32}"),
    "user_name": re.compile(r"(?:gh_|wxid_)\w{4,40}|[A-Za-z][\w-]{4,40}"),
}
"""What a value must look like to be taken: bundles hold `var biz = null` and `ct = new V` (PAGES.md §1.5)."""


def variables(
    body: bytes, scripts: tuple[tuple[int, int], ...], encoding: str = "utf-8"
) -> Mapping[str, str]:
    """The first valid, non-empty value of each variable that says something about an article.

    `window.ct` keeps its prefix, because it is trusted less than `var ct`; `xml.ct` is the value in
    `d.ct = xml ? … : '…'`. Alternatives (`'' || 'x'`) give the first that is not empty. Scripts above 400 KB are
    program bundles and are not looked at.
    """
    found: dict[str, str] = {}
    for start, end in scripts[:_MOST_SCRIPTS]:
        if end - start > _BUNDLE:
            continue
        for name, value in _assignments(body, start, end, encoding):
            if value and name not in found and _is_valid(name, value):
                found[name] = value
    return found


def _assignments(body: bytes, start: int, end: int, encoding: str) -> Iterator[tuple[str, str]]:
    hits = chain.from_iterable(pattern.finditer(body, start, end) for pattern in _NAMED)
    for hit in islice(hits, _MOST_HITS):
        limit = min(end, hit.start() + _WINDOW)
        line_end = body.find(b"\n", hit.end() + _GAP, limit)
        source = body[hit.start() : line_end if line_end >= 0 else limit].decode(encoding, "replace")
        match = _ASSIGNED.match(source)
        if match is None:
            continue
        name, values = (match[1], match[2]) if match[1] else (f"window.{match[3]}", match[4])
        yield ("window.ct" if name == "window.ct" else name.removeprefix("window.")), _first(values)
    marker = body.find(b"ori_create_time.DATA", start, end)
    if marker >= 0:
        match = _TERNARY_CT.search(body[max(start, marker - 40) : marker + 80].decode("ascii", "replace"))
        if match:
            yield "xml.ct", match[1]


def _first(values: str) -> str:
    for literal in _ONE_LITERAL.findall(values):
        value = js_decode(unescape(literal[1:-1]))
        if value.strip():
            return html.unescape(value)
    return ""


def _is_valid(name: str, value: str) -> bool:
    shape = _VALID.get(name)
    return shape is None or shape.fullmatch(value) is not None
