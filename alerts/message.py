"""What a message says: a subject that counts, and a line or two for each alert, the loudest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from db.rows import SHANGHAI
from db.watching.alerts import Alert
from workspace.alerting import AlertKind

LISTED = 100
"""Alerts that one message tells of; a thousand lines at once would not be read."""

NAMES = {
    AlertKind.VERIFY_FAILED: ("failed verification", "failed verifications"),
    AlertKind.DISK_LOW: ("disk nearly full", "disk nearly full"),
    AlertKind.EDITED_FIGURE: ("altered figure", "altered figures"),
    AlertKind.DELETED: ("page gone", "pages gone"),
    AlertKind.CRAWL_FAILING: ("failing schedule", "failing schedules"),
    AlertKind.NEW_PAGE: ("new relevant page", "new relevant pages"),
    AlertKind.WATCH_BEGUN: ("watch begun", "watches begun"),
}
_LOUDNESS = {kind.value: place for place, kind in enumerate(AlertKind)}


@dataclass(frozen=True, slots=True)
class Message:
    """What goes out at once: `id` is the same at each attempt, so that a receiver can tell a copy."""

    id: str
    subject: str
    text: str
    alerts: tuple[Alert, ...]


def message_of(message_id: str, alerts: Sequence[Alert]) -> Message:
    """The message that tells of `alerts`."""
    loudest = sorted(alerts, key=lambda alert: (_LOUDNESS[alert.kind], alert.at, alert.id))
    counts = Counter(alert.kind for alert in loudest)
    told = [f"{counts[kind]} {NAMES[kind][counts[kind] > 1]}" for kind in AlertKind if counts[kind]]
    shown = loudest[:LISTED]
    lines: list[str] = []
    for kind in AlertKind:
        of_kind = [alert for alert in shown if alert.kind == kind]
        if of_kind:
            lines += [NAMES[kind][counts[kind] > 1].upper(), *(_told(alert) for alert in of_kind), ""]
    if len(loudest) > len(shown):
        lines += [f"and {len(loudest) - len(shown)} more; all of them: holdfast alerts list", ""]
    return Message(message_id, f"holdfast: {', '.join(told)}", "\n".join(lines), tuple(shown))


def test_message(message_id: str) -> Message:
    """What `holdfast alerts test` sends."""
    said = "This is a test: alerts of this workspace reach you here. Nothing has happened.\n"
    return Message(message_id, "holdfast: test message", said, ())


def _told(alert: Alert) -> str:
    where = f" ({alert.campaign})" if alert.campaign else ""
    lines = [f"- {_one_line(alert.title)}{where}", f"  {_one_line(alert.detail)}"]
    return "\n".join([*lines, f"  {alert.url}"] if alert.url else lines)


def _one_line(text: str) -> str:
    """Words from the web, without line breaks and control characters."""
    return "".join(char if char.isprintable() else " " for char in " ".join(text.split()))


def as_json(alert: Alert) -> dict[str, str | None]:
    """An alert for a program."""
    return {
        "id": alert.id,
        "kind": alert.kind,
        "at": alert.at.astimezone(SHANGHAI).isoformat(),
        "campaign": alert.campaign,
        "title": alert.title,
        "detail": alert.detail,
        "url": alert.url,
    }
