"""Which other observations make the same claim as one."""

from __future__ import annotations

from collections import defaultdict

import pytest
from sqlalchemy import Engine

from analysis.claims.claim import claims
from analysis.claims.fellows import fellows
from db.lists.filters import Filters
from db.lists.queries import observations
from db.reviews.judging import judge
from parsers.observation import Observation
from tests.analysis.invented import CAMPAIGNS, Invented
from tests.db.ingest.test_writing import put
from tests.db.synthetic import BEGIN, capture, observation, read_capture, reported


def said(engine: Engine, *each: Observation) -> list[str]:
    """The ids of observations, each of a page of its own."""
    for number, one in enumerate(each):
        put(engine, read_capture(capture(f"https://wechat.example/s/{number}"), claims=reported(one)))
    return [item.id for item in sorted(observations(engine), key=lambda item: item.url)]


def test_they_are_the_other_members_of_its_claim(engine: Engine) -> None:
    first, second, other = said(engine, observation(), observation(), observation(count=54))
    assert fellows(engine, [first]) == [second]
    assert fellows(engine, [first, second]) == []
    assert fellows(engine, [other]) == []
    assert fellows(engine, ["obs-nothing"]) == []


def test_what_another_campaign_has_of_the_page_is_among_them(engine: Engine) -> None:
    for campaign in CAMPAIGNS:
        put(engine, read_capture(capture("https://wechat.example/s/1", name=campaign)), campaign=campaign)
    first, second = (each.id for each in observations(engine))
    assert fellows(engine, [first]) == [second]


def test_without_a_place_all_of_its_figure_are_looked_at(engine: Engine) -> None:
    first, second = said(engine, observation(place=None), observation())
    assert fellows(engine, [first]) == [second]


def test_one_that_was_rejected_is_taken_as_though_it_had_not_been(engine: Engine) -> None:
    first, second = said(engine, observation(), observation())
    judge(engine, [first], "rejected", reviewer="A", reason="not this", now=BEGIN)
    assert fellows(engine, [first]) == [second]
    assert fellows(engine, [second]) == []


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_they_are_those_that_all_observations_make(engine: Engine, seed: int) -> None:
    invented = Invented(engine, seed)
    for _ in range(8):
        invented.happens()
    together: dict[str, set[str]] = defaultdict(set)
    for campaign in (None, *CAMPAIGNS):
        for claim in claims(observations(engine, Filters(campaign=campaign))):
            for each in claim.members:
                together[each.id] |= {member.id for member in claim.members}
    for one, members in together.items():
        assert set(fellows(engine, [one])) == members - {one}
