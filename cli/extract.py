"""`holdfast extract`: reads articles into claims."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Annotated

import typer

from archive.collection import Collection
from cli.opened import Opened, opened
from crawler.errors import UnusableInput
from db.campaigns import known_terms, remember, terms_in
from db.reread import reread
from parsers.observe import observe
from parsers.readings import InvalidRow, article_of, row_of
from workspace.campaign import load_campaign
from workspace.errors import UnknownCampaign


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
        _read_again(everything)


def _read_again(everything: bool) -> None:
    work = opened()
    _take_up_terms(work)
    report = reread(
        work.engine, lambda campaign: Collection(work.workspace.collection(campaign)), everything=everything
    )
    typer.echo(
        f"read {report.captures} captures again: {report.documents} documents, {report.observations} observations"
    )
    for url, reason in report.failures:
        typer.echo(f"not read: {url}: {reason}", err=True)
    if report.failures:
        raise typer.Exit(1)


def _take_up_terms(work: Opened) -> None:
    """Writes regions and words of campaign files down: what other words have read is read again."""
    for name in known_terms(work.engine):
        try:
            terms = terms_in(load_campaign(name, work.workspace))
        except UnknownCampaign:
            continue
        with work.engine.begin() as connection:
            remember(connection, name, terms)


def _read_lines(lines: Iterable[bytes]) -> None:
    """Prints a line for each row; stops at one that is none, with its number."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            reading = row_of(row["id"], observe(article_of(row)))
        except (InvalidRow, UnicodeDecodeError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise UnusableInput(f"line {number} of the input is no article: {_why(error)}") from error
        typer.echo(json.dumps(reading, ensure_ascii=False))


def _why(error: Exception) -> str:
    if isinstance(error, InvalidRow):
        return str(error)
    if isinstance(error, KeyError):
        return "it has no id"
    if isinstance(error, json.JSONDecodeError):
        return f"it is not JSON ({error.msg} at column {error.colno})"
    return f"it is not a JSON object in UTF-8 ({type(error).__name__})"
