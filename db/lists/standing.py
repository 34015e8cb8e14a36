"""How a workspace stands: what each campaign has, and what schedules run, are due and have failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, func, select

from db.models import (
    CaptureRow,
    DocumentRow,
    NotKeptRow,
    ObservationRow,
    PageRow,
    RequisiteRow,
    RunRow,
    ScheduleRow,
)
from db.session import reading
from parsers.availability.confirmation import GONE, PRESENT, SAYS_NOTHING


@dataclass(frozen=True, slots=True)
class Held:
    """What a campaign has. `gone` pages are confirmed to be; `unconfirmed` ones wait for a second look; of `unseen`
    ones the last look learnt nothing; `wanted` pictures are not fetched yet.
    """

    campaign: str
    pages: int
    captures: int
    documents: int
    observations: int
    gone: int
    unconfirmed: int
    unseen: int
    wanted: int
    not_kept: int
    last_capture: datetime | None


@dataclass(frozen=True, slots=True)
class Work:
    """A schedule or one of its runs: what it is, since or for when, and the log of a run."""

    name: str
    command: str
    at: datetime | None
    log: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand: campaigns, runs under way, schedules that are overdue or next, and schedules whose last run
    failed.
    """

    campaigns: tuple[Held, ...]
    running: tuple[Work, ...]
    due: tuple[Work, ...]
    next: tuple[Work, ...]
    failing: tuple[Work, ...]


def standing(engine: Engine, now: datetime) -> Standing:
    """How the workspace stands at `now`."""
    with reading(engine) as connection:

        def counts(query: Any) -> dict[str, Any]:
            return dict(map(tuple, connection.execute(query)))

        def each(row: Any, *conditions: Any) -> dict[str, int]:
            return counts(select(row.campaign, func.count()).where(*conditions).group_by(row.campaign))

        gone = [state.value for state in GONE]
        settled = [state.value for state in (*PRESENT, *SAYS_NOTHING)]
        unsure = PageRow.confirmed.is_distinct_from(PageRow.availability)
        found = {
            "pages": each(PageRow),
            "captures": each(CaptureRow),
            "documents": each(DocumentRow, DocumentRow.superseded.is_(False)),
            "observations": each(ObservationRow, ObservationRow.superseded.is_(False)),
            "gone": each(PageRow, PageRow.confirmed.in_(gone)),
            "unconfirmed": each(PageRow, PageRow.availability.not_in(settled), unsure),
            "unseen": each(PageRow, PageRow.availability.in_([state.value for state in SAYS_NOTHING])),
            "wanted": each(RequisiteRow, RequisiteRow.state == "pending"),
            "not_kept": each(NotKeptRow),
        }
        query = select(CaptureRow.campaign, func.max(CaptureRow.time)).group_by(CaptureRow.campaign)
        latest = counts(query)
        campaigns = tuple(
            Held(name, **{what: of.get(name, 0) for what, of in found.items()}, last_capture=latest.get(name))
            for name in sorted({name for of in found.values() for name in of})
        )
        schedules = connection.execute(
            select(ScheduleRow.__table__).where(ScheduleRow.paused.is_(False)).order_by(ScheduleRow.due_at)
        ).all()
        newest = (
            select(RunRow.schedule, func.max(RunRow.started_at).label("started"))
            .where(RunRow.state != "running")
            .group_by(RunRow.schedule)
            .subquery()
        )
        last = select(RunRow.__table__).join(
            newest, (newest.c.schedule == RunRow.schedule) & (newest.c.started == RunRow.started_at)
        )
        failed = connection.execute(last.where(RunRow.state.in_(("failed", "lost")))).all()
        running = connection.execute(select(RunRow.__table__).where(RunRow.state == "running")).all()
    timed = [_schedule(row) for row in schedules if row.due_at]
    return Standing(
        campaigns,
        tuple(_run(row) for row in running),
        tuple(each for each in timed if each.at and each.at <= now),
        tuple(each for each in timed if each.at and each.at > now),
        tuple(_run(row) for row in failed),
    )


def _schedule(row: Any) -> Work:
    return Work(row.name, " ".join(row.command), row.due_at)


def _run(row: Any) -> Work:
    return Work(row.schedule, " ".join(row.command), row.started_at, row.log)
