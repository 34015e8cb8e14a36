"""Alerts and their way to each channel. Nothing here sends: `alerts.deliver` does, and notes each step first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select, update

from db.models import AlertRow, DeliveryRow
from db.session import reading
from db.upsert import chunks, table_of


@dataclass(frozen=True, slots=True)
class Alert:
    """Something to be told of. `id` is made from what happened, so that it is told of once."""

    id: str
    kind: str
    at: datetime
    title: str
    detail: str
    campaign: str | None = None
    url: str | None = None


def has_begun(connection: Connection) -> bool:
    """Whether alerts were ever looked for in this store."""
    return connection.scalar(select(AlertRow.id).limit(1)) is not None


def last_times(connection: Connection, kind: str) -> dict[tuple[str | None, str | None], datetime]:
    """When each address of each campaign last had an alert of `kind`."""
    query = (
        select(AlertRow.campaign, AlertRow.url, func.max(AlertRow.at))
        .where(AlertRow.kind == kind)
        .group_by(AlertRow.campaign, AlertRow.url)
    )
    return {(campaign, url): at for campaign, url, at in connection.execute(query)}


def add(
    connection: Connection,
    alerts: Iterable[Alert],
    *,
    now: datetime,
    quiet: bool,
    channels: Mapping[str, Collection[str]],
    not_before: datetime,
) -> list[Alert]:
    """Adds the alerts that are not there yet and gives them; those that are not `quiet` wait for each of the
    `channels`, by name, that is told of their kind.
    """
    fresh: list[Alert] = []
    for some in chunks({alert.id: alert for alert in alerts}.values()):
        query = select(AlertRow.id).where(AlertRow.id.in_([alert.id for alert in some]))
        known = set(connection.scalars(query))
        fresh += [alert for alert in some if alert.id not in known]
    if fresh:
        rows = [{**_values(alert), "added_at": now, "quiet": quiet} for alert in fresh]
        connection.execute(insert(table_of(AlertRow)), rows)
    waiting = [
        {"alert_id": alert.id, "channel": name, "state": "waiting", "attempts": 0, "next_at": not_before}
        for alert in fresh
        for name, kinds in channels.items()
        if not quiet and alert.kind in kinds
    ]
    if waiting:
        connection.execute(insert(table_of(DeliveryRow)), waiting)
    return fresh


def leave_unsure(connection: Connection) -> int:
    """Marks deliveries whose sender died under way; called by who holds the lease, so nobody else is sending."""
    stale = update(DeliveryRow).where(DeliveryRow.state == "sending")
    said = "the program ended while the message was under way"
    return int(connection.execute(stale.values(state="unsure", error=said)).rowcount)


def next_message(connection: Connection, channel: str, fresh_id: str, now: datetime) -> str | None:
    """The message that a channel should be sent now; None when nothing is due.

    One that was refused comes first and goes alone. New alerts become one message, `fresh_id`, once the first of
    them has waited long enough; while an earlier message is held up they gather.
    """
    mine = (DeliveryRow.channel == channel, DeliveryRow.state == "waiting")
    refused = (
        select(DeliveryRow.message, func.min(DeliveryRow.next_at))
        .where(*mine, DeliveryRow.message.is_not(None))
        .group_by(DeliveryRow.message)
        .order_by(func.min(DeliveryRow.next_at), DeliveryRow.message)
    )
    held_up = connection.execute(refused).first()
    if held_up:
        return str(held_up[0]) if held_up[1] <= now else None
    unsent = (*mine, DeliveryRow.message.is_(None))
    due = connection.scalar(select(func.min(DeliveryRow.next_at)).where(*unsent))
    if due is None or due > now:
        return None
    connection.execute(update(DeliveryRow).where(*unsent).values(message=fresh_id))
    return fresh_id


def unsure_messages(connection: Connection, channel: str) -> list[str]:
    """The messages of a channel that may or may not have arrived."""
    query = (
        select(DeliveryRow.message)
        .where(DeliveryRow.channel == channel, DeliveryRow.state == "unsure")
        .distinct()
        .order_by(DeliveryRow.message)
    )
    return [message for message in connection.scalars(query) if message]


def begin_sending(connection: Connection, channel: str, message: str) -> tuple[list[Alert], int]:
    """Marks a message as under way; gives its alerts, oldest first, and how often it was tried before."""
    mine = (DeliveryRow.channel == channel, DeliveryRow.message == message)
    tried = connection.scalar(select(func.max(DeliveryRow.attempts)).where(*mine)) or 0
    begun = update(DeliveryRow).where(*mine)
    connection.execute(begun.values(state="sending", attempts=DeliveryRow.attempts + 1))
    query = (
        select(AlertRow.__table__)
        .join(DeliveryRow, DeliveryRow.alert_id == AlertRow.id)
        .where(*mine)
        .order_by(AlertRow.at, AlertRow.id)
    )
    return [_alert(row) for row in connection.execute(query)], tried


def end_sending(
    connection: Connection,
    channel: str,
    message: str,
    state: str,
    *,
    error: str | None = None,
    next_at: datetime | None = None,
) -> None:
    """Notes how sending ended: `sent`, `waiting` until `next_at`, or `unsure`."""
    mine = update(DeliveryRow).where(DeliveryRow.channel == channel, DeliveryRow.message == message)
    values: dict[str, Any] = {"state": state, "error": error} | ({"next_at": next_at} if next_at else {})
    connection.execute(mine.values(**values))


def newest(connection: Connection, limit: int, kinds: Collection[str]) -> list[tuple[Alert, datetime]]:
    """The newest alerts of `kinds` that are to be told, each with when it was noticed."""
    query = (
        select(AlertRow.__table__)
        .where(AlertRow.quiet.is_(False), AlertRow.kind.in_(kinds))
        .order_by(AlertRow.added_at.desc(), AlertRow.at.desc(), AlertRow.id)
        .limit(limit)
    )
    return [(_alert(row), row.added_at) for row in connection.execute(query)]


def first(connection: Connection) -> Alert | None:
    """The alert that says since when this store is watched."""
    query = (
        select(AlertRow.__table__).where(AlertRow.quiet.is_(False)).order_by(AlertRow.added_at, AlertRow.id)
    )
    row = connection.execute(query.limit(1)).first()
    return _alert(row) if row else None


def listed(engine: Engine, limit: int, *, undelivered: bool = False) -> list[dict[str, Any]]:
    """The newest alerts with how each fared by channel; or only those that did not get through yet."""
    ways = select(DeliveryRow.__table__)
    with reading(engine) as connection:
        if undelivered:
            stuck = select(DeliveryRow.alert_id).where(DeliveryRow.state != "sent")
            query = select(AlertRow.__table__).where(AlertRow.id.in_(stuck))
        else:
            query = select(AlertRow.__table__).where(AlertRow.quiet.is_(False))
        ordered = query.order_by(AlertRow.added_at.desc(), AlertRow.at.desc(), AlertRow.id).limit(limit)
        found = connection.execute(ordered).all()
        delivered: dict[str, dict[str, dict[str, Any]]] = {row.id: {} for row in found}
        for some in chunks(list(delivered)):
            for way in connection.execute(ways.where(DeliveryRow.alert_id.in_(some))):
                told = {
                    "state": way.state,
                    "attempts": way.attempts,
                    "next_at": way.next_at,
                    "error": way.error,
                }
                delivered[way.alert_id][way.channel] = told
    return [
        {**_values(_alert(row)), "added_at": row.added_at, "channels": delivered[row.id]} for row in found
    ]


def _values(alert: Alert) -> dict[str, Any]:
    return {name: getattr(alert, name) for name in Alert.__dataclass_fields__}


def _alert(row: Any) -> Alert:
    return Alert(**{name: getattr(row, name) for name in Alert.__dataclass_fields__})
