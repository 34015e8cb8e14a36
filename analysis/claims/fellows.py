"""Which other observations make the same claim as one: its reposts, and summaries that tell its figure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, Engine

from analysis.claims.claim import grouped
from db.claims.kept import Said, said, said_by
from db.claims.related import related
from db.models import ObservationRow
from db.session import one_state
from db.upsert import chunks


def fellows(engine: Engine, observations: Iterable[str]) -> Sequence[str]:
    """The ids of other observations that make a claim together with any of these current ones, in order: in its own
    campaign, or in the total of all campaigns.

    One of these that was rejected is taken as though it had not been: what it would make a claim with.
    """
    asked = set(observations)
    found: set[str] = set()
    with one_state(engine) as connection:
        for some in chunks(sorted(asked)):
            for item in list(said_by(connection, None, ObservationRow.id.in_(some))):
                for campaign in (item.campaign, None):
                    found |= _together(connection, campaign, item)
    return sorted(found - asked)


def _together(connection: Connection, campaign: str | None, item: Said) -> set[str]:
    """The members of the claim of `item`, itself among them."""
    among = related(connection, campaign, [item])
    if among is None:
        among = list(said(connection, campaign, {item.block}))
    others = [each for each in among if each.id != item.id and each.block == item.block]
    for claim in grouped([*others, item._replace(review=None)]):
        if any(each.id == item.id for each in claim):
            return {each.id for each in claim}
    return set()
