"""Which figures of a text lie in another of it, so that adding both would count the same samples twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import accumulate

from parsers.claims.figure import Figure
from parsers.claims.kinds import KindBy
from parsers.claims.scene import Scene
from parsers.observation import DateRange, Kind, Observation, Qualifier

_ACHIEVED = (Kind.INCREMENT, Kind.CUMULATIVE)
_OPENS, _CLOSES = "（(", "）)"
_TWO = 2
_MOST_PARTS = 60
"""Figures before or behind a total that are tried as its parts: more stand in no list."""

Data = Sequence[tuple[str, ...]]
"""The kinds of data of each figure."""


def wholes(
    scene: Scene, figures: Sequence[Figure], data: Data, kinds: Sequence[KindBy], among: Sequence[bool]
) -> dict[int, int]:
    """For each figure that the text includes in another the including figure, both by their index.

    The text says so (其中; `among` marks figures of a sentence that 其中 opens), sets the parts in brackets behind the
    whole, or lists two or more that come to just the whole, before it or behind it.
    """
    found: dict[int, int] = {}
    if len(figures) < _TWO:
        return found
    for at, figure in enumerate(figures):
        told = figure.is_part or among[at] or _in_brackets(scene, figure)
        goes_on = at - 1 in found and figure.rule in ("part", "listed") and _same_sentence(scene, figures, at)
        if not (told or goes_on):
            continue
        earlier = (each for each in reversed(range(at)) if each not in found)
        whole = next((each for each in earlier if _fits(scene, figures, data, kinds, each, at)), None)
        if whole is not None:
            found[at] = whole
    for whole in range(len(figures)):
        if whole not in found:
            found.update((part, whole) for part in _summed(scene, figures, data, kinds, whole))
    return found


def over_all_days(
    told: Sequence[Sequence[Observation]], including: Mapping[int, int]
) -> dict[int, DateRange]:
    """The days of a total (its index) that stands behind parts of several days (3日35份，4日45份，两天共80份)."""
    found: dict[int, DateRange] = {}
    for whole in set(including.values()):
        parts = [part for part, its in including.items() if its == whole]
        days = [each.dates for at in (*parts, whole) for each in told[at][:1] if each.dates]
        starts, ends = [each.start for each in days if each.start], [each.end for each in days if each.end]
        if max(parts) < whole and len(days) == len(starts) == len(ends) == len(parts) + 1:
            found[whole] = replace(days[-1], start=min(starts), end=max(ends))
    return found


def is_among(scene: Scene, figure: Figure, earlier: Sequence[Figure]) -> bool:
    """全县应采男性2.6万份。其中：甲镇应采5200份: a figure in a sentence that lists parts of the one before it."""
    line, sentence = scene.where.line(figure.at), scene.where.sentence(figure.at)
    if not earlier or earlier[-1].at < line[0]:
        return False
    opened = scene.text.rfind("其中", line[0], figure.at)
    return opened >= 0 and scene.where.sentence(opened)[0] == opened and earlier[0].at < opened <= sentence[0]


def _fits(
    scene: Scene, figures: Sequence[Figure], data: Data, kinds: Sequence[KindBy], whole: int, part: int
) -> bool:
    """Whether one figure can be of the other: of the same data and kind, in its line, and not larger."""
    a, b = figures[whole], figures[part]
    alike = set(data[whole]) & set(data[part]) and _alike(kinds[whole][0], kinds[part][0])
    near = scene.where.line(a.at) == scene.where.line(b.at)
    return bool(alike) and near and b.number.value.min <= a.number.value.max


def _alike(one: Kind, other: Kind) -> bool:
    return one is other or (one in _ACHIEVED and other in _ACHIEVED)


def _same_sentence(scene: Scene, figures: Sequence[Figure], at: int) -> bool:
    return scene.where.sentence(figures[at].at) == scene.where.sentence(figures[at - 1].at)


def _in_brackets(scene: Scene, figure: Figure) -> bool:
    """采集血样300份（男性180份、女性120份）."""
    first, _ = scene.where.sentence(figure.at)
    opened = max(scene.text.rfind(mark, first, figure.at) for mark in _OPENS)
    return opened >= 0 and all(scene.text.find(mark, opened, figure.at) < 0 for mark in _CLOSES)


def _summed(
    scene: Scene, figures: Sequence[Figure], data: Data, kinds: Sequence[KindBy], whole: int
) -> list[int]:
    """上午35份，下午45份，全天共80份; 采集300份，男性180份、女性120份: two or more that come to just the whole."""
    count = figures[whole].number.value
    if count.qualifier is not Qualifier.EXACT or kinds[whole][0] not in _ACHIEVED:
        return []
    for run in (range(whole - 1, -1, -1), range(whole + 1, len(figures))):
        members = []
        for at in run[:_MOST_PARTS]:
            exact = figures[at].number.value.qualifier is Qualifier.EXACT
            if not exact or not _fits(scene, figures, data, kinds, whole, at):
                break
            members.append(at)
        sums = list(accumulate(figures[at].number.value.min for at in members))
        if count.min in sums[_TWO - 1 :]:
            return members[: sums.index(count.min) + 1]
    return []
