"""Kept claims give the answers that all observations give, whatever has happened to the store."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import combinations
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Engine, delete, event, func, select, update

from analysis.claims.claim import claims, ranked
from analysis.claims.keeping import keep_claims, state_of
from analysis.errors import AnalysisError
from analysis.summing import question
from analysis.summing.dimensions import DIMENSIONS
from analysis.summing.question import claims_for, sums_by
from analysis.summing.tallies import order
from analysis.summing.totals import latest_totals, totals
from db.campaigns import Terms
from db.claims.answers import MOST
from db.claims.kept import keeping, renew
from db.ingest.orphans import supersede_orphans
from db.ingest.writing import write
from db.lists.filters import Filters, leaves_claims_whole
from db.lists.queries import observations
from db.models import AnswerRow, CaptureRow, ClaimRow, DueRow, KeptRow, ObservationRow
from db.reviews.judging import judge
from db.session import connect, one_state, reading
from parsers.observation import Observation
from tests.analysis.invented import CAMPAIGNS, Invented
from tests.db.ingest.test_writing import put
from tests.db.synthetic import BEGIN, TEXT, article, capture, document, observation, read_capture, reported

WHOLE = (
    Filters(),
    Filters(campaign="tibet-dna"),
    Filters(campaign="nobody's"),
    Filters(modality=("dna",), kind=("increment",)),
    Filters(min_count=100),
    Filters(max_count=100),
    Filters(place="54"),
    Filters(place="5401"),
    Filters(place="540121"),
    Filters(place="540121208"),
    Filters(place="林周", campaign="qinghai-iris"),
    Filters(campaign="tibet-dna", modality=("dna",), kind=("cumulative",), place="54"),
)
PARTING = (
    Filters(since=date(2021, 5, 5)),
    Filters(until=date(2021, 5, 5)),
    Filters(source="甲"),
    Filters(review="accepted"),
    Filters(review="none"),
    Filters(text="另有"),
    Filters(place="某"),
)
GROUPINGS = (
    ["county", "month"],
    ["modality"],
    ["province", "quarter", "kind"],
    ["source", "campaign"],
    ["place", "year"],
    ["publisher", "target", "venue", "purpose", "organ"],
)


def asked_of_all(engine: Engine, filters: Filters, names: list[str]) -> list[object]:
    """The sums that the observations make; of a campaign's row those of the campaign alone."""
    together = list(totals(claims(observations(engine, filters)), names).rows)
    if "campaign" not in names or filters.campaign:
        return together
    each = [
        totals(claims(observations(engine, replace(filters, campaign=name))), names).rows
        for name in CAMPAIGNS
    ]
    groups = sorted(
        (row for rows in each for row in rows if is_group(row)), key=lambda row: order(row[: len(names) + 2])
    )
    return [*groups, *(row for row in together if not is_group(row))]


def is_group(row: tuple[Any, ...]) -> bool:
    return str(row[0]).startswith("group")


def shared(engine: Engine) -> dict[str, list[str]]:
    """The members of each kept claim, the one that stands for it first."""
    found: dict[str, list[str]] = {}
    with reading(engine) as connection:
        query = select(ClaimRow.claim, ClaimRow.observation_id).order_by(ClaimRow.claim, ClaimRow.rank)
        for claim, member in connection.execute(query):
            found.setdefault(claim, []).append(member)
    return found


def as_found(engine: Engine) -> dict[str, list[str]]:
    return {
        each.id: [member.id for member in ranked(each.members)]
        for campaign in CAMPAIGNS
        for each in claims(observations(engine, Filters(campaign=campaign)))
        if len(each.members) > 1
    }


@pytest.mark.parametrize("seed", range(12))
def test_whatever_happens_kept_claims_are_those_that_all_observations_make(engine: Engine, seed: int) -> None:
    invented = Invented(engine, seed)
    happened = []
    for _ in range(12):
        happened.append(invented.happens())
        for campaign in CAMPAIGNS:
            keep_claims(engine, campaign)
        assert shared(engine) == as_found(engine), happened


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_and_is_asked_the_answer_is_that_of_all_observations(
    engine: Engine, seed: int
) -> None:
    invented = Invented(engine, seed)
    for _ in range(4):
        happened = [invented.happens() for _ in range(3)]
        for filters in (*WHOLE, *PARTING):
            for names in GROUPINGS:
                first = list(sums_by(engine, filters, names).rows)
                again = list(sums_by(engine, filters, names).rows)
                assert first == again == asked_of_all(engine, filters, names), (happened, filters, names)


def test_what_two_campaigns_have_of_a_page_is_counted_once_of_both_and_once_in_the_row_of_each(
    engine: Engine,
) -> None:
    for campaign in CAMPAIGNS:
        for number in range(2):
            said = reported(observation(count=1200))
            put(
                engine,
                read_capture(capture(f"https://wechat.example/s/{number}", name=campaign), claims=said),
                campaign=campaign,
            )
    (group, total) = sums_by(engine, Filters(), ["county"]).rows
    assert (group[3], group[5], total[3], total[5]) == (1, 1200, 1, 1200)
    *groups, total = sums_by(engine, Filters(), ["campaign"]).rows
    assert [(row[1], row[3], row[5]) for row in groups] == [(name, 1, 1200) for name in sorted(CAMPAIGNS)]
    assert (total[3], total[5]) == (1, 1200)
    assert len(claims_for(engine, Filters())) == 1
    assert len(claims_for(engine, Filters(campaign="tibet-dna"))) == 1


def test_an_answer_of_several_campaigns_is_given_again_until_anything_changes(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for campaign in CAMPAIGNS:
        put(engine, read_capture(capture("https://wechat.example/s/1", name=campaign)), campaign=campaign)
    wanted = list(sums_by(engine, Filters(), ["county"]).rows)
    with monkeypatch.context() as patched:
        patched.setattr(question, "_of_all", None)
        assert list(sums_by(engine, Filters(), ["county"]).rows) == wanted
    put(
        engine,
        read_capture(
            capture("https://wechat.example/s/2", name="another"), claims=reported(observation(count=400))
        ),
    )
    assert (
        list(sums_by(engine, Filters(), ["county"]).rows)
        == asked_of_all(engine, Filters(), ["county"])
        != wanted
    )


def test_what_is_asked_is_answered_from_kept_claims(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    put(engine, read_capture(capture("https://wechat.example/s/1"), claims=reported(observation(count=53))))
    wanted = [asked_of_all(engine, filters, ["county", "month"]) for filters in WHOLE]

    def unread(*_: object) -> None:
        raise AssertionError("every observation was read for a question that kept claims answer")

    monkeypatch.setattr(question, "observations", unread)
    assert [list(sums_by(engine, each, ["county", "month"]).rows) for each in WHOLE] == wanted


@pytest.mark.parametrize("filters", PARTING)
def test_filters_that_part_what_says_the_same_find_claims_among_what_they_select(filters: Filters) -> None:
    assert not leaves_claims_whole(filters)


def test_a_day_that_leaves_one_report_of_three_out_changes_which_claims_there_are(engine: Engine) -> None:
    """Each says 昨日: the second is one claim with the first, and the third, too far from that, another; without the
    first they are one.
    """
    days = [date(2021, 5, 1), date(2021, 5, 4), date(2021, 5, 7)]
    for number, day in enumerate(days):
        said = observation(count=400, start=day, end=day, relative=True)
        put(engine, read_capture(capture(f"https://wechat.example/s/{number}"), claims=reported(said)))
    assert [row[3] for row in sums_by(engine, Filters(), ["county"]).rows] == [2, 2]
    later = Filters(since=days[1])
    assert [row[3] for row in sums_by(engine, later, ["county"]).rows] == [1, 1]


def test_running_totals_for_an_estimate_are_the_same(engine: Engine) -> None:
    invented = Invented(engine, 99)
    for _ in range(10):
        invented.happens()
    filters = Filters(campaign="tibet-dna", modality=("dna",), kind=("cumulative",), place="54")
    found = latest_totals(claims_for(engine, filters, {"place"}))
    wanted = latest_totals(claims(observations(engine, filters)))

    def told(each: object) -> list[object]:
        return [getattr(each, name) for name in ("id", "place_code", "place", "count_min", "count_max")]

    assert sorted(map(told, found), key=str) == sorted(map(told, wanted), key=str)


def test_nothing_is_noted_of_a_campaign_that_nobody_asked_about(engine: Engine) -> None:
    put(engine, read_capture(capture("https://wechat.example/s/1")))
    with reading(engine) as connection:
        assert not connection.scalar(select(func.count()).select_from(DueRow))
        assert not connection.scalar(select(func.count()).select_from(KeptRow))
        assert state_of(connection, "tibet-dna") is None


def test_after_a_question_only_documents_written_since_are_due(engine: Engine) -> None:
    put(engine, read_capture(capture("https://wechat.example/s/1")))
    list(sums_by(engine, Filters(), ["county"]).rows)
    put(engine, read_capture(capture("https://wechat.example/s/2")))
    with reading(engine) as connection:
        due = set(connection.scalars(select(DueRow.document_id)))
    assert due == {each.document_id for each in observations(engine) if each.url.endswith("/2")}
    list(sums_by(engine, Filters(), ["county"]).rows)
    with reading(engine) as connection:
        assert not connection.scalar(select(func.count()).select_from(DueRow))


def test_what_is_no_dimension_is_refused_before_anything_is_read(engine: Engine) -> None:
    with pytest.raises(AnalysisError, match="--by weather"):
        sums_by(engine, Filters(), ["weather"])


def page(engine: Engine, number: int, said: Observation, more: str = "") -> str:
    """A page that says `said`; the id of the observation."""
    url = f"https://wechat.example/s/{number}"
    taken = capture(url, day=number, name=more)
    put(engine, read_capture(taken, article(document(TEXT + more)), reported(said)))
    return max(observations(engine), key=lambda each: (each.url == url, each.document_id)).id


def test_what_two_still_say_is_one_claim_when_the_third_is_corrected(engine: Engine) -> None:
    first, second, third = (page(engine, number, observation()) for number in range(3))
    keep_claims(engine, "tibet-dna")
    assert [set(members) for members in shared(engine).values()] == [{first, second, third}]
    judge(
        engine, [first], "corrected", reviewer="A", reason="misread", now=BEGIN, corrected={"count_max": 54}
    )
    keep_claims(engine, "tibet-dna")
    assert [set(members) for members in shared(engine).values()] == [{second, third}]


def test_a_verdict_that_moves_to_a_pages_new_text_counts_there(engine: Engine) -> None:
    former = page(engine, 1, observation(count=53))
    judge(engine, [former], "rejected", reviewer="A", reason="not this", now=BEGIN)
    page(engine, 1, observation(count=54), "改。")
    page(engine, 2, observation(count=54))
    keep_claims(engine, "tibet-dna")
    assert len(shared(engine)) == 1
    with engine.begin() as connection:
        gone = select(ObservationRow.document_id).where(ObservationRow.id == former).scalar_subquery()
        connection.execute(update(CaptureRow).where(CaptureRow.document_id == gone).values(document_id=None))
        supersede_orphans(connection, "tibet-dna")
    keep_claims(engine, "tibet-dna")
    assert shared(engine) == as_found(engine) == {}


def test_two_who_keep_claims_at_once_leave_those_of_the_later_state(engine: Engine) -> None:
    """Whoever began before a change and writes after it writes nothing."""
    page(engine, 1, observation())
    page(engine, 2, observation())
    keep_claims(engine, "tibet-dna")
    page(engine, 3, observation())
    with one_state(engine) as connection:
        before = keeping(connection, "tibet-dna")
    assert before is not None
    keep_claims(engine, "tibet-dna")
    now = shared(engine)
    assert not renew(engine, "tibet-dna", before, None, [])
    assert shared(engine) == now == as_found(engine)


def test_a_document_that_changes_while_claims_are_found_stays_due(engine: Engine) -> None:
    page(engine, 1, observation())
    keep_claims(engine, "tibet-dna")
    judged = page(engine, 2, observation())
    with one_state(engine) as connection:
        before = keeping(connection, "tibet-dna")
    assert before is not None
    judge(engine, [judged], "rejected", reviewer="A", reason="not this", now=BEGIN)
    assert renew(engine, "tibet-dna", before, [], [])
    with reading(engine) as connection:
        assert state_of(connection, "tibet-dna") is None
    keep_claims(engine, "tibet-dna")
    assert shared(engine) == as_found(engine) == {}


def test_what_is_being_written_when_claims_begin_to_be_kept_is_not_missed(engine: Engine) -> None:
    page(engine, 1, observation())
    keeper = Thread(target=keep_claims, args=(engine, "tibet-dna"))
    with engine.begin() as connection:
        taken = read_capture(capture("https://wechat.example/s/2"), claims=reported(observation()))
        write(connection, "tibet-dna", [taken], terms=Terms(), reader="r1")
        keeper.start()
    keeper.join()
    keep_claims(engine, "tibet-dna")
    assert shared(engine) == as_found(engine)
    assert len(shared(engine)) == 1


def test_claims_that_another_method_found_are_found_anew(engine: Engine) -> None:
    page(engine, 1, observation())
    page(engine, 2, observation())
    keep_claims(engine, "tibet-dna")
    with engine.begin() as connection:
        connection.execute(update(KeptRow).values(method="of another version"))
        connection.execute(delete(ClaimRow))
    with reading(engine) as connection:
        assert state_of(connection, "tibet-dna") is None
    keep_claims(engine, "tibet-dna")
    assert shared(engine) == as_found(engine)
    assert len(shared(engine)) == 1


def test_an_answer_is_given_again_until_anything_changes(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = page(engine, 1, observation(count=53))
    page(engine, 2, observation(count=400))
    wanted = list(sums_by(engine, Filters(), ["county"]).rows)
    with monkeypatch.context() as patched:
        patched.setattr(question, "_answered", None)
        again = sums_by(engine, Filters(), ["county"])
        assert (list(again.rows), again.columns) == (wanted, totals([], ["county"]).columns)
    judge(engine, [first], "rejected", reviewer="A", reason="not this", now=BEGIN)
    assert [row[3] for row in wanted] == [2, 2]
    assert [row[3] for row in sums_by(engine, Filters(), ["county"]).rows] == [1, 1]


def test_a_campaign_that_changes_leaves_the_answers_of_others(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    page(engine, 1, observation())
    wanted = list(sums_by(engine, Filters(campaign="tibet-dna"), ["county"]).rows)
    put(engine, read_capture(capture("https://wechat.example/s/1")), campaign="qinghai-iris")
    list(sums_by(engine, Filters(campaign="qinghai-iris"), ["county"]).rows)
    monkeypatch.setattr(question, "_answered", None)
    assert list(sums_by(engine, Filters(campaign="tibet-dna"), ["county"]).rows) == wanted


def test_what_other_code_answered_is_answered_anew(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    page(engine, 1, observation())
    wanted = list(sums_by(engine, Filters(), ["county"]).rows)
    with engine.begin() as connection:
        other = '["group", "as other code had it", "dna"]\t[1, 1, [0, 0, 0], [0, 0, 0]]'
        connection.execute(update(AnswerRow).values(rows=other))
    assert list(sums_by(engine, Filters(), ["county"]).rows) != wanted
    monkeypatch.setattr(question, "code", lambda: "of a later version")
    assert list(sums_by(engine, Filters(), ["county"]).rows) == wanted


def test_only_so_many_answers_are_kept(engine: Engine) -> None:
    page(engine, 1, observation())
    for names in combinations(DIMENSIONS, 2):
        list(sums_by(engine, Filters(), names).rows)
    with reading(engine) as connection:
        assert 0 < (connection.scalar(select(func.count()).select_from(AnswerRow)) or 0) <= MOST


def test_who_may_only_read_is_answered_all_the_same(engine: Engine, database: str) -> None:
    page(engine, 1, observation(count=53))
    reader = connect(database)
    may_only_read = {
        "sqlite": "PRAGMA query_only = ON",
        "postgresql": "SET default_transaction_read_only = on",
    }

    @event.listens_for(reader, "connect")
    def only_read(connection: Any, _: object) -> None:
        cursor = connection.cursor()
        cursor.execute(may_only_read[reader.dialect.name])
        connection.commit()

    reader.dispose()
    wanted = asked_of_all(engine, Filters(), ["county"])
    assert list(sums_by(reader, Filters(), ["county"]).rows) == wanted
    with reading(engine) as connection:
        assert state_of(connection, "tibet-dna") is None
    keep_claims(engine, "tibet-dna")
    assert list(sums_by(reader, Filters(), ["county"]).rows) == wanted
    with reading(engine) as connection:
        assert not connection.scalar(select(func.count()).select_from(AnswerRow))
    reader.dispose()
