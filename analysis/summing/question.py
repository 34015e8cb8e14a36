"""Claims and their sums for a question, from kept claims where a filter leaves claims whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from analysis.claims.claim import claims
from analysis.claims.keeping import code, keep_claims, state_of
from analysis.listing import Listing
from analysis.summing.carrying import changed_rows
from analysis.summing.counted import Countable, Counted
from analysis.summing.dimensions import Key, checked, with_modality
from analysis.summing.kept_claims import every_claim
from analysis.summing.kept_sums import lines_of, put_right, rows_of
from analysis.summing.tallies import Tally, is_total, tallies
from analysis.summing.totals import listed
from db.campaigns import campaigns_read
from db.claims.answers import Answer, keep_answer, kept_answer
from db.claims.changes import Change, changes_since
from db.ids import row_id
from db.lists.filters import Filters, leaves_claims_whole
from db.lists.items import ObservationItem
from db.lists.queries import observations
from db.session import one_state
from workspace.garbage import uncollected

TRIES = 3
"""How often claims are brought up to date for a question before it is answered without kept ones."""

ASKED: Mapping[str, tuple[str, ...]] = {
    "campaign": ("campaign",),
    "place": ("place",),
    "source": ("account", "publisher"),
    "publisher": ("publisher",),
    "organ": ("organ",),
    "venue": ("venue",),
    "purpose": ("purposes",),
}
"""Fields of `Stated` that a dimension needs, beyond those that are always told."""


def sums_by(engine: Engine, filters: Filters, dimensions: Sequence[str]) -> Listing:
    """The sums of what `filters` select (`analysis.summing.totals`). Raises AnalysisError for a dimension that is none.

    An answer is kept, given again for as long as nothing changes that it rests on, and carried on when little does.
    Of several campaigns, which keep claims of their own, nothing is carried on.
    """
    checked(dimensions)
    named = with_modality(dimensions)
    if not leaves_claims_whole(filters):
        return listed(named, rows_of(lines_of(_of_all(engine, filters, named))))
    question = row_id("sums", repr(filters), *dimensions)
    with _known(engine, filters) as (connection, states):
        if connection is None:
            return listed(named, rows_of(lines_of(_of_all(engine, filters, named))))
        kept = kept_answer(connection, question, code())
        if kept is not None and kept.states == states:
            return listed(named, rows_of(kept.lines))
        with uncollected():
            lines = (
                _answered(connection, kept, states, filters, named)
                if len(states) < 2
                else lines_of(_of_all(engine, filters, named))
            )
    with suppress(DBAPIError):
        keep_answer(engine, question, filters.campaign or "", code(), Answer(states, lines))
    return listed(named, rows_of(lines))


def _of_all(engine: Engine, filters: Filters, dimensions: Sequence[str]) -> list[tuple[Key, Tally]]:
    """The sums that the observations make which `filters` select.

    What several campaigns say of one thing is one claim of all together, and one in the row of each campaign.
    """
    every = list(observations(engine, filters))
    rows = list(tallies(claims(every), dimensions))
    if "campaign" not in dimensions:
        return rows
    apart: dict[str, list[ObservationItem]] = defaultdict(list)
    for each in every:
        apart[each.campaign].append(each)
    of_each = tallies([claim for items in apart.values() for claim in claims(items)], dimensions)
    groups = [row for row in of_each if not is_total(row[0])]
    return [*groups, *(row for row in rows if is_total(row[0]))]


def _answered(
    connection: Connection,
    kept: Answer | None,
    states: Mapping[str, str],
    filters: Filters,
    dimensions: Sequence[str],
) -> Sequence[str]:
    """The answer in these states: the kept one carried on, or a new one."""
    fields = {field for name in dimensions for field in ASKED.get(name, ())}
    change = _changed(connection, kept.states, states) if kept else None
    if kept is None or change is None:
        return lines_of(tallies(every_claim(connection, states, filters, fields), dimensions))
    return put_right(kept.lines, changed_rows(connection, change, filters, dimensions, fields))


def _changed(connection: Connection, former: Mapping[str, str], states: Mapping[str, str]) -> Change | None:
    """What has changed of all campaigns; None when that is not known."""
    if former.keys() != states.keys():
        return None
    each = [changes_since(connection, name, former[name], state) for name, state in states.items()]
    known = [change for change in each if change is not None]
    if len(known) < len(each):
        return None
    return Change(
        [claim for change in known for claim in change.gone],
        [claim for change in known for claim in change.come],
    )


def claims_for(engine: Engine, filters: Filters, asked: Collection[str] = ()) -> Sequence[Countable[Counted]]:
    """The claims that the observations make which `filters` select, with what is `asked` of `Stated`.

    They are those of `analysis.claims.claim.claims`, to the last one: a filter that can part observations that say
    the same (by date, source, review, words) has its claims found among what it selects.
    """
    if leaves_claims_whole(filters):
        with _known(engine, filters) as (connection, states):
            if connection is not None and len(states) < 2:
                return every_claim(connection, states, filters, asked)
    return claims(observations(engine, filters))


@contextmanager
def _known(engine: Engine, filters: Filters) -> Iterator[tuple[Connection | None, Mapping[str, str]]]:
    """A connection to which the claims are kept of all campaigns that `filters` select, and the state of each.

    No connection when they cannot be: others write so much that claims are always behind, or nothing may be written.
    """
    for _ in range(TRIES):
        with one_state(engine) as connection:
            names = campaigns_read(connection, filters.campaign)
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
