"""What has changed of a campaign's claims from one state to the next, so that sums can be carried on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from db.claims.stated import Stated, from_lines, lines_of
from db.models import ChangeRow
from db.upsert import table_of

MOST = 32
"""How many changes are kept of one campaign."""

Members = tuple[Stated, ...]
"""The observations that make a claim, the one that stands for it first."""


@dataclass(frozen=True, slots=True)
class Change:
    """Claims that are gone, and claims that have come; one of which anything has changed is among both."""

    gone: Sequence[Members]
    come: Sequence[Members]


def keep_change(connection: Connection, campaign: str, former: str, state: str, change: Change) -> None:
    """Keeps what led from the `former` state to `state`, and no more than so many changes before it."""
    table = table_of(ChangeRow)
    told = {"gone": _told(change.gone), "come": _told(change.come)}
    connection.execute(table.insert().values(state=state, campaign=campaign, former=former, **told))
    known = _known(connection, campaign)
    kept: list[str] = []
    while state in known and len(kept) < MOST:
        kept.append(state)
        state = known[state]
    old = known.keys() - kept
    connection.execute(delete(table).where(table.c.state.in_(old)))


def changes_since(connection: Connection, campaign: str, former: str, state: str) -> Change | None:
    """What has changed from the `former` state to `state`, as one; None when that is not known."""
    known = _known(connection, campaign)
    between: list[str] = []
    while state != former:
        if state not in known:
            return None
        between.append(state)
        state = known[state]
    query = select(ChangeRow.state, ChangeRow.gone, ChangeRow.come).where(ChangeRow.state.in_(between))
    told = {row.state: (row.gone, row.come) for row in connection.execute(query)}
    gone: list[Members] = []
    come: list[Members] = []
    for each in reversed(between):
        left, arrived = (_claims(part) for part in told[each])
        # What came before and is gone now was never seen by who asks for the whole way.
        gone += without(left, come)
        come = [*without(come, left), *arrived]
    return apart(gone, come)


def apart(gone: Sequence[Members], come: Sequence[Members]) -> Change:
    """What has changed when these claims were there before and those are now: what is among both has not."""
    return Change(without(gone, come), without(come, gone))


def without(claims: Iterable[Members], others: Iterable[Members]) -> list[Members]:
    """The claims that are not among `others` just as they are."""
    these = set(map(_key, others))
    return [each for each in claims if _key(each) not in these]


def _key(members: Members) -> str:
    return repr(members)


def _known(connection: Connection, campaign: str) -> dict[str, str]:
    query = select(ChangeRow.state, ChangeRow.former).where(ChangeRow.campaign == campaign)
    return {row.state: row.former for row in connection.execute(query)}


def _told(claims: Sequence[Members]) -> str:
    return json.dumps([lines_of(members) for members in claims])


def _claims(told: str) -> list[Members]:
    return [tuple(from_lines(lines)) for lines in json.loads(told)]
