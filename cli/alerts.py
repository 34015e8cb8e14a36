"""`holdfast alerts`: who is told of deleted pages, altered figures, new reports and failures."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import uuid4

import typer
from rich.console import Console
from rich.text import Text

from alerts.deliver import Sent, senders, tell
from alerts.errors import AlertError, MaybeSent, NotSent
from alerts.message import NAMES, test_message
from cli.opened import Opened, opened
from db.rows import SHANGHAI
from db.watching.alerts import listed
from workspace.alerting import AlertKind

NO_CHANNEL = (
    "nobody is told of anything yet: add an [alerts.email], [alerts.webhook] or [alerts.feed] table to {file}"
)


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(help="Tells people of deleted pages, altered figures, new reports and failures.")
    group.command("test")(test)
    group.command("list")(list_)
    group.command("send")(send)
    app.add_typer(group, name="alerts")


def test() -> None:
    """Sends a test message by e-mail and webhook, as the settings have them. Exit code 1 when one does not arrive."""
    work = _with_channels()
    failed = False
    for name, hand_over in senders(work.settings.alerts, work.workspace.root).items():
        try:
            note = hand_over(test_message(f"holdfast-test-{uuid4().hex}"))
        except (AlertError, NotSent, MaybeSent) as error:
            failed = True
            typer.echo(f"{name}: not sent: {error}", err=True)
        else:
            typer.echo(f"{name}: sent" + (f", but {note}" if note else ""))
    if work.settings.alerts.feed:
        typer.echo("feed: written by `holdfast alerts send` and by `holdfast worker`")
    raise typer.Exit(code=int(failed))


def list_(
    undelivered: Annotated[
        bool, typer.Option("--undelivered", help="Only what did not get through, or may not have.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many, the newest first.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines.")] = False,
) -> None:
    """Lists what was told, the newest first, and how it fared on its way."""
    found = listed(opened().engine, limit, undelivered=undelivered)
    if as_json:
        for row in found:
            typer.echo(json.dumps(row, ensure_ascii=False, default=_moment))
        return
    console = Console(soft_wrap=True, highlight=False)
    for row in found:
        console.print(
            Text.assemble(
                (f"{_shown(row['added_at'])}  ", "dim"),
                (f"{NAMES[AlertKind(row['kind'])][0]}: ", "bold"),
                " ".join(row["title"].split()),
            )
        )
        console.print(Text(f"  {row['detail']}"))
        if row["url"]:
            console.print(Text(f"  {row['url']}", style="dim"))
        for name, way in row["channels"].items():
            if way["state"] != "sent" or way["error"]:
                next_at = f", again after {_shown(way['next_at'])}" if way["state"] == "waiting" else ""
                why = f": {way['error']}" if way["error"] else ""
                console.print(Text(f"  {name}: {way['state']}{next_at}{why}", style="red"))
    if not found:
        typer.echo("no alerts", err=True)


def send(
    again: Annotated[
        bool,
        typer.Option("--again", help="Also what may or may not have arrived: it may then come twice."),
    ] = False,
) -> None:
    """Looks for what has happened and sends it now; `holdfast worker` does the same by itself every minute.

    Exit code 1 when something could not be sent; it is kept and tried again.
    """
    work = _with_channels()
    said = tell_now(work, at_once=True, again=again)
    for line in lines_of(said):
        typer.echo(line)
    if not said:
        typer.echo("nothing to send")
    raise typer.Exit(code=int(any(each.state != "sent" for each in said)))


def tell_now(work: Opened, *, at_once: bool = False, again: bool = False) -> list[Sent]:
    """Does one round of looking and sending."""
    return tell(
        work.engine,
        work.settings.alerts,
        work.workspace.root,
        min_free_bytes=work.settings.min_free_bytes,
        at_once=at_once,
        again=again,
    )


def lines_of(said: Iterable[Sent]) -> list[str]:
    """What became of each message, for a person."""
    ends = {
        "sent": "sent",
        "waiting": "not sent, kept for another try",
        "unsure": "perhaps not arrived, and not sent again by itself (holdfast alerts send --again)",
    }
    return [
        f"alerts to {each.channel}: {each.alerts} {ends[each.state]}"
        + (f": {each.error}" if each.error else "")
        for each in said
    ]


def _with_channels() -> Opened:
    work = opened()
    if not work.settings.alerts:
        raise AlertError(NO_CHANNEL.format(file=work.workspace.settings_file))
    return work


def _shown(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _moment(value: datetime) -> str:
    return value.astimezone(SHANGHAI).isoformat()
