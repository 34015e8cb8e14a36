"""Personal data in words from pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.masking import masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("身份证540102199003071234。", "身份证540102************。"),
        ("54010219900307123X", "540102************"),
        ("54010219900307123x号", "540102************号"),
        ("旧证540102900307123", "旧证540102*********"),
        ("５４０１０２１９９００３０７１２３４", "５４０１０２************"),
        ("电话13800138000，", "电话138********，"),
        ("138 0013 8000", "138 **** ****"),
        ("138-0013-8000", "138-****-****"),
        ("+8613800138000", "+86138********"),
        ("电话+86 13800138000", "电话+86 138********"),
        ("0891-6321234", "0891-*******"),
        ("（0891）6321234", "（0891）*******"),
        ("010-12345678转2", "010-********转2"),
        ("采集血样17194份", "采集血样17194份"),
        ("1380013800份", "1380013800份"),
        ("编号138001380001", "编号138001380001"),
        ("2021-05-12 10:20", "2021-05-12 10:20"),
        ("540102199013071234", "540102199013071234"),
        ("", ""),
    ],
)
def test_numbers_of_people_are_hidden_and_others_stay(text: str, shown: str) -> None:
    assert masked(text) == shown


@given(st.text(alphabet="0123456789０１９Xx-— （）电话+", max_size=60))
def test_masking_keeps_every_offset_and_is_done_once(text: str) -> None:
    once = masked(text)
    assert len(once) == len(text)
    assert masked(once) == once


@pytest.mark.timeout(120)
def test_a_text_of_nothing_but_numbers_takes_its_length_in_time() -> None:
    """A hundred thousand numbers are done in a moment; as the square of their number, it would be minutes."""
    assert masked("13800138000，" * 100_000) == "138********，" * 100_000
