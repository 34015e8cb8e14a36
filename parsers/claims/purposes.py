"""What collection is said to be for: words for purposes, and not for what was done besides."""

from __future__ import annotations

import re

from parsers.claims.scene import LONGEST_NAME, Scene
from parsers.claims.words import Token
from parsers.observation import Modality

_RESULT = re.compile(
    r"(?<!为)(?<!为了)(?<!助力)(?<!服务)(?:破获|抓获|侦破|破案|比中|(?<!侦)破)[^，。；\n采抽录]{0,12}(?:\d|[一两二三四五六七八九十]+[起名宗件])"
)
_MOST_PURPOSES = 200
_TAKEN_AGAIN = ("补录", "补采", "补登")
"""Fingerprints are taken again for cards of before 2013, which hold none."""
_ON_CARDS = (Modality.FINGERPRINT, Modality.FACE)
_FARTHEST_CHECK = 14
_NEAR_COUNT, _PARTS = 8, re.compile("[，。；：\\n]")
_FOUND = re.compile(r"(?:找回|寻回|救助(?!站|管理)|护送|送回)[^，。；、：]{0,4}$|帮助?\d+[余多]?[名位]$")
_NUMBERED = re.compile(
    r"[^，。；、\d的]{0,3}\d+[余多]?[名人位]|(?:了)?\d+[余多]?(?:天|小时)|[^，。；、\d]{0,3}(?:报警|警情|报案)"
)
_UNRELATED = re.compile("(?:并)?(?:无关|没有关联|没有关系|毫无关系|没有任何关)")
_AGAINST = re.compile(r"打击[^，。；、：\d]{0,8}犯罪(?!嫌疑|团伙|分子|窝点)")
"""为打击盗抢犯罪再添利器: of whatever kind of crime."""
_JURISDICTION = "辖区"


def purposes_of(scene: Scene, at: int, modality: Modality) -> tuple[str, ...]:
    """What collection is said to be for: in the whole article, or in a digest in the claim's own item."""
    line = scene.where.line(at)
    found: list[tuple[int, str]] = []
    for token in scene.words.of("purpose")[:_MOST_PURPOSES]:
        where = scene.where.line(token.start)
        if line[0] in scene.items and where != line and where[0] in scene.items:
            continue
        if (
            not _is_result(scene, token)
            and not _is_counted(scene, token)
            and _is_purpose(scene, token, modality, line)
        ):
            found.append((token.start, token.value))
    if found_at := next(
        (each for each in _AGAINST.finditer(scene.text, *line) if not _is_deed(scene, each.start())), None
    ):
        found.append((found_at.start(), "crime"))
        found.sort()
    titled = [
        token.value for token in scene.title_words.of("purpose") if _counts_in_title(token.value, modality)
    ]
    return tuple(dict.fromkeys((*(value for _, value in found), *titled)))


def _counts_in_title(value: str, modality: Modality) -> bool:
    return value not in ("public_service", "stability") and (
        value != "id_card" or modality is Modality.FINGERPRINT
    )


def _is_purpose(scene: Scene, token: Token, modality: Modality, line: tuple[int, int]) -> bool:
    if _UNRELATED.match(scene.text, token.end):
        return False
    if token.value == "id_card":
        beside = modality in _ON_CARDS and line[0] <= token.start < line[1]
        named = scene.modalities(*scene.where.clause(token.start))
        return beside and (not named or modality.value in named) and _is_what_for(scene, token, line)
    near = scene.named_within(max(0, token.start - LONGEST_NAME), token.start + 1)
    own = scene.text.startswith(_JURISDICTION, token.start)
    return own or not any(start <= token.start < end for start, end in near)


def _is_what_for(scene: Scene, token: Token, line: tuple[int, int]) -> bool:
    """Whether cards are what fingerprints are taken for, and not a number of cards made besides (办理身份证30张)."""
    clause = scene.where.clause(token.start)
    counted = bool(scene.numbers_within(token.end, clause[1]))
    again = any(word in scene.text[slice(*line)] for word in _TAKEN_AGAIN)
    return not counted or again or bool(scene.modalities(*clause))


def _is_counted(scene: Scene, token: Token) -> bool:
    """服务群众60人次, 找回走失儿童1名: a service that is counted, or somebody found, is what was done besides."""
    if token.value == "missing_persons":
        found = _FOUND.search(scene.text, max(0, token.start - _FARTHEST_CHECK), token.start)
        return found is not None or _NUMBERED.match(scene.text, token.end) is not None
    if token.value != "public_service":
        return False
    told = [n for n in scene.numbers_within(token.end, token.end + _NEAR_COUNT) if n.value.max]
    if not told or _PARTS.search(scene.text, token.end, told[0].start):
        return False
    return not scene.modalities(token.end, told[0].start)


def _is_result(scene: Scene, token: Token) -> bool:
    return _is_deed(scene, token.start)


def _is_deed(scene: Scene, at: int) -> bool:
    return _RESULT.search(scene.text, *scene.where.clause(at)) is not None
