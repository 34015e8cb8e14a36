"""What is done again and again: schedules, their runs, and who works on what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.types import Row


class ScheduleRow(Row):
    """A command that is due again and again.

    `command` is its words after `holdfast`. `timing` is what `crawler.timing` reads. `planned_at` is the moment
    by the timing, `due_at` the same with jitter; both None when it is never due again. `grace` is how many seconds
    late a run may begin (None: however late); a later one counts as missed. `overlap` says what happens when the
    campaign is being worked on: `wait` or `skip`.
    """

    __tablename__ = "schedule"

    name: Mapped[str] = mapped_column(primary_key=True)
    command: Mapped[list[str]]
    campaign: Mapped[str | None]
    timing: Mapped[dict[str, Any]]
    grace: Mapped[int | None]
    overlap: Mapped[str]
    paused: Mapped[bool]
    planned_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    added_at: Mapped[datetime]


class RunRow(Row):
    """One run of a schedule.

    `state` is `running`, `done`, `failed` (the command gave another exit code than 0), `lost` (its worker died;
    the schedule is due again at once), `missed` or `skipped`. `counts` is what the command said of itself.
    """

    __tablename__ = "run"
    __table_args__ = (UniqueConstraint("schedule", "due_at", "attempt"), Index(None, "state"))

    id: Mapped[str] = mapped_column(primary_key=True)
    schedule: Mapped[str]
    command: Mapped[list[str]]
    due_at: Mapped[datetime]
    attempt: Mapped[int]
    state: Mapped[str]
    worker: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    exit_code: Mapped[int | None]
    counts: Mapped[dict[str, Any]]
    log: Mapped[str | None]


class LeaseRow(Row):
    """Who works on something, and until when, unless they say before that they still do."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    until: Mapped[datetime]
