"""What is done again and again (schedules, their runs, who works on what) and who is told of what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.types import Row


class ScheduleRow(Row):
    """A command that is due again and again.

    `command` is its words after `holdfast`. `timing` is what `crawler.schedules.timing` reads. `planned_at` is the
    moment by the timing, `due_at` the same with jitter; both None when it is never due again. `grace` is how many
    seconds late a run may begin (None: however late); a later one counts as missed. `overlap` says what happens
    when the campaign is being worked on: `wait` or `skip`.
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


class AlertRow(Row):
    """Something to be told of, once: its id is made from what happened, so that finding it again adds nothing.

    `kind` is one of `workspace.alerting.AlertKind`. `at` is when it happened, `added_at` when it was noticed. A `quiet`
    one had happened before the watch began and is told to nobody.
    """

    __tablename__ = "alert"
    __table_args__ = (Index(None, "added_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    campaign: Mapped[str | None]
    at: Mapped[datetime]
    added_at: Mapped[datetime]
    title: Mapped[str]
    detail: Mapped[str]
    url: Mapped[str | None]
    quiet: Mapped[bool]


class DeliveryRow(Row):
    """An alert on its way to a channel (`email`, `webhook`).

    `state` is `waiting` (not before `next_at`), `sending`, `sent`, or `unsure`: the connection or this process broke
    while the message was under way, so that it may have arrived, and it is not sent again by itself. `message` is
    the id of the message it goes out in, the same at each attempt, so that a receiver can tell a copy.
    """

    __tablename__ = "delivery"
    __table_args__ = (Index(None, "state", "channel"),)

    alert_id: Mapped[str] = mapped_column(ForeignKey("alert.id"), primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    attempts: Mapped[int]
    next_at: Mapped[datetime]
    message: Mapped[str | None]
    error: Mapped[str | None]
