"""Observations with no more of each than sums are made of, read off an index where that holds it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, case, null, select

from db.filters import Filters, on_observations
from db.models import DocumentRow, ObservationRow, ReviewRow

FETCH = 5000
"""Rows fetched at a time."""


class Stated(NamedTuple):
    """A current observation. `published_at` is only told of one without dates; what follows it, when asked for."""

    id: str
    document_id: str
    modality: str
    kind: str
    count_min: int | None
    count_max: int | None
    place_code: str | None
    date_start: date | None
    date_end: date | None
    published_at: datetime | None
    campaign: str
    place: str | None
    organ: str | None
    venue: list[str]
    targets: list[str]
    purposes: list[str]
    account: str | None
    publisher: str | None


ALWAYS = Stated._fields[: Stated._fields.index("campaign")]
OF_DOCUMENTS = ("account", "publisher")


def stated(connection: Connection, filters: Filters, asked: Collection[str]) -> Iterator[Stated]:
    """The current observations that `filters` select, in no order; of the fields after `published_at` those `asked`."""
    row = ObservationRow
    undated = row.date_start.is_(None) & row.date_end.is_(None)
    fields: dict[str, Any] = {name: getattr(row, name) for name in (*ALWAYS, *asked) if hasattr(row, name)}
    fields |= {name: getattr(DocumentRow, name) for name in OF_DOCUMENTS if name in asked}
    fields["published_at"] = case((undated, row.published_at))
    query = select(*(fields.get(name, null()).label(name) for name in Stated._fields))
    query = query.where(*on_observations(filters, connection.dialect.name))
    if not fields.keys().isdisjoint(OF_DOCUMENTS):
        query = query.join(DocumentRow, DocumentRow.id == row.document_id)
    yield from map(Stated._make, connection.execute(query, execution_options={"yield_per": FETCH}))


def last_verdicts(connection: Connection) -> dict[str, str]:
    """The last reviewer's verdict on each observation that was judged."""
    query = select(ReviewRow.observation_id, ReviewRow.verdict).where(ReviewRow.observation_id.is_not(None))
    ordered = connection.execute(query.order_by(ReviewRow.made_at, ReviewRow.id))
    return {observation: verdict for observation, verdict in ordered if observation}
