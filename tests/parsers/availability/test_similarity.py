"""How alike two texts are: everything that was altered counts, nothing that only looks different does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.availability.similarity import similarity

TEXT = "2021年5月11日，旁多派出所民警为牧民群众采集血样53份。" * 200

SAME = [
    ("white space", "采集 血样\n53份", "采集血样53份"),
    ("width", "采集血样５３份", "采集血样53份"),
    ("invisible characters", "采集\u200b血样53份\ufeff", "采集血样53份"),
    ("a counter of readers", "采集血样53份 阅读量：1.2万", "采集血样53份 阅读量：981"),
    ("a counter after a colon", "采集血样53份（浏览: 3次）", "采集血样53份（浏览: 981次）"),
]
ALTERED = [
    ("one digit in ten thousand characters", TEXT, TEXT.replace("53", "58", 1)),
    ("a visit is no counter", "民警走访问12人", "民警走访问13人"),
    ("a sentence added", TEXT, TEXT + "经核实有误。"),
    ("two pieces exchanged", "采集血样，采集指纹", "采集指纹，采集血样"),
    ("emptied", TEXT, ""),
]


@pytest.mark.parametrize(("one", "other"), [row[1:] for row in SAME], ids=[row[0] for row in SAME])
def test_what_reads_the_same_is_the_same(one: str, other: str) -> None:
    assert similarity(one, other) == 1


@pytest.mark.parametrize(("one", "other"), [row[1:] for row in ALTERED], ids=[row[0] for row in ALTERED])
def test_what_was_altered_is_never_the_same(one: str, other: str) -> None:
    assert similarity(one, other) < 1


def test_other_texts_have_little_in_common() -> None:
    assert similarity(TEXT, "今年青稞丰收，合作社里一片忙碌。" * 100) < 0.2


@given(st.text(), st.text())
def test_it_is_symmetric_and_between_0_and_1(one: str, other: str) -> None:
    assert 0 <= similarity(one, other) == similarity(other, one) <= 1
    assert similarity(one, one) == 1
