"""`holdfast lookup`: what web archives keep of pages that are gone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from archive.custody import append
from cli.crawl import progress_bar
from cli.opened import Opened, opened
from cli.stamping import stamp_if_set
from cli.traced import local
from crawler.errors import UnusableAddress
from crawler.imports.source_list import read_list
from crawler.plan import DEFAULT, seed_of
from db.pages.pages import captured_addresses, lost_addresses
from workspace.campaign import SourceKind, load_campaign
from workspace.garbage import collecting_nothing

if TYPE_CHECKING:
    from crawler.older.looking import LookupReport
    from crawler.older.sought import Sought


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(lookup)


def lookup(
    campaign: Annotated[str | None, typer.Argument(help="A campaign: its pages that are gone.")] = None,
    url: Annotated[list[str] | None, typer.Option(help="One page; may be given more than once.")] = None,
    urls: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Addresses: text, one a line, or a CSV or XLSX list.")
    ] = None,
    versions: Annotated[
        int, typer.Option(min=1, max=100, help="Different versions of a page to fetch at most.")
    ] = 3,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line for each page.")] = False,
) -> None:
    """Fetches older captures of pages that are gone from the web archives named in holdfast.toml.

    Each is kept under the day it was taken and says which archive it came from; it is read like any other page.
    """
    work = opened()
    work.need_database()
    listed = read_list(urls).seeds if urls else ()
    asked = [seed.url for seed in (*map(seed_of, url or []), *listed)]
    if campaign is None and not asked:
        raise UnusableAddress("name a campaign, or a page with --url, or a list with --urls FILE")
    name = campaign or DEFAULT
    wanted = asked or _lost(work, name)
    work.engine.dispose()  # so that the reading process can be a copy of this one (`crawler.reading.starting`)
    with collecting_nothing():
        from crawler.older.looking import look_up  # loads Scrapy; what is mistyped is told without it

    with progress_bar() as watch:
        report = look_up(work.workspace, work.settings, name, wanted, most=versions, progress=watch)
    for page in report.pages:
        _say(page, as_json)
    if found := sum(len(page.captures) for page in report.pages):
        subject: dict[str, str | int] = {"campaign": name, "from": "web archives", "brought": found}
        append(work.workspace.custody, "import", subject)
        stamp_if_set(work)
    _summarise(report)
    if report.stopped_by or report.interrupted or any(page.problems for page in report.pages):
        raise typer.Exit(1)


def _lost(work: Opened, campaign: str) -> list[str]:
    """Pages that no capture holds: those found gone, and those a campaign names that never answered."""
    loaded = load_campaign(campaign, work.workspace)
    captured = set(captured_addresses(work.engine, campaign))
    named = [source.url for source in loaded.source if source.kind is SourceKind.PAGE]
    return [*lost_addresses(work.engine, campaign), *(each for each in named if each not in captured)]


def _say(page: Sought, as_json: bool) -> None:
    if as_json:
        told: dict[str, Any] = {
            "url": page.url,
            "captures": [
                {"id": each.record_id, "time": each.time.isoformat(), "source_uri": each.source_uri}
                for each in page.captures
            ],
            "already_archived": page.held,
            "problems": page.problems,
        }
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    for capture in sorted(page.captures, key=lambda each: each.time):
        typer.echo(f"{page.url}: taken {local(capture.time)}, from {capture.source_uri}")
    if not page.captures:
        known = f"{page.held} captures were archived already" if page.held else "no capture found"
        typer.echo(f"{page.url}: {known}")
    for problem in page.problems:
        typer.echo(f"failed: {page.url}: {problem}", err=True)


def _summarise(report: LookupReport) -> None:
    found = sum(len(page.captures) for page in report.pages)
    typer.echo(
        f"looked up {len(report.pages)} pages: {found} older captures archived, "
        f"{report.ingested.documents} documents with {report.ingested.observations} observations read",
        err=True,
    )
    if report.stopped_by:
        typer.echo(f"holdfast: the look-up stopped itself: {report.stopped_by}", err=True)
    if report.interrupted:
        typer.echo("holdfast: stopped before the end; type the same command again to go on", err=True)
