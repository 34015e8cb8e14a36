"""Ties figures to kind of data, kind of figure, days, place, body, venue, people and purpose."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from parsers.claims.beside import MOST_UNKNOWN, how_unknown
from parsers.claims.confidence import confidence_of
from parsers.claims.contradictions import flagged, once
from parsers.claims.explain import entries_used
from parsers.claims.figure import Figure
from parsers.claims.groups import asked_behind, groups_before, groups_of_all, is_share_of
from parsers.claims.kinds import KindBy
from parsers.claims.nearby import attributed, named_near, trimmed
from parsers.claims.ordered import bodies_in_order, each_place, kinds_in_order, places_in_order
from parsers.claims.parts import is_among, over_all_days, wholes
from parsers.claims.purposes import purposes_of
from parsers.claims.scene import Scene
from parsers.claims.targets import UNNAMED, addressed, targets_of, targets_taken
from parsers.claims.timing import days_in_order, days_of
from parsers.claims.venues import venues
from parsers.observation import PART, Kind, Modality, Observation
from parsers.places import is_acting
from parsers.span import Span

_GOES_ELSEWHERE = re.compile("走进|深入|来到|进入|前往|赶赴|奔赴")


def of_figures(
    scene: Scene, figures: Sequence[Figure], kinds: Sequence[KindBy], rates: Mapping[int, Span[float]]
) -> list[Observation]:
    """One observation for each figure and kind of data; a figure that is repeated is one.

    `kinds` are those of the figures (`kinds_of`), `rates` their shares by index (`shares.owners`).
    """
    made: list[Observation] = []
    ordered = kinds_in_order(scene, figures)
    day_by_day = days_in_order(scene, figures)
    by_body = bodies_in_order(scene, figures)
    by_place = places_in_order(scene, figures)
    inherited: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    groups_of: list[tuple[str, ...]] = []
    data: list[tuple[str, ...]] = []
    told_of: list[list[Observation]] = []
    among = [is_among(scene, figure, figures[:index]) for index, figure in enumerate(figures)]
    for index, figure in enumerate(figures):
        modalities = (
            ordered.get(index)
            or figure.modalities
            or ((Modality.FACE.value,) if scene.photographed(*figure.lead) else ())
            or _inherited(scene, figure, figures[:index], inherited)
        )
        inherited = modalities
        data.append(modalities)
        rate = rates.get(index)
        goes_on = (
            figure.is_part
            or figure.rule in ("part", "listed")
            or _follows(scene, figure, figures[:index])
            or among[index]
            or is_share_of(scene, figures, kinds, index)
        )
        floor = _floor(scene, figure, figures[:index])
        groups = targets_of(scene, figure, _reach_back(scene, figure, figures[:index]), floor) or (
            groups if goes_on else ()
        )
        if figure.rule == "listed" and scene.words.any_within("total", *figure.lead):
            groups = groups_of_all(scene, figures[: index + 1], groups_of)
        groups = groups or groups_before(scene, figure, kinds[index][0], figures[:index])
        asked = asked_behind(scene, figure, kinds[index][0], figures[index + 1 :])
        groups = groups or targets_taken(scene, *asked)
        groups = groups or (addressed(scene) if kinds[index][0] is Kind.TARGET else ())
        reading = _Read(
            modalities,
            *kinds[index],
            _is_of_one_order(scene, figures, kinds, index),
            rate.value if rate else None,
            groups,
            floor,
        )
        groups_of.append(groups)
        told = _observations(scene, figure, reading, figures[:index], asked)
        told = [replace(each, dates=day_by_day.get(index, each.dates)) for each in told]
        if (body := by_body.get(index)) is not None:
            told = [replace(each, place=body.place, organ=body.text) for each in told]
        if index in by_place and index not in by_body:
            told = [replace(each, place=by_place[index]) for each in told]
        if places := each_place(scene, figure):
            told = [replace(each, place=place) for place in places for each in told]
        told_of.append(told)
    including = wholes(scene, figures, data, kinds, among)
    all_days = over_all_days(told_of, including)
    for index, told in enumerate(told_of):
        whole = including.get(index)
        part = (f"{PART} {figures[whole].number.value.min}",) if whole is not None else ()
        made.extend(replace(each, flags=part, dates=all_days.get(index, each.dates)) for each in told)
    return flagged(scene, once(scene, made))


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read of a figure: kinds of data, kind of figure and the rule of it, share, groups.

    `of_one_order`: the figure before in the sentence is a target too (甲乡需采集1860人，乙乡需采集1420人). `floor` is
    where what may be said of the figure begins.
    """

    modalities: tuple[str, ...]
    kind: Kind
    kind_rule: str
    of_one_order: bool
    rate: float | None
    targets: tuple[str, ...]
    floor: int


def _floor(scene: Scene, figure: Figure, earlier: Sequence[Figure]) -> int:
    """Where what may be said of a figure begins: with its sentence, or with its clause when that has its own body,
    verb and kind of data after another figure (甲所进企业为工人采集指纹47人，乙所采集指纹31人).
    """
    first, _ = scene.where.sentence(figure.at)
    clause = scene.where.clause(figure.at)
    anew = (
        earlier
        and first <= earlier[-1].at < clause[0]
        and figure.rule == "collected"
        and scene.modalities(*figure.lead)
        and any(clause[0] <= o.start < figure.at and is_acting(scene.text, o) for o in scene.places.organs)
    )
    return clause[0] if anew else first


def _is_of_one_order(scene: Scene, figures: Sequence[Figure], kinds: Sequence[KindBy], index: int) -> bool:
    return (
        index > 0
        and kinds[index][0] is Kind.TARGET
        and kinds[index - 1][0] is Kind.TARGET
        and figures[index - 1].at >= scene.where.sentence(figures[index].at)[0]
    )


def _follows(scene: Scene, figure: Figure, earlier: Sequence[Figure]) -> bool:
    """Whether another figure stands before in the clause, and none but its group is named (采集民工指纹110枚、血样50份,
    not 采集司机DNA29份、旅客DNA17份).
    """
    if not earlier or earlier[-1].at < scene.where.clause(figure.at)[0]:
        return False
    data = scene.words.within("modality", *figure.lead)
    return not data or how_unknown(scene, (figure.lead[0], data[0].start)) <= MOST_UNKNOWN


def _reach_back(scene: Scene, figure: Figure, earlier: Sequence[Figure]) -> int:
    """Where the words of a figure begin: with its clause, or after the figure before it in its clause."""
    first = scene.where.clause(figure.at)[0]
    return figure.lead[0] if earlier and earlier[-1].at >= first else first


def _observations(
    scene: Scene, figure: Figure, read: _Read, earlier: Sequence[Figure], asked: tuple[int, int]
) -> list[Observation]:
    start, end = _quote(scene, figure)
    sentence = scene.where.sentence(figure.at)
    clause = scene.where.clause(figure.at)
    given = attributed(scene, figure.lead[0] if figure.is_part else start, figure.end)
    near = takewhile(lambda each: each.at >= sentence[0], reversed(earlier))
    before = max([sentence[0], *(each.end for each in near if each.at < clause[0])])
    own_sum = read.kind is Kind.CUMULATIVE and not figure.is_part and "cumulative" in _cues(scene, figure)
    goes_on = (figure.rule in ("part", "listed") and not own_sum) or read.of_one_order
    days = days_of(scene, figure.at, read.kind, sentence[0] if goes_on else before)
    reach = max(figure.end, figure.trail[1]) if figure.rule == "for people" else figure.end
    follows = bool(earlier) and earlier[-1].at >= sentence[0]
    venue = (
        (follows and venues(scene, max(before, clause[0]), reach))
        or venues(scene, read.floor, reach)
        or _venue_before(scene, figure, sentence, read.kind)
        or venues(scene, *asked)
        or _venue_of_title(scene)
        or (("public_place",) if given.organ is not None and given.organ.text.endswith("检查站") else ())
    )
    return [
        Observation(
            modality=Modality(modality),
            quote=scene.article.text[start:end],
            start=start,
            end=end,
            kind=read.kind,
            count=figure.number.value,
            unit=figure.unit or None,
            rate=read.rate,
            dates=days,
            place=given.place,
            organ=given.organ.text if given.organ else None,
            venue=venue,
            targets=tuple(group for group in read.targets if group != UNNAMED),
            purposes=purposes_of(scene, figure.at, Modality(modality)),
            confidence=confidence_of(figure.rule),
            rules=(
                f"figure: {figure.rule}",
                read.kind_rule,
                f"place: {given.rule}",
                f"days: {days.evidence if days else 'none'}",
                *entries_used(scene, modality, start, end),
            ),
        )
        for modality in read.modalities
    ]


def _cues(scene: Scene, figure: Figure) -> set[str]:
    """What the figure's own words say of its kind."""
    return {token.value for token in scene.words.within("kind", *figure.lead)}


def _venue_of_title(scene: Scene) -> tuple[str, ...]:
    """The manner of collection that a title gives (某所入户采血): the station in one is who collects."""
    organs = scene.places.title_organs
    named = [
        token.value
        for token in scene.title_words.of("manner")
        if token.value != "police_station"
        and not any(organ.start <= token.start and token.end <= organ.end for organ in organs)
    ]
    return tuple(dict.fromkeys(named))


def _venue_before(scene: Scene, figure: Figure, sentence: tuple[int, int], kind: Kind) -> tuple[str, ...]:
    """For an event: the venue of the sentence before in its line (走进校园。共采集80份)."""
    line = scene.where.line(figure.at)
    if kind is not Kind.INCREMENT or sentence[0] <= line[0] or figure.is_part:
        return ()
    if _GOES_ELSEWHERE.match(scene.text, sentence[0]) or _another_acts(scene, sentence, figure.at):
        return ()
    return venues(scene, max(line[0], scene.where.sentence(sentence[0] - 1)[0]), sentence[0], checked=False)


def _another_acts(scene: Scene, sentence: tuple[int, int], at: int) -> bool:
    """Whether a body opens the figure's sentence and another acts in the sentence before it."""
    opens = [o for o in scene.places.organs if sentence[0] <= o.start < at and is_acting(scene.text, o)]
    first, last = scene.where.sentence(sentence[0] - 1)
    before = [o for o in scene.places.organs if first <= o.start < last and is_acting(scene.text, o)]
    return bool(opens and before) and opens[0].place != before[-1].place


def _quote(scene: Scene, figure: Figure) -> tuple[int, int]:
    end = figure.end
    if figure.rule in ("for people", "data after") or not scene.modalities(*figure.lead):
        data = [t.end for t in scene.words.within("modality", figure.trail[0], figure.trail[1])]
        verbs = [t.end for t in scene.words.within("verb", *figure.trail) if t.value in ("take", "enter")]
        end = max([end, *data, *(verbs[:1] if figure.rule == "for people" else [])])
    return trimmed(scene.text, figure.start, end)


def _inherited(
    scene: Scene, figure: Figure, earlier: Sequence[Figure], last: tuple[str, ...]
) -> tuple[str, ...]:
    """The kinds of data of a figure that names none: those of the figure it goes on from, else named nearest before."""
    if (figure.is_part or figure.rule in ("part", "listed")) and earlier and last:
        return last
    return named_near(scene, figure.at)
