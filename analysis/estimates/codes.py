"""Division codes as people write them: 5403, or filled up with zeros, 540300 and 540300000000."""

from __future__ import annotations

from parsers.places.gazetteer import place

_LEVELS = {4: 2, 6: 4, 9: 6, 12: 9}
"""Digits of a code, and of the one for the place that it lies in."""


def plain_code(code: str) -> str:
    """A division code without the zeros that only fill it up."""
    while len(code) in _LEVELS and not code[_LEVELS[len(code)] :].strip("0"):
        code = code[: _LEVELS[len(code)]]
    return code


def known_code(code: str) -> bool:
    """Whether the gazetteer has a place of this code, which is a plain one."""
    try:
        place(code)
    except KeyError:
        return False
    return True
