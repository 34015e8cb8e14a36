"""Time-stamps the custody log after each act, when the settings name an authority."""

from __future__ import annotations

from pathlib import Path

import typer

from archive.custody import Authority, pending, queue, stamp
from archive.errors import TimestampRefused
from cli.opened import Opened


def authority_of(work: Opened) -> Authority | None:
    """The authority that the settings name."""
    settings = work.settings
    if not settings.timestamp_url or not settings.timestamp_ca:
        return None
    return Authority(settings.timestamp_url, Path(settings.timestamp_ca))


def stamp_if_set(work: Opened) -> None:
    """Has the log's newest head stamped; what cannot be stamped now waits, and is no failure of the act before it."""
    authority = authority_of(work)
    if authority is None or not queue(work.workspace.custody):
        return
    try:
        stamp(work.workspace.custody, authority)
    except TimestampRefused as error:
        waiting = len(pending(work.workspace.custody))
        typer.echo(
            f"not time-stamped yet ({waiting} waiting; the next command tries again): {error}", err=True
        )
