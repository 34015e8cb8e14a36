"""What a claim takes from around it: the kinds of data named nearest, the place and the body."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace

from parsers.claims.scene import Scene, kinds_of_data
from parsers.observation import PlaceRef
from parsers.places import Attribution, OrganSpan, Places, attribute
from parsers.span import Span

_TRIMMED = " 　、，。；：:,;！!\n()（）和及并与"
_NEAREST, _MANY, _NEAR = 60, 200, 2000


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch without the marks and conjunctions at its ends."""
    while start < end and text[start] in _TRIMMED:
        start += 1
    while end > start and text[end - 1] in _TRIMMED:
        end -= 1
    return start, end


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
    places = _without_parts(scene, start)
    if len(places.organs) + len(places.mentions) > _MANY:
        organs, mentions = list(places.organs), list(places.mentions)
        at = bisect_left(organs, start, key=_start_of), bisect_left(mentions, start, key=_start_of)
        places = replace(
            places,
            organs=tuple(organs[max(0, at[0] - _NEAREST) : at[0] + _NEAREST]),
            mentions=tuple(mentions[max(0, at[1] - _NEAREST) : at[1] + _NEAREST]),
            references=tuple(r for r in places.references if abs(r.start - start) < _NEAR)[:_MANY],
        )
    return attribute(places, scene.text, start, end)


def _without_parts(scene: Scene, at: int) -> Places:
    """某局采集3340枚，其中甲所410枚；在押人员中采集26份: whoever did a part of what stands before a semicolon has no
    part in what comes behind it.
    """
    places, first = scene.places, scene.where.sentence(at)[0]
    if not scene.text.endswith("；", 0, first):
        return places
    before = scene.where.sentence(first - 1)[0]
    opened = scene.text.find("其中", before, first)
    if opened < 0 or not any(before <= organ.start < opened for organ in places.organs):
        return places
    return replace(
        places,
        organs=tuple(organ for organ in places.organs if not opened < organ.start < first),
        mentions=tuple(each for each in places.mentions if not opened < each.start < first),
    )


def _start_of(span: OrganSpan | Span[PlaceRef]) -> int:
    return span.start


def takes_data(scene: Scene, sentence: tuple[int, int]) -> bool:
    """Whether a stretch says that data are taken, by a verb or a noun of collecting."""
    takes = any(token.value in ("take", "enter") for token in scene.words.within("verb", *sentence))
    return takes or any(token.value == "collecting" for token in scene.words.within("thing", *sentence))
