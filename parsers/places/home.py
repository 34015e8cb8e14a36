"""The place an account stands for."""

from __future__ import annotations

from functools import lru_cache

from parsers.observation import PlaceRef
from parsers.places.gazetteer import divisions, is_within, names_within
from parsers.places.lexicon import account_words, bodies, ordinary_words, references
from parsers.places.namesakes import TIBETAN_AREAS, Surroundings, choose
from parsers.places.organs import own_name
from parsers.places.scan import Sort, Token, plain, scan, upper_names

Scanned = tuple[tuple[str, list[Token]], ...]
"""Texts of an article, simplified, with their tokens."""

_LEVEL_ENDINGS = {
    "county": ("县", "旗"),
    "prefecture": ("州", "地区", "盟"),
    "city": ("市",),
    "district": ("区",),
}
_LONGEST_ACCOUNT = 60
_LONGEST_NAME = 15
_LONGEST_STATION, _SEVERAL = 4, 2


@lru_cache(maxsize=4096)
def account_candidates(account: str) -> tuple[str, ...]:
    """Codes of the places an account's name may mean (城关公安: every 城关区), () when it names none.

    平安 and other words that open an account's name are places only where no other place follows. Of several
    places that lie in one another (青海化隆公安) the innermost counts.
    """
    text = plain(account[:_LONGEST_ACCOUNT])
    found: list[tuple[str, ...]] = []
    position = _after_prefix(text)
    while position < len(text):
        end = _name_end(text, position)
        if end is None:
            position += 1
            continue
        found.append(upper_names()[text[position:end]])
        position = end
    if not found:
        return _township_candidates(text)
    codes = found[0]
    for inner in found[1:]:
        nested = tuple(code for code in inner if any(code.startswith(outer) for outer in codes))
        codes = nested or codes
    return codes


def _name_end(text: str, start: int) -> int | None:
    """Where the longest upper name that begins at `start` and can be meant as a place ends."""
    for end in range(min(len(text), start + _LONGEST_NAME), start + 1, -1):
        word = text[start:end]
        if word in upper_names() and (word not in ordinary_words() or _confirmed(text, start, end)):
            return end
    return None


def _confirmed(text: str, start: int, end: int) -> bool:
    """Whether an ordinary word stands as a place: before 公安, 发布 and the like.

    A name that is itself such a word (公安县) needs the same word or its own ending after it.
    """
    _, suffixes = account_words()
    rest = text[end:]
    if text[start:end] in suffixes:
        return rest.startswith(("县", text[start:end]))
    return not rest or rest.startswith(suffixes)


def _after_prefix(text: str) -> int:
    """Where an account's name begins after 平安, 网信 and the like, which are prefixes only before a place."""
    prefixes, _ = account_words()
    for prefix in prefixes:
        if text.startswith(prefix) and _name_end(text, len(prefix)) is not None:
            return len(prefix)
    return 0


def _township_candidates(text: str) -> tuple[str, ...]:
    """For the account of a station (才纳派出所) or a township (甘都镇发布): the townships of that name.

    Only in the areas the studies cover: everywhere else a station's name alone says nothing.
    """
    for token in scan(text):
        if token.pattern.sort is Sort.TOWNSHIP:
            return token.pattern.codes
        if token.pattern.sort is Sort.BODY and token.start > 1:
            name = text[: token.start]
            return tuple(
                code for area in TIBETAN_AREAS for code in names_within(area, "township").get(name, ())
            )
    return ()


def decide_home(candidates: tuple[str, ...], texts: Scanned, around: Surroundings) -> PlaceRef | None:
    """The account's place among the candidates, None when its name names none.

    全县 and 我州 in the article decide first, then its stations and townships, then what `choose` goes by.
    """
    if len(candidates) > 1:
        candidates = _agreeing(candidates, texts)
    if len(candidates) > 1:
        candidates = _with_stations(candidates, texts)
    return choose(candidates, around).ref if candidates else None


def _agreeing(candidates: tuple[str, ...], texts: Scanned) -> tuple[str, ...]:
    """The candidates that 全县, 我州 … in the text can mean (全市 of 玉树: the city, not the prefecture)."""
    for token in (token for _, tokens in texts for token in tokens):
        if token.pattern.sort is Sort.REFERENCE:
            endings = _LEVEL_ENDINGS.get(references()[token.pattern.word])
            agreeing = endings and tuple(
                code for code in candidates if len(code) < 9 and divisions()[code].endswith(endings)
            )
            if agreeing:
                return agreeing
    return candidates


def _innermost(candidates: tuple[str, ...], texts: Scanned) -> tuple[str, ...]:
    """The county among a county and the prefecture around it, where all of several stations are the county's."""
    inner = max(candidates, key=len)
    stations = {
        text[max(0, token.start - _LONGEST_STATION) : token.start]: own_name(
            text, token.start, (inner,), "township"
        )
        for text, tokens in texts
        for token in tokens
        if token.pattern.sort is Sort.BODY and bodies()[token.pattern.word].kind == "station"
    }
    names = [station.name if station else "" for station in stations.values()]
    return (inner,) if all(names) and len(set(names)) >= _SEVERAL else candidates


def _with_stations(candidates: tuple[str, ...], texts: Scanned) -> tuple[str, ...]:
    """The candidates that hold the townships whose names the stations and townships in the text bear most fully."""
    if len({len(code) for code in candidates}) > 1 and any(
        is_within(one, other) for one in candidates for other in candidates if one != other
    ):
        return _innermost(candidates, texts)
    found = dict.fromkeys(candidates, 0)
    for text, tokens in texts:
        for token in tokens:
            for code in candidates:
                if token.pattern.sort is Sort.TOWNSHIP:
                    here = any(is_within(township, code) for township in token.pattern.codes)
                    found[code] += len(token.pattern.word) if here else 0
                elif token.pattern.sort is Sort.BODY and bodies()[token.pattern.word].kind == "station":
                    station = own_name(text, token.start, (code,), "township")
                    found[code] += len(station.name) if station else 0
    most = max(found.values())
    return tuple(code for code in candidates if found[code] == most) if most else candidates
