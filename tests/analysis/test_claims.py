"""Observations that say the same are one claim, and others stay apart."""

from __future__ import annotations

from random import Random

import pytest

from analysis.claims import claims
from db.items import ObservationItem
from tests.analysis.items import item

SAME = {
    "a repost": (item(53), item(53)),
    "a repost published days later, whose 昨日 is another day": (item(53), item(53, start="2021-05-13")),
    "a large figure in other words": (
        item(17194, quote="共采集一万七千一百九十四份"),
        item(17194, quote="17194 samples"),
    ),
    "a county's figure told by its prefecture": (item(400, "540121"), item(400, "5401")),
    "one that gives no date": (item(53), item(53, start=None)),
}
APART = {
    "another figure": (item(53), item(54)),
    "another place": (item(17194, "540121"), item(17194, "540329")),
    "another month": (item(17194), item(17194, start="2021-07-01")),
    "another modality": (item(53), item(53, modality="iris")),
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


def test_what_was_rejected_makes_no_claim() -> None:
    assert claims([item(53, review="rejected")]) == []


def test_order_does_not_matter() -> None:
    every = [each for pair in (*SAME.values(), *APART.values()) for each in pair]
    found = claims(every)
    for seed in range(5):
        mixed = list(every)
        Random(seed).shuffle(mixed)
        assert claims(mixed) == found
