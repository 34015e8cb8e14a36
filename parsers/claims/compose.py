"""Ties figures to kind of data, kind of figure, days, place, body, venue, people and purpose."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile

from parsers.claims import shares
from parsers.claims.confidence import confidence_of
from parsers.claims.contradictions import flagged, once
from parsers.claims.explain import entries_used
from parsers.claims.figure import RESPECTIVELY, Figure, by_clause
from parsers.claims.kinds import is_base, kinds_of
from parsers.claims.scene import Scene, kinds_of_data
from parsers.claims.scope import UNNAMED, purposes_of, targets_of, targets_taken, targets_within, venues
from parsers.claims.timing import days_in_order, days_of
from parsers.observation import Kind, Modality, Observation, PlaceRef
from parsers.places import Attribution, OrganSpan, attribute, is_acting
from parsers.span import Span

_TRIMMED = " 　、，。；：:,;！!\n()（）和及并与"

_ORDERED = re.compile(f"(?<![日天周月年所]){RESPECTIVELY}")
"""Of kinds of data, in their order; not of days or bodies (两日分别采集133人、151人)."""
_TWO = 2
_ASKS = ("请广大", "请各", "请全体", "请辖区", "请符合", "请携带", "请持")
_GOES_ELSEWHERE = re.compile("走进|深入|来到|进入|前往|赶赴|奔赴")
_Named = Callable[[Scene, int, int], tuple[str, ...]]
"""What a stretch of a text names."""
_NEAREST, _MANY, _NEAR = 60, 200, 2000


def of_figures(scene: Scene, figures: Sequence[Figure]) -> list[Observation]:
    """One observation for each figure and kind of data; a figure that is repeated is one."""
    kinds = kinds_of(scene, figures)
    rates = shares.owners(scene, figures, [kind for kind, _ in kinds])
    made: list[Observation] = []
    ordered = _in_order(scene, figures)
    day_by_day = days_in_order(scene, figures)
    by_body = _bodies_in_order(scene, figures)
    inherited: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    for index, figure in enumerate(figures):
        modalities = (
            figure.modalities
            or ordered.get(index)
            or ((Modality.FACE.value,) if scene.photographed(*figure.lead) else ())
            or _inherited(scene, figure, figures[:index], inherited)
        )
        inherited = modalities
        rate = rates.get(index)
        goes_on = (
            figure.is_part
            or figure.rule in ("part", "listed")
            or _follows(scene, figure, figures[:index])
            or _is_share_of(scene, figures, kinds, index)
        )
        groups = targets_of(scene, figure, _reach_back(scene, figure, figures[:index])) or (
            groups if goes_on else ()
        )
        groups = groups or _groups_before(scene, figure, kinds[index][0], figures[:index])
        asked = _asked(scene, figure, kinds[index][0], figures[index + 1 :])
        groups = groups or targets_taken(scene, *asked)
        reading = _Read(modalities, *kinds[index], rate.value if rate else None, groups)
        told = _observations(scene, figure, reading, figures[:index], asked)
        told = [replace(each, dates=day_by_day.get(index, each.dates)) for each in told]
        if (body := by_body.get(index)) is not None:
            told = [replace(each, place=body.place, organ=body.text) for each in told]
        made.extend(told)
    return flagged(scene, once(made))


def of_rates(scene: Scene, figures: Sequence[Figure]) -> list[Observation]:
    """Shares of collection that no count stands beside."""
    if not scene.rates:
        return []
    owned = {
        rate.start
        for rate in shares.owners(scene, figures, [kind for kind, _ in kinds_of(scene, figures)]).values()
    }
    made = []
    for rate in scene.rates:
        if rate.start in owned or not shares.is_of_collection(scene, rate):
            continue
        if _shares_a_sentence(scene, rate, figures):
            continue
        first, _ = scene.where.clause(rate.start)
        for modality in named_near(scene, rate.start):
            made.append(_bare(scene, modality, Kind.RATE, first, rate.end, rate.value))
    return made


def without_figure(scene: Scene, lines: Sequence[tuple[int, int]]) -> list[Observation]:
    """For a report that gives no figure: one observation for each kind of data it says is collected."""
    made: dict[str, list[Observation]] = {}
    for first, last in lines:
        tokens = scene.words.within("modality", first, last)
        for sentence in dict.fromkeys(scene.where.sentence(token.start) for token in tokens):
            if not _takes(scene, sentence):
                continue
            for modality in scene.modalities(*sentence):
                clause = _clause_of(scene, sentence, modality)
                if modality not in made:
                    made[modality] = _at_each_place(scene, _bare(scene, modality, Kind.NONE, *clause))
                elif any(clause[0] <= organ.start < clause[1] for organ in scene.places.organs):
                    elsewhere = replace(
                        _bare(scene, modality, Kind.NONE, *clause),
                        venue=venues(scene, *sentence),
                        targets=targets_within(scene, *sentence),
                    )
                    if elsewhere.place and elsewhere.place not in [each.place for each in made[modality]]:
                        made[modality].append(elsewhere)
    if not made and lines:
        taking = [t for t in scene.words.within("verb", *lines[0]) if t.value in ("take", "enter")]
        clause = scene.where.clause(taking[0].start if taking else lines[0][0])
        for modality in named_near(scene, clause[0]):
            made[modality] = [_bare(scene, modality, Kind.NONE, *clause)]
    return [each for observations in made.values() for each in observations]


def _at_each_place(scene: Scene, observation: Observation) -> list[Observation]:
    """The observation for each place of a list (工布江达县、拉孜县等地), or as it is."""
    mentions = [
        m for m in scene.places.mentions if observation.start <= m.start < observation.end and m.value.code
    ]
    pairs = [
        pair
        for pair in pairwise(mentions)
        if pair[1].start - pair[0].end == 1 and scene.text[pair[0].end] in "、和及与"
    ]
    listed = dict.fromkeys(mention.value for pair in pairs for mention in pair)
    return [replace(observation, place=place) for place in listed] or [observation]


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read of a figure: kinds of data, kind of figure and the rule of it, share, groups."""

    modalities: tuple[str, ...]
    kind: Kind
    kind_rule: str
    rate: float | None
    targets: tuple[str, ...]


def _groups_before(scene: Scene, figure: Figure, kind: Kind, earlier: Sequence[Figure]) -> tuple[str, ...]:
    """For an event: the groups of the sentence before in its line, when that takes samples and gives no figure."""
    sentence, line = scene.where.sentence(figure.at), scene.where.line(figure.at)
    if kind is not Kind.INCREMENT or sentence[0] <= line[0] or figure.is_part:
        return ()
    before = scene.where.sentence(sentence[0] - 1)
    if (earlier and earlier[-1].at >= before[0]) or not _takes(scene, before):
        return ()
    return targets_taken(scene, max(before[0], line[0]), sentence[0])


def _asked(scene: Scene, figure: Figure, kind: Kind, later: Sequence[Figure]) -> tuple[int, int]:
    """Where a notice says behind its figure who is to come where (请广大群众到就近派出所); else nowhere."""
    if kind is not Kind.TARGET or figure.is_part:
        return figure.end, figure.end
    last = scene.where.line(figure.at)[1]
    following = scene.text[figure.end : last]
    if (later and later[0].at < last) or not any(word in following for word in _ASKS):
        return figure.end, figure.end
    return figure.end, last


def _is_share_of(
    scene: Scene, figures: Sequence[Figure], kinds: Sequence[tuple[Kind, str]], index: int
) -> bool:
    """Whether a figure is what was reached of the target, or of the group, before it in its line (计划采集男性血样…,
    现已采集…; 辖区男性1126人，已采血1039人).
    """
    if not index or scene.where.line(figures[index].at) != scene.where.line(figures[index - 1].at):
        return False
    before, this = kinds[index - 1][0], kinds[index][0]
    if before is Kind.POPULATION:
        return this in (Kind.CUMULATIVE, Kind.INCREMENT)
    return before is Kind.TARGET and this is Kind.CUMULATIVE


def _follows(scene: Scene, figure: Figure, earlier: Sequence[Figure]) -> bool:
    """Whether another figure stands before in the clause (采集民工指纹110枚、血样50份)."""
    return bool(earlier) and earlier[-1].at >= scene.where.clause(figure.at)[0]


def _reach_back(scene: Scene, figure: Figure, earlier: Sequence[Figure]) -> int:
    """Where the words of a figure begin: with its clause, or after the figure before it in its clause."""
    first = scene.where.clause(figure.at)[0]
    return figure.lead[0] if earlier and earlier[-1].at >= first else first


def _in_order(scene: Scene, figures: Sequence[Figure]) -> dict[int, tuple[str, ...]]:
    """The kind of data of each figure of a clause with 分别, by its place in the list before."""
    found: dict[int, tuple[str, ...]] = {}
    found.update(_former_and_latter(scene, figures))
    for clause, every in by_clause(scene, figures).items():
        members = [index for index in every if not figures[index].modalities]
        if len(members) < _TWO or not _ORDERED.search(scene.text, *clause):
            continue
        named = scene.modalities(scene.where.sentence(clause[0])[0], figures[members[0]].at)
        if len(named) == len(members):
            found.update((index, (named[order],)) for order, index in enumerate(members))
    return found


def _bodies_in_order(scene: Scene, figures: Sequence[Figure]) -> dict[int, OrganSpan]:
    """The body of each figure (its index) of a clause that lists as many bodies (甲所、乙所分别采集130份、95份)."""
    found: dict[int, OrganSpan] = {}
    for members in by_clause(scene, figures).values():
        first, _ = scene.where.clause(figures[members[0]].at)
        at = scene.text.find(RESPECTIVELY, first, figures[members[0]].at)
        organs = [organ for organ in scene.places.organs if first <= organ.start < at]
        if len(members) == len(organs) >= _TWO:
            found.update(zip(members, organs, strict=True))
    return found


def _former_and_latter(scene: Scene, figures: Sequence[Figure]) -> dict[int, tuple[str, ...]]:
    """采DNA、采虹膜，前者430份，后者433人: the first and the second of two kinds of data named before."""
    found: dict[int, tuple[str, ...]] = {}
    for index, figure in enumerate(figures):
        lead = scene.text[slice(*figure.lead)]
        which = next((at for at, word in enumerate(("前者", "后者")) if word in lead), None)
        if which is not None:
            named = scene.modalities(scene.where.sentence(figure.at)[0], figure.lead[0])
            if len(named) == _TWO:
                found[index] = (named[which],)
    return found


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
    goes_on = figure.rule in ("part", "listed") and not own_sum
    days = days_of(scene, figure.at, read.kind, sentence[0] if goes_on else before)
    reach = max(figure.end, figure.trail[1]) if figure.rule == "for people" else figure.end
    follows = bool(earlier) and earlier[-1].at >= sentence[0]
    venue = (
        (follows and venues(scene, max(before, clause[0]), reach))
        or venues(scene, sentence[0], reach)
        or _venue_before(scene, figure, sentence, read.kind)
        or venues(scene, *asked)
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


def _bare(
    scene: Scene, modality: str, kind: Kind, start: int, end: int, rate: float | None = None
) -> Observation:
    """An observation without a count."""
    start, end = _trimmed(scene.text, start, end)
    given = attributed(scene, start, end)
    sentence = scene.where.sentence(start)
    line = scene.where.line(start)
    days = days_of(scene, max(start, end - 1), kind, sentence[0])
    around = ((start, end), sentence, line) if kind is Kind.NONE else ((sentence[0], end),)
    return Observation(
        modality=Modality(modality),
        quote=scene.article.text[start:end],
        start=start,
        end=end,
        kind=kind,
        rate=rate,
        dates=days,
        place=given.place,
        organ=given.organ.text if given.organ else None,
        venue=_nearest(venues, scene, around if not _is_told_apart(venues, scene, around) else around[:1]),
        targets=_nearest(
            targets_within, scene, around if _is_told_apart(targets_within, scene, around) else around[-2:]
        ),
        purposes=purposes_of(scene, start, Modality(modality)),
        confidence=confidence_of(kind.value),
        rules=(
            f"figure: {kind.value}",
            f"place: {given.rule}",
            f"days: {days.evidence if days else 'none'}",
            *entries_used(scene, modality, start, end),
        ),
    )


def _is_told_apart(of: _Named, scene: Scene, around: Sequence[tuple[int, int]]) -> bool:
    """采集居民的声纹，男性还须留血样: whether another clause of the sentence takes other data of a group of its own."""
    clause, sentence = around[0], around[-2] if len(around) > 1 else around[0]
    others = ((sentence[0], clause[0]), (clause[1], sentence[1]))
    return any(scene.modalities(*other) and of(scene, *other) for other in others)


def _nearest(of: _Named, scene: Scene, around: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    """What the first of several stretches, each around the one before, names."""
    return next((found for first, last in around if (found := of(scene, first, last))), ())


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
    return _trimmed(scene.text, figure.start, end)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _TRIMMED:
        start += 1
    while end > start and text[end - 1] in _TRIMMED:
        end -= 1
    return start, end


def _inherited(
    scene: Scene, figure: Figure, earlier: Sequence[Figure], last: tuple[str, ...]
) -> tuple[str, ...]:
    """The kinds of data of a figure that names none: those of the figure it goes on from, else named nearest before."""
    if figure.rule in ("part", "listed") and earlier and last:
        return last
    return named_near(scene, figure.at)


def named_near(scene: Scene, at: int) -> tuple[str, ...]:
    """The kinds of data named last before `at` in its sentence, then after it, in its line, its title, the text."""
    sentence, line = scene.where.sentence(at), scene.where.line(at)
    for first, last in ((sentence[0], at), (at, sentence[1]), (line[0], at)):
        found = _last_named(scene, first, last)
        if found:
            return found
    titled = scene.title_words.of("modality")
    return kinds_of_data(titled) or _last_named(scene, 0, at) or _last_named(scene, at, len(scene.text))


def _last_named(scene: Scene, first: int, last: int) -> tuple[str, ...]:
    for token in reversed(scene.words.within("modality", first, last)[-_NEAREST:]):
        clause = scene.where.clause(token.start)
        if found := scene.modalities(max(clause[0], first), min(clause[1], last)):
            return found
    return ()


def attributed(scene: Scene, start: int, end: int) -> Attribution:
    """Whose figure it is; in a text of very many bodies and places those near it decide."""
    places = scene.places
    if len(places.organs) + len(places.mentions) > _MANY:
        organs, mentions = list(places.organs), list(places.mentions)
        at = bisect_left(organs, start, key=_start_of), bisect_left(mentions, start, key=_start_of)
        places = replace(
            places,
            organs=tuple(organs[max(0, at[0] - _NEAREST) : at[0] + _NEAREST]),
            mentions=tuple(mentions[max(0, at[1] - _NEAREST) : at[1] + _NEAREST]),
            references=tuple(r for r in places.references if abs(r.start - start) < _NEAR)[:_MANY],
        )
    return attribute(places, scene.article, start, end)


def _start_of(span: OrganSpan | Span[PlaceRef]) -> int:
    return span.start


def _takes(scene: Scene, sentence: tuple[int, int]) -> bool:
    takes = any(token.value in ("take", "enter") for token in scene.words.within("verb", *sentence))
    return takes or any(token.value == "collecting" for token in scene.words.within("thing", *sentence))


def _clause_of(scene: Scene, sentence: tuple[int, int], modality: str) -> tuple[int, int]:
    """The clause that says that a kind of data is taken."""
    clauses = [
        scene.where.clause(token.start)
        for token in scene.words.within("modality", *sentence)
        if token.value in (modality, "unspecified", "photo")
    ]
    taking = [clause for clause in clauses if _takes(scene, clause)]
    return (taking or clauses or [sentence])[0]


def _shares_a_sentence(scene: Scene, rate: Span[float], figures: Sequence[Figure]) -> bool:
    """Whether a figure of the same body stands in the sentence of a share, which is then told twice."""
    sentence = scene.where.sentence(rate.start)
    return any(
        sentence[0] <= figure.at < sentence[1]
        and not any(
            min(figure.end, rate.start) <= organ.start < max(figure.at, rate.start)
            for organ in scene.places.organs
        )
        for figure in figures
        if figure.rule != "population"
        and not is_base(scene, figure)
        and not shares.is_of_wider_place(scene, figure, rate)
    )
