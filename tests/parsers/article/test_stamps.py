"""Time stamps of web pages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.article.stamps import SHANGHAI, find_stamp, parse_stamp, sharpen
from parsers.document import Precision

WRITTEN = [
    ("2019-09-18 06:23", "2019-09-18T06:23:00+08:00", "minute"),
    ("2019年09月07日 04:04", "2019-09-07T04:04:00+08:00", "minute"),
    ("2022年06月07日08:09 | 来源：", "2022-06-07T08:09:00+08:00", "minute"),
    ("2007-08-20-23:59:59", "2007-08-20T23:59:59+08:00", "second"),
    ("2019-09-08T00:20:15+08:00", "2019-09-08T00:20:15+08:00", "second"),
    ("2019-09-07T20:00:00Z", "2019-09-08T04:00:00+08:00", "second"),
    ("2019-09-07T20:00:00.123-0500", "2019-09-08T09:00:00+08:00", "second"),
    ("2020.10.04", "2020-10-04T00:00:00+08:00", "day"),
    ("日期：２０２０年９月１日 8:05", "2020-09-01T08:05:00+08:00", "minute"),
    ("2017-03-10 09:58:03.0", "2017-03-10T09:58:03+08:00", "second"),
    ("2019年9月7日 星期六 下午3:04", "2019-09-07T15:04:00+08:00", "minute"),
    ("2020年9月7日8时5分", "2020-09-07T08:05:00+08:00", "minute"),
    ("发表于2014-08-24 21:30| 1164次阅读", "2014-08-24T21:30:00+08:00", "minute"),
    ("2021 12 / 10 07:57:40", "2021-12-10T07:57:40+08:00", "second"),
    ("2021/12/10 07:57:40", "2021-12-10T07:57:40+08:00", "second"),
    ("2019/9/7 25:61", "2019-09-07T00:00:00+08:00", "day"),
]


@pytest.mark.parametrize(("text", "at", "precision"), WRITTEN)
def test_a_written_time_is_read_in_beijing_time(text: str, at: str, precision: str) -> None:
    stamp = find_stamp(text, "here")
    assert stamp is not None
    assert (stamp.at.isoformat(), stamp.precision, stamp.evidence) == (at, precision, "here")


@pytest.mark.parametrize(
    "text", ["", "昨天 10:00", "2012-13-40", "1911-01-01", "网站标识码 1400000045", "12019-01-01"]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert find_stamp(text, "") is None


@pytest.mark.parametrize(
    ("value", "at"),
    [
        ("1569460131", "2019-09-26T09:08:51+08:00"),
        ("1569460131000", "2019-09-26T09:08:51+08:00"),
        ("20190907", "2019-09-07T00:00:00+08:00"),
        ("20190907040455", "2019-09-07T04:04:55+08:00"),
    ],
)
def test_a_field_may_hold_bare_digits(value: str, at: str) -> None:
    stamp = parse_stamp(value, "")
    assert stamp is not None
    assert stamp.at.isoformat() == at


def test_a_day_takes_the_clock_time_of_another_place_that_names_the_same_day() -> None:
    day, minute, other = (
        find_stamp(text, text) for text in ("2020-01-02", "2020-01-02 17:11", "2020-01-03 08:00")
    )
    assert day is not None
    assert minute is not None
    assert other is not None
    assert sharpen(day, (other, minute)) == minute
    assert sharpen(day, (other,)) == day
    assert sharpen(minute, (day,)) == minute


@given(st.datetimes(datetime(1995, 1, 1), datetime(2098, 12, 31), timezones=st.just(UTC)))
def test_a_written_stamp_reads_back(at: datetime) -> None:
    local = at.astimezone(SHANGHAI)
    stamp = find_stamp(local.strftime("%Y-%m-%d %H:%M:%S"), "")
    assert stamp is not None
    assert stamp.at == local.replace(microsecond=0)
    assert stamp.precision is Precision.SECOND


@given(st.text(max_size=500))
def test_any_text_is_survived(text: str) -> None:
    for stamp in (find_stamp(text, ""), parse_stamp(text, "")):
        assert stamp is None or stamp.at.utcoffset() == SHANGHAI.utcoffset(None)
