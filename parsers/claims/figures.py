"""Which numbers of a text count samples or people sampled, and of what kinds of data.

A number counts when the word that governs it says so: the verb before it in its clause (采集血样53份), the data named
before it (DNA27份、指纹27份), the verb after the people it numbers (为78名僧人采集了DNA), or the figure it goes on
from (其中妇女700余份). Any other verb or noun between takes it away.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.claims.bases import is_base_of, is_far_from, is_task_of_share, population
from parsers.claims.beside import (
    MOST_UNKNOWN,
    SAMPLE,
    adjacent,
    data_behind,
    data_between,
    how_unknown,
    is_about_collecting,
    is_modifier,
    named_before,
    own_data,
)
from parsers.claims.continued import continuation
from parsers.claims.figure import OF_A_TASK, Figure, Make, Measured
from parsers.claims.measured import SERVED, is_mean, measure
from parsers.claims.others import counts_others
from parsers.claims.people import (
    benefit_start,
    concerned,
    for_people,
    is_every_one,
    is_passive,
    later_take,
    own_deed,
)
from parsers.claims.scene import Scene, kinds_of_data
from parsers.claims.words import Token

_JOINED = re.compile(r"\s*(?:、|并|和|及|与|、并|，并)?\s*")
_AND, _NEAR_PROCESS = "并且及和后、", 4
"""采集血样4.8万份并检验入库, 采集血样53份、送检50份: what is done with samples besides."""
_OF_SAMPLES = ("份", "枚", "例")
"""Measure words of samples alone: 31份血样 were taken, whatever the sentence says of it."""
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
MOST_FIGURES = 400
"""Numbers with a measure word that are judged: more stand in no article, and bound the time of a hostile one."""


def find_figures(scene: Scene) -> list[Figure]:
    """The figures among the numbers of a scene, in order; which of them are told twice `sifted` decides."""
    measured: list[Measured] = []
    for number in scene.numbers:
        if measured and number.start < measured[-1].end:
            continue  # 36（男20女16）份
        if (each := measure(scene, number)) is not None and not is_mean(scene, number):
            measured.append(each)
    del measured[MOST_FIGURES:]
    verdicts: list[Figure | None] = []
    for index in range(len(measured)):
        verdicts.append(_judge(scene, measured, index, verdicts))
    return [figure for figure in verdicts if figure is not None]


def _judge(
    scene: Scene, measured: Sequence[Measured], index: int, verdicts: Sequence[Figure | None]
) -> Figure | None:
    words, this = scene.words, measured[index]
    number = this.number
    clause = scene.where.clause(number.start)
    first, last = clause
    before = measured[index - 1] if index else None
    same_clause = before is not None and before.end > first
    if before is not None and same_clause:
        first = (
            first if verdicts[-1] is None and is_modifier(scene, before, first, number.start) else before.end
        )
    if index + 1 < len(measured):
        last = min(last, measured[index + 1].number.start)
    lead, trail = (first, number.start), (this.end, last)
    previous = verdicts[-1] if verdicts else None
    goes_on = previous is not None and before is not None and previous.number is before.number
    if counts_others(scene, this, lead, trail, goes_on and words.any_within("part", *lead)):
        return None
    verb = _governing(scene, lead)
    part = words.any_within("part", *lead)

    def made(rule: str, found: tuple[str, ...], start: int, sort: str = "") -> Figure:
        return Figure(number, this.unit, start, this.end, lead, trail, found, rule, sort, part)

    if OF_A_TASK.match(scene.text, this.end) and is_far_from(scene, lead):
        return made("total", (), number.start, "take")
    if is_task_of_share(scene, this, lead):
        return made("total", (), lead[0], "take")
    if this.sort == "people" and is_base_of(scene, this, (lead[0], clause[1])):
        return made("population", (), lead[0])
    if this.sort == "people" and is_every_one(scene, this, clause):
        return made("for people", scene.modalities(*trail), number.start, "take")
    if (
        this.sort == "people"
        and verb is not None
        and (
            benefit_start(scene, (lead[0], verb.start)) < verb.start
            or (verb.value == "other" and benefit_start(scene, (verb.end, number.start)) < number.start)
            or scene.text[number.start - 1 : number.start] in SERVED
        )
    ):
        figure = for_people(scene, this, lead, clause, made)
        if figure is not None and verb.value not in ("take", "enter"):
            return figure
    if this.sort == "people" and (figure := own_deed(scene, this, trail, made)) is not None:
        return figure
    if this.sort == "people" and (figure := concerned(scene, this, lead, made)) is not None:
        return figure
    if this.sort == "people" and is_passive(scene, this):
        return for_people(scene, this, (number.start, number.start), clause, made)
    if scene.text[number.start : number.end] == "一":
        benefits = this.sort == "people" and benefit_start(scene, lead) == number.start - 1
        return for_people(scene, this, lead, clause, made) if benefits else None
    if goes_on and previous is not None and (own := own_data(scene, this, previous, trail)):
        return made("collected", own, number.start, previous.verb)
    if verb is not None and verb.value not in ("bring", "light"):
        return _governed(scene, this, verb, lead, trail, made)
    named = named_before(scene, lead)
    if named and (this.sort != "none" or adjacent(scene, lead)):
        continued = (
            same_clause and previous is not None and before is not None and previous.number is before.number
        )
        refused = same_clause and not continued
        if not refused and (continued or is_about_collecting(scene, number.start)):
            tokens = words.within("modality", *lead)
            return made(
                "named",
                named,
                tokens[0].start if tokens else first,
                previous.verb if continued and previous else "",
            )
        if refused:
            return None
    if this.sort == "people" and (figure := for_people(scene, this, lead, clause, made)) is not None:
        return figure
    if this.sort == "sample" and (after := scene.modalities(*trail)) and _follows(scene, this, trail):
        return made("data after", after, number.start)
    if (
        this.sort == "sample"
        and SAMPLE.match(scene.text, this.end)  # 箱子里装着57份样本: whatever of
        and is_about_collecting(scene, number.start)
    ):
        return made("data after", (), number.start)
    if this.sort in ("sample", "people") and (bracketed := _in_brackets(scene, this, clause)):
        return made("named", bracketed, number.start, "take")
    continued_figure = continuation(scene, this, lead, trail, measured[:index], previous, made)
    if continued_figure is None and this.sort in ("people", "none"):
        return population(scene, lead, made)
    return continued_figure


def _governed(
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


def _in_brackets(scene: Scene, this: Measured, clause: tuple[int, int]) -> tuple[str, ...]:
    """完成采集任务的有甲乡（420份）、乙派出所（388份）: the data of a number in brackets behind a place."""
    text, at = scene.text, this.number.start
    if text[at - 1 : at] not in ("（", "(") or text[this.end : this.end + 1] not in ("）", ")"):
        return ()
    ends = (*(m.end for m in scene.places.mentions), *(o.end for o in scene.places.organs))
    first, _ = scene.where.sentence(at)
    return scene.modalities(first, at) if at - 1 in ends and is_about_collecting(scene, at) else ()


def _follows(scene: Scene, this: Measured, trail: tuple[int, int]) -> bool:
    """Whether data are named right after the measure word (3600余份血样), in a text about collecting: not those of the
    next of a list (法律文书37份、人像41张).
    """
    if any(verb.value == "process" for verb in scene.words.within("verb", *trail)):
        return False
    token = scene.words.within("modality", *trail)[0]
    if "、" in scene.text[this.end : token.start]:
        return False
    samples = this.unit in _OF_SAMPLES
    return token.start - this.end <= 8 and (samples or is_about_collecting(scene, this.number.start))


def _governing(scene: Scene, lead: tuple[int, int]) -> Token | None:
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
