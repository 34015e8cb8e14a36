"""`holdfast verify`: looks at every byte of the archive and says exactly what is wrong, if anything is."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import typer
from sqlalchemy.exc import DBAPIError

from archive.collection import Collection
from archive.custody import sealed_files
from archive.custody.timestamp import stamps as stored_stamps
from archive.errors import CaptureMissing, CustodyBroken, StorageFailed
from archive.storage import LEDGER, ledger
from archive.verify import Finding, Grade, verify_collection, verify_custody
from cli.expected import told
from cli.opened import Opened, opened
from cli.stamping import authority_of
from db.errors import StoreError
from db.evidence.verify import archived_campaigns, verify_store

ELSE = {
    Grade.NOT_CHECKED: "files could NOT be checked",
    Grade.UNREAD: "files are not, or not wholly, in the database",
    Grade.UNFINISHED: "files are not finished yet",
    Grade.CAME_SO: "records came with a wrong digest",
}
"""What else the last line counts."""

FAILED = (Grade.DAMAGED, Grade.NOT_CHECKED, Grade.UNREAD)
"""What makes the exit code 1."""


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(verify)


def verify(
    campaigns: Annotated[
        list[str] | None,
        typer.Argument(metavar="[CAMPAIGN...]", help="Only these; else all that have, or had, an archive."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON line for each thing that is not as it should be.")
    ] = False,
) -> None:
    """Re-hashes the archive, walks the custody log, compares index and database; exit 1 on any damage.

    Archive files that only the object store has are fetched and looked at too. What could not be had, and captures
    that the database lacks, are named, and the exit code is 1 as well.
    """
    work = opened()
    chosen = _chosen(work, campaigns or [])
    checked: list[str] = []
    told: Counter[Grade] = Counter()
    for finding in _findings(work, chosen, checked):
        told[finding.grade] += 1
        line = f"{finding.grade.value.upper()}  {finding}"
        typer.echo(json.dumps(asdict(finding), ensure_ascii=False) if as_json else line)
    stamps = sum(1 for _ in stored_stamps(work.workspace.custody))
    if stamps and authority_of(work) is None:
        typer.echo(
            f"the signatures of {stamps} time-stamps were not checked: name timestamp_url and timestamp_ca in "
            f"{work.workspace.settings_file}",
            err=True,
        )
    wrong = told[Grade.DAMAGED] or "nothing"
    sentence = f"{len(checked)} files in {len(chosen)} collections were checked: {wrong} wrong"
    typer.echo(
        "; ".join([sentence, *(f"{told[each]} {what}" for each, what in ELSE.items() if told[each])]),
        err=True,
    )
    if any(told[each] for each in FAILED):
        raise typer.Exit(1)


def _findings(work: Opened, chosen: dict[str, Collection], checked: list[str]) -> Iterator[Finding]:
    """What is not as it should be; adds the name of each file that was looked at to `checked`."""
    sound = dict(chosen)
    for name, collection in chosen.items():
        if not collection.root.is_dir():
            yield Finding(f"collections/{name}", _GONE)
            continue
        try:
            ledger(collection)
        except StorageFailed as error:
            yield Finding(f"collections/{name}/{LEDGER}", f"{error}; this collection was not checked")
            del sound[name]
            continue
        yield from verify_collection(collection, on_checked=checked.append)
        try:
            yield from verify_store(work.engine, name, collection)
        except (StoreError, DBAPIError) as error:  # the archive and the log are looked at all the same
            yield Finding("the database", told(error) or str(error))
    authority = authority_of(work)
    root = authority.root if authority else None
    yield from verify_custody(work.workspace.custody, list(sound.values()), root)


_GONE = (
    "there is no such folder, though the custody log or the database knows of an archive in it; "
    "restore it from your backup"
)


def _chosen(work: Opened, campaigns: list[str]) -> dict[str, Collection]:
    """The collections that are there, and those that should be."""
    folder = work.workspace.collections
    present = {path.name for path in folder.iterdir() if path.is_dir()} if folder.is_dir() else set()
    known = sorted(present | _in_log(work) | _in_database(work))
    for name in campaigns:
        if name not in known:
            raise CaptureMissing(
                f"{name!r} has no archive here; archives are: {', '.join(known) or 'none yet'}"
            )
    return {name: Collection(work.workspace.collection(name)) for name in (campaigns or known)}


def _in_log(work: Opened) -> set[str]:
    try:
        return set(sealed_files(work.workspace.custody))
    except CustodyBroken:
        return set()  # the check of the log tells it


def _in_database(work: Opened) -> set[str]:
    try:
        return archived_campaigns(work.engine)
    except (StoreError, DBAPIError):
        return set()  # `_findings` tells it of each collection
