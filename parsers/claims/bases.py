"""What other figures are a share of: the group that lives somewhere, and a task that is named behind its number."""

from __future__ import annotations

import re

from parsers.claims.beside import is_about_collecting
from parsers.claims.figure import Figure, Make, Measured
from parsers.claims.people import later_take
from parsers.claims.scene import Scene

_CENSUS = ("人口",)
"""常住人口为364万人: who live somewhere are never those sampled."""
_LIVING_THERE = re.compile("辖区|共有|岁")
"""辖区12至65岁居民2.1万人: the group that lives there."""
_TASK = re.compile("完成[^，。；\\d]{0,6}(?:任务|目标|计划|指标)(?:总)?数?[约近为]?$")
_LONGEST_HEDGE = 4
_HAS = ("共有", "拥有")


def is_base_of(scene: Scene, this: Measured, part: tuple[int, int]) -> bool:
    """全县常住人口3.97万人中已采集22,150人, 全国共有约7亿男性: the group of which another figure tells."""
    if not this.unit and scene.text.endswith(_HAS, part[0], this.number.start):
        return later_take(scene, this, (this.end, part[1])) is None
    kinds = scene.words.within("kind", part[0], this.number.start)
    lives = any(token.value == "population" for token in kinds)
    return lives and scene.text.startswith("中", this.end) and bool(scene.numbers_within(this.end, part[1]))


def is_far_from(scene: Scene, lead: tuple[int, int]) -> bool:
    """距6.8万份的总任务还差, 完成县局下达的7500份任务: a task that is named behind its number, not what was done."""
    told = scene.text[slice(*lead)]
    far = told.startswith(("距", "离", "对照", "面对")) or any(word in told for word in ("超额", "下达的"))
    return far and is_about_collecting(scene, lead[1])


def is_task_of_share(scene: Scene, this: Measured, lead: tuple[int, int]) -> bool:
    """完成任务数8900人的85.6%: the task that a share is of."""
    if this.sort not in ("people", "sample") or not scene.text.startswith("的", this.end):
        return False
    shared = any(this.end < rate.start <= this.end + _LONGEST_HEDGE for rate in scene.rates)
    return shared and _TASK.search(scene.text, *lead) is not None and is_about_collecting(scene, lead[1])


def population(scene: Scene, lead: tuple[int, int], made: Make) -> Figure | None:
    """辖区5至60岁男性1260人: the group that a rate of collection is of."""
    cues = [token for token in scene.words.within("kind", *lead) if token.value == "population"]
    if not cues and _LIVING_THERE.search(scene.text, *lead):
        cues = scene.words.within("target", *lead)
    if not cues or lead[1] - cues[-1].end > 4:
        return None
    sentence = scene.where.sentence(lead[0])
    takes = [t for t in scene.words.within("verb", sentence[0], lead[1]) if t.value == "take"]
    census = scene.text.endswith(_CENSUS, cues[-1].start, cues[-1].end) or "占" in scene.text[slice(*lead)]
    if takes and not census and scene.modalities(sentence[0], lead[0]):
        return made("listed", (), lead[0], "take")
    return made("population", (), lead[0])
