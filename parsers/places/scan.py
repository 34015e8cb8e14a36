"""One pass over a text: names of places, police bodies and references, as tokens."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from parsers.places.gazetteer import divisions, forms
from parsers.places.lexicon import bodies, local_endings, no_endings, ordinary_words, references, simplified
from parsers.places.naming import common_name, spellings

_TRADITIONAL = "縣區鎮鄉採個這來對會說國時為與員據間長後們兩萬"
"""Frequent characters one of which stands in almost any sentence of traditional Chinese."""


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
    """What an entry of the automaton stands for: candidate codes of a name, or the word itself."""

    sort: Sort
    word: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Token:
    """An occurrence of a pattern."""

    start: int
    end: int
    pattern: Pattern


@cache
def _automaton() -> tuple[AhoCorasick, list[Pattern]]:
    patterns = _patterns()
    table = list(patterns.values())
    words = [entry.word for entry in table]
    kind = Implementation.ContiguousNFA
    return AhoCorasick(words, matchkind=MatchKind.LeftmostLongest, implementation=kind), table


def _patterns() -> dict[str, Pattern]:
    """All entries by word; later ones replace earlier ones."""
    found: dict[str, Pattern] = {}
    townships: dict[str, list[str]] = {}
    for code, name in divisions().items():
        if len(code) == 9 and len(name) > 2:
            common = common_name(name, "township") if name.endswith("族乡") else None
            for form in spellings(name) if common is None else (name, common):
                townships.setdefault(form, []).append(code)
    found |= {word: Pattern(Sort.TOWNSHIP, word, tuple(codes)) for word, codes in townships.items()}
    found |= {
        word: Pattern(Sort.NAME, word, codes) for word, codes in upper_names().items() if _distinct(word)
    }
    found |= {word: Pattern(Sort.ENDING, word) for word in local_endings()}
    found |= {word: Pattern(Sort.NOTHING, word) for word in no_endings()}
    found |= {word: Pattern(Sort.REFERENCE, word) for word in references()}
    for word, body in bodies().items():
        found[word] = Pattern(Sort.NOTHING if body.kind == "not_police" else Sort.BODY, word)
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


def _distinct(word: str) -> bool:
    """Whether a name can stand in a text without anything around it to confirm it."""
    return word not in ordinary_words()


def plain(text: str) -> str:
    """`text` in simplified characters, of the same length; as it is when it holds no traditional ones."""
    if text.isascii() or not any(character in text for character in _TRADITIONAL):
        return text
    return text.translate(simplified())


def scan(text: str) -> list[Token]:
    """The tokens of a simplified text, leftmost and longest first, not overlapping."""
    automaton, table = _automaton()
    return [Token(start, end, table[index]) for index, start, end in automaton.find_matches_as_indexes(text)]
