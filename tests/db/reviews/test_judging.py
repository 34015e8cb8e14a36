"""Verdicts: what they correct counts everywhere, what was read is kept, and others can take them in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select, text

from db.errors import BadReview, UnknownId
from db.lists.filters import Filters
from db.lists.queries import observations
from db.models import ObservationRow
from db.reviews import judging
from db.reviews.corrections import CORRECTED
from db.reviews.judging import place_named
from db.reviews.verdict import Review
from db.session import connect, reading
from parsers.document import Precision
from parsers.observation import DateRange
from tests.db.ingest.test_writing import put
from tests.db.synthetic import LINZHOU, capture, observation, read_capture, reported

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
URL = "https://wechat.example/s/linzhou-1"


@pytest.fixture
def read_once(engine: Engine) -> str:
    """The id of the one observation of a store: 53 samples."""
    put(engine, read_capture(capture(URL), claims=reported(observation(count=53))))
    (found,) = observations(engine)
    return found.id


def correct(
    engine: Engine, identifier: str, minutes: int = 0, reviewer: str = "Ada", **values: object
) -> Review:
    (review,) = judging.judge(
        engine,
        [identifier],
        CORRECTED,
        reviewer=reviewer,
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
    assert original(engine, read_once) == {
        "count_min": 53,
        "count_max": 53,
        "date_end": "2021-05-11",
        "date_precision": "day",
        "date_relative": False,
    }


@pytest.mark.parametrize(
    ("corrected", "precision"),
    [
        ({"date_start": "2021-05-12", "date_end": "2021-05-12"}, "day"),
        ({"date_end": "2021-05-30"}, "day"),
        ({"date_start": "2021-04-01", "date_end": "2021-06-30", "date_precision": "quarter"}, "quarter"),
        ({"date_precision": "year"}, "year"),
        ({"count_min": 50}, "month"),
    ],
)
def test_days_that_are_corrected_are_exact_to_the_day_unless_the_reviewer_says_otherwise(
    engine: Engine, corrected: dict[str, object], precision: str
) -> None:
    said = replace(
        observation(), dates=DateRange(date(2021, 5, 1), date(2021, 5, 31), Precision.MONTH, "sentence", True)
    )
    put(engine, read_capture(capture(URL), claims=reported(said)))
    (found,) = observations(engine)
    correct(engine, found.id, **corrected)
    (now,) = observations(engine)
    assert now.date_precision == precision
    assert now.date_relative is corrected.keys().isdisjoint(("date_start", "date_end"))
    judging.judge(engine, [found.id], "accepted", reviewer="Ada", reason="", now=NOW + timedelta(days=1))
    assert list(observations(engine)) == [replace(found, review="accepted")]


def test_a_place_is_corrected_whole(engine: Engine, read_once: str) -> None:
    correct(engine, read_once, place_code=place_named("林周县"))
    (found,) = observations(engine, Filters(place="5401"))
    assert (found.place_code, found.place, found.place_level) == (LINZHOU.code, LINZHOU.name, "county")


def test_the_latest_verdict_counts_and_what_was_read_comes_back(engine: Engine, read_once: str) -> None:
    correct(engine, read_once, count_min=530, count_max=530)
    correct(engine, read_once, 1, count_max=600)
    (found,) = observations(engine)
    assert (found.count_min, found.count_max) == (530, 600)
    assert original(engine, read_once) == {"count_min": 53, "count_max": 53}
    judging.judge(engine, [read_once], "accepted", reviewer="Bo", reason="", now=NOW + timedelta(minutes=2))
    (found,) = observations(engine)
    assert (found.count_min, found.count_max, found.review) == (53, 53, "accepted")
    assert original(engine, read_once) == {}


@pytest.mark.parametrize("second", ["Ada", "Bo"])
def test_a_second_correction_adds_to_the_first_whoever_gives_it(
    engine: Engine, read_once: str, second: str
) -> None:
    correct(engine, read_once, count_min=530, count_max=530)
    correct(engine, read_once, 1, second, place_code="540123")
    (found,) = observations(engine)
    assert (found.count_max, found.place_code) == (530, "540123")
    assert original(engine, read_once)["count_max"] == 53


def test_a_reviewers_own_correction_comes_back_with_the_next_one_not_with_another_verdict(
    engine: Engine, read_once: str
) -> None:
    def accept(minutes: int, reviewer: str) -> None:
        moment = NOW + timedelta(minutes=minutes)
        judging.judge(engine, [read_once], "accepted", reviewer=reviewer, reason="", now=moment)

    def count() -> int | None:
        (found,) = observations(engine)
        return found.count_max

    correct(engine, read_once, count_min=530, count_max=530)
    accept(1, "Bo")
    assert count() == 53
    correct(engine, read_once, 2, organ="林周县公安局")
    assert count() == 530
    accept(3, "Ada")
    correct(engine, read_once, 4, organ="林周县公安局")
    assert count() == 53


def test_what_stands_counts_more_than_a_reviewers_own_earlier_correction(
    engine: Engine, read_once: str
) -> None:
    correct(engine, read_once, count_min=530, count_max=530)
    correct(engine, read_once, 1, "Bo", count_min=350, count_max=350)
    correct(engine, read_once, 2, organ="林周县公安局")
    (found,) = observations(engine)
    assert found.count_max == 350


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ({"count_min": 20000}, "from 20,000 to 53 cannot be"),
        ({"count_max": 7}, "from 53 to 7 cannot be"),
        ({"date_precision": "second"}, "no precision"),
        ({"date_relative": True}, "cannot be corrected"),
        ({"date_start": "2021-12-30"}, "from 2021-12-30 to 2021-05-11 cannot be"),
        ({"kind": "none"}, "kind none has no count"),
        ({"kind": "rate"}, "kind rate has no count"),
    ],
)
def test_what_a_correction_leaves_must_go_with_it(
    engine: Engine, read_once: str, values: dict[str, object], what: str
) -> None:
    with pytest.raises(BadReview, match=what):
        correct(engine, read_once, **values)
    assert list(judging.reviews(engine)) == []


def test_an_end_that_a_new_reading_puts_on_the_wrong_side_follows_the_corrected_one(
    engine: Engine, read_once: str
) -> None:
    correct(engine, read_once, count_max=60)
    put(engine, read_capture(capture(URL), claims=reported(observation(count=530))), reader="r2")
    (found,) = observations(engine)
    assert (found.count_min, found.count_max) == (60, 60)
    assert original(engine, found.id) == {"count_min": 530, "count_max": 530}


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
        (CORRECTED, {"date_start": "2021-12-30", "date_end": "2021-01-01"}, "misread", "Ada", "cannot be"),
        (CORRECTED, {"count_min": -1}, "misread", "Ada", "between 0 and"),
        (CORRECTED, {"count_max": 10**30}, "misread", "Ada", "between 0 and"),
        (CORRECTED, {"unit": " "}, "misread", "Ada", "unit is empty"),
        (CORRECTED, {"place_code": "999999"}, "misread", "Ada", "no division code"),
        (CORRECTED, {"organ": "公\ud800"}, "misread", "Ada", "half a character"),
        (CORRECTED, {"organ": "公安局"}, "mis\0read", "Ada", "NUL"),
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


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"corrected": {"count_min": "abc"}}, "count_min should be a whole number"),
        ({"corrected": {"count_min": "7"}}, "count_min should be a whole number"),
        ({"corrected": {"count_min": 1.5}}, "count_min should be a whole number"),
        ({"corrected": {"count_min": True}}, "count_min should be a whole number"),
        ({"corrected": {"count_min": None}}, "count_min should be a whole number"),
        ({"corrected": {"count_min": -5, "count_max": 7}}, "count_min should be between"),
        ({"corrected": {"rate": 7.5}}, "rate should be a share"),
        ({"corrected": {"rate": float("nan")}}, "rate should be a share"),
        ({"corrected": {"kind": None}}, "no kind of figure"),
        ({"corrected": {"date_end": 20210512}}, "no day"),
        ({"corrected": {"date_start": "2021-12-30", "date_end": "2021-01-01"}}, "cannot be"),
        ({"corrected": {"place_code": 540121}}, "no division code"),
        ({"corrected": {"place_code": "540121", "place": "无此地"}}, "place '无此地' is not that of 540121"),
        ({"corrected": {"place": "无此地"}}, "by place_code"),
        ({"corrected": {"place_code": "540121", "place_level": "galaxy"}}, "place_level 'galaxy'"),
        ({"corrected": {}}, "corrected is empty"),
        ({"corrected": "count"}, "should hold fields"),
        ({"verdict": "accepted"}, "corrects nothing"),
        ({"verdict": "perhaps"}, "no verdict"),
        ({"modality": "blood"}, "no modality"),
        ({"id": ""}, "id is empty"),
        ({"id": None}, "id should be text"),
        ({"reviewer": " "}, "reviewer is empty"),
        ({"reviewer": None}, "reviewer should be text"),
        ({"reason": {}}, "reason should be text"),
        ({"reason": "\ud800"}, "half a character"),
        ({"quote_start": 10**30}, "quote_start"),
        ({"made_at": datetime(2026, 3, 1, 12, 0)}, "its zone"),  # what is refused
    ],
)
def test_of_verdicts_that_are_taken_in_each_is_looked_at_and_one_wrong_one_stops_all(
    engine: Engine, read_once: str, change: dict[str, Any], what: str
) -> None:
    right = correct(engine, read_once, count_min=530, count_max=530)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM review"))
    with pytest.raises(BadReview, match=what):
        judging.take_in(engine, [right, replace(right, **({"id": "rev-other"} | change))])
    assert list(judging.reviews(engine)) == []
