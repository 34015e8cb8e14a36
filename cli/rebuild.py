"""`holdfast rebuild`: the database again, from the archive alone."""

from __future__ import annotations

from typing import Annotated

import typer

from archive.collection import Collection
from archive.recover import rebuild_index
from cli.opened import opened
from crawler.collecting import prepare_collection
from db.campaigns import Terms, terms_in
from db.ingest import IngestReport
from db.rebuild import rebuild as derive
from workspace.campaign import load_campaign
from workspace.errors import UnknownCampaign
from workspace.layout import Workspace


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(rebuild)


def rebuild(
    campaign: Annotated[
        str | None,
        typer.Argument(metavar="[CAMPAIGN]", help="Only this campaign; else every one with an archive."),
    ] = None,
) -> None:
    """Makes the index and the database again from the archive alone; reviews and estimates stay."""
    work = opened()
    names = [campaign] if campaign else _archived(work.workspace)
    report = IngestReport()
    for name in names:
        collection = Collection(work.workspace.collection(name))
        if not collection.archive.is_dir():
            raise UnknownCampaign(
                f"there is no archive of a campaign {name!r}; there are: {', '.join(_archived(work.workspace))}"
            )
        prepare_collection(collection, work.workspace)
        rebuild_index(collection)
        terms = _terms(name, work.workspace)
        report += derive(
            work.engine,
            name,
            collection,
            region=terms.region if terms else None,
            words=terms.words if terms else None,
        )
    for url, failure in report.failures:
        typer.echo(f"not read: {url}: {failure}", err=True)
    typer.echo(
        f"{report.captures} captures read again: {report.new_documents} documents, "
        f"{report.observations} observations",
        err=True,
    )
    if report.failures:
        raise typer.Exit(1)


def _archived(workspace: Workspace) -> list[str]:
    if not workspace.collections.is_dir():
        return []
    return sorted(folder.name for folder in workspace.collections.iterdir() if (folder / "archive").is_dir())


def _terms(name: str, workspace: Workspace) -> Terms | None:
    try:
        return terms_in(load_campaign(name, workspace))
    except UnknownCampaign:
        return None
