"""When a publisher's remaining pages are at risk, and which of them are to be captured."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.rechecks.risk import at_risk, sign_of
from db.pages.siblings import PageLooks, SourceHistory
from parsers.availability.confirmation import Seen
from parsers.availability.states import Availability

NOW = datetime(2026, 3, 30, 12, tzinfo=UTC)


def page(name: str, **states: float) -> PageLooks:
    """A page with its looks: the state, and how many days ago."""
    looks = [Seen(NOW - timedelta(days=days), Availability(state)) for state, days in states.items()]
    return PageLooks(f"http://site.example/{name}", tuple(sorted(looks, key=lambda look: look.time)))


def source(*pages: PageLooks, names: tuple[tuple[float, str], ...] = ()) -> SourceHistory:
    known = tuple((NOW - timedelta(days=days), name) for days, name in names)
    return SourceHistory("s", "合成", None, "site.example", pages, known)


THERE = page("there", live=60)


@pytest.mark.parametrize(
    ("history", "why"),
    [
        (source(THERE, page("a", live=60, account_closed=1)), "its account was closed"),
        (source(THERE, page("a", live=60, account_banned=1)), "its account was banned"),
        (source(THERE, page("a", live=60, migrated=1)), "its account has moved"),
        (
            source(THERE, names=((400, "旧名"), (2, "新名"))),
            "its account is called 新名 now, and was called 旧名",
        ),
        (
            source(THERE, page("a", live=60, not_found=3), page("b", live=60, deleted_by_publisher=1)),
            "2 of its 3 pages vanished within 7 days",
        ),
    ],
    ids=["closed", "banned", "moved", "renamed", "vanished"],
)
def test_a_sign_says_why(history: SourceHistory, why: str) -> None:
    sign = sign_of(history, NOW)
    assert sign is not None
    assert sign.why == why


@pytest.mark.parametrize(
    "history",
    [
        source(THERE, page("a", live=60, not_found=1)),
        source(THERE, page("a", live=60, not_found=20), page("b", live=60, not_found=21)),
        source(THERE, page("a", live=60, blocked=1), page("b", live=60, server_error=1)),
        source(THERE, page("a", live=60, not_found=3, changed=1), page("b", live=60, not_found=1)),
        source(THERE, page("a", not_found=2), page("b", not_found=1)),
        source(THERE, page("a", live=60, account_closed=30)),
        source(THERE, names=((2, "新名"),)),
        source(THERE, names=((400, "旧名"), (20, "新名"))),
        source(
            *(page(f"kept{n}", live=60) for n in range(200)),
            page("a", live=60, not_found=1),
            page("b", live=60, not_found=1),
        ),
    ],
    ids=[
        "one page",
        "long ago",
        "kept out",
        "came back",
        "never had",
        "closed long ago",
        "first name",
        "renamed long ago",
        "two of hundreds",
    ],
)
def test_no_sign(history: SourceHistory) -> None:
    assert sign_of(history, NOW) is None


def test_what_may_still_be_there_and_was_not_seen_since_is_at_risk() -> None:
    history = source(
        page("old", live=60),
        page("just-seen", live=1.2),
        page("kept-out", live=60, blocked=30),
        page("gone", live=60, not_found=20),
        page("closed", live=60, account_closed=1),
    )
    sign = sign_of(history, NOW)
    assert sign is not None
    assert [url.rpartition("/")[2] for url in at_risk(history, sign)] == ["old", "kept-out"]
