"""Which script a text is written in: what is in Tibetan is kept for people to read."""

from __future__ import annotations

import re
from enum import StrEnum

FOR_PEOPLE = "for human reading"
"""The register of a text that nothing here can read, so that nobody takes its silence for a finding."""


class Language(StrEnum):
    """Languages that documents are told apart by (ISO 639-1)."""

    CHINESE = "zh"
    TIBETAN = "bo"


_SYLLABLE_ENDS = ("\u0f0b", "\u0f0c")
_TIBETAN = re.compile("[\u0f00-\u0fff]+")
_LETTERS = re.compile(r"[^\W\d_]+|[\u0f00-\u0fff]+")
_SHARE = 0.3


def is_tibetan(text: str) -> bool:
    """Whether at least three in ten of the letters are of the Tibetan block (Unicode, U+0F00–0FFF).

    That is less than half, because pages in Tibetan carry Chinese names, bylines and footers. A Tibetan quotation in a
    Chinese article is below it.
    """
    if not any(mark in text for mark in _SYLLABLE_ENDS):
        return False
    tibetan = sum(len(run) for run in _TIBETAN.findall(text))
    return tibetan >= _SHARE * sum(len(run) for run in _LETTERS.findall(text))
