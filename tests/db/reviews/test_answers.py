"""What each reviewer says in the end, whatever others have said."""

from __future__ import annotations

from sqlalchemy import Engine

from db.ingest.rebuild import drop
from db.reviews import judging
from db.reviews.answers import answers
from tests.db.reviews.test_judging import NOW, correct, read_once  # noqa: F401  # a fixture


def test_each_reviewers_own_verdicts_make_the_answer(engine: Engine, read_once: str) -> None:  # noqa: F811
    correct(engine, read_once, 0, "Ada", count_min=35, count_max=35)
    correct(engine, read_once, 1, "Bo", date_end="2021-05-30")
    correct(engine, read_once, 2, "Ada", kind="target")
    judging.judge(engine, [read_once], "accepted", reviewer="Cy", reason="", now=NOW)
    found = {each.reviewer: each for each in answers(engine)}
    ada, bo, cy = found["Ada"], found["Bo"], found["Cy"]
    assert (ada.says["count_max"], ada.says["kind"], ada.says["date_end"]) == (35, "target", "2021-05-11")
    assert (bo.says["count_max"], bo.says["date_end"]) == (53, "2021-05-30")
    assert (cy.verdict, cy.says) == ("accepted", cy.read)
    assert len({each.about for each in found.values()}) == 1
    assert list(answers(engine, "another")) == []


def test_of_what_nobody_reads_any_more_only_corrections_are_known(engine: Engine, read_once: str) -> None:  # noqa: F811
    correct(engine, read_once, count_min=35, count_max=35)
    with engine.begin() as connection:
        drop(connection, "tibet-dna")
    (found,) = answers(engine)
    assert (dict(found.read), found.says["count_max"]) == ({}, 35)
