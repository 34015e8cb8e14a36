"""To which figure a share belongs, and which shares stand alone."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.claims.figures import Figure
from parsers.claims.scene import Scene
from parsers.observation import Kind
from parsers.places import is_acting
from parsers.span import Span


def owners(scene: Scene, figures: Sequence[Figure], kinds: Sequence[Kind]) -> dict[int, Span[float]]:
    """The share of each achieved figure (its index): the last one of its sentence or of the next."""
    found: dict[int, Span[float]] = {}
    for rate in scene.rates:
        if not is_of_collection(scene, rate):
            continue
        index = _owner(scene, rate, figures, kinds)
        if index is not None and index not in found:
            found[index] = rate
    return found


def _owner(scene: Scene, rate: Span[float], figures: Sequence[Figure], kinds: Sequence[Kind]) -> int | None:
    sentence, line = scene.where.sentence(rate.start), scene.where.line(rate.start)
    achieved = [i for i, kind in enumerate(kinds) if kind in (Kind.CUMULATIVE, Kind.INCREMENT)]
    before = [i for i in achieved if sentence[0] <= figures[i].at < rate.start]
    if before:
        last = before[-1]
        return None if _other_body_between(scene, figures[last].end, rate.start) else last
    after = [i for i in achieved if rate.start < figures[i].at < sentence[1]]
    if after:
        return after[0]
    above = [i for i in achieved if line[0] <= figures[i].at < sentence[0]]
    if above and scene.where.sentence(figures[above[-1]].at)[1] == sentence[0]:
        return None if _other_body_between(scene, sentence[0], rate.start) else above[-1]
    return None


def _other_body_between(scene: Scene, first: int, last: int) -> bool:
    return any(first <= organ.start < last and is_acting(scene.text, organ) for organ in scene.places.organs)


def is_of_collection(scene: Scene, rate: Span[float]) -> bool:
    """Whether the words before the share in its clause say that it is of collection (采集率, not 满意率)."""
    clause = scene.where.clause(rate.start)
    near = scene.words.within("rate", clause[0], rate.start)
    if any(token.value == "of_others" for token in near):
        return False
    return bool(near)
