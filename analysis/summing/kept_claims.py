"""Claims of the state in which they are kept, with no more of each than sums are made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection

from db.claims.kept import kept_members, members_of, memberships
from db.claims.stated import REJECTED, Stated, last_verdicts, stated
from db.lists.filters import Filters, latest_verdict
from db.models import ObservationRow
from db.upsert import chunks
from workspace.garbage import uncollected


class KeptClaim(NamedTuple):
    """A claim as sums need it: the observation that stands for it, the documents that make it, its members' flags."""

    best: Stated
    documents: tuple[str, ...]
    flags: tuple[str, ...]


def claim_of(members: Sequence[Stated]) -> KeptClaim:
    """The claim that these observations make, of which the first stands for it."""
    documents = tuple(each.document_id for each in members)
    return KeptClaim(members[0], documents, tuple(flag for each in members for flag in each.flags))


def every_claim(
    connection: Connection, campaigns: Collection[str], filters: Filters, asked: Collection[str]
) -> list[KeptClaim]:
    """The claims that `filters` select of these campaigns."""
    with uncollected():
        return list(_read(connection, campaigns, filters, asked))


def _read(
    connection: Connection, campaigns: Collection[str], filters: Filters, asked: Collection[str]
) -> Iterator[KeptClaim]:
    members = kept_members(connection, campaigns)
    rejected = {each for each, verdict in last_verdicts(connection).items() if verdict == REJECTED}
    together: dict[str, list[tuple[int, Stated]]] = defaultdict(list)
    for each in stated(connection, filters, asked):
        if each.id in rejected:
            continue
        if member := members.get(each.id):
            together[member.claim].append((member.rank, each))
        else:
            yield claim_of([each])
    for found in together.values():
        yield claim_of([each for _, each in sorted(found, key=itemgetter(0))])


def some_claims(
    connection: Connection, filters: Filters, asked: Collection[str], *only: ColumnElement[bool]
) -> Iterator[KeptClaim]:
    """Of the claims that `filters` select those with a member that meets these conditions; for a few claims."""
    judged = latest_verdict().is_distinct_from(REJECTED)
    found = {each.id: each for each in stated(connection, filters, asked, *only, judged)}
    shared = {each.claim for each in memberships(connection, found).values()}
    claims = members_of(connection, sorted(shared))
    fellows = sorted({each for members in claims.values() for each in members} - found.keys())
    for some in chunks(fellows):
        found |= {each.id: each for each in stated(connection, filters, asked, ObservationRow.id.in_(some))}
    for members in claims.values():
        yield claim_of([each for name in members if (each := found.pop(name, None))])
    for alone in found.values():
        yield claim_of([alone])
