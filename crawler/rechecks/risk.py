"""Signs that a publisher's remaining pages may soon be gone: its pages vanish, or its account is closed or renamed."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from db.pages.siblings import PageLooks, SourceHistory
from parsers.availability.confirmation import GONE, PRESENT, SAYS_NOTHING
from parsers.availability.states import Availability


@dataclass(frozen=True, slots=True)
class Sign:
    """Why the rest of a publisher's pages is at risk, in words, and when that was seen last."""

    why: str
    at: datetime


def sign_of(source: SourceHistory, now: datetime) -> Sign | None:
    """The sign that a publisher gives; None without one in the last days (`risk.toml`).

    One look is enough for a sign: to capture pages that then stay is no harm.
    """
    since = now - within()
    for find in (_account, _renamed, _vanished):
        if found := find(source, since):
            return found
    return None


def at_risk(source: SourceHistory, sign: Sign) -> tuple[str, ...]:
    """The pages of a publisher that may still be there and were not looked at since shortly before `sign`."""
    fresh = sign.at - timedelta(hours=_rules()["fresh_hours"])
    return tuple(page.url for page in source.pages if page.looks[-1].time < fresh and not _turned(page, GONE))


def within() -> timedelta:
    """How long a sign is one."""
    return timedelta(days=_rules()["days"])


def account_states() -> frozenset[Availability]:
    """States of a page that tell of its whole account."""
    return frozenset(map(Availability, _rules()["account"]))


def _account(source: SourceHistory, since: datetime) -> Sign | None:
    turned = [(at, page) for page in source.pages if (at := _turned(page, account_states())) and at >= since]
    if not turned:
        return None
    at, page = max(turned, key=lambda each: each[0])
    state = next(look.state for look in reversed(page.looks) if look.state in account_states())
    return Sign(_rules()["account"][state.value], at)


def _renamed(source: SourceHistory, since: datetime) -> Sign | None:
    if len(source.names) < 2:
        return None
    (_, before), (at, name) = source.names[-2:]
    return Sign(f"its account is called {name} now, and was called {before}", at) if at >= since else None


def _vanished(source: SourceHistory, since: datetime) -> Sign | None:
    turned = [_turned(page, GONE) for page in source.pages]
    gone = [at for at in turned if at and at >= since]
    there = len(gone) + turned.count(None)
    rule = _rules()["vanished"]
    if len(gone) < rule["pages"] or len(gone) < rule["share"] * there:
        return None
    return Sign(f"{len(gone)} of its {there} pages vanished within {within().days} days", max(gone))


def _turned(page: PageLooks, states: frozenset[Availability]) -> datetime | None:
    """When a page that had been there was first found in the `states` that it is in now; None when it is in none."""
    first: datetime | None = None
    was_there = False
    for look in page.looks:
        if look.state in SAYS_NOTHING:
            continue
        was_there = was_there or look.state in PRESENT
        first = (first or look.time) if look.state in states else None
    return first if was_there else None


@cache
def _rules() -> dict[str, Any]:
    return tomllib.loads(files("crawler.rechecks").joinpath("risk.toml").read_text("utf-8"))
