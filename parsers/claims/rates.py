"""Shares in Chinese text as numbers between 0 and 1: 32.3%, 百分之八十五, 九成, 八成五, 三分之二."""

from __future__ import annotations

import re

from parsers.claims.numerals import DIGITS, chinese_value
from parsers.span import Span

_SHARE = re.compile(
    r"\d{1,9}(?:\.\d{1,9})?[%％]?\s?[至到—–~～-]\s?\d{1,9}(?:\.\d{1,9})?[%％]"
    r"|[二三四五六七八九十]分之[一二三四五六七八九](?:至|到)[二三四五六七八九十]分之[一二三四五六七八九]|[一二三四五六七八九]成?[至到][一二三四五六七八九]成|[一二三四五六七八](?=[二三四五六七八九]成)[二三四五六七八九]成"
    r"|(?P<percent>\d{1,9}(?:\.\d{1,9})?)\s?[%％]"
    r"|百分之(?P<chinese>[零〇一二三四五六七八九十百]+)(?:点(?P<decimals>[零〇一二三四五六七八九]+))?"
    r"|百分之(?P<arabic>\d+(?:\.\d+)?)"
    r"|(?P<tenths>[一二三四五六七八九])成(?P<half>[一二三四五六七八九半])?(?![员为立功本果品])"
    r"|(?P<parts>[二三四五六七八九十])分之(?P<of>[一二三四五六七八九])"
)
_MAY_SHARE = re.compile("[%％之成]")
"""Every share has one of these; most lines have none."""


def find_rates(text: str, first: int = 0, last: int | None = None) -> list[Span[float]]:
    """Every share of `text[first:last]`, in order; of a range of shares (5%至10%) none."""
    last = len(text) if last is None else last
    if _MAY_SHARE.search(text, first, last) is None:
        return []
    found = (match for match in _SHARE.finditer(text, first, last) if match.lastgroup)
    return [Span(match.start(), match.end(), _value(match), "share") for match in found]


def _value(found: re.Match[str]) -> float:
    if found["percent"] or found["arabic"]:
        return round(float(found["percent"] or found["arabic"]) / 100, 6)
    if found["chinese"]:
        whole = chinese_value(found["chinese"]) or 0
        decimals = "".join(str(DIGITS[character]) for character in found["decimals"] or "")
        return round(float(f"{whole}.{decimals or 0}") / 100, 6)
    if found["tenths"]:
        half = found["half"]
        more = 5 if half == "半" else DIGITS[half] if half else 0
        return round(DIGITS[found["tenths"]] / 10 + more / 100, 6)
    return round((chinese_value(found["of"]) or 0) / (chinese_value(found["parts"]) or 1), 6)
