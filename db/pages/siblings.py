"""What is known of a publisher's pages together, for publishers of whom something changed lately."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, func, select

from db.models import CaptureRow, DocumentRow, LookRow, PageRow, SourceRow
from db.session import reading
from db.upsert import chunks
from parsers.availability.confirmation import Seen
from parsers.availability.states import Availability


@dataclass(frozen=True, slots=True)
class PageLooks:
    """A page and all looks at it, in order of time; one or more."""

    url: str
    looks: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class SourceHistory:
    """A publisher (a row of `source`) with its pages, and the names of its account with when each was first seen."""

    id: str
    name: str
    biz: str | None
    host: str | None
    pages: tuple[PageLooks, ...]
    names: tuple[tuple[datetime, str], ...] = ()


def sources_in_motion(
    engine: Engine, campaign: str, states: Collection[Availability], since: datetime
) -> list[SourceHistory]:
    """Publishers with a page that was found in one of `states` since then, or with a name first seen since then."""
    with reading(engine) as connection:
        names = _names(connection, campaign)
        found = _with_looks(connection, campaign, states, since)
        found |= {source for source, known in names.items() if len(known) > 1 and known[-1][0] >= since}
        sources = select(*SourceRow.__table__.columns).where(SourceRow.id.in_(sorted(found)))
        return [
            SourceHistory(
                row.id,
                row.name,
                row.biz,
                row.host,
                tuple(_pages(connection, campaign, row.id)),
                tuple(names.get(row.id, ())),
            )
            for row in connection.execute(sources.order_by(SourceRow.id))
        ]


def _with_looks(
    connection: Connection, campaign: str, states: Collection[Availability], since: datetime
) -> set[str]:
    pages = (
        select(LookRow.page_id)
        .where(LookRow.campaign == campaign, LookRow.part_of.is_(None), LookRow.time >= since)
        .where(LookRow.state.in_([state.value for state in states]))
    )
    query = (
        select(DocumentRow.source_id)
        .join(CaptureRow, CaptureRow.document_id == DocumentRow.id)
        .where(CaptureRow.page_id.in_(pages), DocumentRow.source_id.is_not(None))
    )
    return {source for source in connection.scalars(query.distinct()) if source}


def _names(connection: Connection, campaign: str) -> dict[str, list[tuple[datetime, str]]]:
    """The names of accounts that are known by more than their name, with when each was first seen, in that order."""
    lasting = SourceRow.biz.is_not(None) | SourceRow.account_id.is_not(None)
    shown = (
        select(DocumentRow.source_id, LookRow.account.label("name"), func.min(LookRow.time).label("at"))
        .join(CaptureRow, CaptureRow.id == LookRow.capture_id)
        .join(DocumentRow, DocumentRow.id == CaptureRow.document_id)
        .join(SourceRow, SourceRow.id == DocumentRow.source_id)
        .where(LookRow.campaign == campaign, LookRow.account.is_not(None), lasting)
        .group_by(DocumentRow.source_id, LookRow.account)
    )
    names: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for source, name, at in connection.execute(shown):
        if source and name:
            names[source].append((at, name))
    return {source: sorted(known) for source, known in names.items()}


def _pages(connection: Connection, campaign: str, source: str) -> Iterator[PageLooks]:
    query = (
        select(PageRow.id, PageRow.url)
        .join(CaptureRow, CaptureRow.page_id == PageRow.id)
        .join(DocumentRow, DocumentRow.id == CaptureRow.document_id)
        .where(PageRow.campaign == campaign, DocumentRow.source_id == source)
        .distinct()
        .order_by(PageRow.url)
    )
    pages = connection.execute(query).all()
    looks = _looks(connection, [page.id for page in pages])
    yield from (PageLooks(page.url, tuple(looks[page.id])) for page in pages if looks[page.id])


def _looks(connection: Connection, pages: Sequence[str]) -> dict[str, list[Seen]]:
    found: dict[str, list[Seen]] = defaultdict(list)
    for some in chunks(pages):
        query = (
            select(LookRow.page_id, LookRow.time, LookRow.state)
            .where(LookRow.page_id.in_(some), LookRow.part_of.is_(None))
            .order_by(LookRow.time, LookRow.id)
        )
        for page, time, state in connection.execute(query):
            found[page].append(Seen(time, Availability(state)))
    return found
