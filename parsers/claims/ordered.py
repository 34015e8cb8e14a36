"""What 分别, 前者 and 后者 pair with figures: kinds of data and bodies, in their order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from parsers.claims.figure import RESPECTIVELY, Figure, by_clause
from parsers.claims.scene import Scene
from parsers.observation import PlaceRef
from parsers.places import OrganSpan

_ORDERED = re.compile(f"(?<![日天周月年所]){RESPECTIVELY}")
"""Of kinds of data, in their order; not of days or bodies (两日分别采集133人、151人)."""
_JOINS = ("、", "和", "及", "与")
_TWO = 2


def kinds_in_order(scene: Scene, figures: Sequence[Figure]) -> dict[int, tuple[str, ...]]:
    """The kind of data of each figure of a clause with 分别, by its place in the list before."""
    found: dict[int, tuple[str, ...]] = {}
    found.update(_former_and_latter(scene, figures))
    for clause, every in by_clause(scene, figures).items():
        members = [i for i in every if not figures[i].modalities or _is_of_several(scene, figures[i])]
        if len(members) < _TWO or not _ORDERED.search(scene.text, *clause):
            continue
        named = scene.modalities(scene.where.sentence(clause[0])[0], figures[members[0]].at)
        if len(named) == len(members):
            found.update((index, (named[order],)) for order, index in enumerate(members))
    return found


def _is_of_several(scene: Scene, figure: Figure) -> bool:
    """采集声纹、虹膜分别为48条: whether a figure stands behind 分别, and that behind several kinds of data."""
    at = scene.text.find(RESPECTIVELY, *figure.lead)
    return at >= 0 and len(figure.modalities) >= _TWO and not scene.modalities(at, figure.lead[1])


def bodies_in_order(scene: Scene, figures: Sequence[Figure]) -> dict[int, OrganSpan]:
    """The body of each figure (its index) of a clause that lists as many bodies (甲所、乙所分别采集130份、95份)."""
    found: dict[int, OrganSpan] = {}
    for members, first, at in _listed_with(scene, figures):
        if first == at:  # 甲所、乙所兵分两路，分别采集…
            first, _ = scene.where.sentence(first)
        organs = [organ for organ in scene.places.organs if first <= organ.start < at]
        if len(members) == len(organs):
            found.update(zip(members, organs, strict=True))
    return found


def places_in_order(scene: Scene, figures: Sequence[Figure]) -> dict[int, PlaceRef]:
    """The place of each figure (its index) of a clause with as many places (甲乡、乙乡分别完成采血420份、388份)."""
    found: dict[int, PlaceRef] = {}
    for members, first, at in _listed_with(scene, figures):
        places = [mention.value for mention in scene.places.mentions if first <= mention.start < at]
        if len(members) == len(places):
            found.update(zip(members, places, strict=True))
    return found


def _listed_with(scene: Scene, figures: Sequence[Figure]) -> Iterator[tuple[list[int], int, int]]:
    """Two or more figures (their indexes) of a clause behind 分别, where the clause begins, where 分别 stands."""
    for members in by_clause(scene, figures).values():
        first, _ = scene.where.clause(figures[members[0]].at)
        at = scene.text.find(RESPECTIVELY, first, figures[members[0]].at)
        if at >= 0 and len(members) >= _TWO:
            yield members, first, at


def each_place(scene: Scene, figure: Figure) -> list[PlaceRef]:
    """The places of a list that a figure is told of each one of (甲镇、乙镇各3000份)."""
    at = figure.number.start - 1
    if scene.text[at : at + 1] != "各":
        return []
    ending = {mention.end: mention for mention in scene.places.mentions if mention.value.code}
    found: list[PlaceRef] = []
    while (mention := ending.get(at)) is not None:
        found.append(mention.value)
        at = mention.start - 1
        if scene.text[at : at + 1] not in _JOINS or at < 0:
            break
    return found[::-1] if len(found) >= _TWO else []


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
