"""Which entries of the lexicons made a reading, in words that a researcher finds again in the files."""

from __future__ import annotations

from bisect import bisect_left

from parsers.claims.scene import Scene
from parsers.claims.words import Token

_GROUPS = ("verb", "unit")
_GENERAL = ("unspecified", "photo")
_FARTHEST = 50
_MOST = 20


def entries_used(scene: Scene, modality: str, start: int, end: int) -> tuple[str, ...]:
    """The entries with a word in the quote `[start:end]`, such as `verb.take: 采集`.

    A kind of data that the quote does not name is looked for before it (within the 50 names of data before), then in
    the title, and the entry says where its word was found. Of a long quote the first 20 words of each group are told.
    """
    text = scene.text
    data = scene.words.within("modality", start, end)[:_MOST]
    found = [_told("modality", each, text) for each in data if _says(each, modality)]
    found = found or _named_elsewhere(scene, modality, start)
    for group in _GROUPS:
        found += [_told(group, each, text) for each in scene.words.within(group, start, end)[:_MOST]]
    return tuple(dict.fromkeys(found))


def _says(token: Token, modality: str) -> bool:
    return token.value == modality or token.value in _GENERAL


def _named_elsewhere(scene: Scene, modality: str, start: int) -> list[str]:
    tokens = scene.words.of("modality")
    at = bisect_left(tokens, (start,))
    before = [token for token in tokens[max(0, at - _FARTHEST) : at] if _says(token, modality)]
    if before:
        return [f"{_told('modality', before[-1], scene.text)}, at {before[-1].start}"]
    titled = [token for token in scene.title_words.of("modality") if _says(token, modality)]
    return [f"{_told('modality', titled[0], scene.title)}, in the title"] if titled else []


def _told(group: str, token: Token, text: str) -> str:
    return f"{group}.{token.value}: {text[token.start : token.end]}"
