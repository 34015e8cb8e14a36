"""`holdfast search`: documents by the words in them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from analysis.masking import masked
from cli.filtering import (
    MOST,
    CampaignOption,
    JsonOption,
    SinceOption,
    SourceOption,
    UnmaskOption,
    UntilOption,
    filters_of,
)
from cli.opened import opened
from db.lists.search import Hit
from db.lists.search import search as find
from db.lists.sense import need_sense
from db.rows import SHANGHAI
from workspace.campaign import campaign_names


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(search)


def search(
    words: Annotated[
        list[str], typer.Argument(metavar="QUERY...", help="Words; all must occur. Quote phrases.")
    ],
    campaign: CampaignOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    source: SourceOption = None,
    as_json: JsonOption = False,
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="At most this many documents.")] = 50,
    unmask: UnmaskOption = False,
) -> None:
    """Finds documents by the words in their title and text."""
    filters = filters_of(since, until, campaign=campaign, source=source)
    work = opened()
    need_sense(work.engine, filters, campaign_names(work.workspace))
    hits = find(work.engine, _query(words), filters, limit=limit)
    tell = (lambda text: text) if unmask else masked
    console = Console(soft_wrap=True, highlight=False)
    count = 0
    for hit in hits:
        count += 1
        if as_json:
            typer.echo(json.dumps(_told(hit, tell), ensure_ascii=False))
        else:
            _show(console, hit, tell)
    if not as_json:
        typer.echo(
            f"{count} documents" + (f"; more with --limit {limit * 10}" if count == limit else ""), err=True
        )


def _query(words: list[str]) -> str:
    """The words as one query; a word with a space in it was quoted in the shell and is a phrase."""
    if len(words) == 1:
        return words[0]
    return " ".join(f'"{word}"' if any(map(str.isspace, word)) else word for word in words)


def _told(hit: Hit, tell: Callable[[str], str]) -> dict[str, Any]:
    published = hit.published_at.astimezone(SHANGHAI).isoformat() if hit.published_at else None
    return {
        "id": hit.id,
        "url": hit.url,
        "title": tell(hit.title),
        "account": hit.account,
        "publisher": hit.publisher,
        "published_at": published,
        "snippet": tell(hit.snippet.text),
        "matches": [list(span) for span in hit.snippet.matches],
    }


def _show(console: Console, hit: Hit, tell: Callable[[str], str]) -> None:
    published = f"{hit.published_at.astimezone(SHANGHAI):%Y-%m-%d}" if hit.published_at else "no date"
    console.print(Text(tell(hit.title) or "(no title)", style="bold"))
    console.print(
        Text(f"  {hit.id}  {published}  {hit.publisher or hit.account or ''}  {hit.url}", style="dim")
    )
    piece = Text("  " + tell(hit.snippet.text))
    for start, end in hit.snippet.matches:
        piece.stylize("bold reverse", start + 2, end + 2)
    console.print(piece)
