"""Claims that are found once and kept: only what has changed since is looked at again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import groupby

from sqlalchemy import Connection, Engine

from analysis.claims.changing import Known, change_of, noted
from analysis.claims.claim import claim_id, grouped, ranked
from db.claims.kept import (
    Keeping,
    Member,
    Said,
    begin_keeping,
    claims_with,
    keeping,
    renew,
    said,
    touched_blocks,
)
from db.claims.related import related
from db.code_version import digest_of
from db.session import one_state
from workspace.garbage import uncollected


@cache
def method() -> str:
    """A digest of the code that finds claims: those that other code found are found anew."""
    return digest_of("analysis.claims", "db.claims")


@cache
def code() -> str:
    """A digest of all code that sums rest on, and of the names of places: what other code answered is not kept."""
    return digest_of("parsers", "db", "analysis")


def state_of(connection: Connection, campaign: str) -> str | None:
    """The state of the campaign's claims, when they are kept and know everything that was written before.

    It is another one after whatever changes an observation of the campaign, or what is known of its document.
    """
    seen = keeping(connection, campaign)
    return seen.state if seen and seen.method == method() and seen.whole and not seen.due else None


def keep_claims(engine: Engine, campaign: str) -> None:
    """Brings the campaign's kept claims up to date with what was written before.

    They are found without keeping writers waiting, and written in a transaction of a moment. What others change
    meanwhile is due again; claims that others have renewed meanwhile stay as these left them.
    """
    begin_keeping(engine, campaign, method())
    with uncollected(), one_state(engine) as connection:
        seen = keeping(connection, campaign)
        if seen is None or seen.method != method() or (seen.whole and not seen.due):
            return
        dropped = change = None
        if seen.whole:
            changed = noted(connection, seen)
            looked_at = _looked_at(connection, campaign, seen, changed)
            members = list(_members(looked_at))
            dropped = claims_with(connection, [each.id for each in looked_at], seen.due)
            change = change_of(connection, changed, dropped, members) if changed else None
        else:
            members = list(_members(said(connection, campaign)))
    renew(engine, campaign, seen, dropped, members, change)


def _looked_at(
    connection: Connection, campaign: str, seen: Keeping, changed: tuple[Known, Known] | None
) -> Sequence[Said]:
    """The observations in whose claims anything can be different now, those of one block together."""
    if changed:
        before, after = changed
        found = related(connection, campaign, [*before.values(), *after.values()])
        if found is not None:
            return sorted(found, key=lambda each: repr(each.block))
    return list(said(connection, campaign, touched_blocks(connection, seen.due)))


def _members(observations: Iterable[Said]) -> Iterator[Member]:
    """The members of the claims that these observations make; those of one block stand together."""
    for _, block in groupby(observations, key=lambda each: each.block):
        for found in grouped(block):
            if len(found) > 1:
                claim = claim_id(found)
                yield from (Member(each.id, claim, rank) for rank, each in enumerate(ranked(found)))
