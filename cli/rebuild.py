"""`holdfast rebuild`: the database again, from the archive alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from archive.collection import Collection
from archive.writing.recover import rebuild_index
from cli.opened import opened
from crawler.collecting import prepare_collection
from db.campaigns import Terms, terms_in
from db.file import damage, file_of, is_empty, set_aside
from db.ingest.captures import IngestReport
from db.ingest.rebuild import rebuild as derive
from db.session import connect
from workspace.campaign import load_campaign
from workspace.errors import UnknownCampaign
from workspace.layout import Workspace
from workspace.settings import database_url

ONLY_THERE = (
    "reviews, estimates, schedules and alerts are in no archive: if a copy that `holdfast db backup` made has them, "
    "put that in its place and rebuild again"
)
"""What is told when the database is made of nothing but the archive."""


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(rebuild)


def rebuild(
    campaign: Annotated[
        str | None,
        typer.Argument(metavar="[CAMPAIGN]", help="Only this campaign; else every one with an archive."),
    ] = None,
) -> None:
    """Makes the index and the database again from the archive alone; reviews and estimates stay.

    A database that is damaged is kept under another name, and a new one is made of every campaign.
    """
    work = opened()
    archived = _archived(work.workspace)
    if campaign and campaign not in archived:
        raise UnknownCampaign(
            f"there is no archive of a campaign {campaign!r}; there are: {', '.join(archived)}"
        )
    url = database_url(work.workspace, work.settings)
    whole = _whole(url)
    engine = connect(url)
    report = IngestReport()
    for name in [campaign] if campaign and whole else archived:
        collection = Collection(work.workspace.collection(name))
        prepare_collection(collection, work.workspace)
        rebuild_index(collection)
        terms = _terms(name, work.workspace)
        report += derive(
            engine,
            name,
            collection,
            region=terms.region if terms else None,
            words=terms.words if terms else None,
        )
    for page, failure in report.failures:
        typer.echo(f"not read: {page}: {failure}", err=True)
    typer.echo(
        f"{report.captures} captures read again: {report.new_documents} documents, "
        f"{report.observations} observations",
        err=True,
    )
    if report.failures:
        raise typer.Exit(1)


def _whole(url: str) -> bool:
    """Whether the database is there and whole; one that is not is set aside, and what only it held is told."""
    file = file_of(url)
    if file is None:
        return True
    if is_empty(file):
        typer.echo(f"there was no database {file}; {ONLY_THERE}", err=True)
        return False
    found = damage(file)
    if found is None:
        return True
    kept = set_aside(file, datetime.now(UTC))
    typer.echo(f"the database was damaged ({found}) and is kept as {kept}; {ONLY_THERE}", err=True)
    return False


def _archived(workspace: Workspace) -> list[str]:
    if not workspace.collections.is_dir():
        return []
    return sorted(folder.name for folder in workspace.collections.iterdir() if (folder / "archive").is_dir())


def _terms(name: str, workspace: Workspace) -> Terms | None:
    try:
        return terms_in(load_campaign(name, workspace))
    except UnknownCampaign:
        return None
