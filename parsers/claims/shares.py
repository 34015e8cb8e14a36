"""To which figure a share belongs, and which shares stand alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.claims.figure import RESPECTIVELY, Figure
from parsers.claims.scene import Scene
from parsers.claims.words import Token
from parsers.observation import Kind
from parsers.places import is_acting
from parsers.span import Span

_RISEN = re.compile("(?:由|从)[^，。；]{1,10}?(?:提升|上升|提高|增长|增加|升)(?:至|到|为)?[^，。；]{0,4}$")
"""由41%提升至58%: the second is what was reached."""
_WIDER = ("county", "prefecture", "city", "district")
"""Levels of references that mean more than a station's township."""
_FROM = re.compile(r"[由从][^，。；\d%]{0,6}$")
"""采集率由年初的38.5%提升至: what was before."""
_OF_TAKING = re.compile("(?:采|录|完成|建库|建档|覆盖|进度)[^，。；]{0,4}$")
_OF_ALL = re.compile("占全[县州市区乡镇](?:采集)?(?:总量|总数)?的?$")
"""占全县的12%: what part of the county's figure a station's is, and no share of those to be sampled."""
_OPENS = ("（", "(")
"""已采4480份（80%）."""
_LONGEST_RATE = 10
_ADDED = ("新增", "新采", "新采集", "增加")
_TWO, _NEAR_SHARE = 2, 0.006


def owners(scene: Scene, figures: Sequence[Figure], kinds: Sequence[Kind]) -> dict[int, Span[float]]:
    """The share of each achieved figure (its index): the last one of its sentence or of the next."""
    if not scene.rates:
        return {}
    found = _in_order(scene, figures, kinds)
    owned = {rate.start for rate in found.values()}
    for rate in scene.rates:
        if rate.start in owned or not is_of_collection(scene, rate):
            continue
        index = _owner(scene, rate, figures, kinds)
        if index is not None and index not in found:
            found[index] = rate
    return found


def _in_order(scene: Scene, figures: Sequence[Figure], kinds: Sequence[Kind]) -> dict[int, Span[float]]:
    """The shares of a clause with 分别, each that of the figure in its place before (分别完成任务的102%、94%和88%)."""
    found: dict[int, Span[float]] = {}
    for rate in scene.rates:
        first, last = scene.where.clause(rate.start)
        told = [each for each in scene.rates if first <= each.start < last]
        if rate is not told[0] or len(told) < _TWO or RESPECTIVELY not in scene.text[first : rate.start]:
            continue
        sentence = scene.where.sentence(first)
        before = [
            index
            for index, kind in enumerate(kinds)
            if kind in (Kind.CUMULATIVE, Kind.INCREMENT) and sentence[0] <= figures[index].at < rate.start
        ]
        if len(before) >= len(told) and is_of_collection(scene, rate):
            found.update(zip(before[-len(told) :], told, strict=True))
    return found


def _owner(scene: Scene, rate: Span[float], figures: Sequence[Figure], kinds: Sequence[Kind]) -> int | None:
    sentence, line = scene.where.sentence(rate.start), scene.where.line(rate.start)
    achieved = [i for i, kind in enumerate(kinds) if kind in (Kind.CUMULATIVE, Kind.INCREMENT)]
    if (reckoned := _reckoned(rate, figures, kinds, sentence)) is not None:
        return reckoned
    before = [i for i in achieved if sentence[0] <= figures[i].at < rate.start]
    if before:
        last = _whole(scene, rate, figures, _sums_first(scene, figures, kinds, before))
        other = _other_body_between(scene, figures[last].end, rate.start)
        other = other or is_of_other_place(scene, figures[last], rate)
        if is_of_wider_place(scene, figures[last], rate):
            wider = [i for i in before if figures[last].is_part and not figures[i].is_part]
            wider = [i for i in wider if not is_of_wider_place(scene, figures[i], rate)]
            return wider[-1] if wider else None
        return None if other else last
    after = [i for i in achieved if rate.start < figures[i].at < sentence[1]]
    if after and _of_the_heading(scene, rate, scene.where.clause(rate.start)):
        return None
    if after:
        return after[0]
    above = [i for i in achieved if line[0] <= figures[i].at < sentence[0]]
    if above and kinds[above[-1]] is Kind.INCREMENT and scene.dates_within(sentence[0], rate.start):
        return None
    if above and scene.where.sentence(figures[above[-1]].at)[1] == sentence[0]:
        return None if _other_body_between(scene, sentence[0], rate.start) else above[-1]
    return None


def _reckoned(
    rate: Span[float], figures: Sequence[Figure], kinds: Sequence[Kind], sentence: tuple[int, int]
) -> int | None:
    """应采3260人，已采3000人，其中学生2600人，采集率92%: the one figure that is just this share of the sentence's
    target, where a part of it stands nearer.
    """
    told = [i for i, figure in enumerate(figures) if sentence[0] <= figure.at < rate.start]
    targets = [figures[i].number.value.min for i in told if kinds[i] is Kind.TARGET]
    nearer = told and (figures[told[-1]].is_part or figures[told[-1]].rule == "listed")
    if not nearer or len(targets) != 1 or not targets[0]:
        return None
    near = [
        i
        for i in told
        if kinds[i] in (Kind.CUMULATIVE, Kind.INCREMENT)
        and abs(figures[i].number.value.min / targets[0] - rate.value) < _NEAR_SHARE
    ]
    return near[0] if len(near) == 1 else None


def _sums_first(
    scene: Scene, figures: Sequence[Figure], kinds: Sequence[Kind], before: Sequence[int]
) -> Sequence[int]:
    """已采2317人，今日新增46人，采集率81%: what was reached is the running total, and not what a day added to it."""
    last = before[-1]
    added = kinds[last] is Kind.INCREMENT and scene.text[slice(*figures[last].lead)].endswith(_ADDED)
    sums = [index for index in before if kinds[index] is Kind.CUMULATIVE]
    return sums if added and sums else before


def _whole(scene: Scene, rate: Span[float], figures: Sequence[Figure], before: Sequence[int]) -> int:
    """共完成2345人（其中僧人312人、学生405人），完成总任务的78%: done is the whole, and not its last part."""
    parts = [index for index in before if figures[index].is_part]
    done = any(
        word in scene.text[scene.where.clause(rate.start)[0] : rate.start] for word in ("完成", "任务")
    )
    wholes = [index for index in before if parts and index < parts[0]]
    return wholes[-1] if done and wholes else before[-1]


def _other_body_between(scene: Scene, first: int, last: int) -> bool:
    return any(first <= organ.start < last and is_acting(scene.text, organ) for organ in scene.places.organs)


def is_of_other_place(scene: Scene, figure: Figure, rate: Span[float]) -> bool:
    """甲镇采集4310人，乙乡采集率达到九成: the share of a place is not that of the figure of another."""
    first, last = scene.where.clause(figure.at)[0], figure.at
    its = {mention.value for mention in scene.places.mentions if first <= mention.start < last}
    its |= {organ.place for organ in scene.places.organs if first <= organ.start < last}
    first, last = max(scene.where.clause(rate.start)[0], figure.end), rate.start
    named = {mention.value for mention in scene.places.mentions if first <= mention.start < last}
    return bool(its and named) and its.isdisjoint(named)


def is_of_wider_place(scene: Scene, figure: Figure, rate: Span[float]) -> bool:
    """河卡派出所采集五千余人，全县完成进度为27.4%: a share of the whole is not that of a station's figure."""
    clause, sentence = scene.where.clause(rate.start), scene.where.sentence(rate.start)
    wider = [
        reference
        for reference in scene.places.references
        if reference.rule in _WIDER and max(clause[0], figure.end) <= reference.start < rate.start
    ]
    stations = [o for o in scene.places.organs if sentence[0] <= o.start < figure.at]
    townships = [
        m for m in scene.places.mentions if sentence[0] <= m.start < figure.at and m.value.level == "township"
    ]
    return bool(wider) and (bool(townships) or (bool(stations) and stations[-1].kind == "station"))


def is_of_collection(scene: Scene, rate: Span[float]) -> bool:
    """Whether the words before the share in its clause say that it is of collection (采集率, not 满意率)."""
    clause = scene.where.clause(rate.start)
    if _is_alone(scene, rate, clause):
        achieved = scene.where.clause(rate.start - 2)
        return any(verb.value in ("take", "enter", "reach") for verb in scene.words.within("verb", *achieved))
    near = scene.words.within("rate", clause[0], rate.start) or _of_the_heading(scene, rate, clause)
    risen = _RISEN.search(scene.text, clause[0], rate.start)
    if risen is not None:
        near = [token for token in near if token.start < risen.start()]
    lead = scene.text[clause[0] : rate.start]
    if (
        _OF_ALL.search(lead)
        or _FROM.search(lead)
        or _is_another_rate(scene, rate, lead)
        or any(t.value == "of_others" for t in near)
    ):
        return False
    return bool(near)


def _is_alone(scene: Scene, rate: Span[float], clause: tuple[int, int]) -> bool:
    """已采4480份（80%）, 已采2880，80%；: a share that is told right behind a figure, and nothing with it."""
    if rate.start != clause[0] or not rate.start:
        return False
    if scene.text[rate.start - 1] in _OPENS:
        return True
    return scene.text[rate.start - 1] in "，," and not scene.text[rate.end : clause[1]].strip("，,；;。 \n")


def _of_the_heading(scene: Scene, rate: Span[float], clause: tuple[int, int]) -> list[Token]:
    """采集进度通报：甲乡95%，乙乡88%: what the shares of a list of places are of is said before its colon."""
    named = scene.named_within(*clause)
    if not named or scene.text[clause[0] : named[0][0]].strip("、和及") or named[-1][1] != rate.start:
        return []
    first, _ = scene.where.sentence(rate.start)
    colon = max(scene.text.rfind("：", first, clause[0]), scene.text.rfind(":", first, clause[0]))
    return scene.words.within("rate", first, colon) if colon >= 0 else []


def _is_another_rate(scene: Scene, rate: Span[float], lead: str) -> bool:
    """现场勘查率达100%: a rate whose name the lexicon does not hold is of something else."""
    at = lead.rfind("率")
    if at < 0:
        return False
    place = rate.start - len(lead) + at
    named = scene.words.within("rate", max(0, place - _LONGEST_RATE), place + 1)
    holding = [token for token in named if token.start <= place < token.end]
    return not any(token.end - token.start > 1 for token in holding) and not _OF_TAKING.search(lead, 0, at)
