"""Claims without a count: shares that stand alone, and collection of which no figure is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from parsers.claims import shares
from parsers.claims.confidence import confidence_of
from parsers.claims.explain import entries_used
from parsers.claims.figure import Figure
from parsers.claims.kinds import is_base
from parsers.claims.nearby import attributed, named_near, takes_data, trimmed
from parsers.claims.purposes import purposes_of
from parsers.claims.scene import Scene
from parsers.claims.targets import addressed, targets_within, those_before
from parsers.claims.timing import days_of
from parsers.claims.venues import venues
from parsers.observation import Kind, Modality, Observation
from parsers.span import Span

_Named = Callable[[Scene, int, int], tuple[str, ...]]
"""What a stretch of a text names."""


def of_rates(scene: Scene, figures: Sequence[Figure], rates: Mapping[int, Span[float]]) -> list[Observation]:
    """Shares of collection that no count stands beside; `rates` are those that figures own (`shares.owners`)."""
    owned = {rate.start for rate in rates.values()}
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
            if not takes_data(scene, sentence):
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


def _bare(
    scene: Scene, modality: str, kind: Kind, start: int, end: int, rate: float | None = None
) -> Observation:
    """An observation without a count."""
    start, end = trimmed(scene.text, start, end)
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
        targets=those_before(scene, (start, end), sentence[0])
        or _nearest(
            targets_within, scene, around if _is_told_apart(targets_within, scene, around) else around[-2:]
        )
        or (addressed(scene) if kind is Kind.NONE else ()),
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


def _clause_of(scene: Scene, sentence: tuple[int, int], modality: str) -> tuple[int, int]:
    """The clause that says that a kind of data is taken."""
    clauses = [
        scene.where.clause(token.start)
        for token in scene.words.within("modality", *sentence)
        if token.value in (modality, "unspecified", "photo")
    ]
    taking = [clause for clause in clauses if takes_data(scene, clause)]
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
        and not shares.is_of_other_place(scene, figure, rate)
    )
