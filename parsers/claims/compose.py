"""Ties figures to kind of data, kind of figure, date, place, body, venue, people and purpose."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from parsers.claims.dates import When, coarser
from parsers.claims.figures import Figure
from parsers.claims.lexicon import Word
from parsers.claims.numbers import Rate
from parsers.claims.passages import Passages
from parsers.claims.tables import Cell
from parsers.document import Precision
from parsers.observation import (
    Article,
    CountRange,
    DateRange,
    Kind,
    Modality,
    Observation,
    PlaceRef,
    Qualifier,
)
from parsers.places import Places, attribute
from parsers.span import Span

_EACH_DAY = ("每日", "每天")
_RESULT = re.compile(r"(?:破获|抓获|侦破)[^，。；]*\d")
_NOT_PEACE = re.compile(r"平安(?!区|公安|分局|派出所|县|镇|乡)")


@dataclass(frozen=True, slots=True)
class Found:
    """Everything the recognisers found in one article."""

    article: Article
    text: str
    where: Passages
    words: list[Span[Word]]
    title_words: list[Span[Word]]
    dates: list[Span[When]]
    title_dates: list[Span[When]]
    rates: list[Span[Rate]]
    places: Places


def of_figures(found: Found, figures: list[Figure]) -> list[Observation]:
    """One observation for each figure and kind of data."""
    made: list[Observation] = []
    kinds: dict[int, Kind] = {}
    owners = _rate_owners(found, figures)
    for index, figure in enumerate(figures):
        kind = _kind(found, figures, index, kinds)
        kinds[index] = kind
        modalities = figure.modalities or _inherited(found, figure.span.start)
        rate = owners.get(index) if kind is not Kind.TARGET else None
        for modality in modalities:
            made.append(_observation(found, figure, modality, kind, rate))
    return _once(made)


def of_rates(found: Found, figures: list[Figure]) -> list[Observation]:
    """Rates that no count stands beside."""
    owned = set(_rate_spans(found, figures).values())
    made = []
    for rate in found.rates:
        first, last = found.where.clause(rate.start)
        if rate.start in owned or not _is_about_collection(found, rate):
            continue
        for modality in _inherited(found, rate.start):
            made.append(_bare(found, modality, Kind.RATE, first, last, rate.value.value))
    return made


def without_figure(found: Found, lines: list[tuple[int, int]]) -> list[Observation]:
    """For a report that gives no figure: one observation for each kind of data it names."""
    made: dict[str, Observation] = {}
    collecting = [
        found.where.clause(span.start)
        for span in found.words
        if span.value.group == "collect" and any(a <= span.start < b for a, b in lines)
    ]
    for clause in dict.fromkeys(collecting):
        for modality in _named(found.words, clause):
            made.setdefault(modality, _bare(found, modality, Kind.NONE, *clause))
    if not made and lines:
        clause = collecting[0] if collecting else found.where.sentence(lines[0][0])
        for modality in _inherited(found, clause[0]):
            made.setdefault(modality, _bare(found, modality, Kind.NONE, *clause))
    return list(made.values())


def _observation(found: Found, figure: Figure, modality: str, kind: Kind, rate: float | None) -> Observation:
    start, end = _quote(found, figure)
    given = attribute(found.places, found.article, figure.lead[0] if figure.is_part else start, figure.end)
    scope = (
        found.where.sentence(figure.span.start)[0],
        figure.trail[1] if figure.rule == "for people" else figure.end,
    )
    own = figure.lead[0], max(figure.end, figure.trail[1] if figure.rule == "for people" else figure.end)
    return Observation(
        modality=Modality(modality),
        quote=found.article.text[start:end],
        start=start,
        end=end,
        kind=kind,
        count=figure.span.value,
        unit=figure.unit,
        rate=rate,
        dates=_dates(found, figure.span.start, kind),
        place=given.place,
        organ=given.organ.text if given.organ else None,
        venue=_values(found, "venue", scope),
        targets=_targets(found, figure, own, scope),
        purposes=_purposes(found, modality),
        confidence=_confidence(figure, given.place),
        rules=(figure.rule, f"place: {given.rule}"),
    )


def _bare(
    found: Found, modality: str, kind: Kind, start: int, end: int, rate: float | None = None
) -> Observation:
    start, end = _trimmed(found.text, start, end)
    given = attribute(found.places, found.article, start, end)
    scope = (found.where.sentence(start)[0], end)
    return Observation(
        modality=Modality(modality),
        quote=found.article.text[start:end],
        start=start,
        end=end,
        kind=kind,
        rate=rate,
        dates=_dates(found, start, kind),
        place=given.place,
        organ=given.organ.text if given.organ else None,
        venue=_values(found, "venue", scope),
        targets=_values(found, "targets", (scope[0], found.where.line(start)[1])),
        purposes=_purposes(found, modality),
        confidence=0.7,
        rules=(kind.value, f"place: {given.rule}"),
    )


def _quote(found: Found, figure: Figure) -> tuple[int, int]:
    start, end = figure.lead[0], figure.end
    if figure.rule == "for people":
        verb = next(
            (s for s in found.words if s.value.group == "collect" and figure.trail[0] <= s.start), None
        )
        data = [
            s.end
            for s in found.words
            if s.value.group == "modality" and figure.trail[0] <= s.start < figure.trail[1]
        ]
        end = max([end, *data, *([verb.end] if verb and verb.end <= figure.trail[1] else [])])
    return _trimmed(found.text, start, end)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in " 　、，。；：:,;\n()（）":
        start += 1
    while end > start and text[end - 1] in " 　、，。；：:,;\n()（）":
        end -= 1
    return start, end


def _kind(found: Found, figures: list[Figure], index: int, kinds: dict[int, Kind]) -> Kind:
    figure = figures[index]
    if figure.rule in ("part", "listed") and index:
        return kinds[index - 1]
    cues = [
        span
        for span in found.words
        if span.value.group == "kind" and figure.lead[0] <= span.start and span.end <= figure.span.start
    ]
    if cues:
        return Kind(cues[-1].value.value)
    lead = found.text[slice(*figure.lead)]
    if any(word in lead for word in _EACH_DAY):
        return Kind.INCREMENT
    sentence = found.where.sentence(figure.span.start)
    periods = [span for span in found.dates if sentence[0] <= span.start < figure.span.start]
    opens = any(span.value.role in ("since", "until") and span.rule != "deadline" for span in periods)
    cues = [span for span in found.words if span.value == Word("kind", "cumulative")]
    earlier = any(sentence[0] <= span.start < figure.span.start for span in cues)
    return Kind.CUMULATIVE if opens or earlier else Kind.INCREMENT


def _dates(found: Found, at: int, kind: Kind) -> DateRange | None:
    """The claim's days: from its own sentence, then its paragraph, then the document."""
    sentence = found.where.sentence(at)
    own = [span for span in found.dates if sentence[0] <= span.start < sentence[1]]
    before = [span for span in own if span.start <= at]
    if kind is Kind.TARGET:
        return _range([span for span in own if span.rule == "deadline"], "sentence")
    chosen = before or (own if kind in (Kind.NONE, Kind.INCREMENT) else [])
    if kind is Kind.CUMULATIVE:
        if not chosen:
            published = found.article.published
            opened = [s for s in _preceding(found, sentence) if s.value.role == "since"]
            if opened:
                return _range(opened[-1:], "paragraph")
            return DateRange(None, published, Precision.DAY, "sentence") if published else None
        if not any(span.value.role == "since" for span in chosen):
            chosen = [*(s for s in _preceding(found, sentence) if s.value.role == "since"), *chosen]
        return _range(chosen, "sentence")
    if chosen:
        return _range(chosen[-1:] if kind is not Kind.NONE else chosen[:1], "sentence")
    line = found.where.line(at)
    above = [span for span in found.dates if line[0] <= span.start < sentence[0]]
    if above:
        return _range(above[-1:], "paragraph")
    document = [span for span in found.dates if span.start < line[0]] or found.title_dates
    return _range(document[-1:], "document")


def _preceding(found: Found, sentence: tuple[int, int]) -> list[Span[When]]:
    if not sentence[0]:
        return []
    first, last = found.where.sentence(sentence[0] - 1)
    return [span for span in found.dates if first <= span.start < last]


def _range(spans: Iterable[Span[When]], evidence: str) -> DateRange | None:
    """One range of a beginning (自…起) and an end (截至…), or the last single expression."""
    chosen = list(spans)
    if not chosen:
        return None
    since = next((s.value for s in reversed(chosen) if s.value.role == "since"), None)
    until = next((s.value for s in reversed(chosen) if s.value.role == "until"), None)
    if since and until:
        return DateRange(since.start, until.end, coarser(since.precision, until.precision), evidence)
    last = since or until or chosen[-1].value
    return DateRange(last.start, last.end, last.precision, evidence)


def _inherited(found: Found, at: int) -> tuple[str, ...]:
    """The kinds of data named last before `at`: in the sentence, the line, the text, the title."""
    sentence, line = found.where.sentence(at), found.where.line(at)
    for first, last in ((sentence[0], at), (at, sentence[1]), (line[0], at), (0, at), (0, len(found.text))):
        spans = [s for s in found.words if s.value.group == "modality" and first <= s.start < last]
        if spans:
            clause = found.where.clause(spans[-1].start)
            return _named(found.words, clause)
    return tuple(dict.fromkeys(s.value.value for s in found.title_words if s.value.group == "modality"))


def _named(words: list[Span[Word]], part: tuple[int, int]) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            s.value.value for s in words if s.value.group == "modality" and part[0] <= s.start < part[1]
        )
    )


def _values(found: Found, group: str, part: tuple[int, int]) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            s.value.value for s in found.words if s.value.group == group and part[0] <= s.start < part[1]
        )
    )


def _targets(found: Found, figure: Figure, own: tuple[int, int], scope: tuple[int, int]) -> tuple[str, ...]:
    targets = _values(found, "targets", own)
    if targets or figure.is_part or figure.modalities:
        return targets
    return _values(found, "targets", scope) if figure.rule != "listed" else ()


def _purposes(found: Found, modality: str) -> tuple[str, ...]:
    values = []
    for span in found.words:
        if span.value.group != "purposes":
            continue
        if span.value.value == "id_card" and modality != "fingerprint":
            continue
        if _RESULT.search(found.text, *found.where.clause(span.start)):
            continue
        values.append(span.value.value)
    if _NOT_PEACE.search(found.text):
        values.append("stability")
    return tuple(dict.fromkeys(values))


def _rate_owners(found: Found, figures: list[Figure]) -> dict[int, float]:
    spans = _rate_spans(found, figures)
    values = {rate.start: rate.value.value for rate in found.rates}
    return {index: values[start] for index, start in spans.items()}


def _rate_spans(found: Found, figures: list[Figure]) -> dict[int, int]:
    """Which figure each rate belongs to: the last one before it in its sentence."""
    owners: dict[int, int] = {}
    for rate in found.rates:
        first, _ = found.where.sentence(rate.start)
        before = [i for i, figure in enumerate(figures) if first <= figure.span.start < rate.start]
        if before and _is_about_collection(found, rate):
            owners.setdefault(before[-1], rate.start)
    return owners


def _is_about_collection(found: Found, rate: Span[Rate]) -> bool:
    first, _ = found.where.clause(rate.start)
    near = [s.value.value for s in found.words if s.value.group == "rate" and first <= s.start < rate.start]
    return bool(near) and "not" not in near


def _once(made: list[Observation]) -> list[Observation]:
    """The same figure in lead and body is one observation."""
    kept: dict[tuple[object, ...], Observation] = {}
    for each in made:
        count = each.count
        place = each.place.code if each.place else None
        key = (each.modality, count.min if count else None, count.max if count else None, each.kind, place)
        kept.setdefault(key, each)
    return list(kept.values())


def _confidence(figure: Figure, place: PlaceRef | None) -> float:
    confidence = {"collected": 0.95, "for people": 0.9, "part": 0.85, "listed": 0.85, "total": 0.8}[
        figure.rule
    ]
    if not figure.modalities:
        confidence -= 0.05
    return confidence if place and place.code else confidence - 0.1


def of_table(found: Found, cells: list[Cell]) -> list[Observation]:
    """The target and achieved figures of a flattened table."""
    made = []
    for cell in cells:
        count = CountRange(int(cell.value), int(cell.value), Qualifier.EXACT)
        kind = Kind.TARGET if cell.column == "target" else Kind.CUMULATIVE
        given = attribute(found.places, found.article, cell.start, cell.end)
        dates = found.title_dates or found.dates
        for modality in _inherited(found, cell.start):
            made.append(
                Observation(
                    modality=Modality(modality),
                    quote=found.article.text[cell.start : cell.end],
                    start=cell.start,
                    end=cell.end,
                    kind=kind,
                    count=count,
                    rate=cell.rate,
                    dates=_range(dates[-1:], "document"),
                    place=given.place,
                    organ=given.organ.text if given.organ else None,
                    purposes=_purposes(found, modality),
                    confidence=0.9,
                    rules=("table", f"place: {given.rule}"),
                )
            )
    return made
