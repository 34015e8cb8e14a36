"""Many rows written at once are the rows that were given, whatever is in them and whatever was there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import StatementError

from db.bulk import FEW, Values
from db.models import CampaignRow, DocumentRow, ObservationRow
from db.session import reading
from db.upsert import upsert
from tests.db.ingest.test_writing import put
from tests.db.synthetic import BEGIN, capture, read_capture

AWKWARD = ("\\N", "\\", "a\tb", "a\nb", "a\r\nb", '"', "'", "", " ", "{}", "虹膜🩸", "\u2028", "NULL", "%s:x")
"""What COPY, SQL, or CSV would take for something else."""


def rows_of(engine: Engine) -> dict[str, Values]:
    with reading(engine) as connection:
        found = connection.execute(select(ObservationRow.__table__)).mappings()
        return {row["id"]: dict(row) for row in found}


def made(document: str, number: int, **given: Any) -> Values:
    word = AWKWARD[number % len(AWKWARD)]
    values: Values = {
        "id": f"obs-{number:04}", "campaign": "tibet-dna", "document_id": document,
        "published_at": None if number % 3 else datetime(2021, 5, 12, 8, number % 60, 0, number, UTC),
        "modality": "dna", "kind": "increment", "count_min": number or None, "count_max": 2**40 + number,
        "count_qualifier": "exact", "unit": word, "rate": number / 7 if number % 2 else None,
        "date_start": date(1, 1, 1) + timedelta(days=number), "date_end": None, "date_precision": "day",
        "date_evidence": None, "date_relative": False, "place_code": None, "place": word * 3, "place_level": None,
        "place_candidates": [], "organ": None, "venue": [word], "targets": [word, "residents"] * (number % 4),
        "purposes": ["x"], "quote": word, "quote_start": 0, "quote_end": number, "confidence": 0.1 + number,
        "rules": ["count.verb"], "flags": [], "original": {"unit": word, "rate": 0.5, "none": None},
        "reader": "r1", "superseded": number % 2 == 0,
    }  # fmt: skip
    return values | given


@pytest.fixture
def document(engine: Engine) -> str:
    put(engine, read_capture(capture("https://wechat.example/s/1")))
    with engine.begin() as connection:
        connection.execute(ObservationRow.__table__.delete())
        return str(connection.scalar(select(DocumentRow.id)))


@pytest.mark.parametrize("number", [1, FEW - 1, FEW, 10 * FEW])
def test_rows_come_back_as_they_were_given(engine: Engine, document: str, number: int) -> None:
    given = [made(document, each) for each in range(number)]
    with engine.begin() as connection:
        upsert(connection, ObservationRow, given)
    assert rows_of(engine) == {row["id"]: row for row in given}


@pytest.mark.parametrize("number", [3, 2 * FEW])
def test_rows_that_are_there_get_what_is_to_be_renewed_and_keep_the_rest(
    engine: Engine, document: str, number: int
) -> None:
    before = [made(document, each) for each in range(0, number, 2)]
    after = [made(document, each, unit="份", quote="another") for each in range(number)]
    with engine.begin() as connection:
        upsert(connection, ObservationRow, before)
        upsert(connection, ObservationRow, after, replace=["unit"])
    wanted = {row["id"]: row for row in after} | {row["id"]: row | {"unit": "份"} for row in before}
    assert rows_of(engine) == wanted
    with engine.begin() as connection:
        upsert(connection, ObservationRow, [row | {"unit": "x"} for row in after])
    assert rows_of(engine) == wanted


def test_of_one_row_given_twice_the_last_counts(engine: Engine, document: str) -> None:
    given = [made(document, each % FEW, unit=f"{each}") for each in range(3 * FEW)]
    with engine.begin() as connection:
        upsert(connection, ObservationRow, given)
    assert {row["unit"] for row in rows_of(engine).values()} == {f"{2 * FEW + each}" for each in range(FEW)}


def test_moments_of_any_zone_are_kept_in_utc(engine: Engine, document: str) -> None:
    east = BEGIN.astimezone(timezone(timedelta(hours=8)))
    given = [made(document, each, published_at=BEGIN if each % 2 else east) for each in range(2 * FEW)]
    with engine.begin() as connection:
        upsert(connection, ObservationRow, given)
    assert {row["published_at"].isoformat() for row in rows_of(engine).values()} == {BEGIN.isoformat()}


@pytest.mark.parametrize("number", [1, 2 * FEW])
def test_a_moment_without_a_zone_is_refused_and_nothing_is_written(
    engine: Engine, document: str, number: int
) -> None:
    naive = datetime(2021, 5, 12)  # what must be refused
    with pytest.raises((ValueError, StatementError), match="no time zone"), engine.begin() as connection:
        upsert(
            connection,
            ObservationRow,
            [made(document, each, published_at=naive) for each in range(number)],
        )
    assert rows_of(engine) == {}


@pytest.mark.parametrize("number", [1, 2 * FEW])
def test_what_is_written_in_a_transaction_that_is_rolled_back_is_not_there(
    engine: Engine, document: str, number: int
) -> None:
    given = [made(document, each) for each in range(number)]
    with engine.connect() as connection:
        upsert(connection, ObservationRow, given)
        connection.rollback()
    assert rows_of(engine) == {}
    with engine.begin() as connection:
        upsert(connection, ObservationRow, given)
    assert len(rows_of(engine)) == number


def test_rows_may_leave_out_what_may_be_empty(engine: Engine) -> None:
    with engine.begin() as connection:
        upsert(connection, CampaignRow, [{"name": f"c{each}", "words": {}} for each in range(2 * FEW)])
        connection.execute(insert(CampaignRow).values(name="last", words={}))
    with reading(engine) as connection:
        assert set(connection.scalars(select(CampaignRow.region))) == {None}
