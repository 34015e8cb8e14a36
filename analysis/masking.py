"""Hides personal data in words taken from pages: numbers of identity cards and telephones.

Masked text has the length of the original, so that offsets still hold.
"""

from __future__ import annotations

import re

_BEFORE, _AFTER = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_BIRTH_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"

_PERSONAL = (
    # GB 11643-1999: 18 characters (region, birth date, order, check); before 1999: 15 digits.
    re.compile(
        rf"{_BEFORE}\d{{6}}(?P<hidden>\d{{4}}{_BIRTH_DAY}\d{{3}}[\dXxＸｘ]|\d\d{_BIRTH_DAY}\d{{3}}){_AFTER}"
    ),
    # Mobile numbers of mainland China: 11 digits from 13 to 19, in one piece or as 3-4-4.
    re.compile(rf"{_BEFORE}(?:\+?86[-\s－]?)?1[3-9]\d(?P<hidden>[-\s－]?\d{{4}}[-\s－]?\d{{4}}){_AFTER}"),
    # Landline numbers: an area code of three or four digits that begins with 0, and seven or eight digits.
    re.compile(rf"{_BEFORE}[(（]?0\d{{2,3}}(?P<hidden>[)）]?[-—－–\s]?\d{{7,8}}){_AFTER}"),
)

_HALF_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
_DIGIT = re.compile(r"[\dXxＸｘ]")


def masked(text: str) -> str:
    """`text` with identity-card and telephone numbers made unreadable, character for character."""
    plain = text.translate(_HALF_WIDTH)
    for pattern in _PERSONAL:
        pieces, done = [], 0
        for match in pattern.finditer(plain):
            start, end = match.span("hidden")
            pieces += [text[done:start], _DIGIT.sub("*", plain[start:end])]
            done = end
        if pieces:
            text = "".join(pieces) + text[done:]
            plain = text.translate(_HALF_WIDTH)
    return text
