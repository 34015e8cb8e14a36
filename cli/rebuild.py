"""`holdfast rebuild`: the database again, from the archive alone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from archive.collection import OPEN, Collection
from archive.custody import sealed_files
from archive.errors import CaptureMissing
from archive.storage import sealed_names
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

MOST_NAMED = 5
"""Lost files that a refusal names."""


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(rebuild)


def rebuild(
    campaign: Annotated[
        str | None,
        typer.Argument(metavar="[CAMPAIGN]", help="Only this campaign; else every one with an archive."),
    ] = None,
    lost: Annotated[
        bool,
        typer.Option(
            "--lost", help="Go on without archive files or records that are gone; each is named, exit code 1."
        ),
    ] = False,
) -> None:
    """Makes the index and the database again from the archive alone; reviews and estimates stay.

    A database that is damaged is kept under another name, and a new one is made of every campaign. Nothing is changed
    when an archive file that was sealed, or a record that the database lists, is not there, unless you say `--lost`.
    """
    work = opened()
    archived = _archived(work.workspace)
    if campaign and campaign not in archived:
        raise UnknownCampaign(
            f"there is no archive of a campaign {campaign!r}; there are: {', '.join(archived)}"
        )
    url = database_url(work.workspace, work.settings)
    file, trouble = file_of(url), _trouble(url)
    only = campaign if trouble is None else None
    gone = _gone(work.workspace, only)
    if gone and not lost:
        named = ", ".join(gone[:MOST_NAMED]) + (", …" if len(gone) > MOST_NAMED else "")
        raise CaptureMissing(
            f"the custody log says that {len(gone)} archive files were sealed that are not there ({named}); nothing "
            "was changed: restore them from your backup, or, if they are lost for good, run: holdfast rebuild --lost"
        )
    for each in gone:
        typer.echo(f"lost: {each}", err=True)
    if file and trouble is not None:
        _make_way(file, trouble)
    engine = connect(url)
    report = IngestReport()
    for name in [only] if only else archived:
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
            lost=lost,
        )
    for page, failure in report.failures:
        typer.echo(f"not read: {page}: {failure}", err=True)
    typer.echo(
        f"{report.captures} captures read again: {report.new_documents} documents, "
        f"{report.observations} observations",
        err=True,
    )
    if report.failures or gone:
        raise typer.Exit(1)


def _gone(workspace: Workspace, only: str | None) -> list[str]:
    """The archive files, of all campaigns or one, that were sealed and are neither here nor in the store."""
    gone = []
    for name, sealed in sorted(sealed_files(workspace.custody).items()):
        if only and name != only:
            continue
        collection = Collection(workspace.collection(name))
        # What bears the name of a file that is being written is sealed again before it is read.
        there = {*sealed_names(collection), *(path.name.removesuffix(OPEN) for path in collection.unsealed())}
        gone += [f"{name}/{file}" for file in sorted(sealed - there)]
    return gone


def _trouble(url: str) -> str | None:
    """What is wrong with the database: that of a damaged one, nothing in words for one that is not there; else None."""
    file = file_of(url)
    if file is None:
        return None
    return "" if is_empty(file) else damage(file)


def _make_way(file: Path, trouble: str) -> None:
    """Sets a damaged database aside, and tells what only it held."""
    if not trouble:
        typer.echo(f"there was no database {file}; {ONLY_THERE}", err=True)
        return
    kept = set_aside(file, datetime.now(UTC))
    typer.echo(f"the database was damaged ({trouble}) and is kept as {kept}; {ONLY_THERE}", err=True)


def _archived(workspace: Workspace) -> list[str]:
    if not workspace.collections.is_dir():
        return []
    return sorted(folder.name for folder in workspace.collections.iterdir() if (folder / "archive").is_dir())


def _terms(name: str, workspace: Workspace) -> Terms | None:
    try:
        return terms_in(load_campaign(name, workspace))
    except UnknownCampaign:
        return None
