"""What changes of a campaign's claims when they are brought up to date, told by the observations that make them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain, groupby

from sqlalchemy import Connection

from db.claims.changes import Change, Members, apart
from db.claims.due import MOST_FOLLOWED
from db.claims.kept import Keeping, Member, members_of
from db.claims.stated import Stated, counting, counting_by_id, from_lines

Claims = Mapping[str, Sequence[str]]
"""The observations of each claim of two or more, the one that stands for it first."""

Known = Mapping[str, Stated]
"""Observations by their ids."""


def noted(connection: Connection, seen: Keeping) -> tuple[Known, Known] | None:
    """What counted in the documents that are due when claims were kept, and what counts in them now.

    None when too much is due, or when nobody noted what was known of it.
    """
    told = [before for before in seen.before.values() if before is not None]
    if len(told) < len(seen.before) or len(told) > MOST_FOLLOWED:
        return None
    before = {each.id: each for lines in told for each in from_lines(json.loads(lines))}
    return before, {each.id: each for each in counting(connection, sorted(seen.due))}


def change_of(
    connection: Connection, changed: tuple[Known, Known], dropped: Collection[str], members: Iterable[Member]
) -> Change:
    """How the claims change when `members` come for the `dropped` ones, and what is due is as it was `noted`."""
    before, after = changed
    former = members_of(connection, sorted(dropped))
    now = {
        claim: [each.observation_id for each in together]
        for claim, together in groupby(members, key=lambda each: each.claim)
    }
    due = before.keys() | after.keys()
    same = {claim for claim in former.keys() & now.keys() if due.isdisjoint(now[claim])}
    gone, come = ({claim: told[claim] for claim in told.keys() - same} for told in (former, now))
    moved = set(chain(*gone.values(), *come.values())) - due
    others = {each.id: each for each in counting_by_id(connection, sorted(moved))}
    return apart(
        _claims(gone, {**others, **before}, (before.keys() | moved) - set(chain(*former.values()))),
        _claims(come, {**others, **after}, (after.keys() | moved) - set(chain(*now.values()))),
    )


def _claims(shared: Claims, known: Known, alone: Iterable[str]) -> list[Members]:
    """Claims of several observations, and of those that stand `alone`."""
    return [
        *(tuple(known[each] for each in members) for members in shared.values()),
        *((known[each],) for each in sorted(alone)),
    ]
