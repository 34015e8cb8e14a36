"""Police bodies in a scanned text, and the place whose figures each reports."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from parsers.places.gazetteer import names_within
from parsers.places.lexicon import after_digits, same_sound, stop_characters, stop_words

_LONGEST_UNKNOWN = 6
_CLAUSE_ENDS = frozenset("，。；：！？、,.;:!?\n\t （）()【】[]《》“”\"'‘’—-·|/ \u3000")
_QUALIFIERS = ("公安", "边境", "边防")
_OTHER_ENDINGS = ("街道", "街", "镇", "乡")
"""What may stand after a township's short name that became another kind of township since (当周街, 娘热乡)."""
_RULES = {"township": "township of this name", "county": "county of this name"}


@dataclass(frozen=True, slots=True)
class Named:
    """A station's or branch's own name, where it starts, and the codes it may mean."""

    start: int
    name: str
    codes: tuple[str, ...]
    rule: str


def own_name(text: str, tail: int, areas: tuple[str, ...], level: str, floor: int = 0) -> Named | None:
    """The name of a township or county that ends at `tail`, looked up in the areas one after another.

    The longest name of the first area that has one. A station named after a township with an ending of its own
    (当周街派出所, 东嘎镇派出所) is found by the short name before it.
    """
    end = tail
    for qualifier in _QUALIFIERS:
        if text.startswith(qualifier, end - len(qualifier)) and end - len(qualifier) > floor:
            end -= len(qualifier)
    for area in areas:
        names, longest = _names(area, level)
        for start in range(max(floor, end - longest), end - 1):
            codes = names.get(text[start:end])
            if codes:
                return Named(start, text[start:end], codes, _RULES[level])
    if level == "township" and end == tail:
        for ending in _OTHER_ENDINGS:
            if text.endswith(ending, 0, tail):
                return own_name(text, tail - len(ending), areas, level, floor)
    return None


def alike(text: str, tail: int, area: str, floor: int = 0) -> Named | None:
    """As `own_name` for the townships of one county, with characters that sound alike taken for one another."""
    names, longest = _sounds(area)
    first = max(floor, tail - longest)
    sounded = _sounded(text[first:tail])
    for start in range(len(sounded) - 1):
        codes = names.get(sounded[start:])
        if codes:
            return Named(first + start, text[first + start : tail], codes, "township whose name sounds alike")
    return None


@lru_cache(maxsize=1024)
def _names(area: str, level: str) -> tuple[dict[str, tuple[str, ...]], int]:
    """The names of one level in an area, and the length of the longest."""
    names = names_within(area, level)
    return names, max(map(len, names), default=0)


@lru_cache(maxsize=1024)
def _sounds(area: str) -> tuple[dict[str, tuple[str, ...]], int]:
    """As `_names` for the townships of a county, in characters that stand for all that sound alike."""
    names, longest = _names(area, "township")
    return {_sounded(name): codes for name, codes in names.items() if len(name) > 1}, longest


def _sounded(name: str) -> str:
    table = same_sound()
    return "".join([table.get(character, character) for character in name])


def begins_as(name: str, area: str) -> str | None:
    """The only township of a county whose long name begins with `name` (加吉: 加吉博洛格镇); None if there is none."""
    names, _ = _names(area, "township")
    codes = {
        code for full, codes in names.items() for code in codes if full.startswith(name) and len(full) > 3
    }
    return codes.pop() if len(name) > 1 and len(codes) == 1 else None


def unknown_name_start(text: str, tail: int, floor: int) -> int:
    """Where the name of a station begins that no gazetteer knows (城区派出所).

    After the last stop word or punctuation mark, at most six characters before the body.
    """
    start = tail
    while start > floor and tail - start < _LONGEST_UNKNOWN and _may_name(text[start - 1]):
        start -= 1
    if start > 0 and text[start - 1].isdecimal() and text[start] in after_digits() and start < tail:
        start += 1
    run = text[start:tail]
    opens = start == 0 or text[start - 1] in _CLAUSE_ENDS
    cut = _last_stop(run)
    for index in range(len(run) - 1, cut - 1, -1):
        if run[index] in stop_characters() and not (opens and index == 0 and len(run) > 2):
            cut = index + 1
            break
    if start > floor and tail - start == _LONGEST_UNKNOWN and cut == 0:
        return tail
    return start + cut


def _last_stop(run: str) -> int:
    """Where the last stop word in a few characters ends; 0 when there is none."""
    words = stop_words()
    for end in range(len(run), 0, -1):
        if any(run[first:end] in words for first in range(end)):
            return end
    return 0


def _may_name(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"
