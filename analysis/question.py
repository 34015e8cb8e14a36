"""Claims and their sums for a question, from kept claims where a filter leaves claims whole."""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from analysis.claims import REJECTED, claims
from analysis.keeping import code, keep_claims, state_of
from analysis.listing import Listing
from analysis.totals import Countable, Counted, checked, totals
from db.answers import keep_answer, kept_answer
from db.campaigns import campaigns_named
from db.filters import Filters, leaves_claims_whole
from db.ids import row_id
from db.kept import kept_members
from db.queries import observations
from db.session import one_state
from db.stated import Stated, last_verdicts, stated

TRIES = 3
"""How often claims are brought up to date for a question before it is answered without kept ones."""

ASKED: Mapping[str, tuple[str, ...]] = {
    "campaign": ("campaign",),
    "place": ("place",),
    "source": ("account", "publisher"),
    "publisher": ("publisher",),
    "organ": ("organ",),
    "venue": ("venue",),
    "target": ("targets",),
    "purpose": ("purposes",),
}
"""Fields of `Stated` that a dimension needs, beyond those that are always told."""


class KeptClaim(NamedTuple):
    """A claim as sums need it: the observation that stands for it, and the documents that make it."""

    best: Stated
    documents: tuple[str, ...]


def sums_by(engine: Engine, filters: Filters, dimensions: Sequence[str]) -> Listing:
    """The sums of what `filters` select (`analysis.totals`). Raises AnalysisError for a dimension that is none.

    An answer is kept, and given again for as long as nothing changes that it rests on.
    """
    checked(dimensions)
    if not leaves_claims_whole(filters):
        return totals(claims(observations(engine, filters)), dimensions)
    asked = {field for name in dimensions for field in ASKED.get(name, ())}
    question = row_id("sums", repr(filters), *dimensions)
    with _known(engine, filters) as (connection, states):
        if connection is None:
            return totals(claims(observations(engine, filters)), dimensions)
        state = row_id("state", code(), *(part for each in sorted(states.items()) for part in each))
        kept = kept_answer(connection, question, state)
        if kept is not None:
            return replace(totals([], dimensions), rows=map(tuple, kept))
        found = totals(_kept(connection, states, filters, asked), dimensions)
    rows = list(found.rows)
    with suppress(DBAPIError):
        keep_answer(engine, question, filters.campaign or "", state, rows)
    return replace(found, rows=rows)


def claims_for(engine: Engine, filters: Filters, asked: Collection[str] = ()) -> Sequence[Countable[Counted]]:
    """The claims that the observations make which `filters` select, with what is `asked` of `Stated`.

    They are those of `analysis.claims.claims`, to the last one: a filter that can part observations that say the same
    (by date, source, review, words) has its claims found among what it selects.
    """
    if leaves_claims_whole(filters):
        with _known(engine, filters) as (connection, states):
            if connection is not None:
                return _kept(connection, states, filters, asked)
    return claims(observations(engine, filters))


@contextmanager
def _known(engine: Engine, filters: Filters) -> Iterator[tuple[Connection | None, Mapping[str, str]]]:
    """A connection to which the claims are kept of all campaigns that `filters` select, and the state of each.

    No connection when they cannot be: others write so much that claims are always behind, or nothing may be written.
    """
    for _ in range(TRIES):
        with one_state(engine) as connection:
            names = campaigns_named(connection, filters.campaign)
            states = {name: state for name in names if (state := state_of(connection, name))}
            if len(states) == len(names):
                yield connection, states
                return
        try:
            for name in names:
                if name not in states:
                    keep_claims(engine, name)
        except DBAPIError:
            break  # who may only read is answered all the same, if not as fast
    yield None, {}


def _kept(
    connection: Connection, campaigns: Collection[str], filters: Filters, asked: Collection[str]
) -> list[KeptClaim]:
    with _uncollected():
        return list(_read(connection, campaigns, filters, asked))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without Python's search for circles: it goes through a million new values again and again, and finds none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


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
            yield KeptClaim(each, (each.document_id,))
    for found in together.values():
        _, best = min(found)
        yield KeptClaim(best, tuple(each.document_id for _, each in found))
