"""Which numbers of a text count samples or people sampled, and of what kinds of data.

A number counts when the word that governs it says so: the verb before it in its clause (采集血样53份), the data named
before it (DNA27份、指纹27份), the verb after the people it numbers (为78名僧人采集了DNA), or the figure it goes on
from (其中妇女700余份). Any other verb or noun between takes it away. Each of these is a rule; the first that has
something to say of a number decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum
from typing import Literal

from parsers.claims.bases import is_base_of, is_far_from, is_task_of_share, population
from parsers.claims.beside import SAMPLE, adjacent, is_about_collecting, named_before, own_data
from parsers.claims.candidate import Candidate, candidate
from parsers.claims.continued import continuation
from parsers.claims.figure import OF_A_TASK, Figure, Measured
from parsers.claims.governed import governed
from parsers.claims.measured import SERVED, is_mean, measure
from parsers.claims.others import counts_others
from parsers.claims.people import (
    benefit_start,
    concerned,
    for_people,
    is_every_one,
    is_passive,
    own_deed,
    taken_next,
)
from parsers.claims.scene import Scene

MOST_FIGURES = 400
"""Numbers with a measure word that are judged: more stand in no article, and bound the time of a hostile one."""
_OF_SAMPLES = ("份", "枚", "例")
"""Measure words of samples alone: 31份血样 were taken, whatever the sentence says of it."""
_TASK_IS = re.compile("(?:任务|目标|计划|应采)(?:总)?数?(?:为|是|：|:)[^，。；\\d]{0,8}$")


class _Verdict(Enum):
    """What a rule says of a number that no rule after it may take."""

    NO_FIGURE = 0


_NO_FIGURE = _Verdict.NO_FIGURE
Judged = Figure | Literal[_Verdict.NO_FIGURE] | None
"""A figure, none whatever the rules after say, or nothing to say."""


def find_figures(scene: Scene) -> list[Figure]:
    """The figures among the numbers of a scene, in order; which of them are told twice `sifted` decides."""
    measured: list[Measured] = []
    for number in scene.numbers:
        if measured and number.start < measured[-1].end:
            continue  # 36（男20女16）份
        if (each := measure(scene, number)) is not None and not is_mean(scene, number):
            measured.append(each)
    del measured[MOST_FIGURES:]
    found: list[Figure] = []
    previous: Figure | None = None
    for index in range(len(measured)):
        previous = _judged(candidate(scene, measured, index, previous))
        if previous is not None:
            found.append(previous)
    return found


def _judged(each: Candidate) -> Figure | None:
    for rule in _RULES:
        found = rule(each)
        if found is not None:
            return found if isinstance(found, Figure) else None
    return None


def _others(each: Candidate) -> Judged:
    goes_on = each.previous is not None and each.is_part
    return _NO_FIGURE if counts_others(each.scene, each.this, each.lead, each.trail, goes_on) else None


def _task(each: Candidate) -> Judged:
    """距6.8万份的总任务还差; 完成任务数8900人的85.6%; 任务数为血样5.2万份."""
    if OF_A_TASK.match(each.scene.text, each.this.end) and is_far_from(each.scene, each.lead):
        return each.make("total", (), each.this.number.start, "take")
    if is_task_of_share(each.scene, each.this, each.lead):
        return each.make("total", (), each.lead[0], "take")
    stated = _TASK_IS.search(each.scene.text, *each.lead) if each.this.sort in ("sample", "people") else None
    if stated is not None and (named := each.scene.modalities(stated.start(), each.lead[1])):
        return each.make("named", named, stated.start(), "take")
    return None


def _base(each: Candidate) -> Judged:
    """全县常住人口3.97万人中已采集22,150人."""
    if each.is_of_people and is_base_of(each.scene, each.this, (each.lead[0], each.clause[1])):
        return each.make("population", (), each.lead[0])
    return None


def _every_one(each: Candidate) -> Judged:
    """要学生录声纹，一千七百余名学生无一例外."""
    scene, number = each.scene, each.this.number
    if not each.is_of_people or not is_every_one(scene, each.this, each.clause):
        return None
    named = scene.modalities(*each.trail)
    if not named and not scene.modalities(scene.where.sentence(number.start)[0], number.start):
        named = taken_next(scene, each.clause)
    return each.make("for people", named, number.start, "take")


def _served(each: Candidate) -> Judged:
    """慰问并为78名僧人采集血样: people for whom something is done, whatever other verb stands before them."""
    scene, verb, number = each.scene, each.verb, each.this.number
    if not each.is_of_people or verb is None or verb.value in ("take", "enter"):
        return None
    served = (
        benefit_start(scene, (each.lead[0], verb.start)) < verb.start
        or (verb.value == "other" and benefit_start(scene, (verb.end, number.start)) < number.start)
        or scene.text[number.start - 1 : number.start] in SERVED
    )
    return for_people(scene, each.this, each.lead, each.clause, each.make) if served else None


def _own_deed(each: Candidate) -> Judged:
    return own_deed(each.scene, each.this, each.trail, each.make) if each.is_of_people else None


def _concerned(each: Candidate) -> Judged:
    return concerned(each.scene, each.this, each.lead, each.make) if each.is_of_people else None


def _passive(each: Candidate) -> Judged:
    """四百多人被采."""
    if not each.is_of_people or not is_passive(each.scene, each.this):
        return None
    at = each.this.number.start
    return for_people(each.scene, each.this, (at, at), each.clause, each.make) or _NO_FIGURE


def _a_single_one(each: Candidate) -> Judged:
    """一名群众, 一份血样: a figure only where something is taken of that person."""
    scene, number = each.scene, each.this.number
    if scene.text[number.start : number.end] != "一":
        return None
    served = each.is_of_people and benefit_start(scene, each.lead) == number.start - 1
    found = for_people(scene, each.this, each.lead, each.clause, each.make) if served else None
    return found or _NO_FIGURE


def _own_data(each: Candidate) -> Judged:
    """采集血样53份、36份指纹: data behind the next number of a list."""
    if each.previous is None or not (own := own_data(each.scene, each.this, each.previous, each.trail)):
        return None
    return each.make("collected", own, each.this.number.start, each.previous.verb)


def _governed(each: Candidate) -> Judged:
    """采集血样53份: the verb decides, whatever it is."""
    if each.verb is None or each.verb.value in ("bring", "light"):
        return None
    found = governed(each.scene, each.this, each.verb, each.lead, each.trail, each.make)
    return found or _NO_FIGURE


def _named(each: Candidate) -> Judged:
    """DNA27份、指纹27份: the data named before it, unless the number before it in the clause is none of samples."""
    scene, number = each.scene, each.this.number
    named = named_before(scene, each.lead)
    if not named or (each.this.sort == "none" and not adjacent(scene, each.lead)):
        return None
    continued = each.in_same_clause and each.previous is not None
    if each.in_same_clause and not continued:
        return _NO_FIGURE
    if not continued and not is_about_collecting(scene, number.start):
        return None
    tokens = scene.words.within("modality", *each.lead)
    start = tokens[0].start if tokens else each.lead[0]
    return each.make("named", named, start, each.previous.verb if continued and each.previous else "")


def _people(each: Candidate) -> Judged:
    """组织56名务工人员到村委会，统一采集血样."""
    if not each.is_of_people:
        return None
    return for_people(each.scene, each.this, each.lead, each.clause, each.make)


def _data_behind(each: Candidate) -> Judged:
    """3600余份血样; 57份样本, in a text about collecting."""
    scene, this = each.scene, each.this
    if this.sort != "sample":
        return None
    if (after := scene.modalities(*each.trail)) and _follows(scene, this, each.trail):
        return each.make("data after", after, this.number.start)
    if SAMPLE.match(scene.text, this.end) and is_about_collecting(scene, this.number.start):
        return each.make("data after", (), this.number.start)
    return None


def _bracketed(each: Candidate) -> Judged:
    if each.this.sort not in ("sample", "people"):
        return None
    found = _in_brackets(each.scene, each.this, each.clause)
    return each.make("named", found, each.this.number.start, "take") if found else None


def _continued(each: Candidate) -> Judged:
    return continuation(each.scene, each.this, each.lead, each.trail, each.earlier, each.previous, each.make)


def _population(each: Candidate) -> Judged:
    if each.this.sort not in ("people", "none"):
        return None
    return population(each.scene, each.lead, each.make)


_RULES: tuple[Callable[[Candidate], Judged], ...] = (
    _others,
    _task,
    _base,
    _every_one,
    _served,
    _own_deed,
    _concerned,
    _passive,
    _a_single_one,
    _own_data,
    _governed,
    _named,
    _people,
    _data_behind,
    _bracketed,
    _continued,
    _population,
)


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
