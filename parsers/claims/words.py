"""The words that make a reading: lexicons loaded and checked once, found in a text in one pass (Aho–Corasick)."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import accumulate
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from parsers.errors import InvalidLexicon

_DENIED = ("未", "没", "不", "无")
"""身份证未登记指纹: what was not taken."""
_OF_CLAIMS = frozenset(("verb", "total", "rate", "kind", "target", "staff", "manner"))
"""Groups whose words say what is done, to whom and what is counted, and say nothing in a name."""
_REST_OF_A_NAME = re.compile("[\u4e00-\u9fff]{0,2}?(?:镇|乡(?!亲)|街道|派出所|村(?!民)|社区)")
"""黄羊川镇, 狼山派出所: what follows an animal that a place is named after."""
_USE = "用于"
"""血样用于面部成像研究: data that others are used for are not taken."""
_TAKE, _LONGEST_GROUP = "采集", 8
_HIDES = "hides"
"""Group of the nouns that open with the verb, each with the group that it stands in."""
_OF_THOSE = re.compile("[\u4e00-\u9fff]{0,4}信息")
"""采集人员基本信息3.1万条: what is taken of people, and not who takes."""
_PARTICLES = ("了", "起", "下", "完", "上", "齐", "全", "其", "好")

Added = tuple[tuple[str, tuple[str, ...]], ...]
"""A campaign's own words: entries of the lexicons (`modality.dna`) with words to add to each."""


class Token(NamedTuple):
    """An occurrence of a word: what it stands for in its group (`dna`, `home`, …)."""

    start: int
    end: int
    value: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Every word with what it stands for: pairs of group and value, in the order of the matcher's patterns."""

    matcher: AhoCorasick
    meanings: tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one text by group, each group in order of offsets."""

    groups: dict[str, list[Token]]

    def of(self, group: str) -> list[Token]:
        """All words of a group."""
        return self.groups.get(group, [])

    def within(self, group: str, first: int, last: int) -> list[Token]:
        """Those that begin in `[first:last]`."""
        tokens = self.groups.get(group)
        if not tokens:
            return []
        low = bisect_left(tokens, (first,))
        if low == len(tokens) or tokens[low][0] >= last:
            return []
        return tokens[low : bisect_left(tokens, (last,), low)]

    def outside(self, names: Sequence[tuple[int, int]]) -> Words:
        """The words without verbs and cues that are part of a name (达 in 仲达派出所); `names` are in order."""
        starts = [start for start, _ in names]
        ends = list(accumulate((end for _, end in names), max))

        def named(token: Token) -> bool:
            at = bisect_right(starts, token.start) - 1
            return at >= 0 and ends[at] >= token.end

        within = {
            group: [token for token in self.groups[group] if not named(token)]
            for group in _OF_CLAIMS & self.groups.keys()
        }
        return Words(self.groups | within)

    def any_within(self, group: str, first: int, last: int) -> bool:
        """Whether one begins in `[first:last]`."""
        tokens = self.groups.get(group)
        if not tokens:
            return False
        at = bisect_left(tokens, (first,))
        return at < len(tokens) and tokens[at][0] < last


@cache
def entries() -> dict[str, frozenset[str]]:
    """The words of every entry (`modality.dna`) of the lexicon files. Raises InvalidLexicon."""
    found: dict[str, frozenset[str]] = {}
    for file in sorted(files("parsers.claims").joinpath("lexicon").iterdir(), key=lambda each: each.name):
        if not file.name.endswith(".toml"):
            continue
        for group, values in tomllib.loads(file.read_text(encoding="utf-8")).items():
            for value, words in values.items():
                name = f"{group}.{value}"
                if name in found:
                    raise InvalidLexicon(
                        f"{file.name}: {name} stands in another lexicon too; give it one place."
                    )
                if not isinstance(words, list) or not all(isinstance(word, str) and word for word in words):
                    raise InvalidLexicon(
                        f'{file.name}: {name} is not a list of words; write it as ["…", "…"].'
                    )
                found[name] = frozenset(words)
    return found


@lru_cache(maxsize=64)
def lexicon(added: Added = ()) -> Lexicon:
    """The lexicons with a campaign's words. Raises InvalidLexicon for a word of an entry that there is not."""
    meanings: dict[str, list[tuple[str, str]]] = {}
    for name, words in (*entries().items(), *_checked(added)):
        group, _, value = name.partition(".")
        for word in words:
            meant = meanings.setdefault(word, [])
            if (group, value) not in meant:
                meant.append((group, value))
            if group in ("thing", "staff") and word.startswith(_TAKE):
                meant.append((_HIDES, group))
    words = list(meanings)
    matcher = AhoCorasick(
        words, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.ContiguousNFA
    )
    return Lexicon(matcher, tuple(tuple(meanings[word]) for word in words))


def _checked(added: Added) -> Iterable[tuple[str, Iterable[str]]]:
    for name, words in added:
        if name not in entries():
            raise InvalidLexicon(
                f"There is no lexicon entry {name!r} to add words to; see parsers/claims/lexicon."
            )
        yield name, words


@lru_cache(maxsize=64)
def _gate(added: Added) -> AhoCorasick:
    words = {
        word
        for name, words in (*entries().items(), *_checked(added))
        if name.startswith("modality.") and name != "modality.photo"
        for word in words
    }
    shortest = [word for word in words if not any(other in word for other in words if other != word)]
    return AhoCorasick(shortest, matchkind=MatchKind.LeftmostFirst, implementation=Implementation.DFA)


def names_biometric_data(text: str, added: Added = ()) -> bool:
    """Whether any word for a kind of biometric data is in `text`: most texts hold none and need no more reading."""
    return bool(_gate(added).find_matches_as_indexes(text))


def find_words(text: str, added: Added = ()) -> Words:
    """Every word of the lexicons in `text`: of words that overlap, the one that begins first, then the longest."""
    found = lexicon(added)
    meanings = found.meanings
    groups: defaultdict[str, list[Token]] = defaultdict(list)
    new = tuple.__new__
    for index, start, end in found.matcher.find_matches_as_indexes(text):
        for group, value in meanings[index]:
            groups[group].append(new(Token, (start, end, value)))
    if "sure" in groups:
        groups["sure"] = [token for token in groups["sure"] if not _REST_OF_A_NAME.match(text, token.end)]
    if "modality" in groups and _USE in text:
        groups["modality"] = [t for t in groups["modality"] if not text.endswith(_USE, 0, t.start)]
    if _HIDES in groups:
        _release_verbs(text, groups)
    if "short_verb" in groups:
        _count_short_verbs(text, groups)
    return Words(groups)


@cache
def _groups_of_people() -> dict[str, str]:
    """The words for groups of people, each with its value."""
    return {
        word: name.partition(".")[2]
        for name, words in entries().items()
        if name.startswith("target.")
        for word in words
    }


def _release_verbs(text: str, groups: dict[str, list[Token]]) -> None:
    """采集员工血样, 采集现场群众指纹: a noun that opens with the verb (采集员) ends within the group taken from, which
    are then verb and group.
    """
    for start, end, noun in groups.pop(_HIDES):
        first = start + len(_TAKE)
        longest = range(min(len(text), first + _LONGEST_GROUP), end, -1)
        last = next((each for each in longest if text[first:each] in _groups_of_people()), None)
        if last is None and not _OF_THOSE.match(text, end):
            continue
        groups[noun] = [token for token in groups[noun] if token.start != start]
        groups["verb"] = sorted((*groups.get("verb", ()), Token(start, first, "take")))
        if last is None:
            continue
        group = Token(first, last, _groups_of_people()[text[first:last]])
        groups["target"] = sorted(
            (*(t for t in groups.get("target", ()) if t.start >= last or t.end <= first), group)
        )


def _count_short_verbs(text: str, groups: dict[str, list[Token]]) -> None:
    """Makes verbs of those words that stand right before a kind of data, or a group and then the data (录虹膜,
    扫了脸部, 更新僧尼人像).
    """
    data = {token.start for token in groups.get("modality", ()) if token.value != "photo"}
    people = {token.start: token.end for token in groups.get("target", ())}
    verbs = []
    for token in groups.pop("short_verb"):
        at = _after_particle(text, token.end)
        if text[token.start - 1 : token.start] in _DENIED:
            continue
        if at in data or people.get(at) in data:
            verbs.append(token)
    if verbs:
        starts = {token.start for token in verbs}
        others = (token for token in groups.get("verb", ()) if token.start not in starts)
        groups["verb"] = sorted((*others, *verbs))


def _after_particle(text: str, at: int) -> int:
    """Where the object of a verb that ends at `at` begins: 了, 起, 下 and the like may stand between."""
    while text[at : at + 1] in _PARTICLES:
        at += 1
    return at
