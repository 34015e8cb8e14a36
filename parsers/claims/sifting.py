"""Which figures a text takes back, or tells a second time as people or as entries of a database."""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.claims.figure import Figure
from parsers.claims.scene import Scene

_MISTAKEN_FOR = re.compile("误(?:写|报|登|统计|录|植|计|刊)?[为成作][^，。；]{0,20}$")
_WAS_WRONG = re.compile("[^。；，\\n]{0,16}?(?:有误|(?<!无)错误|系误|为误|笔误|不准确|不实|不属实|写错)")
_SHOULD_BE = re.compile('[”」』"]?(?:应当?|实际?)?(?:更正|改|修改|订正)?为[“「『"]')
"""“采集血样800份”应为“采集血样600份”."""
_NEAR_ERROR = 24
_DUE = re.compile("应采|任务数")
_DONE_OF_THEM = re.compile("实际|实采|现场完成|最终|共完成|已完成|当[天日]完成")
_AGAIN = re.compile("复采|重采|重?新采集|再次采集")


def sifted(scene: Scene, found: Sequence[Figure]) -> list[Figure]:
    """The figures that are claims of their own, in order."""
    figures = [f for i, f in enumerate(found) if not _superseded(scene, f, found[i + 1 : i + 2])]
    figures = [f for f in figures if f.rule != "population" or _has_achieved(scene, f, figures)]
    figures = [f for f in figures if not _entered_again(scene, f, figures) and not _is_withdrawn(scene, f)]
    return [f for i, f in enumerate(figures) if not _taken_again(scene, f, figures[:i])]


def _superseded(scene: Scene, figure: Figure, following: Sequence[Figure]) -> bool:
    """为30名群众采集血样45份: the samples count, not the people."""
    if figure.rule != "for people" or not following:
        return False
    after = following[0]
    if scene.where.sentence(figure.at) != scene.where.sentence(after.at) or after.is_part:
        return False
    same_clause = scene.where.clause(figure.at) == scene.where.clause(after.at)
    if same_clause:
        return after.rule in ("collected", "named") and bool(after.modalities)
    return not figure.modalities or _was_called(scene, figure, after)


def _was_called(scene: Scene, figure: Figure, after: Figure) -> bool:
    """组织160名群众到场采集虹膜，实际采集149人: those who were called, beside how many of them were sampled."""
    called = any(verb.value == "bring" for verb in scene.words.within("verb", *figure.lead))
    same = not after.modalities or set(after.modalities) == set(figure.modalities)
    fewer = after.number.value.min <= (figure.number.value.max or 0)
    return called and same and fewer and _DONE_OF_THEM.search(scene.text, *after.lead) is not None


def _has_achieved(scene: Scene, figure: Figure, figures: Sequence[Figure]) -> bool:
    """Whether a group is what another figure is of: it stands before that, or is said to be the whole. How many people
    live somewhere (人口) is that only beside a share.
    """
    line, lead = scene.where.line(figure.at), scene.text[slice(*figure.lead)]
    if "人口" in lead:
        shared = any(line[0] <= rate.start < line[1] for rate in scene.rates)
        if not shared or _DUE.search(scene.text, figure.end, line[1]):
            return scene.text.startswith("中", figure.end)
    first = line[0] if "占" in lead or "共有" in lead else figure.at
    return any(f.rule != "population" and first <= f.at < line[1] for f in figures)


def _is_withdrawn(scene: Scene, figure: Figure) -> bool:
    """Whether the text says that a figure was wrong: “采集血样510份”有误, 误写为510份."""
    sentence = scene.where.sentence(figure.at)
    if _MISTAKEN_FOR.search(scene.text, sentence[0], figure.at):
        return True
    if scene.text[figure.end : figure.end + 1] in '”」』"' and _SHOULD_BE.match(scene.text, figure.end):
        return True
    return _WAS_WRONG.match(scene.text, figure.end, min(sentence[1], figure.end + _NEAR_ERROR)) is not None


def _is_running(scene: Scene, figure: Figure, other: Figure) -> bool:
    """采集71份，累计入库2304份: more in all than was taken, so of other samples too."""
    summed = any(token.value == "cumulative" for token in scene.words.within("kind", *figure.lead))
    return summed and figure.number.value.min > (other.number.value.max or 0)


def _taken_again(scene: Scene, figure: Figure, earlier: Sequence[Figure]) -> bool:
    """采集2030份，复采50份: samples taken a second time are among those counted before."""
    again = _AGAIN.match(scene.text, figure.start) is not None
    return again and any(other.at >= scene.where.line(figure.at)[0] for other in earlier)


def _entered_again(scene: Scene, figure: Figure, figures: Sequence[Figure]) -> bool:
    """采集300份，入库280份: where both stand, only what was taken counts; not 采集71份，累计入库2304份,
    nor what is planned (拟建库4万人，第二季度采集6870份).
    """
    planned = any(token.value == "target" for token in scene.words.within("kind", figure.start, figure.at))
    if figure.verb != "enter" or planned:
        return False
    line = scene.where.line(figure.at)
    for other in figures:
        near = line[0] <= other.at < line[1] and other is not figure
        if (
            near
            and other.verb == "take"
            and not _is_running(scene, figure, other)
            and (not figure.modalities or set(figure.modalities) <= set(other.modalities))
        ):
            return True
    return False
