"""The file of an SQLite store: whether it is there and whole, and setting aside one that is not."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from db.errors import CannotOpen, Lost

SIDES = ("", "-wal", "-shm", "-journal")
"""The endings of the files that one SQLite store may consist of."""

_OK = "ok"


def file_of(url: str) -> Path | None:
    """The file that the SQLite store at `url` is; None for another kind of database."""
    try:
        address = make_url(url)
    except ArgumentError:
        return None  # `db.session.connect` says what is wrong with it
    if address.get_backend_name() != "sqlite" or not address.database or address.database == ":memory:":
        return None
    return Path(address.database)


def is_empty(file: Path) -> bool:
    """Whether there is no such file, or nothing in it."""
    return not file.exists() or file.stat().st_size == 0


def only_readable(file: Path) -> bool:
    """Whether the store's file lies where nothing can be written, such as a medium behind a write blocker."""
    return file.exists() and not os.access(file, os.W_OK) and not os.access(file.parent, os.W_OK)


def reading_address(file: Path) -> str:
    """The address (https://sqlite.org/uri.html) to open a file for reading alone.

    SQLite needs files of its own beside one in WAL mode, unless it is told that nobody changes it: true only of a file
    that cannot be written and has no changes that wait beside it.
    """
    waiting = file.with_name(f"{file.name}-wal")
    settled = only_readable(file) and not (waiting.exists() and waiting.stat().st_size)
    return f"{file.absolute().as_uri()}?mode=ro{'&immutable=1' if settled else ''}"


def need_database(url: str, collections: Path, remedy: str) -> None:
    """Raises Lost when there are archives in `collections` and no database at `url`: an empty one would hide that."""
    file = file_of(url)
    if file is not None and is_empty(file) and any(collections.glob("*/archive/*.warc*")):
        what = "is empty" if file.exists() else "is not there"
        raise Lost(f"the database {file} {what}, though pages are archived: {remedy}")


def damage(file: Path) -> str | None:
    """What SQLite finds wrong in a database file, every page and index of which it reads; None when all is right.

    Raises CannotOpen when the file cannot be read or is in use.
    """
    try:
        with closing(sqlite3.connect(reading_address(file), uri=True)) as connection:
            found = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
    except sqlite3.OperationalError as error:
        raise CannotOpen(f"cannot read the database {file}: {error}") from error
    except sqlite3.DatabaseError as error:
        return str(error)
    return None if found == _OK else " ".join(found.removeprefix("*** in database main ***").split())


def set_aside(file: Path, now: datetime) -> Path:
    """Renames a store's files, so that another can be made in its place; gives the new name. Raises CannotOpen."""
    kept = file.with_name(f"{file.name}.damaged-{now:%Y%m%d-%H%M%S}")
    try:
        for ending in SIDES:
            side = file.with_name(file.name + ending)
            if side.exists():
                side.rename(kept.with_name(kept.name + ending))
    except OSError as error:
        raise CannotOpen(f"cannot rename {file}: {error.strerror}") from error
    return kept
