"""`holdfast extract`: reads articles into claims."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from typing import Annotated, Any

import typer

from crawler.errors import UnusableInput
from parsers.observe import observe
from parsers.readings import InvalidRow, article_of, row_of

HALF = re.compile("[\ud800-\udfff]")


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
    everything: Annotated[
        bool, typer.Option("--all", help="Read every capture again, not only those an older version read.")
    ] = False,
) -> None:
    """Reads archived captures again with this version's readers, or articles from standard input."""
    if stdin and everything:
        raise UnusableInput("--stdin reads what you hand it and --all what is archived; give one of them")
    if stdin:
        _read_lines(sys.stdin.buffer)
    else:
        from cli.reread import read_again  # standard input is read without the database's library

        read_again(everything)


def _read_lines(lines: Iterable[bytes]) -> None:
    """Prints a line for each row; stops at one that is none, with its number."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line, parse_constant=_refuse)
            article = article_of(row)
            _need_characters(row)
            reading = row_of(row["id"], observe(article))
            told = json.dumps(reading, ensure_ascii=False, allow_nan=False)
        except (InvalidRow, UnicodeDecodeError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise UnusableInput(f"line {number} of the input is no article: {_why(error)}") from error
        typer.echo(told)


def _refuse(constant: str) -> None:
    """What Python takes for a number and JSON does not know."""
    raise InvalidRow(f"it is not JSON ({constant} is no number)")


def _need_characters(row: Any) -> None:
    """Raises InvalidRow for half a character (RFC 8259 §8.2), which no output could hold."""
    if half := HALF.search(json.dumps(row, ensure_ascii=False)):
        raise InvalidRow(f"it has half a character, \\u{ord(half[0]):x}")


def _why(error: Exception) -> str:
    if isinstance(error, InvalidRow):
        return str(error)
    if isinstance(error, KeyError):
        return "it has no id"
    if isinstance(error, json.JSONDecodeError):
        return f"it is not JSON ({error.msg} at column {error.colno})"
    return f"it is not a JSON object in UTF-8 ({type(error).__name__})"
