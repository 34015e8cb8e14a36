"""What there may be to tell of: pages gone, pages new, and runs of schedules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from db.models import CaptureRow, DocumentRow, LookRow, PageRow, RunRow
from db.upsert import chunks
from parsers.availability.confirmation import GONE, PRESENT, Confirmed, Seen, confirmed
from parsers.availability.states import Availability


@dataclass(frozen=True, slots=True)
class GonePage:
    """A page that two looks agree is gone, when it was last seen there (None: never), and its last title."""

    id: str
    campaign: str
    url: str
    title: str | None
    found: Confirmed
    last_present: datetime | None


@dataclass(frozen=True, slots=True)
class RelevantPage:
    """A page with a text that speaks of the matter: the first one we had of it."""

    id: str
    campaign: str
    url: str
    title: str
    publisher: str | None
    published: datetime | None
    seen: datetime


@dataclass(frozen=True, slots=True)
class RunEnd:
    """How a run of a schedule ended: `done`, `failed` or `lost`."""

    id: str
    schedule: str
    command: tuple[str, ...]
    state: str
    ended: datetime
    log: str | None


def gone_pages(connection: Connection) -> list[GonePage]:
    """Every page that is confirmed to be gone."""
    query = (
        select(PageRow.id, PageRow.campaign, PageRow.url)
        .where(PageRow.confirmed.in_([state.value for state in GONE]))
        .order_by(PageRow.id)
    )
    found: list[GonePage] = []
    for some in chunks(connection.execute(query).all()):
        ids = [row.id for row in some]
        looks, titles = _looks(connection, ids), _titles(connection, ids)
        for row in some:
            state = confirmed(looks[row.id])
            if state is not None and state.state in GONE:
                present = [look.time for look in looks[row.id] if look.state in PRESENT]
                last = max(present, default=None)
                found.append(GonePage(row.id, row.campaign, row.url, titles.get(row.id), state, last))
    return found


def relevant_pages(connection: Connection) -> list[RelevantPage]:
    """Every page that has shown a text that speaks of the matter, with the first such text."""
    first = func.row_number().over(
        partition_by=CaptureRow.page_id, order_by=(DocumentRow.captured_at, DocumentRow.id)
    )
    shown = (
        select(
            CaptureRow.page_id, DocumentRow.title, DocumentRow.account, DocumentRow.publisher,
            DocumentRow.published_at, DocumentRow.captured_at, first.label("place"),
        )
        .join(DocumentRow, DocumentRow.id == CaptureRow.document_id)
        .where(DocumentRow.relevant.is_(True), DocumentRow.superseded.is_(False))
        .subquery()
    )  # fmt: skip
    query = (
        select(PageRow.id, PageRow.campaign, PageRow.url, *shown.c)
        .join(shown, (shown.c.page_id == PageRow.id) & (shown.c.place == 1))
        .order_by(PageRow.id)
    )
    return [
        RelevantPage(
            row.id, row.campaign, row.url, row.title, row.account or row.publisher, row.published_at, row.captured_at
        )
        for row in connection.execute(query)
    ]  # fmt: skip


def ended_runs(connection: Connection) -> list[RunEnd]:
    """Every run that did its work or failed to, by schedule and time."""
    query = (
        select(RunRow.__table__)
        .where(RunRow.state.in_(("done", "failed", "lost")), RunRow.ended_at.is_not(None))
        .order_by(RunRow.schedule, RunRow.started_at, RunRow.attempt)
    )
    return [
        RunEnd(row.id, row.schedule, tuple(row.command), row.state, row.ended_at, row.log)
        for row in connection.execute(query)
    ]


def _looks(connection: Connection, pages: list[str]) -> dict[str, list[Seen]]:
    query = select(LookRow.page_id, LookRow.time, LookRow.state).where(
        LookRow.page_id.in_(pages), LookRow.part_of.is_(None)
    )
    found: dict[str, list[Seen]] = {page: [] for page in pages}
    for row in connection.execute(query):
        found[row.page_id].append(Seen(row.time, Availability(row.state)))
    return found


def _titles(connection: Connection, pages: list[str]) -> dict[str, Any]:
    query = (
        select(CaptureRow.page_id, DocumentRow.title)
        .join(DocumentRow, DocumentRow.id == CaptureRow.document_id)
        .where(CaptureRow.page_id.in_(pages), DocumentRow.superseded.is_(False))
        .order_by(CaptureRow.time)
    )
    return {row.page_id: row.title for row in connection.execute(query)}
