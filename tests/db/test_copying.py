"""A store copied whole, from each kind of database to each."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text

from db.copying import backup, copy
from db.errors import CannotCopy
from db.lists.filters import Filters
from db.lists.queries import documents, observations
from db.lists.search import search
from db.models import Row
from db.session import connect, reading
from tests.db.ingest.test_writing import put
from tests.db.synthetic import capture, observation, read_capture, reported


@pytest.fixture
def store(engine: Engine) -> Engine:
    for number in range(30):
        url = f"https://wechat.example/s/{number}"
        put(engine, read_capture(capture(url), claims=reported(observation(count=number))))
    return engine


def rows(engine: Engine) -> dict[str, list[str]]:
    """Every row, whatever the order of keys in which a database keeps JSON."""
    with reading(engine) as connection:
        return {
            name: sorted(
                json.dumps(tuple(row), sort_keys=True, default=str)
                for row in connection.execute(select(table))
            )
            for name, table in Row.metadata.tables.items()
        }


def assert_works(url: str, original: Engine) -> None:
    made = connect(url)
    assert rows(made) == rows(original)
    assert len(list(search(made, "血样", Filters(), limit=100))) == 30
    put(made, read_capture(capture("https://wechat.example/s/new"), claims=reported(observation())))
    assert len(list(documents(made))) == 31
    made.dispose()


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_every_row_is_copied_and_the_copy_works(
    store: Engine, kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = (
        f"sqlite:///{tmp_path}/copy.db"
        if kind == "sqlite"
        else str(request.getfixturevalue("postgresql_url"))
    )
    assert copy(store, url) == sum(map(len, rows(store).values()))
    assert_works(url, store)


def test_a_database_that_holds_rows_is_left_as_it_is(store: Engine, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/copy.db"
    copy(store, url)
    with pytest.raises(CannotCopy, match="holds rows already"):
        copy(store, url)
    assert len(list(observations(connect(url)))) == 30


def test_a_backup_is_a_store(store: Engine, tmp_path: Path) -> None:
    backup(store, tmp_path / "backup.db")
    assert_works(f"sqlite:///{tmp_path}/backup.db", store)
    assert [each.name for each in tmp_path.glob("backup.db.part*")] == []


def test_a_backup_while_somebody_writes_is_whole(store: Engine, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 100
        while not stop.is_set():
            number += 1
            url = f"https://wechat.example/s/{number}"
            put(store, read_capture(capture(url), claims=reported(observation(count=number))))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        backup(store, tmp_path / "backup.db")
    finally:
        stop.set()
        writer.join()
    made = connect(f"sqlite:///{tmp_path}/backup.db")
    found = len(list(documents(made)))
    assert 30 <= found <= len(list(documents(store)))
    assert len(list(observations(made))) == found, "no half of a write is in it"
    made.dispose()


def test_a_file_that_exists_or_cannot_be_is_refused(store: Engine, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(CannotCopy, match="exists already"):
        backup(store, tmp_path / "mine.txt")
    assert (tmp_path / "mine.txt").read_text() == "mine"
    with pytest.raises(CannotCopy if store.dialect.name == "sqlite" else Exception, match="nowhere"):
        backup(store, tmp_path / "nowhere" / "backup.db")


def test_what_is_null_is_null_in_the_copy(store: Engine, tmp_path: Path) -> None:
    copy(store, f"sqlite:///{tmp_path}/copy.db")
    made = connect(f"sqlite:///{tmp_path}/copy.db")
    count = text("SELECT count(*) FROM look WHERE through IS NULL")
    with reading(store) as given, reading(made) as taken:
        assert taken.scalar(count) == given.scalar(count) > 0
    made.dispose()
