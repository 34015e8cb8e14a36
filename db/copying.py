"""A store copied whole: to another database, or to a file while it is in use."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select

from db.errors import CannotCopy, Damaged
from db.file import SIDES, damage
from db.models import Row
from db.session import connect, one_state
from db.trouble import REMEDY

AT_ONCE = 1000


def copy(source: Engine, url: str) -> int:
    """Copies every row to the database at `url`, which must be new or empty; gives the number of rows.

    Reads one state of the source however long it takes, and writes all or nothing. Raises CannotCopy or CannotOpen.
    """
    target = connect(url)
    try:
        with one_state(source) as given, target.begin() as taken:
            for table in Row.metadata.sorted_tables:
                if taken.scalar(select(func.count()).select_from(table)):
                    shown = target.url.render_as_string(hide_password=True)
                    raise CannotCopy(f"{shown} holds rows already (table {table.name}); name a new database")
            rows = 0
            for table in Row.metadata.sorted_tables:
                found = given.execution_options(yield_per=AT_ONCE).execute(table.select())
                for part in found.mappings().partitions(AT_ONCE):
                    taken.execute(table.insert(), [dict(row) for row in part])
                    rows += len(part)
    finally:
        target.dispose()
    return rows


def backup(source: Engine, file: Path) -> None:
    """Writes the store to a new SQLite file while others use it. Raises CannotCopy or Damaged; then there is no file.

    An SQLite store is copied by SQLite's own backup (https://sqlite.org/backup.html), which leaves out nothing that
    was committed when it ends; a PostgreSQL store row by row. SQLite copies pages as they are, so that the copy is
    checked: a damaged one would be found out when it is needed.
    """
    if file.exists():
        raise CannotCopy(f"{file} exists already; name a new file")
    part = file.with_name(file.name + ".part")
    try:
        if source.dialect.name == "sqlite":
            with closing(source.raw_connection()) as given, closing(sqlite3.connect(part)) as taken:
                driver: Any = given.driver_connection
                driver.backup(taken)
        else:
            copy(source, f"sqlite:///{part}")
        if found := damage(part):
            raise Damaged(f"the database is damaged ({found}) and was not written to {file}: {REMEDY}")
        part.replace(file)
    except (OSError, sqlite3.Error) as error:
        raise CannotCopy(f"cannot write {file}: {error}") from error
    finally:
        for ending in SIDES:
            part.with_name(part.name + ending).unlink(missing_ok=True)
