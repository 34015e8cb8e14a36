"""Observations that say the same thing, taken as one claim: a figure that ten pages repeat is one figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from analysis.claims.clusters import Sayable, clusters, dated, end, published, start
from db.claims.kept import block_of
from db.ids import row_id
from db.lists.items import ObservationItem

REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Claim:
    """What several observations say: the one that stands for all, and all, the earliest published first."""

    id: str
    best: ObservationItem
    members: tuple[ObservationItem, ...]

    @property
    def documents(self) -> frozenset[str]:
        """The documents that make it."""
        return frozenset(member.document_id for member in self.members)

    @property
    def flags(self) -> frozenset[str]:
        """What the reader flags in any of them."""
        return frozenset(flag for member in self.members for flag in member.flags)


class Claimable(Sayable, Protocol):
    """An observation with all that decides what it is one claim with, and whether it stands for the others."""

    @property
    def modality(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def count_min(self) -> int | None: ...  # noqa: D102
    @property
    def confidence(self) -> float: ...  # noqa: D102
    @property
    def review(self) -> str | None: ...  # noqa: D102


C = TypeVar("C", bound=Claimable)


def claims(observations: Iterable[ObservationItem]) -> list[Claim]:
    """The claims that observations make; those that reviewers rejected make none.

    Two observations are one claim when they stand in different documents, agree in modality, kind and figure, do not
    contradict each other in place (the same, or one within the other), date (overlapping or, where one is counted from
    publication, a few days apart) or share, and either have a large figure with a place and a date, or quotes that are
    alike. The one that stands for a claim is a reviewed one, else the most exact in place and date.
    """
    found = [_claim(members) for members in grouped(observations)]
    return sorted(found, key=lambda claim: (published(claim.members[0]), claim.id))


def grouped(observations: Iterable[C]) -> Iterator[list[C]]:
    """The members of each claim, in no order. What two campaigns have read on one page says the same."""
    blocks: dict[tuple[object, ...], list[C]] = defaultdict(list)
    for each in observations:
        if each.review != REJECTED:
            blocks[block_of(each)].append(each)
    for block in blocks.values():
        yield from clusters(block)


def ranked(members: Iterable[C]) -> list[C]:
    """The members of a claim, the one that stands for it first.

    The order of two does not depend on others, so that the first of some of them stands for those.
    """
    return sorted(members, key=_rank)


def claim_id(members: Iterable[Sayable]) -> str:
    """The id of the claim that these observations make."""
    return row_id("claim", *sorted(item.id for item in members))


def _claim(members: Sequence[ObservationItem]) -> Claim:
    ordered = tuple(sorted(members, key=lambda item: (published(item), item.id)))
    return Claim(claim_id(ordered), ranked(ordered)[0], ordered)


def _rank(item: Claimable) -> tuple[object, ...]:
    days = (end(item) - start(item)).days if dated(item) else 10**6
    place = len(item.place_code or "")
    unshared = item.rate is None
    return item.review is None, -place, days, unshared, -item.confidence, published(item), item.id
