"""`holdfast extract`: reads articles into claims."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Annotated

import typer

from parsers.observe import observe
from parsers.readings import InvalidRow, article_of, row_of

_MISUSED = 2


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(extract)


def extract(
    stdin: Annotated[
        bool,
        typer.Option(
            "--stdin",
            help='Reads JSON lines {"id", "published", "source_account", "title", "text"} and prints what each claims.',
        ),
    ] = False,
) -> None:
    """Reads articles from standard input and prints their claims as JSON lines."""
    if not stdin:
        typer.echo("say where the articles come from: holdfast extract --stdin", err=True)
        raise typer.Exit(_MISUSED)
    _read_lines(sys.stdin.buffer)


def _read_lines(lines: Iterable[bytes]) -> None:
    """Prints a line for each row; stops at one that is none, with its number."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            reading = row_of(row["id"], observe(article_of(row)))
        except (InvalidRow, UnicodeDecodeError, ValueError, KeyError, TypeError, RecursionError) as error:
            typer.echo(f"line {number} of the input is no article: {_why(error)}", err=True)
            raise typer.Exit(_MISUSED) from error
        typer.echo(json.dumps(reading, ensure_ascii=False))


def _why(error: Exception) -> str:
    if isinstance(error, InvalidRow):
        return str(error)
    if isinstance(error, KeyError):
        return "it has no id"
    if isinstance(error, json.JSONDecodeError):
        return f"it is not JSON ({error.msg} at column {error.colno})"
    return f"it is not a JSON object in UTF-8 ({type(error).__name__})"
