"""Counts in Chinese text, each as a range with the way the text hedges it.

One pass finds the runs of digits; each run is then read by hand: Arabic with groups or decimals and 万 or 亿, Chinese
in all forms, hedges before (近, 逾, 约, 上, 数) and after (余, 多, 以上, 左右). The ranges follow the labelling guide:
N余 ends where the place value of N's last digit that is not zero does.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from decimal import Decimal
from functools import lru_cache

from parsers.claims.numerals import CHARACTERS, DIGITS, LARGE, UNITS, chinese_value, place_value
from parsers.observation import CountRange, Qualifier
from parsers.span import Span

_ARABIC = r"\d{1,3}(?:[,，]\d{3})+(?![\d,，])|\d+(?:\.\d+)?"
_RUN = re.compile(
    rf"(?=[\d几数{CHARACTERS}])(?:(?P<arabic>{_ARABIC})(?P<scale>(?:[百千]?[万亿]|[百千])(?:\d{{1,4}}[百千]?(?![\d万%％]))*)?"
    rf"|(?P<chinese>[几数]?[{CHARACTERS}]+几?))"
)
_HEDGE_BEFORE = {
    **dict.fromkeys(
        (
            "逾",
            "超",
            "超过",
            "突破",
            "破",
            "过",
            "多达",
            "高达",
            "不少于",
            "不低于",
            "不下",
            "不下于",
            "至少",
            "至少有",
            "起码",
        ),
        Qualifier.AT_LEAST,
    ),
    **dict.fromkeys(("近", "将近", "接近", "近乎", "不到", "不足", "逼近", "靠近"), Qualifier.ALMOST),
    **dict.fromkeys(("约", "大约", "约为", "大概", "约有", "估计", "大致"), Qualifier.APPROX),
}
_HEDGE_AFTER = re.compile(
    r"(?P<more>余|多|来|几)?(?P<late>[百千万亿]+(?![\d]))?(?P<more2>余|多)?(?P<word>以上|之多|左右|上下|之余|有余)?"
)
_HEDGES_OPEN = frozenset("余多来几百千万亿以之左上有")
_HEDGES_CLOSE = frozenset(word[-1] for word in _HEDGE_BEFORE)
"""Characters with which a hedge after a number begins, and one before it ends: most numbers have none."""

_BETWEEN = re.compile(r"\s*(?:至|到|[-—–~～－])\s*")
_NOT_A_COUNT = re.compile(
    r"〔\d{4}〕\s*\d+\s*号|[（(\[]\d{4}[)）\]]\s*\d+\s*号|1[3-9]\d{9}|\d{3,4}-\d{7,8}|\d{17}[\dXx]|\d{1,2}[:：]\d{2}(?!\d)"
)
_RANGES = frozenset("至到-—–~～－")
_MAY_BE_NO_COUNT = re.compile(r"\d(?:[-:：)）\]〕]|\d{10})")
"""What each of these has; most lines have none."""

_NEIGHBOURS = re.compile(
    r"(?P<tens>[十百千万]*)(?P<low>[一二三四五六七八两])(?P<high>[二三四五六七八九])(?P<unit>[十百千万]*)"
)
_LONGEST_HEDGE = 3


def find_numbers(text: str, first: int = 0, last: int | None = None) -> list[Span[CountRange]]:
    """Every number of `text[first:last]` that could be a count, in order, with its hedges.

    Document numbers (〔2021〕12号), phone and identity numbers, ordinals (第三) and times of day are left out.
    """
    last = len(text) if last is None else last
    doubtful = _MAY_BE_NO_COUNT.search(text, first, last) is not None
    apart = [match.span() for match in _NOT_A_COUNT.finditer(text, first, last)] if doubtful else []
    found: list[Span[CountRange]] = []
    position = first
    while (run := _RUN.search(text, position, last)) is not None:
        position = run.end()
        start = run.start()
        if (apart and _is_part_of(apart, run)) or (start and text[start - 1] == "第"):
            continue
        span = _between(text, run, last) or _number(text, run)
        if span is not None:
            found.append(span)
            position = max(position, span.end)
    return found


def _is_part_of(apart: list[tuple[int, int]], run: re.Match[str]) -> bool:
    """Whether a run of digits lies in one of `apart`, which are in order."""
    at = bisect_left(apart, (run.end(),))
    return at > 0 and apart[at - 1][1] > run.start()


def hedged_behind(value: int, word: str) -> CountRange:
    """An exact number whose hedge stands behind its measure word (20份左右, 300人以上)."""
    return _hedged(Decimal(value), Decimal(place_value(value)), None, "", word)


def _number(text: str, run: re.Match[str]) -> Span[CountRange] | None:
    """The number of one run, with the hedges around it."""
    chinese = run["chinese"]
    end = run.end()
    more = late = word = ""
    after = _HEDGE_AFTER.match(text, end) if text[end : end + 1] in _HEDGES_OPEN else None
    if after is not None:
        more, late, word = after["more"] or after["more2"] or "", after["late"] or "", after["word"] or ""
        if late and not after["more"]:
            late = ""
        end = after.end() if not (after["late"] and not late) else run.end()
    if chinese:
        return _chinese(text, run.start(), end, (chinese, more, late, word))
    value, place = _arabic(run["arabic"], run["scale"] or "", late)
    start, hedge = _hedge_before(text, run.start())
    return Span(start, end, _hedged(value, place, hedge, more, word), "number")


def _chinese(text: str, start: int, end: int, parts: tuple[str, str, str, str]) -> Span[CountRange] | None:
    numeral, more, late, word = parts
    scale = chinese_value(late) or 1 if late else 1
    if numeral[0] in "几数":
        if numeral[1] in "十百千万亿" and not (
            numeral[0] == "数" and more and start and text[start - 1] in "人总"
        ):
            return _several(numeral[1:].rstrip("几"), scale, start, end)
        numeral, start = numeral[1:], start + 1
    if (last := numeral[-1:]) == "几":
        base = chinese_value(numeral[:-1])
        if base is None or base % 10:
            return None
        return Span(
            start, end, CountRange((base + 1) * scale, (base + 9) * scale, Qualifier.APPROX), "a few more"
        )
    if start and text[start - 1] == "上" and numeral[0] in "十百千万亿" and last in "十百千万亿":
        base = (chinese_value(numeral) or 1) * scale
        return Span(start - 1, end, CountRange(base, base * 2 - 1, Qualifier.AT_LEAST), "some")
    both = _neighbours(numeral)
    if both is not None:
        return Span(start, end, CountRange(both[0] * scale, both[1] * scale, Qualifier.RANGE), "neighbours")
    value = chinese_value(numeral)
    if value is None or (len(numeral) > 1 and all(character in DIGITS for character in numeral)):
        return None
    start, hedge = _hedge_before(text, start)
    return Span(
        start,
        end,
        _hedged(Decimal(value * scale), Decimal(place_value(value) * scale), hedge, more, word),
        "number",
    )


def _several(unit: str, scale: int, start: int, end: int) -> Span[CountRange] | None:
    """数十, 几百, 数千: from two of the unit to one less than ten."""
    base = chinese_value(unit)
    if base is None:
        return None
    return Span(start, end, CountRange(base * scale * 2, base * scale * 10 - 1, Qualifier.APPROX), "several")


@lru_cache(maxsize=4096)
def _arabic(digits: str, scale: str, late: str) -> tuple[Decimal, Decimal]:
    """The value and the place value of its last digit that is not zero."""
    plain = digits.replace(",", "").replace("，", "")
    whole, _, decimals = plain.partition(".")
    decimals = decimals.rstrip("0")
    factor = Decimal(1)
    rest = 0
    if scale:
        letters = re.match(r"[百千]?[万亿]?", scale)
        head = letters[0] if letters else ""
        for letter in head:
            factor *= LARGE.get(letter) or UNITS[letter]
        for number, unit in re.findall(r"(\d+)([百千]?)", scale[len(head) :]):
            if unit:
                rest += int(number) * UNITS[unit]
            else:
                rest += int(number) * int(factor) // 10 ** len(number) if len(number) == 1 else int(number)
    for letter in late:
        factor *= LARGE.get(letter) or UNITS[letter]
    value = Decimal(plain) * factor + rest
    if rest:
        return value, Decimal(place_value(int(value)))
    place = Decimal(1).scaleb(-len(decimals)) if decimals else Decimal(place_value(int(whole)))
    return value, place * factor


def _hedge_before(text: str, start: int) -> tuple[int, Qualifier | None]:
    if text[start - 1 : start] not in _HEDGES_CLOSE:
        return start, None
    for length in range(_LONGEST_HEDGE, 0, -1):
        if start >= length and (hedge := _HEDGE_BEFORE.get(text[start - length : start])):
            return start - length, hedge
    return start, None


@lru_cache(maxsize=4096)
def _hedged(value: Decimal, place: Decimal, hedge: Qualifier | None, more: str, word: str) -> CountRange:
    number = int(value)
    if hedge is Qualifier.ALMOST:
        return CountRange(int(value * 9 / 10), max(number - 1, 0), Qualifier.ALMOST)
    if more or hedge is Qualifier.AT_LEAST or word in ("以上", "之多", "之余", "有余"):
        if number < 10 and more:
            return CountRange(number, number, Qualifier.AT_LEAST)
        end = number + int(place) - 1 if place > 1 else number - number % 10 + 9
        return CountRange(number, end, Qualifier.AT_LEAST)
    if hedge is Qualifier.APPROX or word in ("左右", "上下"):
        return CountRange(int(value * 9 / 10), int(value * 11 / 10), Qualifier.APPROX)
    return CountRange(number, number, Qualifier.EXACT)


def _neighbours(numeral: str) -> tuple[int, int] | None:
    """三四百 as 300 and 400, 七八十 as 70 and 80, 十七八 as 17 and 18, 三五百 as 300 and 500."""
    found = _NEIGHBOURS.fullmatch(numeral)
    if found is None or not (found["tens"] or found["unit"]):
        return None
    low, high = DIGITS[found["low"]], DIGITS[found["high"]]
    if high - low not in (1, 2) or (high - low == 2 and (low, high) != (3, 5)):
        return None
    tens, ending = found["tens"], found["unit"]
    base = (chinese_value(tens) or 0) if tens else 0
    unit = (chinese_value(ending) or 1) if ending else 1
    if tens and ending and tens[-1] not in "万亿":
        base *= unit
    return base + low * unit, base + high * unit


def _between(text: str, low: re.Match[str], last: int) -> Span[CountRange] | None:
    """200至300, 3500万至7000万, 二百到三百: both ends as stated."""
    following = text[low.end() : low.end() + 1]
    if following not in _RANGES and not following.isspace():
        return None
    sign = _BETWEEN.match(text, low.end(), last)
    if sign is None:
        return None
    high = _RUN.match(text, sign.end(), last)
    if high is None or bool(high["arabic"]) != bool(low["arabic"]):
        return None
    if low["chinese"]:
        first, second = chinese_value(low["chinese"]), chinese_value(high["chinese"])
    else:
        scale = low["scale"] or (high["scale"] or "" if len(low["arabic"]) <= len(high["arabic"]) else "")
        first = int(_arabic(low["arabic"], scale, "")[0])
        second = int(_arabic(high["arabic"], high["scale"] or "", "")[0])
    if first is None or second is None or second <= first:
        return None
    start, hedge = _hedge_before(text, low.start())
    start = start if hedge is Qualifier.APPROX else low.start()
    return Span(start, high.end(), CountRange(first, second, Qualifier.RANGE), "between")
