"""A figure that its page gives otherwise by now is kept, flagged, and counts nowhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import Engine, update

from analysis.summing.question import sums_by
from db.ingest.orphans import supersede_orphans
from db.ingest.writing import ReadCapture
from db.lists.filters import Filters
from db.lists.queries import observations
from db.models import CaptureRow
from db.reviews.judging import judge, reviews, take_in
from parsers.observation import Kind, Modality, Observation
from tests.db.ingest.test_writing import put
from tests.db.synthetic import BEGIN, LUOLONG, article, capture, document, observation, read_capture, reported

URL = "https://wechat.example/s/AbCdEf"


def seen(day: int, *said: Observation | int, url: str = URL, text: str = "") -> ReadCapture:
    """The page on a day, with what its text says."""
    told = [observation(count=each) if isinstance(each, int) else each for each in said]
    words = text or " ".join(str(each.count) for each in told)
    return read_capture(
        capture(url, day=day), article(document(observation().quote + words)), reported(*told)
    )


def flags(engine: Engine) -> Mapping[int | None, list[str]]:
    return {each.count_max: each.flags for each in observations(engine)}


def increment(engine: Engine) -> Any:
    """What the increments come to, by a question that is carried on from one change to the next."""
    return [row[4] for row in sums_by(engine, Filters(), ["modality"]).rows][-1]


def says(figure: int) -> list[str]:
    return [f"later text of the page says {figure}"]


def test_what_a_page_altered_counts_as_its_newest_text_has_it(engine: Engine) -> None:
    put(engine, seen(1, 510))
    assert increment(engine) == 510
    put(engine, seen(2, 150))
    assert flags(engine) == {510: says(150), 150: []}
    assert increment(engine) == 150


def test_the_flag_is_the_same_in_whatever_order_texts_come(engine: Engine) -> None:
    texts = [seen(1, 510), seen(2, 300), seen(3, 150)]
    for order in permutations(texts):
        for each in order:
            put(engine, each, reader="".join(map(str, map(texts.index, order))))
        assert flags(engine) == {510: says(150), 300: says(150), 150: []}
        assert increment(engine) == 150


def test_a_text_that_comes_back_is_the_newest_again(engine: Engine) -> None:
    put(engine, seen(1, 510), seen(2, 150), seen(3, 510))
    assert flags(engine) == {510: [], 150: says(510)}
    assert increment(engine) == 510


def test_what_a_page_does_not_tell_any_more_still_counts(engine: Engine) -> None:
    put(engine, seen(1, 53, 30), seen(2, 53))
    assert flags(engine) == {53: [], 30: []}
    assert increment(engine) == 83
    put(engine, seen(3, 53, 20))
    assert flags(engine) == {53: [], 30: says(20), 20: []}


def test_a_text_without_the_figure_leaves_it_to_the_newest_that_has_one(engine: Engine) -> None:
    put(engine, seen(1, 510), seen(2, 150), seen(3, observation(count=7, place=LUOLONG)))
    assert flags(engine) == {510: says(150), 150: [], 7: []}


@pytest.mark.parametrize(
    "other",
    [
        observation(count=150, place=LUOLONG),
        observation(count=150, kind=Kind.CUMULATIVE),
        observation(count=150, modality=Modality.IRIS),
        observation(count=150, end=date(2021, 5, 12)),
        replace(observation(count=150), targets=("men",)),
    ],
    ids=["place", "kind", "modality", "days", "groups"],
)
def test_a_figure_for_something_else_alters_nothing(engine: Engine, other: Observation) -> None:
    put(engine, seen(1, 510), seen(2, other))
    assert flags(engine) == {510: [], 150: []}


def test_another_page_alters_nothing(engine: Engine) -> None:
    put(engine, seen(1, 510), seen(2, 150, url="https://wechat.example/s/other"))
    assert flags(engine) == {510: [], 150: []}
    assert increment(engine) == 660


def test_what_other_pages_still_repeat_is_not_added_to_what_the_page_says_now(engine: Engine) -> None:
    put(engine, seen(1, 510), seen(1, 510, url="https://wechat.example/s/repeated"), seen(2, 150))
    assert increment(engine) == 150


def test_a_rejected_figure_alters_nothing(engine: Engine) -> None:
    put(engine, seen(1, 510), seen(2, 150))
    assert increment(engine) == 150
    (newer,) = (each.id for each in observations(engine) if each.count_max == 150)
    judge(engine, [newer], "rejected", reviewer="A", reason="misread", now=BEGIN)
    assert flags(engine)[510] == []
    assert increment(engine) == 510


def test_verdicts_of_others_count_as_well(engine: Engine) -> None:
    put(engine, seen(1, 510), seen(2, 150))
    (newer,) = (each.id for each in observations(engine) if each.count_max == 150)
    judge(engine, [newer], "rejected", reviewer="A", reason="misread", now=BEGIN)
    (given,) = reviews(engine)
    judge(engine, [newer], "accepted", reviewer="A", reason="", now=BEGIN.replace(day=13))
    assert flags(engine)[510] == says(150)
    later = replace(given, id="rev-of-another", reviewer="B", made_at=BEGIN.replace(day=14))
    assert take_in(engine, [later]) == (1, 0)
    assert flags(engine)[510] == []


def test_a_corrected_figure_alters_as_corrected(engine: Engine) -> None:
    put(engine, seen(1, 510), seen(2, 150))
    (newer,) = (each.id for each in observations(engine) if each.count_max == 150)
    corrected = {"count_min": 500, "count_max": 500}
    judge(engine, [newer], "corrected", reviewer="A", reason="misread", now=BEGIN, corrected=corrected)
    assert flags(engine) == {510: says(500), 500: []}
    assert increment(engine) == 500


def test_a_text_that_is_not_read_any_more_alters_nothing(engine: Engine) -> None:
    put(engine, seen(1, 510), seen(2, 150))
    (newer,) = (each.document_id for each in observations(engine) if each.count_max == 150)
    with engine.begin() as connection:
        gone = update(CaptureRow).where(CaptureRow.document_id == newer)
        connection.execute(gone.values(document_id=None))
        supersede_orphans(connection, "tibet-dna")
    assert flags(engine) == {510: []}
    assert increment(engine) == 510


def test_what_the_reader_flags_stays_beside_it(engine: Engine) -> None:
    def flagged(said: Sequence[str]) -> Observation:
        return replace(observation(count=510), flags=tuple(said))

    put(engine, seen(1, flagged(["part of 900"])), seen(2, 150))
    assert flags(engine)[510] == ["part of 900", *says(150)]
    put(engine, seen(1, flagged(["part of 700"])), reader="r2")
    assert flags(engine)[510] == ["part of 700", *says(150)]
