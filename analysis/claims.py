"""Observations that say the same thing, taken as one claim: a figure that ten pages repeat is one figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from difflib import SequenceMatcher

from db.ids import row_id
from db.items import ObservationItem

REJECTED = "rejected"
LARGE = 100
"""Two reports of one place and time with a figure this large mean the same; smaller figures recur by chance."""

ALIKE = 0.5
"""Share of characters that two quotes of a small figure must have in common, in order."""

NEAR = timedelta(days=3)
"""How far apart the dates of one event may be put: 昨日 is counted from the day of each publication."""

_NEVER = datetime.max.replace(tzinfo=UTC)


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
    found = [_claim(group) for block in blocks.values() for group in _groups(block)]
    return sorted(found, key=lambda claim: (_published(claim.members[0]), claim.id))


def _groups(block: Sequence[ObservationItem]) -> list[list[ObservationItem]]:
    """Groups of the same claim: each observation joins the first group whose every member it agrees with.

    Agreement is asked of all members, for it is not transitive: a province agrees with each of its counties.
    """
    groups: list[list[ObservationItem]] = []
    for each in sorted(block, key=lambda item: (-len(item.place_code or ""), _published(item), item.id)):
        home = next((group for group in groups if all(_same(each, other) for other in group)), None)
        if home is None:
            groups.append([each])
        else:
            home.append(each)
    return groups


def _same(one: ObservationItem, other: ObservationItem) -> bool:
    if one.document_id == other.document_id or not _places_agree(one, other) or not _dates_agree(one, other):
        return False
    placed = one.place_code and other.place_code and _dated(one) and _dated(other)
    if placed and (one.count_max or 0) >= LARGE:
        return True
    return SequenceMatcher(None, one.quote, other.quote, autojunk=False).ratio() >= ALIKE


def _places_agree(one: ObservationItem, other: ObservationItem) -> bool:
    first, second = one.place_code or "", other.place_code or ""
    return first.startswith(second) or second.startswith(first)


def _dates_agree(one: ObservationItem, other: ObservationItem) -> bool:
    if not (_dated(one) and _dated(other)):
        return True
    return _start(one) <= _end(other) + NEAR and _start(other) <= _end(one) + NEAR


def _claim(members: Sequence[ObservationItem]) -> Claim:
    ordered = tuple(sorted(members, key=lambda item: (_published(item), item.id)))
    best = min(ordered, key=_rank)
    return Claim(row_id("claim", *sorted(item.id for item in ordered)), best, ordered)


def _rank(item: ObservationItem) -> tuple[object, ...]:
    days = (_end(item) - _start(item)).days if _dated(item) else 10**6
    return item.review is None, -len(item.place_code or ""), days, -item.confidence, _published(item), item.id


def _published(item: ObservationItem) -> datetime:
    return item.published_at or _NEVER


def _dated(item: ObservationItem) -> bool:
    return item.date_start is not None or item.date_end is not None


def _start(item: ObservationItem) -> date:
    return item.date_start or item.date_end or date.min


def _end(item: ObservationItem) -> date:
    return item.date_end or item.date_start or date.max
