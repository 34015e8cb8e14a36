"""Whether filters can select anything at all: an answer of nothing to a mistyped name would look like a finding."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import fields
from difflib import get_close_matches

from sqlalchemy import Connection, Engine, or_, select

from db.errors import BadFilter
from db.lists.filters import Filters, code_prefix, codes_named, on_documents, on_observations
from db.models import CampaignRow, DocumentRow, ObservationRow, SourceRow
from db.session import reading
from parsers.places.gazetteer import divisions, names_within

MOST_NAMES = 5
"""So many names are offered in place of one that there is not."""


def need_sense(engine: Engine, filters: Filters, campaigns: Collection[str] = ()) -> None:
    """Raises BadFilter for filters that exclude one another, and for names that nothing has: of a campaign that is
    neither in the store nor among `campaigns`, of a place, of a publisher.
    """
    for field in fields(filters):
        value = getattr(filters, field.name)
        if isinstance(value, str) and not value.strip():
            raise BadFilter(f"--{field.name} is empty; leave it out, or say what to look for")
    if filters.since and filters.until and filters.since > filters.until:
        raise BadFilter(f"--from {filters.since} is after --to {filters.until}; no day is in between")
    low, high = filters.min_count, filters.max_count
    if low is not None and high is not None and low > high:
        raise BadFilter(f"--min-count {low} is above --max-count {high}; no count is in between")
    with reading(engine) as connection:
        if filters.campaign:
            _need_campaign(connection, filters.campaign, campaigns)
        if filters.place:
            _need_place(connection, engine.dialect.name, filters.place.strip())
        if filters.source:
            _need_source(connection, engine.dialect.name, filters.source)


def _need_campaign(connection: Connection, name: str, campaigns: Collection[str]) -> None:
    known = {*campaigns, *connection.scalars(select(CampaignRow.name))}
    if name not in known:
        raise BadFilter(
            f"there is no campaign {name!r}; campaigns are: {', '.join(sorted(known)) or 'none yet'}"
        )


def _need_place(connection: Connection, dialect: str, told: str) -> None:
    if re.fullmatch(r"\d+", told):
        if code_prefix(told) in divisions():
            return
    elif codes_named(told):
        return
    read = select(ObservationRow.id).where(*on_observations(Filters(place=told), dialect)).limit(1)
    if connection.scalar(read) is None:
        names = (name for level in ("province", "prefecture", "county") for name in names_within("", level))
        raise BadFilter(
            f"no place has the name or code {told!r}, in the gazetteer or in what was read{_like(told, names)}"
        )


def _need_source(connection: Connection, dialect: str, told: str) -> None:
    row = SourceRow
    named = or_(*(each == told for each in (row.id, row.name, row.account_id, row.biz, row.host)))
    if connection.scalar(select(row.id).where(named).limit(1)) is not None:
        return
    written = select(DocumentRow.id).where(*on_documents(Filters(source=told), dialect)).limit(1)
    if connection.scalar(written) is None:
        names = connection.scalars(select(row.name).distinct())
        raise BadFilter(f"no publisher has the name, account id or host {told!r}{_like(told, names)}")


def _like(told: str, names: Iterable[str | None]) -> str:
    near = get_close_matches(told, [name for name in names if name], MOST_NAMES, 0.5)
    return f"; there are: {', '.join(near)}" if near else ""
