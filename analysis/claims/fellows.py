"""Which other observations make the same claim as one: its reposts, and summaries that tell its figure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Connection, Engine, select

from analysis.claims.claim import grouped
from db.claims.kept import Said, said, said_by
from db.claims.related import related
from db.models import ObservationRow
from db.session import one_state
from db.upsert import chunks


def fellows(engine: Engine, observations: Iterable[str]) -> Sequence[str]:
    """The ids of other observations that make a claim together with any of these current ones, in order.

    One of these that was rejected is taken as though it had not been: what it would make a claim with.
    """
    asked = set(observations)
    with one_state(engine) as connection:
        found = {each for item in _those(connection, asked) for each in _together(connection, item)}
    return sorted(found - asked)


def _those(connection: Connection, ids: set[str]) -> Iterator[Said]:
    row = ObservationRow
    for some in chunks(sorted(ids)):
        these = row.id.in_(some)
        for campaign in connection.scalars(select(row.campaign).where(these).distinct()).all():
            yield from said_by(connection, campaign, these)


def _together(connection: Connection, item: Said) -> list[str]:
    """The members of the claim of `item`, itself among them."""
    among = related(connection, item.campaign, [item])
    if among is None:
        among = list(said(connection, item.campaign, {item.block}))
    others = [each for each in among if each.id != item.id and each.block == item.block]
    for claim in grouped([*others, item._replace(review=None)]):
        if any(each.id == item.id for each in claim):
            return [each.id for each in claim]
    return []
