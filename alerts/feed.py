"""The newest alerts as an Atom feed (RFC 4287): a file for a feed reader, or for a web server to hand out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree

from alerts.errors import AlertError
from alerts.message import NAMES
from db.watching.alerts import Alert
from workspace.alerting import AlertKind

NEWEST = 200
"""Alerts that a feed holds."""

ATOM = "http://www.w3.org/2005/Atom"


def write_feed(file: Path, watch: str, alerts: Sequence[tuple[Alert, datetime]]) -> None:
    """Writes the feed of the watch named `watch`: alerts with when each was noticed, the newest first.

    Whoever reads meanwhile sees the old feed or the new one. Raises AlertError.
    """
    part = file.with_name(f"{file.name}.part{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(_feed(watch, alerts))
        part.replace(file)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise AlertError(f"cannot write the feed {file}: {error.strerror}") from error


def _feed(watch: str, alerts: Sequence[tuple[Alert, datetime]]) -> bytes:
    ElementTree.register_namespace("", ATOM)
    feed = ElementTree.Element(f"{{{ATOM}}}feed")
    _add(feed, "id", _urn(watch))
    _add(feed, "title", "holdfast: alerts")
    _add(feed, "updated", alerts[0][1].isoformat())
    _add(_add(feed, "author"), "name", "holdfast")
    for alert, noticed in alerts:
        entry = _add(feed, "entry")
        _add(entry, "id", _urn(f"{watch} {alert.id}"))
        _add(entry, "title", _clean(f"{NAMES[AlertKind(alert.kind)][0]}: {alert.title}"))
        _add(entry, "updated", noticed.isoformat())
        _add(entry, "published", alert.at.isoformat())
        _add(entry, "category").set("term", alert.kind)
        _add(entry, "content", _clean(f"{alert.detail}\n{alert.url or ''}".strip())).set("type", "text")
        if alert.url:
            _add(entry, "link").set("href", _clean(alert.url))
    return bytes(ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True))


def _add(parent: ElementTree.Element, name: str, text: str | None = None) -> ElementTree.Element:
    made = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}")
    made.text = text
    return made


def _urn(name: str) -> str:
    return uuid5(NAMESPACE_URL, f"holdfast:{name}").urn


def _clean(text: str) -> str:
    """Without characters that XML 1.0 has no way to write: words from the web may hold any."""
    return "".join(
        char for char in text if char in "\t\n\r" or (char.isprintable() and char not in "\ufffe\uffff")
    )
