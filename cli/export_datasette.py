"""`holdfast export datasette`: what was read, for browsing in Datasette."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analysis.formats.datasette import DATABASE, METADATA, write_datasette
from analysis.labels import counted
from analysis.listing import listing
from cli.new_folder import need_free, new_folder
from cli.opened import opened
from db.lists import queries
from db.lists.filters import Filters
from db.lists.items import CaptureItem, DocumentItem, ObservationItem, PageItem
from db.lists.sense import need_sense
from workspace.campaign import campaign_names


def datasette(
    to: Annotated[Path, typer.Option("--to", metavar="FOLDER", help="A new or empty folder.")],
    campaign: Annotated[str | None, typer.Option(help="Only this campaign.")] = None,
    unmask: Annotated[
        bool,
        typer.Option("--unmask", help="Leave ID-card and telephone numbers in titles, texts and quotes."),
    ] = False,
) -> None:
    """Writes a SQLite file with metadata that Datasette shows in a browser: tables, links, facets, search."""
    need_free(to)
    work = opened()
    engine = work.engine
    wanted = Filters(campaign=campaign)
    need_sense(engine, wanted, campaign_names(work.workspace))
    listings = (
        listing("captures", CaptureItem, queries.captures(engine, wanted)),
        listing("pages", PageItem, queries.pages(engine, wanted)),
        listing("documents", DocumentItem, queries.documents(engine, wanted), unmask=unmask),
        listing("observations", ObservationItem, queries.observations(engine, wanted), unmask=unmask),
    )
    with new_folder(to) as part:
        counts = write_datasette(listings, part, f"holdfast: {campaign or 'all campaigns'}")
    told = ", ".join(counted(number, name.removesuffix("s")) for name, number in counts.items())
    typer.echo(f"{to / DATABASE}: {told}")
    typer.echo(f"look at it with: datasette {to / DATABASE} --metadata {to / METADATA}")
