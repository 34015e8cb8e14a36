"""`holdfast db`: the database copied whole."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.opened import opened
from db import copying


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(help="The database, copied whole. The archive itself is files: copy those as files.")
    group.command("copy")(copy)
    group.command("backup")(backup)
    app.add_typer(group, name="db")


def copy(
    url: Annotated[
        str,
        typer.Argument(
            metavar="URL",
            help="A new database: sqlite:///FILE or postgresql+psycopg://user:password@host/name.",
        ),
    ],
) -> None:
    """Copies the database to another, SQLite or PostgreSQL; nothing is changed in this one."""
    rows = copying.copy(opened().engine, url)
    typer.echo(f"{rows} rows copied; to work with the copy, put it into holdfast.toml as database_url")


def backup(file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file.")]) -> None:
    """Writes the database to a new SQLite file, also while a crawl is running."""
    copying.backup(opened().engine, file)
    typer.echo(f"written to {file}")
