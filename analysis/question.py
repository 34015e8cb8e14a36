"""Claims and their sums for a question, from kept claims where a filter leaves claims whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from analysis.claims import REJECTED, claims
from analysis.keeping import is_kept, keep_claims
from analysis.listing import Listing
from analysis.totals import Countable, Counted, checked, totals
from db.campaigns import campaigns_named
from db.filters import Filters, leaves_claims_whole
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
    """The sums of what `filters` select (`analysis.totals`). Raises AnalysisError for a dimension that is none."""
    checked(dimensions)
    asked = {field for name in dimensions for field in ASKED.get(name, ())}
    return totals(claims_for(engine, filters, asked), dimensions)


def claims_for(engine: Engine, filters: Filters, asked: Collection[str] = ()) -> Sequence[Countable[Counted]]:
    """The claims that the observations make which `filters` select, with what is `asked` of `Stated`.

    They are those of `analysis.claims.claims`, to the last one: a filter that can part observations that say the same
    (by date, source, review, words) has its claims found among what it selects.
    """
    if leaves_claims_whole(filters):
        for _ in range(TRIES):
            with one_state(engine) as connection:
                names = campaigns_named(connection, filters.campaign)
                lacking = [name for name in names if not is_kept(connection, name)]
                if not lacking:
                    return list(_kept(connection, names, filters, asked))
            for name in lacking:
                keep_claims(engine, name)
    return claims(observations(engine, filters))


def _kept(
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
