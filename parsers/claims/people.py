"""People whose number is that of those sampled: the verb of taking stands behind them (为78名僧人采集了DNA)."""

from __future__ import annotations

import re
from dataclasses import replace

from parsers.claims.beside import data_between, how_unknown, is_about_collecting
from parsers.claims.figure import Figure, Make, Measured
from parsers.claims.measured import SERVED, measure
from parsers.claims.scene import Scene
from parsers.claims.words import Token

_ALL = re.compile("均|全部|逐一|一律|都|全员|全数")
_ALL_DONE = re.compile(
    "[^，。；：\n\\d]{0,6}(?:均|全部|都|悉数|逐一|全员)(?:已|已经)?(?:完成|采完|采毕|录完|采上)"
)
"""为寺内僧人采集虹膜，43名僧人全部完成."""
_NO_EXCEPTION = re.compile(
    "[^，。；：\n]{0,12}?(?:无一|一个不|概莫能外|悉数|受影响|受到影响"
    "|被(?:要求|强制|强迫|迫|勒令)(?:配合|参加|接受|到场|服从|照办|前往|前去))"
)
_CONCERNS = re.compile(
    "(?:一共|总共|当天|共)?(?:来了|到了|赶来|到场)[约近逾超达]?|共?(?:涉及|波及|影响)(?:到|了)?(?:群众|居民|村民|牧民|人数)?[约近逾超达]?"
)
_FARTHEST_VERB = 40
_NOT_DONE = re.compile(
    "(?:未|没|没有|无法|不能|不便|不愿|拒不|拒绝|无需|不需|免予|暂缓|尚待|等待|改日|改期|择日|另行|另约|延后|推迟|预约)[^，。；]{0,3}$"
)
_NEAR_DENIAL = 8
"""38名群众因身份证过期未能采集: those of whom nothing was taken."""
_LOOKS_ON = re.compile("[^，。；采抽录]{0,6}(?:参观|观摩|观看|听取|围观|体验|咨询|学习)")
"""32名学生参观指纹采集: those who look on."""
_NEAR_PASSIVE = 4


def for_people(
    scene: Scene, this: Measured, lead: tuple[int, int], clause: tuple[int, int], made: Make
) -> Figure | None:
    """为78名僧人采集了DNA、指纹; 组织56名务工人员到村委会，统一采集血样; 约三千人被采集."""
    words = scene.words
    trail = this.end, clause[1]
    start = benefit_start(scene, lead)
    verb = later_take(scene, this, trail)
    if verb is not None:
        named = scene.modalities(this.end, clause[1])
        if not named and data_between(scene, (verb.end, clause[1])):
            return None
        if not named and not scene.words.any_within("modality", scene.where.sentence(clause[0])[0], lead[0]):
            named = taken_next(scene, clause)
            if not named and _parts_differ(scene, clause):
                return None
        return made("for people", named, start, "take")
    if _ALL.match(scene.text, clause[1]) and (named := taken_next(scene, clause)):
        return made("for people", named, start, "take")
    brought = start < this.number.start or words.any_within("verb", *lead)
    if brought and not words.any_within("verb", *trail) and (named := taken_next(scene, clause)):
        return made("for people", named, start, "take")
    if brought and (named := scene.modalities(*trail)) and is_about_collecting(scene, this.number.start):
        return made("for people", named, start, "take")
    return None


def concerned(scene: Scene, this: Measured, lead: tuple[int, int], made: Make) -> Figure | None:
    """逼令居民留下指纹，涉及四百余人: those whom the deed of the clause before was done to, when it numbers nobody."""
    first, _ = scene.where.sentence(lead[0])
    if _CONCERNS.fullmatch(scene.text, *lead) is None or lead[0] <= first:
        return None
    before = scene.where.clause(lead[0] - 1)
    takes = any(token.value == "take" for token in scene.words.within("verb", *before))
    named = scene.modalities(*before)
    if not takes or not named or scene.numbers_within(*before):
        return None
    return made("reached", named, lead[0], "take")


def taken_next(scene: Scene, clause: tuple[int, int]) -> tuple[str, ...]:
    """Kinds of data of the next clause of the sentence when it says that they are taken, and gives neither a number nor
    a group of its own (带走8人，要求儿童一律采血).
    """
    if clause[1] >= scene.where.sentence(clause[0])[1]:
        return ()
    first, last = scene.where.clause(clause[1])
    takes = any(token.value in ("take", "enter") for token in scene.words.within("verb", first, last))
    if not takes or any(measure(scene, number) for number in scene.numbers_within(first, last)):
        return ()
    if scene.words.any_within("target", first, last) and not scene.words.any_within("target", *clause):
        return ()
    return scene.modalities(first, last)


def _parts_differ(scene: Scene, clause: tuple[int, int]) -> bool:
    """对128名务工人员进行信息采集，其中采集指纹102人、DNA85人: those registered, of whom some were sampled."""
    first, last = scene.where.clause(clause[1])
    counted = any(measure(scene, number) for number in scene.numbers_within(first, last))
    return (
        counted and scene.words.any_within("part", first, first + 1) and bool(scene.modalities(first, last))
    )


def later_take(scene: Scene, this: Measured, trail: tuple[int, int]) -> Token | None:
    """The verb of taking after the people numbered."""
    if _LOOKS_ON.match(scene.text, this.end):
        return None
    for token in scene.words.within("verb", this.end, min(trail[1], this.end + _FARTHEST_VERB)):
        if _NOT_DONE.search(scene.text, max(this.end, token.start - _NEAR_DENIAL), token.start):
            return None
        if token.value in ("take", "enter") or (
            token.value == "weak" and scene.modalities(token.end, trail[1])
        ):
            return token
        if token.value == "process":
            return None
    collecting = [t for t in scene.words.within("thing", this.end, trail[1]) if t.value == "collecting"]
    if not collecting or not scene.modalities(*trail):
        return None
    return None if _is_looked_into(scene, (this.end, collecting[0].start)) else collecting[0]


def _is_looked_into(scene: Scene, part: tuple[int, int]) -> bool:
    """一行5人到丁青县检查DNA采集工作: collection that another verb has for its object."""
    verbs = scene.words.within("verb", *part)
    if not verbs or verbs[-1].value != "other":
        return False
    return how_unknown(scene, (verbs[-1].end, part[1])) == 0


def is_every_one(scene: Scene, this: Measured, clause: tuple[int, int]) -> bool:
    """要学生录声纹，一千七百余名学生无一例外; 服务牧民74人，全部完成采集: all those numbered, said after the deed."""
    sentence = scene.where.sentence(clause[0])
    if not scene.modalities(sentence[0], this.number.start):
        return bool(_ALL.match(scene.text, clause[1])) and bool(taken_next(scene, clause))
    if _NO_EXCEPTION.match(scene.text, this.end):
        return any(t.value == "take" for t in scene.words.within("verb", sentence[0], this.number.start))
    if _ALL_DONE.match(scene.text, this.end):
        before = scene.where.clause(clause[0] - 1) if clause[0] > sentence[0] else (clause[0], clause[0])
        return _takes_here(scene, before) and not scene.numbers_within(*before)
    if clause[1] >= sentence[1] or _ALL.match(scene.text, clause[1]) is None:
        return False
    following = scene.where.clause(clause[1])
    takes = any(token.value == "take" for token in scene.words.within("verb", *following))
    return takes and not scene.numbers_within(*following)


def _takes_here(scene: Scene, part: tuple[int, int]) -> bool:
    """Whether data are taken in a stretch."""
    takes = any(verb.value == "take" for verb in scene.words.within("verb", *part))
    return takes and bool(scene.modalities(*part))


def own_deed(scene: Scene, this: Measured, trail: tuple[int, int], made: Make) -> Figure | None:
    """209名学生录入了指纹、57名家长录入了虹膜: the verb and the data follow at once."""
    group = next(iter(scene.words.within("target", this.end, this.end + 1)), None)
    if group is None:
        return None
    if scene.text.startswith("的", group.end) and (verb := later_take(scene, this, trail)) is not None:
        # 将数十名工人的指纹悉数录入
        named = scene.modalities(group.end, verb.start)
        return made("for people", named, this.number.start, "take") if named else None
    verb = next(iter(scene.words.within("verb", group.end, min(trail[1], group.end + _NEAR_PASSIVE))), None)
    named = scene.modalities(verb.end, trail[1]) if verb and verb.value in ("take", "enter") else ()
    if not named:
        return None
    at = this.number.start
    start = at - (scene.text[at - 1 : at] in SERVED)
    return replace(made("for people", named, start, "take"), lead=(at, at))


def is_passive(scene: Scene, this: Measured) -> bool:
    """四百多人被采: what is done to the people numbered, whatever verb stands before them."""
    verb = next(iter(scene.words.within("verb", this.end, this.end + _NEAR_PASSIVE)), None)
    return verb is not None and verb.value == "take" and "被" in scene.text[this.end : verb.end]


def benefit_start(scene: Scene, lead: tuple[int, int]) -> int:
    """Where 为, 对, 给 … stands before people, else the number."""
    found = max(scene.text.rfind(mark, *lead) for mark in ("为", "对", "给", "向", "让", "将", "把"))
    return found if found >= 0 else lead[1]
