"""The words that make a reading, loaded once from words.toml and found in one pass (Aho–Corasick)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ahocorasick_rs import AhoCorasick, MatchKind

from parsers.span import Span

FILE = Path(__file__).with_name("words.toml")


@dataclass(frozen=True, slots=True)
class Word:
    """What a word stands for: its `group` (`modality`, `venue`, …) and `value` in it (`dna`, `home`, …)."""

    group: str
    value: str


@cache
def _groups() -> tuple[tuple[str, ...], tuple[tuple[Word, ...], ...]]:
    """Every word, and all that it stands for."""
    meanings: dict[str, list[Word]] = {}
    for group, entries in tomllib.loads(FILE.read_text(encoding="utf-8")).items():
        for value, words in entries.items():
            for word in words:
                meanings.setdefault(word, []).append(Word(group, value))
    return tuple(meanings), tuple(tuple(found) for found in meanings.values())


@cache
def _matcher() -> AhoCorasick:
    return AhoCorasick(list(_groups()[0]), matchkind=MatchKind.Standard)


@cache
def _gate() -> AhoCorasick:
    words = [
        word
        for word, meanings in zip(*_groups(), strict=True)
        if any(m.group == "modality" for m in meanings)
    ]
    return AhoCorasick(words, matchkind=MatchKind.LeftmostLongest)


def mentions_a_modality(text: str) -> bool:
    """Whether any word for a kind of biometric data is in `text`: most texts hold none and need no more reading."""
    return bool(_gate().find_matches_as_indexes(text))


def find_words(text: str) -> list[Span[Word]]:
    """Every word of the lexicons in `text`, in order; of words of one group that overlap, the longest."""
    meanings = _groups()[1]
    found = [
        Span(start, end, word, f"{word.group}.{word.value}")
        for index, start, end in _matcher().find_matches_as_indexes(text, overlapping=True)
        for word in meanings[index]
    ]
    found.sort(key=lambda span: (span.value.group, span.start, span.start - span.end))
    kept: list[Span[Word]] = []
    for span in found:
        last = kept[-1] if kept else None
        same = last is not None and last.value.group == span.value.group
        if last and same and last.start <= span.start and span.end < last.end + (span.start > last.start):
            continue
        kept.append(span)
    return sorted(kept, key=lambda span: (span.start, span.end))
