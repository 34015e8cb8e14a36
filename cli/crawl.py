"""`holdfast crawl`: pages from the web into the archive."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.opened import opened
from cli.stamping import stamp_if_set
from crawler.errors import UnusableAddress
from crawler.imports.source_list import read_list
from crawler.plan import DEFAULT, Seed, seed_of, seeds_of
from workspace.campaign import load_campaign
from workspace.errors import WorkspaceError
from workspace.garbage import collecting_nothing
from workspace.layout import Workspace

if TYPE_CHECKING:
    from crawler.run import CrawlReport
    from crawler.session import CrawlSession

SHOWN_FAILURES = 20
SHOWN_CHARACTERS = 500
FINISHED = ("pages", "lists", "images", "not_kept", "captures", "failed")
"""What a crawl counts once for each address that it is done with."""


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("crawl")(crawl_)


def crawl_(
    campaign: Annotated[str | None, typer.Argument(help="A campaign: holdfast doctor lists them.")] = None,
    url: Annotated[list[str] | None, typer.Option(help="One page; may be given more than once.")] = None,
    urls: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Addresses: text, one a line, or a CSV or XLSX list.")
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Also fetch pages that are archived already.")
    ] = False,
    requisites: Annotated[bool, typer.Option(help="Whether to fetch pictures and styles of pages.")] = True,
    imported: Annotated[
        bool,
        typer.Option(
            "--imported", help="Also fetch the pictures, styles and leads of pages that were imported."
        ),
    ] = False,
    browser: Annotated[
        bool,
        typer.Option("--browser", help="Also open each page in Chromium; keep a picture and a PDF of it."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The result as one JSON line.")] = False,
) -> None:
    """Archives pages. Type the same command again to go on after any interruption."""
    work = opened()
    work.need_database()
    name, seeds = _seeds(campaign, url or [], urls, work.workspace)
    if browser:
        seeds = tuple(replace(seed, browser=True) for seed in seeds)
    _need_write_access(work.workspace)
    with collecting_nothing():
        from crawler.run import crawl  # loads Scrapy; what is mistyped is told without it

    with progress_bar() as watch:
        report = crawl(
            work.workspace,
            work.settings,
            name,
            seeds,
            again=again,
            with_requisites=requisites,
            imported=imported,
            progress=watch,
        )
    tell(report, as_json=as_json)
    stamp_if_set(work)
    if report.stopped_by:
        typer.echo(f"holdfast: the crawl stopped itself: {report.stopped_by}", err=True)
    if report.interrupted:
        typer.echo("holdfast: stopped before the end; type the same command again to go on", err=True)
    if report.failures or report.stopped_by or report.interrupted:
        raise typer.Exit(1)


@contextmanager
def progress_bar() -> Iterator[Any]:
    """A bar on stderr while a crawl runs, and only on a terminal."""
    if not sys.stderr.isatty():
        yield lambda session: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    described = TextColumn("{task.description}")
    columns = (SpinnerColumn(), described, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("archiving", total=None)

        def watch(session: CrawlSession) -> None:
            counts = session.counts
            finished = sum(counts.get(what, 0) for what in FINISHED)
            bar.update(task, completed=finished, total=max(counts.get("queued", 0), finished))

        yield watch


def tell(report: CrawlReport, *, as_json: bool = False) -> None:
    """Says what a crawl did; failures go to stderr."""
    counts = report.counts
    told = {
        "pages": counts.get("pages", 0),
        "lists": counts.get("lists", 0),
        "images": counts.get("images", 0),
        "not_kept": counts.get("not_kept", 0),
        "renditions": counts.get("renditions", 0),
        "already_archived": counts.get("known", 0),
        "documents": report.ingested.documents,
        "observations": report.ingested.observations,
        "failures": [{"url": failure.url, "reason": failure.reason} for failure in report.failures],
    }
    for torn in report.recovery.torn:
        cut = f"{torn.bytes} bytes of {torn.file}"
        typer.echo(f"an earlier run was cut off: {cut} are set aside in {torn.kept_at}", err=True)
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        typer.echo(
            f"archived {told['pages']} pages, {told['lists']} lists and {told['images']} pictures; "
            f"{told['already_archived']} pages were archived already; "
            + (f"{told['not_kept']} are beside the matter and were not kept; " if told["not_kept"] else "")
            + (f"{told['renditions']} pages were opened in the browser too; " if told["renditions"] else "")
            + f"read {told['documents']} documents with {told['observations']} observations"
        )
    for failure in report.failures[:SHOWN_FAILURES]:
        typer.echo(f"failed: {shortened(failure.url)}: {failure.reason}", err=True)
    if len(report.failures) > SHOWN_FAILURES:
        typer.echo(f"failed: {len(report.failures) - SHOWN_FAILURES} more; --json lists all", err=True)


def shortened(url: str) -> str:
    """An address as a line of the terminal may hold it."""
    return url if len(url) <= SHOWN_CHARACTERS else f"{url[:SHOWN_CHARACTERS]}…"


def _seeds(
    campaign: str | None, url: list[str], urls: Path | None, workspace: Workspace
) -> tuple[str, tuple[Seed, ...]]:
    asked = tuple(seed_of(each) for each in url) + (_listed(urls) if urls else ())
    if campaign is None and not asked:
        raise UnusableAddress("name a campaign, or a page with --url, or a list with --urls FILE")
    if campaign is None:
        return DEFAULT, asked
    loaded = load_campaign(campaign, workspace)
    seeds = asked or seeds_of(loaded)
    if not seeds:
        raise UnusableAddress(f"the campaign {campaign!r} names no source to crawl; add a [[source]] to it")
    return loaded.name, seeds


def _listed(path: Path) -> tuple[Seed, ...]:
    """The seeds of a list; rows without an address are told of."""
    found = read_list(path)
    for sentence in found.without_address:
        typer.echo(f"left out: {sentence}", err=True)
    return found.seeds


def _need_write_access(workspace: Workspace) -> None:
    for folder in (workspace.root, workspace.collections):
        if not os.access(folder, os.W_OK):
            raise WorkspaceError(f"cannot write to {folder}; choose a workspace that you may write to")
