"""The characters behind a page's bytes, whatever the page claims about them."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from itertools import islice

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDENED = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "hz": "hz",
    "big5": "big5hkscs",
    "big5hkscs": "big5hkscs",
    "cp950": "big5hkscs",
    "ascii": "utf-8",
}
"""Declared name to the superset that browsers read it as (WHATWG Encoding Standard §4.2)."""

_SINGLE_BYTE = frozenset({"iso8859-1", "cp1252", "latin-1"})
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_META = re.compile(
    rb"<meta\b[^>]{0,300}?charset\s{0,4}=\s{0,4}[\"']?\s{0,4}([\w.:-]{2,40})"
    rb"|<\?xml\b[^>]{0,80}?encoding\s{0,4}=\s{0,4}[\"']([\w.:-]{2,40})",
    re.IGNORECASE,
)
_META_WITHIN = 16_384
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_SAMPLE = 65_536
_CHINESE_TWINS = {"gb18030": "big5hkscs", "big5hkscs": "gb18030"}
_SURELY_CHINESE = 0.15
_PLAINLY_UTF8 = 8
_FREQUENT = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "這個國來們時對會發動過說產種為經無與實現業書開關還體"
    "，。、：；？！“”（）《》"
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A page's text, the codec that read it, and what said so (`bom`, `header`, `bytes` or `meta`)."""

    text: str
    encoding: str
    evidence: str


def decode(body: bytes, content_type: str = "") -> Decoded:
    """The text of `body`. Never raises: bytes that fit no encoding become U+FFFD.

    Order: byte-order mark; the charset of `content_type`; whether the bytes are UTF-8; the page's own
    declaration in its first 16 KB; the likeliest of GB18030 and Big5. A declaration counts only when the
    bytes agree with it: pages saved by browsers declare gb2312 over UTF-8 bytes (PAGES.md §6). GB2312 and GBK
    are read as GB18030, Big5 with the Hong Kong supplement. A character cut off at the very end is dropped.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return Decoded(body[len(mark) :].decode(encoding, "replace"), encoding, "bom")
    utf8 = _strict(body, "utf-8")
    header = _known(_first(_HEADER.search(content_type[:300])))
    if header and (utf8 is None or not _plainly_utf8(body)):
        text = _strict(body, header)
        if text is not None and header not in _SINGLE_BYTE and _is_plausible(body, header):
            return Decoded(text, header, "header")
    if utf8 is not None:
        return Decoded(utf8, "utf-8", "header" if header == "utf-8" else "bytes")
    declared = _known(_declared(body))
    if declared and declared not in _SINGLE_BYTE:
        text = _strict(body, declared)
        if text is not None and _is_plausible(body, declared):
            return Decoded(text, declared, "meta")
    return _likeliest(body, tuple(name for name in (header, declared) if name))


def _declared(body: bytes) -> str:
    match = _META.search(body, 0, _META_WITHIN)
    return (match[1] or match[2]).decode("ascii", "replace") if match else ""


def _first(match: re.Match[str] | None) -> str:
    return match[1] if match else ""


def _known(name: str) -> str | None:
    """The codec for a declared name, widened; None for names Python does not know."""
    try:
        plain = codecs.lookup(name).name if name else ""
    except (LookupError, ValueError):
        return None
    if not plain or plain.startswith(("utf-7", "idna", "punycode")):
        return None
    try:
        b"a".decode(plain)
    except (LookupError, UnicodeError):  # codecs such as `base64` do not give text
        return None
    return _WIDENED.get(plain, plain)


def _strict(body: bytes, encoding: str) -> str | None:
    """The text if every byte fits, allowing for one character cut off at the end."""
    try:
        return codecs.getincrementaldecoder(encoding)("strict").decode(body, final=False)
    except (UnicodeError, LookupError):
        return None


def _plainly_utf8(body: bytes) -> bool:
    """Whether enough bytes are beyond ASCII that passing the UTF-8 test cannot be chance."""
    enough = _PLAINLY_UTF8 * 3
    return sum(1 for _ in islice(_NOT_ASCII.finditer(body, 0, _SAMPLE), enough)) >= enough


def _is_plausible(body: bytes, encoding: str) -> bool:
    """Whether GB18030 is not Big5, or the reverse: most bytes of the one are valid in the other, as nonsense."""
    other = _CHINESE_TWINS.get(encoding)
    if other is None:
        return True
    stated = _everyday(body, encoding)
    return stated > _SURELY_CHINESE or stated >= _everyday(body, other)


def _everyday(body: bytes, encoding: str) -> float:
    """The share of everyday characters among those beyond Latin, less what is broken."""
    text = body[:_SAMPLE].decode(encoding, "replace")
    wide = [char for char in text if char > "\u00ff"] or ["\ufffd"]
    return (sum(char in _FREQUENT for char in wide) - 3 * text.count("\ufffd")) / len(wide)


def _likeliest(body: bytes, named: tuple[str, ...]) -> Decoded:
    """The reading with the fewest broken and the most everyday characters."""
    candidates = dict.fromkeys(
        (*(n for n in named if n not in _SINGLE_BYTE), "utf-8", "gb18030", "big5hkscs")
    )
    best = max(candidates, key=lambda encoding: _everyday(body, encoding))
    if best not in named and _everyday(body, best) <= 0 and any(name in _SINGLE_BYTE for name in named):
        best = "cp1252"
    text = codecs.getincrementaldecoder(best)("replace").decode(body, final=False)
    return Decoded(text, best, "bytes")
