"""Observations with no more of each than sums are made of, read off an index where that holds it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, case, null, select

from db.lists.filters import EVERYTHING, Filters, latest_verdict, on_observations
from db.models import DocumentRow, ObservationRow, ReviewRow
from db.upsert import chunks

FETCH = 5000
"""Rows fetched at a time."""

REJECTED = "rejected"
"""The verdict on an observation that counts nowhere."""


class Stated(NamedTuple):
    """A current observation. `published_at` is only told of one without dates; what follows `flags`, when asked for."""

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
    targets: list[str]
    flags: list[str]
    campaign: str
    place: str | None
    organ: str | None
    venue: list[str]
    purposes: list[str]
    account: str | None
    publisher: str | None


ALWAYS = Stated._fields[: Stated._fields.index("campaign")]
WHOLE = Stated._fields[len(ALWAYS) :]
"""All that can be asked for."""
OF_DOCUMENTS = ("account", "publisher")

Line = list[Any]
"""A `Stated` as JSON has it."""


def stated(
    connection: Connection, filters: Filters, asked: Collection[str], *only: ColumnElement[bool]
) -> Iterator[Stated]:
    """The current observations that `filters` select, in no order, or `only` those that meet these conditions as well;
    of the fields after `flags` those `asked`.
    """
    row = ObservationRow
    undated = row.date_start.is_(None) & row.date_end.is_(None)
    fields: dict[str, Any] = {name: getattr(row, name) for name in (*ALWAYS, *asked) if hasattr(row, name)}
    fields |= {name: getattr(DocumentRow, name) for name in OF_DOCUMENTS if name in asked}
    fields["published_at"] = case((undated, row.published_at))
    query = select(*(fields.get(name, null()).label(name) for name in Stated._fields))
    query = query.where(*on_observations(filters, connection.dialect.name), *only)
    if not fields.keys().isdisjoint(OF_DOCUMENTS):
        query = query.join(DocumentRow, DocumentRow.id == row.document_id)
    yield from map(Stated._make, connection.execute(query, execution_options={"yield_per": FETCH}))


def counting(connection: Connection, documents: Iterable[str]) -> Iterator[Stated]:
    """All that is current in these documents and was not rejected, whole."""
    for some in chunks(documents):
        yield from _counting(connection, ObservationRow.document_id.in_(some))


def counting_by_id(connection: Connection, observations: Iterable[str]) -> Iterator[Stated]:
    """Those of these observations that are current and were not rejected, whole."""
    for some in chunks(observations):
        yield from _counting(connection, ObservationRow.id.in_(some))


def _counting(connection: Connection, among: ColumnElement[bool]) -> Iterator[Stated]:
    judged = latest_verdict().is_distinct_from(REJECTED)
    yield from stated(connection, EVERYTHING, WHOLE, among, judged)


def lines_of(observations: Iterable[Stated]) -> list[Line]:
    """Observations as JSON can hold them."""
    return [
        [each.isoformat() if isinstance(each, date) else each for each in observation]
        for observation in observations
    ]


def from_lines(lines: Sequence[Line]) -> list[Stated]:
    """What `lines_of` was given."""
    return [_from_line(dict(zip(Stated._fields, line, strict=True))) for line in lines]


def _from_line(told: dict[str, Any]) -> Stated:
    days = {
        name: date.fromisoformat(told[name]) if told[name] else None for name in ("date_start", "date_end")
    }
    moment = told["published_at"]
    return Stated(**{**told, **days, "published_at": datetime.fromisoformat(moment) if moment else None})


def last_verdicts(connection: Connection) -> dict[str, str]:
    """The last reviewer's verdict on each observation that was judged."""
    query = select(ReviewRow.observation_id, ReviewRow.verdict).where(ReviewRow.observation_id.is_not(None))
    ordered = connection.execute(query.order_by(ReviewRow.made_at, ReviewRow.id))
    return {observation: verdict for observation, verdict in ordered if observation}
