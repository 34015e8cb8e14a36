"""The same figure told twice is one observation; figures that contradict each other are flagged, not hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from parsers.claims.numbers import find_numbers
from parsers.claims.scene import Scene
from parsers.document import Precision
from parsers.observation import ANOTHER, Kind, Observation, Qualifier

_ACHIEVED = (Kind.INCREMENT, Kind.CUMULATIVE)
_TOLERANCE = 0.02
_MOST_ALIKE = 50


def once(made: Sequence[Observation]) -> list[Observation]:
    """Each figure of one place, period and kind of data once: the first telling, with what the second adds."""
    kept: list[Observation] = []
    told: dict[object, list[int]] = {}
    for each in made:
        before = told.setdefault((each.modality, each.count), [])
        same = next((i for i in before[:_MOST_ALIKE] if _is_repeated(kept[i], each)), None)
        if same is None:
            before.append(len(kept))
            kept.append(each)
        else:
            kept[same] = _joined(kept[same], each)
    return kept


def _is_repeated(first: Observation, second: Observation) -> bool:
    if first.modality is not second.modality or first.count != second.count:
        return False
    if first.kind is not second.kind and not (first.kind in _ACHIEVED and second.kind in _ACHIEVED):
        return False
    codes = [each.place.code if each.place else None for each in (first, second)]
    if codes[0] and codes[1] and codes[0] != codes[1]:
        return False
    return not _at_other_times(first, second)


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
        rules=(*first.rules, "told twice"),
    )


def flagged(scene: Scene, made: Sequence[Observation]) -> list[Observation]:
    """The observations with what contradicts each."""
    titled = _title_figures(scene)
    alike: dict[object, list[Observation]] = {}
    for each in made:
        alike.setdefault((each.modality, each.place), []).append(each)
    flags = [_flags(each, alike[each.modality, each.place][:_MOST_ALIKE], titled, len(made)) for each in made]
    return [replace(each, flags=found) if found else each for each, found in zip(made, flags, strict=True)]


def _flags(
    each: Observation, alike: Sequence[Observation], titled: Sequence[int], claims: int
) -> tuple[str, ...]:
    if each.count is None or each.kind not in _ACHIEVED:
        return ()
    flags = []
    for other in alike:
        if other is each or other.count is None:
            continue
        if other.kind is each.kind and other.dates == each.dates and _differs(each, other):
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


def _differs(each: Observation, other: Observation) -> bool:
    """Whether two exact figures of one station on one day without parts of each other cannot both be right."""
    a, b = each.count, other.count
    if a is None or b is None or each.targets != other.targets or each.venue != other.venue:
        return False
    days = each.dates
    return (
        a.min != b.min
        and a.qualifier is b.qualifier is Qualifier.EXACT
        and bool(days and days.start and days.start == days.end)
    )


def _title_figures(scene: Scene) -> list[int]:
    """Counts of the headline that have a measure word of samples or people."""
    found = []
    for number in find_numbers(scene.title):
        unit = scene.title_words.within("unit", number.end, number.end + 1)
        if unit and unit[0].value in ("sample", "people") and number.value.qualifier is Qualifier.EXACT:
            found.append(number.value.min)
    return found
