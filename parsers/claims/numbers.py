"""Numbers in Chinese text, each as a range with the way the text hedges it.

Arabic, full-width, grouped, decimal with 万 or 亿, Chinese numerals in all forms, approximate ones (百余, 上千, 近百,
数十, 十几, 三四百). The ranges follow `eval/GUIDE.md`: N余 ends where the place value of N's last digit does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from parsers.observation import CountRange, Qualifier
from parsers.span import Span

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "○": 0,
    "壹": 1,
    "贰": 2,
    "叁": 3,
}
_DIGITS |= {"肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9}
_UNITS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
_FIXED = {"廿": 20, "卅": 30}

_CN = "零〇○一二三四五六七八九两壹贰叁肆伍陆柒捌玖"
_ARABIC = r"\d{1,3}(?:[,，]\d{3})+(?!\d)|\d+(?:\.\d+)?"
_SCALE = r"[千百]?[万亿]|[百千](?=[余多来])|"
_CHINESE = rf"[{_CN}廿卅十百千万亿拾佰仟]+"
_NUMBER = re.compile(
    rf"(?P<before>近|将近|接近|约|大约|约为|大概|近乎|逾|超过|超|突破|多达|高达|不少于|不低于|至少|上|数|几|好几)?"
    rf"(?P<core>(?:(?P<arabic>{_ARABIC})(?P<scale>{_SCALE})|(?P<chinese>{_CHINESE})))"
    rf"(?P<tail>余|多|来|几)?(?P<late>[万亿](?![\d{_CN}]))?(?P<after>以上|左右|上下|余)?"
)
_RANGE = re.compile(rf"(?P<low>{_ARABIC})(?P<s1>万?)(?:至|到|[-—~～－])(?P<high>{_ARABIC})(?P<s2>万?)")
_PERCENT = re.compile(
    r"百分之(?P<cn>[零一二三四五六七八九十百点]+)|(?P<n>\d+(?:\.\d+)?)\s*[%％]|(?P<tenths>[一二三四五六七八九])成(?P<half>半)?"
)
_APART = re.compile(
    r"〔\d{4}〕\s*\d+\s*号|[（(\[]\d{4}[)）\]]\s*\d+\s*号|1[3-9]\d{9}|\d{3,4}-\d{7,8}|\d{17}[\dXx]|第[\d一二三四五六七八九十百]+"
)

_AT_LEAST = ("逾", "超过", "超", "突破", "多达", "高达", "不少于", "不低于", "至少")
_ALMOST = ("近", "将近", "接近", "近乎")
_ABOUT = ("约", "大约", "约为", "大概")
_SEVERAL = ("数", "几", "好几")


@dataclass(frozen=True, slots=True)
class Rate:
    """A share between 0 and 1."""

    value: float


def find_numbers(text: str) -> list[Span[CountRange]]:
    """Every number of `text` that could be a count, in order; document numbers, ordinals and phones are left out."""
    taken = [match.span() for match in _APART.finditer(text)]
    found: list[Span[CountRange]] = []
    for match in _RANGE.finditer(text):
        span = _range_of(match)
        if span and not _within(match.start(), taken):
            found.append(span)
            taken.append(match.span())
    for match in _NUMBER.finditer(text):
        if not _within(match.start("core"), taken) and (span := _number_of(match)):
            found.append(span)
    return sorted(found, key=lambda span: span.start)


def find_rates(text: str) -> list[Span[Rate]]:
    """Percentages and tenths (九成) as shares."""
    found = []
    for match in _PERCENT.finditer(text):
        if match["n"]:
            value = float(Decimal(match["n"]) / 100)
        elif match["cn"]:
            whole, _, decimals = match["cn"].partition("点")
            digits = "".join(str(_DIGITS[c]) for c in decimals if c in _DIGITS)
            value = float(Decimal(f"{chinese_value(whole) or 0}.{digits or 0}") / 100)
        else:
            value = _DIGITS[match["tenths"]] / 10 + (0.05 if match["half"] else 0)
        found.append(Span(match.start(), match.end(), Rate(round(value, 6)), "rate"))
    return found


def chinese_value(numeral: str) -> int | None:
    """The value of a Chinese numeral (三千六百, 一万二千, 两万三, 二〇二一); None if it is none."""
    if not numeral:
        return None
    if all(c in _DIGITS for c in numeral):
        return int("".join(str(_DIGITS[c]) for c in numeral))
    total = section = digit = 0
    last = 1
    for c in numeral:
        if c in _FIXED:
            section += _FIXED[c]
            last = 10
        elif c in _DIGITS:
            digit = _DIGITS[c]
            last = 1 if c in "零〇○" else last
        elif c in _UNITS:
            section += (digit or 1) * _UNITS[c]
            digit, last = 0, _UNITS[c]
        else:
            total = (
                (total + section + digit) * _LARGE[c]
                if c == "亿"
                else total + (section + digit or 1) * _LARGE[c]
            )
            section = digit = 0
            last = _LARGE[c]
    # 三百二 is 320, 两万三 is 23,000: a last digit counts the next smaller unit.
    return total + section + (digit * (last // 10) if last >= 100 and digit else digit)


def _number_of(match: re.Match[str]) -> Span[CountRange] | None:
    before, after = match["before"] or "", match["after"] or ""
    more = bool(match["tail"]) or after == "余"
    scale = Decimal(_LARGE[match["late"]]) if match["late"] else Decimal(1)
    core = match["core"]
    start = match.start() if before else match.start("core")
    if match["chinese"]:
        chinese = match["chinese"]
        if before in _SEVERAL or before == "上":
            made = _vague(before, chinese, scale)
        elif both := _neighbours(chinese):
            made = CountRange(int(both[0] * scale), int(both[1] * scale), Qualifier.RANGE)
        elif match["tail"] == "几":
            base = chinese_value(chinese)
            made = CountRange(base + 1, base + 9, Qualifier.APPROX) if base and base % 10 == 0 else None
        else:
            whole = chinese_value(chinese)
            made = (
                _hedged(Decimal(whole) * scale, before, more, after, _place_of(chinese) * scale)
                if whole
                else None
            )
    else:
        digits = match["arabic"].replace(",", "").replace("，", "")
        factor = _factor(match["scale"]) * scale
        value = Decimal(digits) * factor
        made = _hedged(value, before, more, after, _last_place(digits) * factor)
    return Span(start, match.end(), made, "number") if made and core else None


def _hedged(value: Decimal, before: str, more: bool, after: str, place: Decimal) -> CountRange:
    number = int(value)
    if more or before in _AT_LEAST or after == "以上":
        return CountRange(
            number, number + int(place) - 1 if place > 1 else _ten_end(number), Qualifier.AT_LEAST
        )
    if before in _ALMOST:
        return CountRange(int(value * 9 / 10), number - 1, Qualifier.ALMOST)
    if before in _ABOUT or after in ("左右", "上下"):
        return CountRange(int(value * 9 / 10), int(value * 11 / 10), Qualifier.APPROX)
    return CountRange(number, number, Qualifier.EXACT)


def _ten_end(number: int) -> int:
    """71余 ends at 79."""
    return number - number % 10 + 9


def _vague(before: str, numeral: str, scale: Decimal) -> CountRange | None:
    unit = chinese_value(numeral)
    if unit is None or numeral[0] not in "十百千万亿":
        return None
    base = int(unit * scale)
    if before == "上":
        return CountRange(base, base * 2 - 1, Qualifier.AT_LEAST)
    return CountRange(base * 2, base * 10 - 1, Qualifier.APPROX)


def _neighbours(numeral: str) -> tuple[int, int] | None:
    """三四百 as 300 and 400, 七八十 as 70 and 80."""
    found = re.fullmatch(r"([一二三四五六七八九两])([一二三四五六七八九])([十百千万]+)", numeral)
    if not found or _DIGITS[found[2]] != _DIGITS[found[1]] + 1:
        return None
    unit = chinese_value(found[3]) or 1
    return _DIGITS[found[1]] * unit, _DIGITS[found[2]] * unit


def _place_of(numeral: str) -> Decimal:
    """The place value of a Chinese numeral's last digit: 四万八千 counts in thousands."""
    value = chinese_value(numeral) or 1
    place = 1
    while value % (place * 10) == 0:
        place *= 10
    return Decimal(place)


def _last_place(digits: str) -> Decimal:
    """The place value of the last digit that is not zero: 3000 counts in thousands, 1.2 in tenths."""
    whole, _, decimals = digits.partition(".")
    if decimals.rstrip("0"):
        return Decimal(1).scaleb(-len(decimals.rstrip("0")))
    stripped = whole.rstrip("0")
    return Decimal(10) ** (len(whole) - len(stripped)) if stripped else Decimal(1)


def _factor(scale: str) -> Decimal:
    factor = Decimal(1)
    for c in scale or "":
        factor *= _LARGE.get(c) or _UNITS[c]
    return factor


def _range_of(match: re.Match[str]) -> Span[CountRange] | None:
    high_factor = Decimal(10_000) if match["s2"] else Decimal(1)
    low_factor = Decimal(10_000) if match["s1"] or match["s2"] else Decimal(1)
    low = Decimal(match["low"].replace(",", "").replace("，", "")) * low_factor
    high = Decimal(match["high"].replace(",", "").replace("，", "")) * high_factor
    if high <= low:
        return None
    return Span(match.start(), match.end(), CountRange(int(low), int(high), Qualifier.RANGE), "range")


def _within(position: int, taken: list[tuple[int, int]]) -> bool:
    return any(start <= position < end for start, end in taken)
