"""Which groups of people a figure is of, by the figures, sentences and requests around it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.claims.figure import Figure
from parsers.claims.kinds import KindBy
from parsers.claims.nearby import takes_data
from parsers.claims.scene import Scene
from parsers.claims.targets import targets_taken
from parsers.observation import Kind

_ASKS = re.compile(
    "请(?:广大|各|全体|辖区|符合|携带|持|在家|年满|上述|未|有关|相关|居民|群众|村民|牧民|男性)"
    "|(?:民警|公安机关)将(?:入户|上门|进校|进村)|民警(?:入户|上门)"
)
"""请广大群众到就近派出所; 民警将入户采集: where a notice or an order says who comes or who is visited."""


def groups_before(scene: Scene, figure: Figure, kind: Kind, earlier: Sequence[Figure]) -> tuple[str, ...]:
    """For an event: the groups that its sentence names before a list of figures (为群众采集虹膜，首日216人), or those
    of the sentence before in its line, when that takes samples and gives no figure.
    """
    sentence, line = scene.where.sentence(figure.at), scene.where.line(figure.at)
    above = sentence[0], scene.where.clause(figure.at)[0]
    opens = not (earlier and earlier[-1].at >= sentence[0])
    if opens and (figure.is_part or (figure.rule == "listed" and takes_data(scene, above))):
        return targets_taken(scene, *above)
    if kind is not Kind.INCREMENT or sentence[0] <= line[0] or figure.is_part:
        return ()
    before = scene.where.sentence(sentence[0] - 1)
    if (earlier and earlier[-1].at >= before[0]) or not takes_data(scene, before):
        return ()
    return targets_taken(scene, max(before[0], line[0]), sentence[0])


def groups_of_all(
    scene: Scene, figures: Sequence[Figure], groups: Sequence[tuple[str, ...]]
) -> tuple[str, ...]:
    """男性1344份，女性1102份，共2446份: the last is of the groups that all before it in its sentence are of."""
    first, _ = scene.where.sentence(figures[-1].at)
    told = {each for figure, each in zip(figures, groups, strict=False) if figure.at >= first}
    return told.pop() if len(told) == 1 else ()


def asked_behind(scene: Scene, figure: Figure, kind: Kind, later: Sequence[Figure]) -> tuple[int, int]:
    """Where a notice says behind its figure who is to come where (请广大群众到就近派出所); else nowhere."""
    if kind is not Kind.TARGET or figure.is_part:
        return figure.end, figure.end
    last = scene.where.line(figure.at)[1]
    following = scene.text[figure.end : last]
    if (later and later[0].at < last) or _ASKS.search(following) is None:
        return figure.end, figure.end
    return figure.end, last


def is_share_of(scene: Scene, figures: Sequence[Figure], kinds: Sequence[KindBy], index: int) -> bool:
    """Whether a figure is what was reached of the target, or of the group, before it in its line (计划采集男性血样…,
    现已采集…; 辖区男性1126人，已采血1039人).
    """
    if not index or scene.where.line(figures[index].at) != scene.where.line(figures[index - 1].at):
        return False
    before, this = kinds[index - 1][0], kinds[index][0]
    if before is Kind.POPULATION:
        return this in (Kind.CUMULATIVE, Kind.INCREMENT)
    return before is Kind.TARGET and this is Kind.CUMULATIVE
