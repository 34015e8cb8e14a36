"""Samples that are counted without a verb that says that they were taken (血样二百零四份)."""

from __future__ import annotations

import re

from parsers.claims.words import Words

_NUMERAL = r"(?:[约近逾超共]|上)?[\d,，]*[\d一二三四五六七八九十百千万两数几〇零]+[余多]?"
FROM_PEOPLE = re.compile("(?:全部|均|都|主要|分别)?(?:来自|取自|采自)")
"""DNA样本56份全部来自务工人员."""
_SAMPLES_AFTER = re.compile(rf"{_NUMERAL}(?:份|枚|例)")
_SAMPLES_BEFORE = re.compile(rf"{_NUMERAL}(?:份|枚|例)$")
_LONGEST_NUMBER, _NEAR_VERB = 14, 20


def counts_samples(text: str, words: Words, line: tuple[int, int]) -> bool:
    """血样二百零四份, 31份血样: samples that are counted were taken, where no other verb says what became of them."""
    for token in words.within("modality", *line):
        if token.value in ("photo", "unspecified"):
            continue
        number = _SAMPLES_AFTER.match(text, token.end) or _SAMPLES_BEFORE.search(
            text, max(line[0], token.start - _LONGEST_NUMBER), token.start
        )
        if number and FROM_PEOPLE.match(text, number.end()):
            return True
        if number and not any(
            verb.value in ("process", "other")
            for verb in words.within("verb", max(line[0], token.start - _NEAR_VERB), token.end + _NEAR_VERB)
        ):
            return True
    return False
