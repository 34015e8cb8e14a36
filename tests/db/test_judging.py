"""Verdicts: what they correct counts everywhere, what was read is kept, and others can take them in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select, text

from db import judging
from db.errors import BadReview, UnknownId
from db.filters import Filters
from db.judging import place_named
from db.models import ObservationRow
from db.queries import observations
from db.reviews import CORRECTED
from db.session import connect, reading
from tests.db.synthetic import LINZHOU, capture, observation, read_capture, reported
from tests.db.test_store import put

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
URL = "https://wechat.example/s/linzhou-1"


@pytest.fixture
def read_once(engine: Engine) -> str:
    """The id of the one observation of a store: 53 samples."""
    put(engine, read_capture(capture(URL), claims=reported(observation(count=53))))
    (found,) = observations(engine)
    return found.id


def correct(engine: Engine, identifier: str, minutes: int = 0, **values: object) -> judging.Review:
    (review,) = judging.judge(
        engine,
        [identifier],
        CORRECTED,
        reviewer="Ada",
        reason="misread",
        now=NOW + timedelta(minutes=minutes),
        corrected=values,
    )
    return review


def original(engine: Engine, identifier: str) -> dict[str, object]:
    with reading(engine) as connection:
        return dict(
            connection.scalar(select(ObservationRow.original).where(ObservationRow.id == identifier)) or {}
        )


def test_a_corrected_value_is_the_one_that_lists_and_filters_have(engine: Engine, read_once: str) -> None:
    correct(engine, read_once, count_min=530, count_max=530, date_end="2021-05-30")
    (found,) = observations(engine, Filters(min_count=500))
    assert (found.count_min, found.count_max, found.review) == (530, 530, "corrected")
    assert found.date_end is not None
    assert found.date_end.isoformat() == "2021-05-30"
    assert original(engine, read_once) == {"count_min": 53, "count_max": 53, "date_end": "2021-05-11"}


def test_a_place_is_corrected_whole(engine: Engine, read_once: str) -> None:
    correct(engine, read_once, place_code=place_named("林周县"))
    (found,) = observations(engine, Filters(place="5401"))
    assert (found.place_code, found.place, found.place_level) == (LINZHOU.code, LINZHOU.name, "county")


def test_the_latest_verdict_counts_and_what_was_read_comes_back(engine: Engine, read_once: str) -> None:
    correct(engine, read_once, count_min=530, count_max=530)
    correct(engine, read_once, 1, count_max=600)
    (found,) = observations(engine)
    assert (found.count_min, found.count_max) == (53, 600)
    assert original(engine, read_once) == {"count_max": 53}
    judging.judge(engine, [read_once], "accepted", reviewer="Bo", reason="", now=NOW + timedelta(minutes=2))
    (found,) = observations(engine)
    assert (found.count_min, found.count_max, found.review) == (53, 53, "accepted")
    assert original(engine, read_once) == {}


def test_a_correction_outlives_a_new_reading_of_the_same_quote(engine: Engine, read_once: str) -> None:
    correct(engine, read_once, count_min=530, count_max=530)
    put(engine, read_capture(capture(URL), claims=reported(observation(count=5))), reader="r2")
    (found,) = observations(engine)
    assert found.id != read_once
    assert (found.count_min, found.count_max, found.review) == (530, 530, "corrected")
    assert original(engine, found.id) == {"count_min": 5, "count_max": 5}


@pytest.mark.parametrize(
    ("verdict", "values", "reason", "reviewer", "what"),
    [
        ("rejected", {}, "", "Ada", "say why"),
        ("accepted", {}, "", " ", "who reviews"),
        (CORRECTED, {}, "misread", "Ada", "what is right"),
        (CORRECTED, {"modality": "dna"}, "misread", "Ada", "modality cannot be corrected"),
        (CORRECTED, {"count_min": 9, "count_max": 3}, "misread", "Ada", "from 9 to 3"),
        (CORRECTED, {"date_end": "May"}, "misread", "Ada", "no day"),
        (CORRECTED, {"kind": "guess"}, "misread", "Ada", "no kind"),
        (CORRECTED, {"place_code": "999999"}, "misread", "Ada", "no division code"),
    ],
)
def test_a_verdict_that_lacks_something_changes_nothing(
    engine: Engine,
    read_once: str,
    verdict: str,
    values: dict[str, object],
    reason: str,
    reviewer: str,
    what: str,
) -> None:
    with pytest.raises(BadReview, match=what):
        judging.judge(
            engine, [read_once], verdict, reviewer=reviewer, reason=reason, now=NOW, corrected=values
        )
    assert list(judging.reviews(engine)) == []


def test_all_or_none_are_judged(engine: Engine, read_once: str) -> None:
    with pytest.raises(UnknownId, match="obs-nothing"):
        judging.judge(engine, [read_once, "obs-nothing"], "accepted", reviewer="Ada", reason="", now=NOW)
    assert list(judging.reviews(engine)) == []


@pytest.mark.parametrize("name", ["城关区", "无此地"])
def test_a_name_that_is_not_one_places_is_refused(name: str) -> None:
    with pytest.raises(BadReview, match="not the name of one place"):
        place_named(name)


def test_verdicts_of_others_are_taken_in_once_and_find_their_quotes(engine: Engine, read_once: str) -> None:
    correct(engine, read_once, count_min=530, count_max=530)
    given = list(judging.reviews(engine))
    strange = replace(
        given[0], id="rev-elsewhere", quote="nobody wrote this", document_id="doc-x", url="urn:x"
    )
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM review"))
    put(engine, read_capture(capture(URL), claims=reported(observation(count=53))), reader="r3")
    assert [found.count_max for found in observations(engine)] == [53]
    assert judging.take_in(engine, [*given, strange]) == (2, 1)
    assert judging.take_in(engine, [*given, strange]) == (0, 0)
    assert [found.count_max for found in observations(engine)] == [530]


def test_a_store_opened_again_has_the_same_verdicts(engine: Engine, database: str, read_once: str) -> None:
    given = correct(engine, read_once, count_min=530, count_max=530)
    again = connect(database)
    assert list(judging.reviews(again, "tibet-dna")) == [given]
    assert list(judging.reviews(again, "qinghai-iris")) == []
    again.dispose()
