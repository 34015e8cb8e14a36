"""The file of an SQLite store, whole, damaged and lost."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db.copying import backup
from db.errors import Damaged, Lost
from db.file import damage, file_of, need_database, set_aside
from db.session import connect

PAGE = 4096


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A store with all its tables."""
    made = tmp_path / "holdfast.db"
    connect(f"sqlite:///{made}").dispose()
    return made


def spoil(file: Path) -> None:
    """Overwrites all but the first pages of a store, as a failing disk does."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = file.read_bytes()
    file.write_bytes(content[: 2 * PAGE] + b"\xff" * (len(content) - 2 * PAGE))


def test_only_sqlite_has_a_file(tmp_path: Path) -> None:
    assert file_of(f"sqlite:///{tmp_path}/x.db") == tmp_path / "x.db"
    assert file_of("sqlite://") is None
    assert file_of("postgresql+psycopg://user@host/name") is None


def test_damage_is_found_and_its_absence_too(file: Path) -> None:
    assert damage(file) is None
    spoil(file)
    assert damage(file)


def test_what_is_no_database_is_damaged(tmp_path: Path) -> None:
    file = tmp_path / "holdfast.db"
    file.write_bytes(b"no database" * 1000)
    assert damage(file) == "file is not a database"


def test_a_store_is_set_aside_with_all_its_files(file: Path) -> None:
    Path(f"{file}-wal").write_bytes(b"wal")
    content = file.read_bytes()
    kept = set_aside(file, datetime(2026, 11, 28, 7, 0, 5, tzinfo=UTC))
    assert kept.name == "holdfast.db.damaged-20261128-070005"
    assert kept.read_bytes() == content
    assert Path(f"{kept}-wal").read_bytes() == b"wal"
    assert not file.exists()


def test_a_damaged_store_is_not_backed_up_as_if_it_were_whole(file: Path, tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{file}")
    spoil(file)
    with pytest.raises(Damaged, match="holdfast rebuild"):
        backup(engine, tmp_path / "backup.db")
    engine.dispose()
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith("backup")] == []


@pytest.mark.parametrize("is_there", [True, False])
def test_a_lost_database_is_missed_only_where_pages_are_archived(tmp_path: Path, is_there: bool) -> None:
    file, archive = tmp_path / "holdfast.db", tmp_path / "collections" / "demo" / "archive"
    if is_there:
        file.touch()
    archive.mkdir(parents=True)
    need_database(f"sqlite:///{file}", tmp_path / "collections", "do this")
    (archive / "demo-1.warc.gz").touch()
    with pytest.raises(Lost, match="do this"):
        need_database(f"sqlite:///{file}", tmp_path / "collections", "do this")
    need_database("postgresql+psycopg://user@host/name", tmp_path / "collections", "do this")
