"""A fresh store for each test, on SQLite and on PostgreSQL.

Migrations run once for each kind; a test's store is a copy of what they made. The whole suite shares one server.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, text

from db.session import connect
from tests.db.postgresql import program, running_server

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a running server, with a place for the database's name."""
    if program("initdb") is None:
        reason = "PostgreSQL is not installed; run scripts/install-test-services"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with running_server() as url:
        yield url


@contextmanager
def _new_database(server: str, template: str = "template1") -> Iterator[str]:
    """The name of a database that is a copy of `template`; it is dropped when the block ends."""
    name = f"test_{uuid4().hex}"
    engine = create_engine(server.format(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    yield name
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    """A fresh, empty PostgreSQL database."""
    with _new_database(postgresql_server) as name:
        yield postgresql_server.format(database=name)


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_server: str) -> Iterator[str]:
    """The name of a database that the migrations have made into a store."""
    with _new_database(postgresql_server) as name:
        connect(postgresql_server.format(database=name)).dispose()
        yield name


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that the migrations have made into a store."""
    file = tmp_path_factory.mktemp("migrated") / "holdfast.db"
    connect(f"sqlite:///{file}").dispose()
    return file


@pytest.fixture(params=KINDS)
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a fresh, empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/holdfast.db"
    return str(request.getfixturevalue("postgresql_url"))


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh store of each kind."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_sqlite"), tmp_path / "holdfast.db")
        yield f"sqlite:///{tmp_path}/holdfast.db"
        return
    server = request.getfixturevalue("postgresql_server")
    with _new_database(server, request.getfixturevalue("migrated_postgresql")) as name:
        yield server.format(database=name)


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    """A fresh store, opened."""
    opened = connect(database)
    yield opened
    opened.dispose()
