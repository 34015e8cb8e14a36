"""Police bodies in a scanned text, and the place whose figures each reports."""

from __future__ import annotations

from dataclasses import dataclass

from parsers.places.gazetteer import names_within
from parsers.places.lexicon import same_sound, stop_characters, stop_words

_LONGEST_NAME = 14
_LONGEST_UNKNOWN = 6
_CLAUSE_ENDS = frozenset("，。；：！？、,.;:!?\n\t （）()【】[]《》“”\"'‘’—-·|/ \u3000")
_QUALIFIERS = ("公安", "边境", "边防")
_OTHER_ENDINGS = ("街道", "街", "镇", "乡")
"""What may stand after a township's short name that became another kind of township since (当周街, 娘热乡)."""


@dataclass(frozen=True, slots=True)
class Named:
    """A station's or branch's own name, where it starts, and the codes it may mean."""

    start: int
    name: str
    codes: tuple[str, ...]
    rule: str


def own_name(text: str, tail: int, areas: tuple[str, ...], level: str, floor: int = 0) -> Named | None:
    """The name of a township or county that ends at `tail`, looked up in the areas one after another.

    The longest name of the first area that has one; then, in the first area, names that sound alike.
    """
    end = tail
    for qualifier in _QUALIFIERS:
        if text.startswith(qualifier, end - len(qualifier)) and end - len(qualifier) > floor:
            end -= len(qualifier)
    first = max(floor, end - _LONGEST_NAME)
    for area in areas:
        names = names_within(area, level)
        for start in range(first, end - 1):
            codes = names.get(text[start:end])
            if codes:
                return Named(start, text[start:end], codes, f"{level} of this name")
    if level == "township" and end == tail:
        for ending in _OTHER_ENDINGS:
            if text.endswith(ending, 0, tail):
                return own_name(text, tail - len(ending), areas, level, floor)
    return None


def alike(text: str, tail: int, area: str, floor: int = 0) -> Named | None:
    """As `own_name` for the townships of one county, with characters that sound alike taken for one another."""
    names = _sounds(area)
    first = max(floor, tail - _LONGEST_NAME)
    sounded = text[first:tail].translate(same_sound())
    for start in range(len(sounded) - 1):
        codes = names.get(sounded[start:])
        if codes:
            return Named(first + start, text[first + start : tail], codes, "township whose name sounds alike")
    return None


def _sounds(area: str) -> dict[str, tuple[str, ...]]:
    return {
        name.translate(same_sound()): codes
        for name, codes in names_within(area, "township").items()
        if len(name) > 1
    }


def unknown_name_start(text: str, tail: int, floor: int) -> int:
    """Where the name of a station begins that no gazetteer knows (城区派出所).

    After the last stop word or punctuation mark, at most six characters before the body.
    """
    start = tail
    while start > floor and tail - start < _LONGEST_UNKNOWN and _may_name(text[start - 1]):
        start -= 1
    run = text[start:tail]
    opens = start == 0 or text[start - 1] in _CLAUSE_ENDS
    cut = 0
    for word in stop_words():
        at = run.rfind(word)
        if at >= 0:
            cut = max(cut, at + len(word))
    for index in range(len(run) - 1, cut - 1, -1):
        if run[index] in stop_characters() and not (opens and index == 0 and len(run) > 2):
            cut = index + 1
            break
    if start > floor and tail - start == _LONGEST_UNKNOWN and cut == 0:
        return tail
    return start + cut


def _may_name(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"
