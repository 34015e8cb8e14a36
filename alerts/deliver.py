"""Looks for what has happened and tells it: each message is noted before it goes out, so that none goes twice."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Engine

from alerts.errors import AlertError, Busy, MaybeSent, NotSent
from alerts.events import happened
from alerts.feed import NEWEST, write_feed
from alerts.mail import send_mail
from alerts.message import Message, message_of
from alerts.webhook import post
from db.session import reading
from db.watching import alerts as store
from db.watching import leases
from db.watching.alerts import Alert
from workspace.alerting import AlertKind, Alerts, Feed, Mail, Webhook
from workspace.logs import event_log

LOG = event_log("alerts")

Send = Callable[[Message], str | None]
"""Hands a message over and gives what the user should know beside. Raises NotSent, MaybeSent or AlertError."""

LEASE, LEASE_SECONDS = "alerts", 300.0
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a message: `state` is `sent`, `waiting` or `unsure`, and `error` says why not, or not to all."""

    channel: str
    alerts: int
    state: str
    error: str | None = None


def senders(settings: Alerts, workspace: Path) -> dict[str, Send]:
    """How each channel of the settings is sent a message."""
    found: dict[str, Send] = {}
    for name, channel in settings.sent_to.items():
        if isinstance(channel, Mail):
            found[name] = partial(send_mail, settings=channel, workspace=workspace)
        elif isinstance(channel, Webhook):
            found[name] = partial(post, settings=channel, workspace=workspace)
    return found


def tell(
    engine: Engine,
    settings: Alerts,
    workspace: Path,
    *,
    min_free_bytes: int,
    at_once: bool = False,
    again: bool = False,
) -> list[Sent]:
    """Looks for what has happened, writes the feed and sends what is due; `at_once` waits for nothing to gather.

    `again` also sends the messages of which nobody knows whether they arrived. Of several processes that call this at
    the same time one does the work, the others raise Busy.
    """
    holder = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"
    with engine.begin() as connection:
        if not leases.take(connection, LEASE, holder, LEASE_SECONDS, datetime.now(UTC)):
            minutes = round(LEASE_SECONDS / 60)
            raise Busy(
                f"another holdfast is sending alerts, or ended badly in the last {minutes} minutes; try later"
            )
        store.leave_unsure(connection)
    try:
        _notice(engine, settings, workspace, min_free_bytes, at_once)
        said = _send(engine, senders(settings, workspace), holder, again)
        return [*said, *_write(engine, settings.feed, workspace)]
    finally:
        with engine.begin() as connection:
            leases.give_back(connection, LEASE, holder)


def _notice(engine: Engine, settings: Alerts, workspace: Path, min_free_bytes: int, at_once: bool) -> None:
    """Adds what is new; what had happened when the watch begins is noted and told to nobody."""
    now = datetime.now(UTC)
    found = happened(engine, workspace, min_free_bytes, now)
    channels = {name: frozenset(channel.kinds) for name, channel in settings.sent_to.items()}
    gathered = now if at_once else now + timedelta(seconds=settings.gather_seconds)
    with engine.begin() as connection:
        add = partial(store.add, connection, now=now, channels=channels, not_before=gathered)
        if store.has_begun(connection):
            add(found, quiet=False)
        else:
            past = [alert for alert in found if alert.kind != AlertKind.DISK_LOW]
            add(past, quiet=True)
            add([_begun(now, len(past)), *(alert for alert in found if alert not in past)], quiet=False)


def _write(engine: Engine, feed: Feed | None, workspace: Path) -> Iterator[Sent]:
    """Writes the feed anew; tells only of one that cannot be written."""
    if feed is None:
        return
    with reading(engine) as connection:
        watch, alerts = store.first(connection), store.newest(connection, NEWEST, frozenset(feed.kinds))
    if watch and alerts:
        try:
            write_feed(workspace / Path(feed.path).expanduser(), watch.id, alerts)
        except AlertError as error:
            yield Sent("feed", len(alerts), "waiting", str(error))


def _begun(now: datetime, before: int) -> Alert:
    return Alert(
        f"watch_begun {uuid4().hex}",
        AlertKind.WATCH_BEGUN,
        now,
        "Alerts begin here",
        f"{before:,} things that had happened before are not told of",
    )


def _send(engine: Engine, channels: Mapping[str, Send], holder: str, again: bool) -> list[Sent]:
    said: list[Sent] = []
    for channel, send in channels.items():
        waiting: list[str] = []
        if again:
            with reading(engine) as connection:
                waiting = store.unsure_messages(connection, channel)
        said += [_send_one(engine, channel, send, message) for message in waiting]
        while True:
            now = datetime.now(UTC)
            with engine.begin() as connection:
                if not leases.renew(connection, LEASE, holder, LEASE_SECONDS, now):
                    return said
                due = store.next_message(connection, channel, f"holdfast-{uuid4().hex}", now)
            if due is None:
                break
            said.append(_send_one(engine, channel, send, due))
    return said


def _send_one(engine: Engine, channel: str, send: Send, message: str) -> Sent:
    with engine.begin() as connection:
        alerts, tried = store.begin_sending(connection, channel, message)
    state, error, next_at = "unsure", None, None
    try:
        error = send(message_of(message, alerts))
        state = "sent"
    except MaybeSent as failure:
        error = str(failure)
    except (NotSent, AlertError) as failure:
        state, error = "waiting", str(failure)
        next_at = datetime.now(UTC) + min(FIRST_PAUSE * 2**tried, LONGEST_PAUSE)
    with engine.begin() as connection:
        store.end_sending(connection, channel, message, state, error=error, next_at=next_at)
    LOG.info("message", channel=channel, message=message, alerts=len(alerts), state=state, error=error)
    return Sent(channel, len(alerts), state, error)
