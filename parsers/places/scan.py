"""One pass over a text: names of places, police bodies and references, as tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, lru_cache

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from parsers.places.gazetteer import divisions, forms, level_of
from parsers.places.lexicon import (
    bodies,
    local_endings,
    named_after,
    no_endings,
    ordinary_words,
    references,
    simplified,
)
from parsers.places.naming import common_name, ends_as, one_spelling

_TRADITIONAL = re.compile(
    "[縣區鎮鄉採個這來對會說國時為與員據間長後們兩萬紋樣臉聲檢錄稱該並從將開關務動發現處當機進過還實點無應號證辦東億歲強戶數總計劃餘約達與島濟黨專門產業場單報導]"
)
"""Frequent characters one of which stands in almost any sentence of traditional Chinese."""


_SHORTEST, _LONGEST_NAME, _LONGEST_TOWNSHIP = 2, 15, 12


class Sort(IntEnum):
    """What a token is."""

    NAME = 0
    TOWNSHIP = 1
    BODY = 2
    REFERENCE = 3
    ENDING = 4
    NOTHING = 5


@dataclass(frozen=True, slots=True)
class Pattern:
    """What an entry of the automaton stands for: candidate codes of a name, or the word itself.

    `bare` says that a name has no administrative ending (拉萨, 西藏).
    """

    sort: Sort
    word: str
    codes: tuple[str, ...] = ()
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """An occurrence of a pattern."""

    start: int
    end: int
    pattern: Pattern


@cache
def _automaton() -> tuple[AhoCorasick, list[str]]:
    names = (word for word in upper_names() if word not in ordinary_words())
    words = list(dict.fromkeys((*names, *local_endings(), *no_endings(), *references(), *bodies())))
    kind = Implementation.ContiguousNFA
    return AhoCorasick(words, matchkind=MatchKind.LeftmostLongest, implementation=kind), words


@lru_cache(maxsize=16_384)
def _pattern(word: str) -> Pattern:
    body = bodies().get(word)
    if body is not None:
        return Pattern(Sort.NOTHING if body.kind == "not_police" else Sort.BODY, word)
    if word in references():
        return Pattern(Sort.REFERENCE, word)
    if word in local_endings():
        return Pattern(Sort.ENDING, word)
    if word in upper_names() and word not in no_endings():
        codes = upper_names()[word]
        return Pattern(Sort.NAME, word, codes, not ends_as(word, level_of(codes[0])))
    return Pattern(Sort.NOTHING, word)


@cache
def _townships() -> dict[str, list[str]]:
    """Codes of all townships by official and everyday name, in one spelling."""
    codes = [code for code in divisions() if len(code) == 9]
    names = one_spelling("\n".join(divisions()[code] for code in codes)).split("\n")
    found: dict[str, list[str]] = {}
    for code, name in zip(codes, names, strict=True):
        found.setdefault(name, []).append(code)
        if name.endswith("族乡") and (common := common_name(name, "township")) is not None:
            found.setdefault(common, []).append(code)
    return found


@cache
def upper_names() -> dict[str, tuple[str, ...]]:
    """Codes of provinces, prefectures and counties by every form of their name of two characters or more.

    Where places share a form, those whose official or everyday name it is stand alone.
    """
    ranked: dict[str, dict[str, int]] = {}
    for code in divisions():
        if len(code) < 9:
            for form, rank in forms(code):
                if len(form) > 1:
                    ranks = ranked.setdefault(form, {})
                    ranks[code] = min(rank, ranks.get(code, rank))
    return {
        form: tuple(code for code, rank in ranks.items() if rank == min(ranks.values()))
        for form, ranks in ranked.items()
    }


def plain(text: str) -> str:
    """`text` in simplified characters, of the same length; as it is when it holds no traditional ones."""
    if _TRADITIONAL.search(text) is None:
        return text
    table = simplified()
    return _traditional().sub(lambda found: table[found[0]], text)


@cache
def _traditional() -> re.Pattern[str]:
    """Any character that has a simplified one: most of a text has none, and is passed over."""
    return re.compile(f"[{re.escape(''.join(simplified()))}]")


def scan(text: str) -> list[Token]:
    """The tokens of a simplified text, leftmost and longest first, not overlapping.

    Names of roads, squares and mountains (北京中路, 青海湖) are no tokens.
    """
    automaton, words = _automaton()
    tokens: list[Token] = []
    for index, start, end in automaton.find_matches_as_indexes(text):
        pattern = _pattern(words[index])
        # 红旗 is a district's everyday name that ends as a banner's full one does.
        short = pattern.bare or (pattern.sort is Sort.NAME and end - start == _SHORTEST)
        if pattern.sort is Sort.NOTHING or (short and text.startswith(named_after(), end)):
            continue
        if tokens and start < tokens[-1].end:
            continue  # within a name that was found to go on
        token = Token(start, end, pattern)
        if pattern.sort is Sort.NAME and short and (whole := _across(text, token)) is not None:
            token = whole
        if pattern.sort is Sort.ENDING and (township := _township(text, token)) is not None:
            while tokens and tokens[-1].end > township.start:
                tokens.pop()
            token = township
        tokens.append(token)
    return tokens


def _across(text: str, bare: Token) -> Token | None:
    """The full name that begins within a short one: 江孜县 in 从江孜县, which is not of 从江."""
    for start in range(bare.start + 1, bare.end):
        for end in range(min(start + _LONGEST_NAME, len(text)), bare.end, -1):
            word = text[start:end]
            if word in upper_names() and not (pattern := _pattern(word)).bare and end - start > _SHORTEST:
                return Token(start, end, pattern)
    return None


def _township(text: str, ending: Token) -> Token | None:
    """The longest official name of a township that ends with `ending`, of three characters or more."""
    first = max(0, ending.start - _LONGEST_TOWNSHIP)
    window = one_spelling(text[first : ending.end])
    for offset in range(len(window) - 2):
        codes = _townships().get(window[offset:])
        if codes:
            word = text[first + offset : ending.end]
            return Token(first + offset, ending.end, Pattern(Sort.TOWNSHIP, word, tuple(codes)))
    return None
