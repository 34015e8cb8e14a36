"""What web archives answer when they are asked for captures (Memento, RFC 7089)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.older.memento import mementos_in, time_in

PAGE = "https://a.example/1.html"
IMPOSSIBLE = [
    "Fri, 31 Dec 9999 23:59:59 -1200",
    "Fri, 31 Dec 99999999999999999999 23:59:59 GMT",
    "Fri, 31 Dec 2021 23:59:59 +99999999999999999999",
    "Fri, 40 Dec 2021 25:61:61 GMT",
    "yesterday",
    "",
]


def test_a_time_is_in_utc() -> None:
    assert time_in("Wed, 12 May 2021 10:20:00 +0800") == datetime(2021, 5, 12, 2, 20, tzinfo=UTC)


@pytest.mark.parametrize("value", IMPOSSIBLE)
def test_a_moment_that_no_calendar_has_is_none(value: str) -> None:
    assert time_in(value) is None


@pytest.mark.parametrize("value", IMPOSSIBLE)
def test_a_memento_with_such_a_moment_is_passed_over(value: str) -> None:
    links = (
        f'<https://archive.example/1/{PAGE}>; rel="memento"; datetime="{value}",\n'
        f'<https://archive.example/2/{PAGE}>; rel="memento"; datetime="Wed, 12 May 2021 02:20:00 GMT"'
    )
    assert [each.named for each in mementos_in(links, PAGE).listed] == [f"https://archive.example/2/{PAGE}"]
