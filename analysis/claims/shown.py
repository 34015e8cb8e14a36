"""Claims with all that makes them, as a list: what sums count once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.claims.claim import claims, ranked
from analysis.listing import Listing, columns_of, listing
from db.lists.items import ObservationItem


@dataclass(frozen=True, slots=True)
class Membership:
    """The claim that an observation makes with others, and whether it stands for them."""

    claim: str
    stands: bool


def claims_shown(observations: Iterable[ObservationItem], *, unmask: bool = False) -> Listing:
    """The observations that make claims, those of one claim together and the one that stands for it first.

    Claims that most documents make come first. Rejected observations make none and are left out.
    """
    found = sorted(claims(observations), key=lambda claim: -len(claim.members))
    marked = [
        (Membership(claim.id, each is claim.best), each) for claim in found for each in ranked(claim.members)
    ]
    told = listing("claims", ObservationItem, (each for _, each in marked), unmask=unmask)
    rows = ((mark.claim, mark.stands, *row) for (mark, _), row in zip(marked, told.rows, strict=True))
    return Listing(told.name, (*columns_of(Membership), *told.columns), list(rows))
