"""Observations that say the same are one claim, and others stay apart."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.claims.claim import claims
from analysis.summing.totals import totals
from db.lists.items import ObservationItem
from tests.analysis.items import item

SAME = {
    "a repost": (item(53), item(53)),
    "a repost published days later, whose 昨日 is another day": (
        item(53),
        item(53, start="2021-05-13", date_relative=True),
    ),
    "a month and a day of it": (item(400, start="2021-05-01", end="2021-05-31"), item(400)),
    "a large figure in other words": (
        item(17194, quote="共采集一万七千一百九十四份"),
        item(17194, quote="17194 samples"),
    ),
    "a county's figure told by its prefecture": (item(400, "540121"), item(400, "5401")),
    "one that leaves the share out": (item(500, rate=0.92), item(500)),
    "one that gives no date": (item(53), item(53, start=None)),
}
APART = {
    "another figure": (item(53), item(54)),
    "another place": (item(17194, "540121"), item(17194, "540329")),
    "another day, which both state": (item(400), item(400, start="2021-05-13")),
    "another day of a county in a prefecture": (item(400, "540121", "2021-05-13"), item(400, "5401")),
    "days too far apart for a repost's": (item(400), item(400, start="2021-05-15", date_relative=True)),
    "another month": (item(17194), item(17194, start="2021-07-01")),
    "another modality": (item(53), item(53, modality="iris")),
    "another share": (item(500, rate=0.92), item(500, rate=0.8)),
    "another share where there is no count": (
        item(None, kind="rate", rate=0.92),
        item(None, kind="rate", rate=0.8),
    ),
    "a target and what was achieved": (item(400), item(400, kind="target")),
    "a small figure in other words": (
        item(5, quote="民警入户采集血样5份"),
        item(5, quote="DNA样本五人在学校"),
    ),
    "one document that says it of two occasions": (
        item(53, document_id="doc-1"),
        item(53, document_id="doc-1"),
    ),
    "a range and a number in it": (item((50, 60)), item(53)),
}


@pytest.mark.parametrize("pair", SAME.values(), ids=SAME)
def test_these_are_one_claim(pair: tuple[ObservationItem, ObservationItem]) -> None:
    (claim,) = claims(pair)
    assert {member.id for member in claim.members} == {each.id for each in pair}


@pytest.mark.parametrize("pair", APART.values(), ids=APART)
def test_these_are_two(pair: tuple[ObservationItem, ObservationItem]) -> None:
    assert len(claims(pair)) == 2


def test_a_province_does_not_make_one_claim_of_its_counties() -> None:
    found = claims([item(500, "54"), item(500, "540121"), item(500, "540329")])
    assert sorted(len(claim.members) for claim in found) == [1, 2]


def test_the_most_exact_stands_for_all_and_a_reviewed_one_first() -> None:
    vague, exact = item(400, "5401"), item(400, "540121")
    assert claims([vague, exact])[0].best is exact
    reviewed = item(400, "5401", review="accepted")
    assert claims([vague, exact, reviewed])[0].best is reviewed


def test_a_repost_without_days_of_its_own_does_not_join_two_days_that_texts_state() -> None:
    first, second = item(400, start="2021-05-11"), item(400, start="2021-05-13")
    lately = item(400, start="2021-05-12", date_relative=True)
    assert sorted(len(claim.members) for claim in claims([first, second, lately])) == [1, 2]


def test_one_that_states_no_share_does_not_join_two_that_state_others() -> None:
    found = claims([item(500, rate=0.92), item(500, rate=0.8), item(500)])
    assert sorted(len(claim.members) for claim in found) == [1, 2]


def test_of_two_that_are_as_exact_the_one_that_states_the_share_stands_for_both() -> None:
    full = item(500, rate=0.92, confidence=0.5)
    assert claims([item(500), full])[0].best is full


def test_what_was_rejected_makes_no_claim() -> None:
    assert claims([item(53, review="rejected")]) == []


def test_order_does_not_matter() -> None:
    every = [each for pair in (*SAME.values(), *APART.values()) for each in pair]
    found = claims(every)
    for seed in range(5):
        mixed = list(every)
        Random(seed).shuffle(mixed)
        assert claims(mixed) == found


DAYS = st.one_of(st.none(), st.dates(date(2019, 12, 25), date(2020, 3, 10)))
SAID = st.builds(
    lambda start, end, **given: item(**given, date_start=start, date_end=end),
    figure=st.sampled_from([5, 400]),
    place=st.sampled_from([None, "54", "5401", "540121", "540121208", "540329"]),
    start=DAYS,
    end=DAYS,
    kind=st.sampled_from(["increment", "cumulative"]),
    date_relative=st.booleans(),
    rate=st.sampled_from([None, None, 0.8, 0.92]),
    quote=st.sampled_from(["合成：采集血样5份", "民警入户采集血样", "DNA"]),
    document_id=st.sampled_from(["doc-1", "doc-2", "doc-3"]),
)


@given(st.lists(SAID, max_size=25), st.randoms(use_true_random=False))
def test_whatever_is_said_order_does_not_matter(said: list[ObservationItem], chance: Random) -> None:
    mixed = list(said)
    chance.shuffle(mixed)
    found, again = claims(said), claims(mixed)
    assert found == again
    assert sorted(each.id for claim in found for each in claim.members) == sorted(each.id for each in said)
    assert list(totals(found, ["county", "month"]).rows) == list(totals(again, ["county", "month"]).rows)


@given(st.lists(SAID, max_size=25))
def test_members_of_a_claim_contradict_each_other_in_nothing(said: list[ObservationItem]) -> None:
    for claim in claims(said):
        for one, other in combinations(claim.members, 2):
            assert len(claims([one, other])) == 1


def test_dates_at_the_ends_of_the_calendar_are_dates() -> None:
    (claim,) = claims([item(53, start="9999-12-31"), item(53, start="9999-12-30", date_relative=True)])
    assert len(claim.members) == 2
    assert len(claims([item(53, start="0001-01-01"), item(53, start="9999-12-31")])) == 2


def test_a_period_of_many_years_meets_a_day_in_it() -> None:
    assert len(claims([item(400, start="2010-01-01", end="2020-12-31"), item(400, start="2015-06-01")])) == 1
