"""Observations that say the same thing, taken as one claim: a figure that ten pages repeat is one figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.clusters import clusters, dated, end, published, start
from db.ids import row_id
from db.items import ObservationItem

REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Claim:
    """What several observations say: the one that stands for all, and all, the earliest published first."""

    id: str
    best: ObservationItem
    members: tuple[ObservationItem, ...]


def claims(observations: Iterable[ObservationItem]) -> list[Claim]:
    """The claims that observations make; those that reviewers rejected make none.

    Two observations are one claim when they stand in different documents, agree in campaign, modality, kind and
    figure, do not contradict each other in place (the same, or one within the other) or date (overlapping, or a few
    days apart), and either have a large figure with a place and a date, or quotes that are alike. The one that
    stands for a claim is a reviewed one, else the most exact in place and date.
    """
    blocks: dict[tuple[object, ...], list[ObservationItem]] = defaultdict(list)
    for each in observations:
        if each.review != REJECTED:
            figure = (each.count_min, each.count_max, each.rate)
            blocks[each.campaign, each.modality, each.kind, *figure].append(each)
    found = [_claim(group) for block in blocks.values() for group in clusters(block)]
    return sorted(found, key=lambda claim: (published(claim.members[0]), claim.id))


def _claim(members: Sequence[ObservationItem]) -> Claim:
    ordered = tuple(sorted(members, key=lambda item: (published(item), item.id)))
    best = min(ordered, key=_rank)
    return Claim(row_id("claim", *sorted(item.id for item in ordered)), best, ordered)


def _rank(item: ObservationItem) -> tuple[object, ...]:
    days = (end(item) - start(item)).days if dated(item) else 10**6
    return item.review is None, -len(item.place_code or ""), days, -item.confidence, published(item), item.id
