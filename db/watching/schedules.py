"""Schedules and their runs: what is due is claimed by one worker, and found again when that worker dies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Engine, RowMapping, Select, delete, func, insert, select, update

from db.errors import StoreError, UnknownId
from db.models import LeaseRow, RunRow, ScheduleRow
from db.session import reading
from db.upsert import insert_new
from db.watching import leases

Moments = tuple[datetime, datetime]
"""When something is planned, and when it is due with jitter."""

Next = Callable[[dict[str, Any], datetime | None, datetime], Moments | None]
"""Gives the next moments for a timing, the planned moment before and now."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A run that is this worker's to do, and the lease it holds for it."""

    id: str
    schedule: str
    command: tuple[str, ...]
    due_at: datetime
    lease: str


class ScheduleExists(StoreError):
    """There is a schedule of that name already."""


def add(
    engine: Engine,
    name: str,
    command: list[str],
    *,
    campaign: str | None,
    timing: dict[str, Any],
    grace: int | None,
    overlap: str,
    moments: Moments,
    now: datetime,
) -> None:
    """Adds a schedule. Raises ScheduleExists."""
    planned, due = moments
    row = {
        "name": name,
        "command": command,
        "campaign": campaign,
        "timing": timing,
        "grace": grace,
        "overlap": overlap,
        "paused": False,
        "planned_at": planned,
        "due_at": due,
        "added_at": now,
    }
    with engine.begin() as connection:
        if not insert_new(connection, ScheduleRow, row):
            raise ScheduleExists(
                f"there is a schedule {name!r} already; remove it first or choose another name"
            )


def listed(engine: Engine) -> list[dict[str, Any]]:
    """All schedules with the state of their last run, the next due first."""
    newest = func.row_number().over(
        partition_by=RunRow.schedule, order_by=(RunRow.started_at.desc(), RunRow.id)
    )
    ranked = select(RunRow.schedule, RunRow.state, RunRow.started_at, newest.label("rank")).subquery()
    query = (
        select(
            ScheduleRow.__table__, ranked.c.state.label("last_state"), ranked.c.started_at.label("last_run")
        )
        .outerjoin(ranked, (ranked.c.schedule == ScheduleRow.name) & (ranked.c.rank == 1))
        .order_by(ScheduleRow.paused, ScheduleRow.due_at, ScheduleRow.name)
    )
    with reading(engine) as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def runs(engine: Engine, name: str | None = None, limit: int = 20) -> list[dict[str, Any]]:
    """The newest runs, of one schedule or of all. Raises UnknownId for a schedule that never was."""
    query: Select[Any] = select(RunRow.__table__).order_by(RunRow.started_at.desc(), RunRow.id).limit(limit)
    with reading(engine) as connection:
        if name is not None:
            query = query.where(RunRow.schedule == name)
        found = [dict(row) for row in connection.execute(query).mappings()]
        if name is not None and not found:
            _known(connection, name)
    return found


def pause(engine: Engine, name: str) -> None:
    """Keeps a schedule from being run until `resume`. Raises UnknownId."""
    _change(engine, name, paused=True)


def resume(engine: Engine, name: str, following: Next, now: datetime) -> None:
    """Lets a paused schedule run again, from its next moment on. Raises UnknownId."""
    with engine.begin() as connection:
        row = _known(connection, name)
        moments = following(row["timing"], row["planned_at"], now)
        planned, due = moments or (None, None)
        _set(connection, name, paused=False, planned_at=planned, due_at=due)


def run_soon(engine: Engine, name: str, now: datetime) -> None:
    """Makes a schedule due now, paused or not; the moments after stay as they are. Raises UnknownId."""
    _change(engine, name, due_at=now, paused=False)


def remove(engine: Engine, name: str) -> None:
    """Ends a schedule; the history of its runs stays. Raises UnknownId."""
    with engine.begin() as connection:
        _known(connection, name)
        connection.execute(delete(ScheduleRow).where(ScheduleRow.name == name))


def claim(engine: Engine, worker: str, following: Next, *, now: datetime, seconds: float) -> Claimed | None:
    """The run that has been due longest and that nobody else works on, leased to `worker` for `seconds`.

    In one transaction with the schedule's next moment, so that a run is neither lost nor done twice whenever the
    worker dies. Runs of dead workers are marked `lost` first and are due again.
    """
    with engine.begin() as connection:
        _find_lost(connection, now)
        due = (
            select(ScheduleRow.__table__)
            .where(~ScheduleRow.paused, ScheduleRow.due_at <= now)
            .order_by(ScheduleRow.due_at, ScheduleRow.name)
            .with_for_update(skip_locked=True)
        )
        for row in connection.execute(due).mappings().all():
            claimed = _take(connection, row, worker, following, now, seconds)
            if claimed:
                return claimed
    return None


def finish(
    engine: Engine,
    run: Claimed,
    worker: str,
    *,
    exit_code: int,
    counts: dict[str, Any],
    log: str,
    now: datetime,
) -> bool:
    """Notes how a run ended and gives its lease back; False when the lease was lost meanwhile."""
    with engine.begin() as connection:
        leases.give_back(connection, run.lease, worker)
        mine = update(RunRow).where(RunRow.id == run.id, RunRow.worker == worker, RunRow.state == "running")
        state = "done" if exit_code == 0 else "failed"
        ended = mine.values(state=state, exit_code=exit_code, counts=counts, log=log, ended_at=now)
        return bool(connection.execute(ended).rowcount)


def keep(engine: Engine, run: Claimed, worker: str, *, now: datetime, seconds: float) -> bool:
    """Says that `worker` still works on a run; False when it has lost its lease and must stop."""
    with engine.begin() as connection:
        return leases.renew(connection, run.lease, worker, seconds, now)


def _take(
    connection: Connection, row: RowMapping, worker: str, following: Next, now: datetime, seconds: float
) -> Claimed | None:
    lease = f"campaign {row['campaign']}" if row["campaign"] else f"schedule {row['name']}"
    moments = _after(row, following, now)
    late = row["grace"] is not None and now - row["due_at"] > timedelta(seconds=row["grace"])
    if late or not leases.take(connection, lease, worker, seconds, now):
        if late or row["overlap"] == "skip":
            state = "missed" if late else "skipped"
            _set(connection, row["name"], planned_at=moments[0], due_at=moments[1])
            connection.execute(insert(RunRow).values(_run(connection, row, worker, state, now)))
        return None
    run = _run(connection, row, worker, "running", now)
    connection.execute(insert(RunRow).values(run))
    _set(connection, row["name"], planned_at=moments[0], due_at=moments[1])
    return Claimed(run["id"], row["name"], tuple(row["command"]), row["due_at"], lease)


def _after(row: RowMapping, following: Next, now: datetime) -> tuple[datetime | None, datetime | None]:
    """The schedule's next moments; one that lies ahead stays, for this run came in between."""
    planned = row["planned_at"]
    if planned and planned > now:
        return planned, planned
    return following(row["timing"], planned, now) or (None, None)


def _run(connection: Connection, row: RowMapping, worker: str, state: str, now: datetime) -> dict[str, Any]:
    before = select(func.count()).where(RunRow.schedule == row["name"], RunRow.due_at == row["due_at"])
    return {
        "id": uuid4().hex,
        "schedule": row["name"],
        "command": row["command"],
        "due_at": row["due_at"],
        "attempt": (connection.scalar(before) or 0) + 1,
        "state": state,
        "worker": worker,
        "started_at": now,
        "ended_at": None if state == "running" else now,
        "exit_code": None,
        "counts": {},
        "log": None,
    }


def _find_lost(connection: Connection, now: datetime) -> None:
    """Marks the runs whose worker has let its lease run out, and makes their schedules due as they were."""
    held = select(LeaseRow.holder).where(LeaseRow.until > now)
    running = select(RunRow.id, RunRow.schedule, RunRow.due_at).where(RunRow.state == "running")
    for lost in connection.execute(running.where(RunRow.worker.not_in(held))).all():
        connection.execute(update(RunRow).where(RunRow.id == lost.id).values(state="lost", ended_at=now))
        _set(connection, lost.schedule, due_at=lost.due_at)


def _change(engine: Engine, name: str, **values: Any) -> None:
    with engine.begin() as connection:
        _known(connection, name)
        _set(connection, name, **values)


def _set(connection: Connection, name: str, **values: Any) -> None:
    connection.execute(update(ScheduleRow).where(ScheduleRow.name == name).values(**values))


def _known(connection: Connection, name: str) -> RowMapping:
    row = connection.execute(select(ScheduleRow.__table__).where(ScheduleRow.name == name)).mappings().first()
    if row is None:
        raise UnknownId(f"there is no schedule {name!r}; holdfast schedule list shows those there are")
    return row
