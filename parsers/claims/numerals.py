"""Chinese numerals as integers: 三千六百, 一万二千, 两万三, 廿, 二〇二一, 贰佰."""

from __future__ import annotations

DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {
    character: value for value, character in enumerate("〇壹贰叁肆伍陆柒捌玖")
}
DIGITS |= {"两": 2, "○": 0}
UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
LARGE = {"万": 10_000, "亿": 100_000_000}
TENS = {"廿": 20, "卅": 30}
CHARACTERS = "".join((*DIGITS, *UNITS, *LARGE, *TENS))
_LONGEST = 24


def chinese_value(numeral: str) -> int | None:
    """The value of a numeral; None when it is none or longer than any count is written.

    A last digit after a unit of a hundred or more counts the next smaller unit (三百二 is 320, 两万三 is 23,000),
    unless a zero stands before it (三百零二).
    """
    if not numeral or len(numeral) > _LONGEST:
        return None
    if all(character in DIGITS for character in numeral):
        return int("".join(str(DIGITS[character]) for character in numeral))
    total = section = digit = 0
    last = 1
    for character in numeral:
        if character in DIGITS:
            digit = DIGITS[character]
            last = 1 if digit == 0 else last
        elif character in UNITS:
            last = UNITS[character]
            section += (digit or 1) * last
            digit = 0
        elif character in TENS:
            section, digit, last = section + TENS[character], 0, 10
        elif character in LARGE:
            last = LARGE[character]
            whole = section + digit
            total = (total + whole or 1) * last if last > LARGE["万"] else total + (whole or 1) * last
            section = digit = 0
        else:
            return None
    return total + section + (digit * (last // 10) if digit and last >= 100 else digit)


def place_value(value: int) -> int:
    """The place value of the last digit that is not zero: 48,000 counts in thousands."""
    place = 1
    while value and value % (place * 10) == 0:
        place *= 10
    return place
