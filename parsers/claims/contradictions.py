"""The same figure told twice is one observation; figures that contradict each other are flagged, not hidden."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from parsers.claims.numbers import find_numbers
from parsers.claims.scene import Scene
from parsers.document import Precision
from parsers.observation import ANOTHER, PART, Kind, Observation, Qualifier

_ACHIEVED = (Kind.INCREMENT, Kind.CUMULATIVE)
_TOLERANCE = 0.02
_ANEW = re.compile(
    "又|再(?!次强调)|另(?!悉|据)|随后|接着|当晚|[早中晚夜]上|[上中下]午|[日天][早晚]|夜间|第[一二三四五六七八九十]+(?:批|组|场|轮|站|次)"
)
"""6月7日晚，又采集血样145份: what tells a second event of a day from the first told again."""
_MOST_ALIKE = 50


def once(scene: Scene, made: Sequence[Observation]) -> list[Observation]:
    """Each figure of one place, period and kind of data once: the first telling, with what the second adds."""
    kept: list[Observation] = []
    told: dict[object, list[int]] = {}
    for each in made:
        before = told.setdefault((each.modality, each.count), [])
        same = next((i for i in before[:_MOST_ALIKE] if _is_repeated(scene, kept[i], each)), None)
        if same is None:
            before.append(len(kept))
            kept.append(each)
        else:
            kept[same] = _joined(kept[same], each)
    return kept


def _is_repeated(scene: Scene, first: Observation, second: Observation) -> bool:
    if first.modality is not second.modality or first.count != second.count:
        return False
    if first.kind is not second.kind and not (first.kind in _ACHIEVED and second.kind in _ACHIEVED):
        return False
    codes = [each.place.code if each.place else None for each in (first, second)]
    if codes[0] and codes[1] and codes[0] != codes[1]:
        return False
    return not _at_other_times(first, second) and not _of_others(scene, first, second)


def _of_others(scene: Scene, first: Observation, second: Observation) -> bool:
    """为男性采集150份，为女性采集150份; 刑侦大队采集150份，特警大队采集150份: one sentence has two of as many."""
    if scene.where.sentence(first.start) != scene.where.sentence(second.start):
        return False
    groups = bool(first.targets and second.targets) and not set(first.targets) & set(second.targets)
    bodies = bool(first.organ and second.organ) and first.organ != second.organ
    return groups or bodies


def _at_other_times(first: Observation, second: Observation) -> bool:
    """Whether both state days of their own and share none."""
    a, b = first.dates, second.dates
    if a is None or b is None or a.precision is Precision.NONE or b.precision is Precision.NONE:
        return False
    if a.evidence != "sentence" or b.evidence != "sentence" or not (a.start and a.end and b.start and b.end):
        return False
    return a.end < b.start or b.end < a.start


def _joined(first: Observation, second: Observation) -> Observation:
    """The first telling, with venue, groups and days that only the second states."""
    stated = first.dates is not None and first.dates.precision is not Precision.NONE
    return replace(
        first,
        dates=first.dates if stated else second.dates or first.dates,
        rate=first.rate if first.rate is not None else second.rate,
        venue=first.venue or second.venue,
        targets=first.targets or second.targets,
        flags=first.flags or second.flags,
        rules=(*first.rules, "told twice"),
    )


def flagged(scene: Scene, made: Sequence[Observation]) -> list[Observation]:
    """The observations with what contradicts each."""
    titled = _title_figures(scene)
    alike: dict[object, list[Observation]] = {}
    for each in made:
        alike.setdefault((each.modality, each.place), []).append(each)
    flags = [
        _flags(scene, each, alike[each.modality, each.place][:_MOST_ALIKE], titled, len(made))
        for each in made
    ]
    return [
        replace(each, flags=(*each.flags, *found)) if found else each
        for each, found in zip(made, flags, strict=True)
    ]


def _flags(
    scene: Scene, each: Observation, alike: Sequence[Observation], titled: Sequence[int], claims: int
) -> tuple[str, ...]:
    if each.count is None or each.kind not in _ACHIEVED:
        return ()
    flags = []
    for other in alike:
        if other is each or other.count is None:
            continue
        if other.kind is each.kind and other.dates == each.dates and _differs(scene, each, other):
            flags.append(f"{ANOTHER}: {other.count.min}")
        if (
            other.kind is Kind.TARGET
            and each.rate is not None
            and other.count.min
            and other.count.qualifier is Qualifier.EXACT
        ):
            share = each.count.min / other.count.min
            if abs(share - each.rate) > _TOLERANCE and each.count.qualifier is Qualifier.EXACT:
                flags.append(f"the stated share is {each.rate:.1%}, the figures give {share:.1%}")
    if titled and claims == 1 and all(not each.count.min <= figure <= each.count.max for figure in titled):
        flags.append(f"the headline says {titled[0]}")
    return tuple(dict.fromkeys(flags))


def _differs(scene: Scene, each: Observation, other: Observation) -> bool:
    """Whether two exact figures of one station on one day cannot both be right: neither is a part of another, and
    they are not two events, which a sentence lists (上午35份，下午45份) or the second is said to be.
    """
    a, b = each.count, other.count
    if a is None or b is None or each.targets != other.targets or each.venue != other.venue:
        return False
    if _is_part(each) or _is_part(other):
        return False
    first, second = sorted((each, other), key=lambda told: told.start)
    sentence = scene.where.sentence(second.start)
    if sentence[0] <= first.start or _ANEW.search(scene.text, sentence[0], second.end):
        return False
    days = each.dates
    return (
        a.min != b.min
        and a.qualifier is b.qualifier is Qualifier.EXACT
        and bool(days and days.start and days.start == days.end)
    )


def _is_part(each: Observation) -> bool:
    return any(flag.startswith(PART) for flag in each.flags)


def _title_figures(scene: Scene) -> list[int]:
    """Counts of the headline that have a measure word of samples or people."""
    found = []
    for number in find_numbers(scene.title):
        unit = scene.title_words.within("unit", number.end, number.end + 1)
        if unit and unit[0].value in ("sample", "people") and number.value.qualifier is Qualifier.EXACT:
            found.append(number.value.min)
    return found
