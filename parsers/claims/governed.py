"""Numbers whose clause has a verb before them: whether that verb takes samples (采集血样53份)."""

from __future__ import annotations

import re

from parsers.claims.beside import (
    MOST_UNKNOWN,
    adjacent,
    data_behind,
    data_between,
    how_unknown,
    is_about_collecting,
    named_before,
)
from parsers.claims.figure import Figure, Make, Measured
from parsers.claims.people import later_take
from parsers.claims.scene import Scene, kinds_of_data
from parsers.claims.words import Token

_JOINED = re.compile(r"\s*(?:、|并|和|及|与|、并|，并)?\s*")
_AND, _NEAR_PROCESS = "并且及和后、", 4
"""采集血样4.8万份并检验入库, 采集血样53份、送检50份: what is done with samples besides."""
_EACH = ("各", "均", "各有", "均为")
"""录制声纹、采集DNA各41份: of all kinds of data named before."""
_LOOSE = (
    "新增",
    "提供",
    "收集",
    "搜集",
    "征集",
    "收取",
    "收了",
    "取了",
    "带回",
    "抓取",
    "凑齐",
    "扫描",
    "拍摄",
    "录制",
    "留存",
    "录下",
    "录了",
)
"""Verbs of taking that take anything: samples only where nothing else stands behind them (新增辅警编制20名,
提供茶水370份).
"""
_REACHED = (
    "完成",
    "要完成",
    "需完成",
    "将完成",
    "已完成",
    "完成了",
    "达到",
    "达",
    "突破",
    "实现",
    "超过",
    "增至",
    "升至",
    "增加到",
    "拿下",
    "应为",
    "实为",
    "实际为",
    "实际应为",
    "更正为",
    "核实为",
    "搞定",
    "贡献",
    "贡献了",
)


def governed(
    scene: Scene, this: Measured, verb: Token, lead: tuple[int, int], trail: tuple[int, int], made: Make
) -> Figure | None:
    """A number whose clause has a verb before it."""
    words = scene.words
    after_verb = verb.end, lead[1]
    each = scene.text.endswith(_EACH, *lead)
    named = named_before(scene, lead if each else after_verb) or named_before(scene, (lead[0], verb.end))
    start = verb.start
    sort = verb.value
    if sort == "process":
        earlier = [
            token for token in words.within("verb", lead[0], verb.start) if token.value in ("take", "enter")
        ]
        gap = _JOINED.match(scene.text, earlier[-1].end) if earlier else None
        joined = gap is not None and gap.end() == verb.start
        if not joined or gap is None:
            return None
        at = earlier[-1].start
        named = scene.modalities(*after_verb) or scene.modalities(*trail)
        named = named or kinds_of_data([t for t in words.within("modality", lead[0], at) if t.end == at])
        alone = gap[0] and how_unknown(scene, after_verb) <= MOST_UNKNOWN
        if not named and not (alone and is_about_collecting(scene, this.number.start)):
            return None
        start, sort = earlier[-1].start, "take"
    if sort in ("other", "process"):
        return None
    following = next(iter(words.within("verb", this.end, min(trail[1], this.end + _NEAR_PROCESS))), None)
    named_first = following is not None and scene.modalities(this.end, following.start)
    if (
        following is not None
        and following.value == "process"
        and scene.text[this.end] not in _AND
        and not named_first
    ):
        return None
    behind = data_behind(scene, trail) if not named else ()
    if sort == "weak":
        named = named_before(scene, after_verb) or behind
        if not named and _is_repeated(scene, verb):
            return made("reached", (), start, "take")
        return made("collected", named, start, "take") if named else None
    if named:
        tokens = words.within("modality", lead[0], verb.start)
        begin = min(start, tokens[0].start) if tokens and not named_before(scene, after_verb) else start
        return made("collected", named, begin, sort)
    if behind and (this.sort != "loose" or words.within("modality", *trail)[0].start <= this.end + 1):
        return made("collected", behind, start, sort)
    if this.sort == "none" and not adjacent(scene, lead):
        return None
    if words.any_within("data", *after_verb) or data_between(scene, after_verb) or this.sort == "loose":
        return None
    collects = later_take(scene, this, trail)
    if sort == "reach":
        word = scene.text[verb.start : verb.end]
        if collects is not None:
            return made("for people", scene.modalities(*trail), start, "take")
        if word not in _REACHED or how_unknown(scene, after_verb) > MOST_UNKNOWN:
            return None
        return made("reached", (), start, "take") if is_about_collecting(scene, this.number.start) else None
    loosely = sort == "enter" or scene.text[verb.start : verb.end] in _LOOSE
    if loosely and how_unknown(scene, after_verb) > MOST_UNKNOWN:
        return None
    return made("collected", (), start, sort) if is_about_collecting(scene, this.number.start) else None


def _is_repeated(scene: Scene, verb: Token) -> bool:
    """登记牧民虹膜，…已登记逾一千二百人: a verb that took data before in its sentence."""
    word = scene.text[verb.start : verb.end]
    first, _ = scene.where.sentence(verb.start)
    earlier = scene.words.within("verb", first, verb.start)
    return any(token.value == "take" and scene.text[token.start : token.end] == word for token in earlier)


def governing(scene: Scene, lead: tuple[int, int]) -> Token | None:
    """The last verb before the number in its clause; helping verbs only where no other stands."""
    tokens = scene.words.within("verb", *lead)
    strong = [token for token in tokens if token.value not in ("bring", "light")]
    if not strong:
        return tokens[-1] if tokens else None
    last = strong[-1]
    if last.value in ("reach", "weak") and len(strong) > 1 and strong[-2].value in ("take", "enter"):
        return strong[-2]
    if (
        last.value == "reach"
        and len(strong) > 1
        and strong[-2].value in ("other", "process")
        and not scene.modalities(last.end, lead[1])
    ):
        return strong[-2] if last.start - strong[-2].end <= 6 else last
    return last
