"""Numbers with their measure words: of samples, of people, of other things, or of none."""

from __future__ import annotations

import re

from parsers.claims.figure import Measured
from parsers.claims.numbers import hedged_behind
from parsers.claims.scene import Scene
from parsers.claims.words import Token
from parsers.observation import CountRange, Qualifier
from parsers.span import Span

_HEDGE_BEHIND = re.compile("以上|之多|左右|上下")
_UNITLESS_END = re.compile(r"\s*(?:$|[，。；;、\n）)！!])")
SERVED = ("为", "对", "给")
"""What stands before people whom something is done for or to."""

_NEAR_MEAN = 12
_FOR_EACH = re.compile("每(?:一)?(?:个(?!月|人)|户|家|村|社|名|位|所|队)[^，。；、：]{0,10}$")
_LONGEST_EACH = 16
"""每个家族抽取2至3人: how many of each of several."""
_COMPARED = re.compile(
    "(?:同比|环比|较|比)[^，。；、]{0,12}?(?:增加|增长|多|多出|减少|少|上升|下降)(?:了)?[约近]?"
)
_MORE_THAN_ASKED = re.compile("超额完成(?:[^，。；]{0,8}(?:任务|目标|指标)数?)?$")
_NOTHING_MORE = re.compile("人?(?:[，。；！、）)]|的|$)")
_LONGEST_TAKE = 6
_ASIDE = re.compile(r"[（(][^（()），。；]{1,12}[)）]\s?(?=[份人名例枚])")
"""36（男20女16）份: an aside between a number and its measure word."""
_MANY = 100
"""为全县18.3万居民: people are numbered without a measure word where they are many."""


def measure(scene: Scene, number: Span[CountRange]) -> Measured | None:
    """The number with its measure word; None where the word says that neither samples nor people are counted."""
    text = scene.text
    if not number.value.max or _compares(scene, number):
        return None
    at = number.end
    while text[at : at + 1] == " ":
        at += 1
    aside = _ASIDE.match(text, at)
    at = aside.end() if aside else at
    unit = next(iter(scene.words.within("unit", at, at + 1)), None)
    if unit is not None:
        if unit.value == "never" or _is_of_those(scene, unit):
            return None
        hedge = _HEDGE_BEHIND.match(text, unit.end)
        if hedge is not None and number.value.qualifier is Qualifier.EXACT:
            number = Span(number.start, number.end, hedged_behind(number.value.min, hedge[0]), number.rule)
        taken = _is_household_served(scene, number, unit) or _is_taken(scene, number, unit)
        sort = "people" if taken else unit.value
        return Measured(number, text[at : unit.end], unit.end, sort)
    if number.value.min >= _MANY and scene.words.any_within("target", number.end, number.end + 1):
        return Measured(number, "", number.end, "people")
    if _UNITLESS_END.match(text, number.end) and number.value.min > 1:
        return Measured(number, "", number.end, "none")
    return None


def _is_of_those(scene: Scene, unit: Token) -> bool:
    """采集血样31户43人: households before the people of them."""
    following = next(iter(scene.numbers_within(unit.end, unit.end + 1)), None)
    if unit.value != "loose" or following is None:
        return False
    return any(
        each.value == "people" for each in scene.words.within("unit", following.end, following.end + 1)
    )


def _compares(scene: Scene, number: Span[CountRange]) -> bool:
    """较上年增加1.5万份, 超额完成任务2400份: by how much more or less than another time, or than was asked."""
    first, _ = scene.where.clause(number.start)
    more = _MORE_THAN_ASKED.search(scene.text, first, number.start)
    return more is not None or _COMPARED.fullmatch(scene.text, first, number.start) is not None


def is_mean(scene: Scene, number: Span[CountRange]) -> bool:
    """平均每天60多份: a mean of several days is no count."""
    each = scene.text.rfind("每", max(0, number.start - _LONGEST_EACH), number.start)
    if each >= 0 and _FOR_EACH.match(scene.text, each, number.start):
        return True
    first = max(scene.where.clause(number.start)[0], number.start - _NEAR_MEAN)
    means = [t for t in scene.words.within("kind", first, number.start) if t.value == "average"]
    return bool(means) and not scene.numbers_within(means[-1].end, number.start)


def _may_be_taken(scene: Scene, served: Span[CountRange], number: Span[CountRange]) -> bool:
    """Whether a number after the households may be that of their samples: in their clause, or where data are taken."""
    clause = scene.where.clause(number.start)
    if served.start >= clause[0]:
        return True
    verbs = scene.words.within("verb", clause[0], number.start)
    return (
        bool(scene.modalities(*clause))
        or any(v.value in ("take", "enter", "reach") for v in verbs)
        or not verbs
    )


def _is_taken(scene: Scene, number: Span[CountRange], unit: Token) -> bool:
    """一共录了316个, 共采42户, 采了61个人的血: nothing stands between the verb of taking, the number and its end."""
    if unit.value != "loose" or _NOTHING_MORE.match(scene.text, unit.end) is None:
        return False
    before = scene.words.within("verb", number.start - _LONGEST_TAKE, number.start)
    return bool(before) and before[-1].value in ("take", "enter") and before[-1].end == number.start


def _themselves_taken(scene: Scene, number: Span[CountRange], unit: Token) -> bool:
    """52户牧民完成血样采集: nothing else is done in their clause."""
    clause = scene.where.clause(number.start)
    verbs = scene.words.within("verb", *clause)
    takes = any(verb.value == "take" and verb.start > unit.end for verb in verbs)
    return (
        takes
        and all(v.value in ("take", "reach") for v in verbs)
        and bool(scene.modalities(unit.end, clause[1]))
    )


def _is_household_served(scene: Scene, number: Span[CountRange], unit: Token) -> bool:
    """为62户牧民, 52户牧民完成血样采集: households that something is done to are counted as people are."""
    if unit.value != "loose":
        return False
    served = scene.text[number.start - 1 : number.start] in SERVED or _themselves_taken(scene, number, unit)
    if not served or not scene.words.any_within("target", unit.end, unit.end + 1):
        return False
    last = scene.where.sentence(number.start)[1]
    units = (
        next(iter(scene.words.within("unit", each.end, each.end + 1)), None)
        for each in scene.numbers_within(number.end, last)
        if _may_be_taken(scene, number, each)
    )
    return not any(each is not None and each.value in ("sample", "people") for each in units)
