"""`holdfast custody`: the log of what was done to the evidence, its keys and its time-stamps."""

from __future__ import annotations

import json
from pathlib import Path

import typer

from archive.custody import Authority, append, lines, stamp
from archive.custody.keys import fingerprint, new_key, signing_key
from archive.errors import TimestampRefused
from cli.opened import opened


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(help="The log of what was done to the evidence, its keys and its time-stamps.")
    group.command("log")(log)
    group.command("stamp")(stamp_)
    group.command("new-key")(change_key)
    app.add_typer(group, name="custody")


def log() -> None:
    """Prints the log, one JSON line for each act."""
    for line in lines(opened().workspace.custody):
        typer.echo(json.dumps(dict(line.entry), ensure_ascii=False))


def stamp_() -> None:
    """Has the newest state of the log time-stamped by the authority in the settings."""
    work = opened()
    if not work.settings.timestamp_url or not work.settings.timestamp_ca:
        raise TimestampRefused(
            f"name an authority first: timestamp_url and timestamp_ca in {work.workspace.settings_file}"
        )
    authority = Authority(work.settings.timestamp_url, Path(work.settings.timestamp_ca))
    done = stamp(work.workspace.custody, authority)
    for each in done:
        typer.echo(f"the log's first {each.size} entries are stamped: {each.time:%Y-%m-%d %H:%M:%S} UTC")
    if not done:
        typer.echo("nothing to stamp: the newest state of the log has its stamp")


def change_key() -> None:
    """Makes a new signing key; the change is logged with the old one, whose public half stays."""
    folder = opened().workspace.custody
    old = fingerprint(signing_key(folder).public_key())
    append(folder, "key-change", {"old": old})
    new = fingerprint(new_key(folder).public_key())
    append(folder, "key-change", {"old": old, "new": new})
    typer.echo(f"new signing key: {new}")
