"""Sums carried on over a change: by how much each row differs, without going through all observations again.

A row is worked out twice from the claims near those that have changed (`analysis.summing.nearby`), once with the ones
that are gone and once with the ones that have come. What no change can reach is the same in both, and falls away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from analysis.summing.asked import Asked
from analysis.summing.dimensions import Key
from analysis.summing.kept_claims import KeptClaim
from analysis.summing.nearby import figures_near
from analysis.summing.tallies import Added, Tally, figures
from db.claims.changes import Change
from db.lists.filters import Filters
from db.models import ObservationRow
from db.upsert import chunks


def changed_rows(
    connection: Connection,
    change: Change,
    filters: Filters,
    dimensions: Sequence[str],
    fields: Collection[str],
) -> dict[Key, Tally]:
    """By how much each row of the sums differs after a change; arguments as of `analysis.summing.asked.Asked`."""
    asked = Asked(connection, filters, dimensions, fields)
    gone, come = asked.selected(change.gone), asked.selected(change.come)
    asked = replace(asked, new={each.best.id for each in come})
    documents = _documents(asked, gone, come)
    before, after = asked.rows(gone), asked.rows(come)
    near = asked.rows(figures_near(asked, before, after))
    found: dict[Key, Tally] = {}
    for row in before.keys() | after.keys():
        left, arrived, around = (told.get(row, ()) for told in (before, after, near))
        pairs = zip(figures([*around, *arrived]), figures([*around, *left]), strict=True)
        increment, cumulative = (_difference(now, was) for now, was in pairs)
        found[row] = Tally(len(arrived) - len(left), documents[row], increment, cumulative)
    return found


def _difference(now: Added, was: Added) -> Added:
    return Added(*(one - other for one, other in zip(now, was, strict=True)))


def _documents(asked: Asked, gone: Sequence[KeptClaim], come: Sequence[KeptClaim]) -> Mapping[Key, int]:
    """By how much the number of documents in each row differs."""
    touched = sorted({document for claim in (*gone, *come) for document in claim.documents})
    others = (
        claim for some in chunks(touched) for claim in asked.claims(ObservationRow.document_id.in_(some))
    )
    stay = _pairs(asked, others)
    found = Counter(row for row, _ in _pairs(asked, come) - stay)
    found.subtract(row for row, _ in _pairs(asked, gone) - stay)
    return found


def _pairs(asked: Asked, claims: Iterable[KeptClaim]) -> set[tuple[Key, str]]:
    return {
        (row, document) for claim in claims for row in asked.keys(claim.best) for document in claim.documents
    }
