"""Sums that are carried on over a change are those that all observations give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, update

from analysis.claims import keeping
from analysis.claims.clusters import NEAR
from analysis.claims.keeping import keep_claims, state_of
from analysis.summing import question
from analysis.summing.question import sums_by
from db.claims import changes, due
from db.claims.changes import changes_since
from db.claims.related import LEEWAY
from db.lists.filters import Filters
from db.lists.queries import observations
from db.models import AnswerRow, ChangeRow, DueRow, KeptRow
from db.reviews.judging import judge
from db.session import reading
from parsers.observation import Kind, Modality, Observation, PlaceRef
from tests.analysis.invented import Invented
from tests.analysis.summing.test_question import GROUPINGS, WHOLE, as_found, asked_of_all, page, shared
from tests.db.ingest.test_writing import put
from tests.db.synthetic import BEGIN, LINZHOU, LUOLONG, PANGDUO, capture, observation, read_capture, reported

LHASA = PlaceRef("5401", "西藏自治区拉萨市", "prefecture")
TIBET = PlaceRef("54", "西藏自治区", "province")

GONE_THROUGH = "all observations were gone through for a change to a few"


@pytest.fixture
def carried(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Callable[[list[str]], list[Any]]:
    """What is answered by sums that were answered before: whoever goes through all observations fails."""
    page(engine, 99, observation(count=77, place=LUOLONG))
    for names in (["county", "month"], ["modality"], ["place", "kind"]):
        list(sums_by(engine, Filters(), names).rows)

    def asked(names: list[str]) -> list[Any]:
        def fail(*_: object) -> None:
            raise AssertionError(GONE_THROUGH)

        with monkeypatch.context() as patched:
            patched.setattr(question, "every_claim", fail)
            return list(sums_by(engine, Filters(), names).rows)

    return asked


@pytest.mark.parametrize("seed", range(8))
def test_whatever_happens_an_answer_that_is_carried_on_is_that_of_all_observations(
    engine: Engine, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    invented = Invented(engine, seed)
    invented.come()
    every = question.every_claim
    whole: list[int] = []

    def counted(*given: Any) -> Any:
        whole.append(1)
        return every(*given)

    monkeypatch.setattr(question, "every_claim", counted)
    answers = 0
    for _ in range(10):
        happened = [invented.changes() for _ in range(2)]
        for filters in (
            replace(each, campaign=each.campaign or "tibet-dna") for each in WHOLE[:: 3 if seed % 2 else 4]
        ):
            for names in GROUPINGS[seed % 2 :: 2]:
                answers += 1
                found = list(sums_by(engine, filters, names).rows)
                assert found == asked_of_all(engine, filters, names), (happened, filters, names)
    assert len(whole) < answers / 2


def day(figure: int, place: PlaceRef | None = PANGDUO, number: int = 11) -> Any:
    """An increment of one day in May."""
    return observation(count=figure, place=place, start=date(2021, 5, number), end=date(2021, 5, number))


def month(figure: int, place: PlaceRef | None = LINZHOU) -> Any:
    """An increment of all of May."""
    return observation(count=figure, place=place, start=date(2021, 5, 1), end=date(2021, 5, 31))


def total(figure: int, place: PlaceRef | None, number: int = 11) -> Any:
    """A running total of a day in May."""
    said = date(2021, 5, number)
    return observation(count=figure, place=place, start=said, end=said, kind=Kind.CUMULATIVE)


def total_since(figure: int, first: int, last: int = 30) -> Any:
    """A running total from a day in May to another."""
    said = date(2021, 5, first), date(2021, 5, last)
    return observation(count=figure, place=PANGDUO, start=said[0], end=said[1], kind=Kind.CUMULATIVE)


def part(figure: int, place: PlaceRef | None = PANGDUO, of: int = 60) -> Any:
    """An increment that its text says to be part of another, of the same day."""
    return replace(day(figure, place), flags=(f"part of {of}",))


def undated(figure: int, *flags: str) -> Any:
    """An increment without days."""
    return replace(day(figure), dates=None, flags=flags)


CHANGES = {
    "a part of another page's figure": (day(60), part(53)),
    "a whole that comes after its parts": (part(53), part(7), day(60)),
    "a part of a part": (part(7, of=53), part(53), day(60)),
    "one that contains another": (day(53), month(400)),
    "one within another": (month(400), day(53)),
    "one as large within one that is within another": (month(9000, LHASA), month(400), day(53)),
    "one of no place": (month(400), day(53, None)),
    "a second of a small figure": (day(53), day(53, number=30)),
    "one that says the same": (day(400), day(400)),
    "one of another kind": (day(53), total(53, PANGDUO)),
    "a later total": (total(53, PANGDUO), total(60, PANGDUO, 12)),
    "an earlier total": (total(60, PANGDUO, 12), total(53, PANGDUO)),
    "the first total of a place around others": (total(53, PANGDUO), total(60, LINZHOU), total(900, TIBET)),
    "a total that begins after another": (total(900, PANGDUO), total_since(60, 20)),
    "a total that spans others": (total_since(90, 2, 9), total_since(50, 20), total_since(140, 5)),
    "a total within another": (total(900, TIBET), total(53, PANGDUO)),
    "a total within one that is within another": (total(900, TIBET), total(60, LINZHOU), total(53, PANGDUO)),
    "a total of no place": (total(900, TIBET), total(60, None), total(53, None, 30)),
    "one of another modality": (day(53), observation(count=53, modality=Modality.IRIS)),
}
"""What pages say; what the last says comes, is judged and goes when the others have been summed up."""


@pytest.mark.parametrize("said", CHANGES.values(), ids=CHANGES)
def test_what_comes_is_corrected_and_goes_is_counted_where_it_reaches(
    engine: Engine, said: tuple[Any, ...], carried: Callable[[list[str]], list[Any]]
) -> None:
    for number, each in enumerate(said[:-1]):
        page(engine, number, each)
    names = (["county", "month"], ["modality"], ["place", "kind"])

    def told() -> None:
        for each in names:
            assert carried(each) == asked_of_all(engine, Filters(), each)

    told()
    last = page(engine, len(said), said[-1])
    told()
    judge(
        engine, [last], "corrected", reviewer="A", reason="misread", now=BEGIN, corrected={"count_max": 9999}
    )
    told()
    judge(engine, [last], "rejected", reviewer="A", reason="not this", now=BEGIN)
    told()


def test_figures_of_one_text_without_days_reach_each_other_and_what_other_texts_repeat(
    engine: Engine, carried: Callable[[list[str]], list[Any]]
) -> None:
    def page_with(number: int, *said: Observation) -> None:
        put(engine, read_capture(capture(f"https://wechat.example/s/{number}"), claims=reported(*said)))

    def told(low: int) -> None:
        found = carried(["modality"])
        assert found == asked_of_all(engine, Filters(), ["modality"])
        assert found[0][4] == low + 77

    page_with(1, undated(60), undated(53, "part of 60"), undated(20, "part of 53"))
    told(60)
    page_with(2, undated(53, "part of 60"), undated(70))
    told(60 + 70)
    (whole,) = (each.id for each in observations(engine) if each.count_max == 60)
    judge(engine, [whole], "rejected", reviewer="A", reason="not this", now=BEGIN)
    told(70)
    page_with(3, undated(8, "part of 9"), undated(9))
    told(70 + 9)
    (whole,) = (each.id for each in observations(engine) if each.count_max == 9)
    judge(engine, [whole], "rejected", reviewer="A", reason="not this", now=BEGIN)
    told(70 + 8)


def test_what_happens_between_two_questions_is_counted_once(
    engine: Engine, carried: Callable[[list[str]], list[Any]]
) -> None:
    """Claims are kept at each step by other questions; the last is asked over all steps at once."""
    for number in range(4):
        last = page(engine, number, day(400))
        keep_claims(engine, "tibet-dna")
    judge(engine, [last], "rejected", reviewer="A", reason="not this", now=BEGIN)
    keep_claims(engine, "tibet-dna")
    page(engine, 3, day(400))
    assert carried(["modality"]) == asked_of_all(engine, Filters(), ["modality"])


def test_after_a_change_to_very_much_all_observations_are_gone_through(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, carried: Callable[[list[str]], list[Any]]
) -> None:
    page(engine, 0, day(53))
    assert carried(["modality"]) == asked_of_all(engine, Filters(), ["modality"])
    monkeypatch.setattr(due, "MOST_FOLLOWED", 2)
    for number in range(1, 4):
        page(engine, number, month(400 + number))
    with pytest.raises(AssertionError, match=GONE_THROUGH):
        carried(["modality"])
    assert list(sums_by(engine, Filters(), ["modality"]).rows) == asked_of_all(
        engine, Filters(), ["modality"]
    )
    page(engine, 9, day(53, LHASA))
    assert carried(["modality"]) == asked_of_all(engine, Filters(), ["modality"])


def test_what_was_known_of_a_document_that_changed_meanwhile_is_not_made_up(engine: Engine) -> None:
    """A mark that comes while claims are found says what they knew before, which they do not any more."""
    page(engine, 1, day(53))
    keep_claims(engine, "tibet-dna")
    page(engine, 2, day(400))
    with engine.begin() as connection:
        former = connection.scalar(select(KeptRow.state))
        assert former
        connection.execute(update(DueRow).values(before=None))
    keep_claims(engine, "tibet-dna")
    with reading(engine) as connection:
        now = state_of(connection, "tibet-dna")
        assert now
        assert changes_since(connection, "tibet-dna", former, now) is None
    assert list(sums_by(engine, Filters(), ["county"]).rows) == asked_of_all(engine, Filters(), ["county"])


def test_only_so_many_changes_are_kept(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "MOST", 3)
    for number in range(6):
        page(engine, number, day(53 + number))
        list(sums_by(engine, Filters(), ["county"]).rows)
    with reading(engine) as connection:
        kept = connection.scalar(select(func.count()).select_from(ChangeRow)) or 0
        assert kept == 3
        assert connection.scalar(select(func.count()).select_from(AnswerRow)) == 1
    assert list(sums_by(engine, Filters(), ["county"]).rows) == asked_of_all(engine, Filters(), ["county"])


def test_only_what_is_related_to_a_change_is_looked_at_again(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, other, later = (
        page(engine, n, each) for n, each in enumerate((day(400), day(400, LUOLONG), day(400, PANGDUO, 30)))
    )
    keep_claims(engine, "tibet-dna")
    seen: list[set[str]] = []
    found = keeping.related

    def noted(*given: Any) -> Any:
        seen.append({each.id for each in found(*given) or ()})
        return found(*given)

    monkeypatch.setattr(keeping, "related", noted)
    around = page(engine, 9, day(400, LHASA))
    keep_claims(engine, "tibet-dna")
    assert seen == [{first, around}]
    assert shared(engine) == as_found(engine)
    assert len(shared(engine)) == 1
    assert {other, later}.isdisjoint(*seen)


def test_days_that_claims_allow_between_reports_keep_these_related() -> None:
    assert LEEWAY > NEAR


def test_what_has_no_place_may_say_what_any_other_does(engine: Engine) -> None:
    for number, place in enumerate((PANGDUO, LUOLONG, None)):
        page(engine, number, day(400, place))
        keep_claims(engine, "tibet-dna")
        assert shared(engine) == as_found(engine)
    page(engine, 9, day(400, LHASA))
    keep_claims(engine, "tibet-dna")
    assert shared(engine) == as_found(engine)
