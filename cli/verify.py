"""`holdfast verify`: looks at every byte of the archive and says exactly what is wrong, if anything is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import typer

from archive.collection import Collection
from archive.custody.timestamp import stamps as stored_stamps
from archive.errors import CaptureMissing
from archive.verify import Finding, verify_collection, verify_custody
from cli.opened import Opened, opened
from cli.stamping import authority_of
from db.verify import verify_store


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(verify)


def verify(
    campaigns: Annotated[
        list[str] | None,
        typer.Argument(metavar="[CAMPAIGN...]", help="Only these; else all that have an archive."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON line for each thing that is wrong.")
    ] = False,
) -> None:
    """Re-hashes the archive, walks the custody log, compares index and database; exit 1 on any damage."""
    work = opened()
    chosen = _chosen(work, campaigns or [])
    wrong = 0
    for finding in _findings(work, chosen):
        wrong += 1
        typer.echo(json.dumps(asdict(finding), ensure_ascii=False) if as_json else f"DAMAGED  {finding}")
    stamps = sum(1 for _ in stored_stamps(work.workspace.custody))
    files = sum(len(collection.sealed()) for collection in chosen.values())
    if stamps and authority_of(work) is None:
        typer.echo(
            f"the signatures of {stamps} time-stamps were not checked: name timestamp_url and timestamp_ca in "
            f"{work.workspace.settings_file}",
            err=True,
        )
    typer.echo(
        f"{files} files in {len(chosen)} collections were checked: {wrong or 'nothing'} wrong", err=True
    )
    if wrong:
        raise typer.Exit(1)


def _findings(work: Opened, chosen: dict[str, Collection]) -> Iterator[Finding]:
    for name, collection in chosen.items():
        yield from verify_collection(collection)
        yield from verify_store(work.engine, name, collection)
    authority = authority_of(work)
    root = authority.root if authority else None
    yield from verify_custody(work.workspace.custody, list(chosen.values()), root)


def _chosen(work: Opened, campaigns: list[str]) -> dict[str, Collection]:
    folder = work.workspace.collections
    present = sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    for name in campaigns:
        if name not in present:
            raise CaptureMissing(
                f"{name!r} has no archive here; archives are: {', '.join(present) or 'none yet'}"
            )
    return {name: Collection(work.workspace.collection(name)) for name in (campaigns or present)}
