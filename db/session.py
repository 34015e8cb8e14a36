"""Opening the store: one engine for SQLite or PostgreSQL, migrated to what this version needs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from db.errors import CannotOpen, TooNew
from db.file import file_of, only_readable, reading_address
from db.lists.fulltext import has_term
from db.migrations import HEAD, MIGRATION_LOCK, upgrade, versions
from db.trouble import trouble

BUSY_SECONDS = 60
"""How long a SQLite writer waits for another to finish."""


def connect(url: str, *, lean: bool = False) -> Engine:
    """The store at `url`, made or migrated when needed; safe while other processes do the same.

    `url` is a SQLAlchemy URL: `sqlite:///file` or `postgresql+psycopg://user@host/name`. A transaction of
    the engine takes SQLite's write lock at its start (`BEGIN IMMEDIATE`), so that it never fails half way;
    `reading` opens one that does not. A `lean` engine keeps little of an SQLite file in memory: it is for long
    work that mostly writes. An SQLite file that lies where nothing can be written is read as it is. Raises CannotOpen,
    of which Damaged is one, or TooNew when a later version of holdfast made the database.
    """
    try:
        address = make_url(url)
        engine = _engine(address, lean)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise CannotOpen(
            f"{url!r} is not a database address; use sqlite:///FILE or postgresql+psycopg://…"
        ) from error
    try:
        _migrate(engine)
    except DBAPIError as error:
        engine.dispose()
        raise trouble(error, address.render_as_string(hide_password=True)) from error
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that only reads and keeps no writer waiting. On SQLite it sees one state of the store throughout."""
    with engine.connect().execution_options(**{_READ_ONLY: True}) as connection:
        yield connection


def one_state(engine: Engine) -> AbstractContextManager[Connection]:
    """A connection that only reads and sees the same rows from its first statement on, whoever writes meanwhile."""
    if engine.dialect.name == "sqlite":
        return reading(engine)
    return engine.connect().execution_options(isolation_level="REPEATABLE READ")


_READ_ONLY = "holdfast_read_only"


def _engine(address: URL, lean: bool) -> Engine:
    if address.get_backend_name() == "postgresql":
        return create_engine(
            address.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            json_serializer=_json,
            json_deserializer=_from_json,
            # Compiling queries that take milliseconds takes PostgreSQL longer than running them.
            connect_args={"options": "-c jit=off"},
        )
    if address.get_backend_name() != "sqlite":
        raise ArgumentError(address.drivername)
    file = file_of(address.render_as_string(hide_password=False))
    read_only = file is not None and only_readable(file)
    if file is not None and read_only:
        address = make_url(f"sqlite:///{reading_address(file)}&uri=true")
    engine = create_engine(
        address, connect_args={"timeout": BUSY_SECONDS}, json_serializer=_json, json_deserializer=_from_json
    )
    memory = _LEAN if lean else _AMPLE
    event.listen(engine, "connect", partial(_prepare_sqlite, memory if read_only else (*_WRITTEN, *memory)))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _json(value: object) -> str:
    """JSON that people can read in the database; most values are empty or a word or two, and these recur."""
    if not value:
        return _encode(value) if value not in ([], {}) else "[]" if isinstance(value, list) else "{}"
    if isinstance(value, list) and len(value) < FEW and all(type(each) is str for each in value):
        return _words(tuple(value))
    return _encode(value)


FEW, MEMORY = 4, 4096
"""Lists of fewer words than this are remembered as JSON, so many of them."""


@lru_cache(MEMORY)
def _words(words: tuple[str, ...]) -> str:
    return _encode(words)


def _from_json(stored: str | bytes) -> Any:
    """What a JSON column holds; most lists are empty, and are not worth a decoder."""
    return json.loads(stored) if stored not in ("[]", b"[]") else []


_AMPLE = ("cache_size = -65536", "mmap_size = 1073741824")
_WRITTEN = ("journal_mode = WAL", "synchronous = NORMAL")
_LEAN = ("cache_size = -16384", "mmap_size = 0")


def _prepare_sqlite(settings: tuple[str, ...], connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not open transactions by itself: _begin_sqlite does
    for pragma in ("foreign_keys = ON", "temp_store = MEMORY", *settings):
        connection.execute(f"PRAGMA {pragma}")
    connection.create_function("holdfast_has_term", 3, has_term, deterministic=True)


def _begin_sqlite(connection: Connection) -> None:
    read_only = connection.get_execution_options().get(_READ_ONLY)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _migrate(engine: Engine) -> None:
    if _version(engine) == HEAD:
        return
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
        found = _stored_version(connection)
        if found is not None and found not in versions():
            raise TooNew(
                f"the database is of version {found}, which this holdfast does not know; install a later one"
            )
        if found != HEAD:
            upgrade(connection)


def _version(engine: Engine) -> str | None:
    with reading(engine) as connection:
        return _stored_version(connection)


def _stored_version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
