"""Opening the store."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, insert, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from db.errors import CannotOpen, TooNew
from db.lists.filters import latest_first
from db.migrations import HEAD, versions
from db.models import CampaignRow, CaptureRow, DocumentRow, EstimateRow, ObservationRow, Row
from db.session import connect, reading

ESTIMATE = {"campaign": "c", "recipe": "r", "parameters": {}, "inputs": [], "result": {"图": "虹膜"}}


def test_the_migrations_make_what_the_models_say(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        ours = set(Row.metadata.tables)
        differences = [
            difference
            for difference in compare_metadata(context, Row.metadata)
            if not _is_by_dialect(difference, ours)
        ]
    assert differences == []


def _is_by_dialect(difference: object, ours: set[str]) -> bool:
    """Whether a difference is about the full-text index, which models do not describe, or about the indexes in
    the order of lists, which they describe for each dialect and Alembic compares with that of the other.
    """
    if not isinstance(difference, tuple):
        return False
    if difference[0] in ("remove_index", "add_index") and difference[1].name.endswith("_newest"):
        return True
    kind, what = difference[0], difference[1]
    if kind == "remove_column":
        return bool(difference[3].name == "grams")
    if kind == "remove_table":
        return what.name not in ours
    return kind == "remove_index" and what.name in ("ix_document_grams", "ix_document_trigrams")


@pytest.mark.parametrize("row", [DocumentRow, ObservationRow])
def test_the_latest_publications_are_read_off_an_index(
    engine: Engine, row: type[DocumentRow] | type[ObservationRow]
) -> None:
    made = (
        select(row.id)
        .order_by(*latest_first(row))
        .limit(50)
        .compile(engine, compile_kwargs={"literal_binds": True})
    )
    with reading(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET enable_sort = off"))
            plan = str(connection.execute(text(f"EXPLAIN {made}")).all())
        else:
            plan = str(connection.execute(text(f"EXPLAIN QUERY PLAN {made}")).all())
    assert f"ix_{row.__tablename__}_newest" in plan
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan


def test_head_is_the_newest_migration() -> None:
    folder = Path(__file__).parents[2] / "db" / "migrations"
    assert ScriptDirectory(str(folder)).get_current_head() == HEAD
    assert HEAD in versions()


def test_opening_twice_changes_nothing(empty_database: str) -> None:
    connect(empty_database).dispose()
    engine = connect(empty_database)
    with reading(engine) as connection:
        assert connection.scalar(text("SELECT count(*) FROM alembic_version")) == 1
    engine.dispose()


def test_processes_that_open_a_new_store_at_once_all_succeed(empty_database: str) -> None:
    program = f"from db.session import connect; connect({empty_database!r}).dispose()"
    started = [subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE) for _ in range(4)]
    assert [(process.wait(), process.stderr.read() if process.stderr else b"") for process in started] == [
        (0, b"")
    ] * 4


def test_a_database_of_a_later_version_is_left_alone(empty_database: str) -> None:
    engine = connect(empty_database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(TooNew, match="9999"):
        connect(empty_database)


def test_times_are_kept_in_utc_and_come_back_aware(engine: Engine) -> None:
    shanghai = timezone(timedelta(hours=8))
    moment = datetime(2021, 5, 12, 1, 30, 15, 250000, tzinfo=shanghai)
    with engine.begin() as connection:
        connection.execute(insert(EstimateRow).values(id="est-1", made_at=moment, **ESTIMATE))
    with reading(engine) as connection:
        stored = connection.scalar(select(EstimateRow.made_at))
        result = connection.scalar(select(EstimateRow.result))
    assert stored == moment
    assert stored is not None
    assert stored.utcoffset() == timedelta(0)
    assert result == {"图": "虹膜"}


def test_a_time_without_a_zone_is_refused(engine: Engine) -> None:
    with engine.begin() as connection, pytest.raises(StatementError, match="no time zone"):
        connection.execute(insert(EstimateRow).values(id="est-1", made_at=datetime(2021, 5, 12), **ESTIMATE))


def test_foreign_keys_hold(engine: Engine) -> None:
    values = {
        "id": "cap-1", "campaign": "nobody", "record_id": "urn:uuid:1", "url": "https://a.example/",
        "time": datetime(2021, 1, 1, tzinfo=UTC), "mime": "text/html", "file": "a.warc.gz", "warc_offset": 0,
        "warc_length": 1, "payload_digest": "sha256:0", "record_type": "response", "warnings": [],
    }  # fmt: skip
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(insert(CaptureRow).values(values))


def test_a_reader_sees_one_state_and_holds_up_no_writer(engine: Engine) -> None:
    with reading(engine) as reader:
        assert reader.execute(select(CampaignRow.name)).all() == []
        with engine.begin() as writer:
            writer.execute(insert(CampaignRow).values(name="tibet-dna"))
    with reading(engine) as reader:
        assert reader.scalars(select(CampaignRow.name)).all() == ["tibet-dna"]


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("not a url", "not a database address"),
        ("mysql://host/name", "not a database address"),
        ("sqlite:////nonexistent/folder/holdfast.db", "cannot be used"),
        ("postgresql+psycopg://nobody@127.0.0.1:1/none", "cannot be used"),
    ],
)
def test_a_database_that_cannot_be_opened_is_named_in_one_sentence(url: str, says: str) -> None:
    with pytest.raises(CannotOpen, match=says):
        connect(url)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "holdfast.db").write_bytes(b"this is not a database" * 100)
    with pytest.raises(CannotOpen, match="not a database"):
        connect(f"sqlite:///{tmp_path}/holdfast.db")
