"""`holdfast store`: sealed archive files into an object store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archive.collection import Collection
from archive.custody import append, entries
from archive.errors import StorageFailed
from archive.storage import Store, Stored, drop_local, ledger, upload
from archive.store_address import store_at
from cli.opened import opened


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(store)


def store(
    drop: Annotated[
        bool, typer.Option("--drop-local", help="Delete local copies once the store has been read back.")
    ] = False,
) -> None:
    """Copies sealed archive files to the store in the settings, S3 or a mounted disk; each is read back and hashed."""
    work = opened()
    if not work.settings.storage_url:
        raise StorageFailed(f"name a store first: storage_url in {work.workspace.settings_file}")
    target = store_at(work.settings.storage_url, work.settings.storage_endpoint, work.workspace.root)
    for folder in sorted(path for path in work.workspace.collections.iterdir() if path.is_dir()):
        collection = Collection(folder)
        place = Store(f"{target.url.rstrip('/')}/{folder.name}", target.endpoint)
        _log_what_is_not(work.workspace.custody, collection)
        for stored in upload(collection, collection.sealed(), place):
            _log(work.workspace.custody, collection, stored)
            typer.echo(f"stored: {stored.url}")
        if drop:
            for path in collection.sealed():
                drop_local(collection, path.name)
                typer.echo(f"local copy dropped: {path.name}")


def _log(custody: Path, collection: Collection, stored: Stored) -> None:
    """Writes into the custody log that a file is stored."""
    subject = {"file": stored.file, "sha256": stored.sha256, "url": stored.url}
    append(custody, "store", {"collection": collection.root.name, **subject})


def _log_what_is_not(custody: Path, collection: Collection) -> None:
    """Does so for files after whose upload a crash came first."""
    kept = ledger(collection)
    if not kept:
        return
    subjects = (entry["subject"] for entry in entries(custody) if entry["act"] == "store")
    logged = {each["file"] for each in subjects if each.get("collection") == collection.root.name}
    for file in sorted(kept.keys() - logged):
        _log(custody, collection, kept[file])
