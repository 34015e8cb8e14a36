"""Which archived pages it is time to look at again, and why: `intervals` applied to what a campaign has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.plan import host_of
from crawler.rechecks.intervals import DAY, Lifetime, Watched, learn, longest, plan
from db.pages.lifetimes import PageLife
from db.pages.looks import DuePage
from parsers.availability.confirmation import APART, GONE, SAYS_NOTHING
from parsers.availability.states import Availability

KEPT_OUT = timedelta(days=1)
"""How long to wait after a look that learnt nothing of the page: whoever kept us out is not asked again at once."""


@dataclass(frozen=True, slots=True)
class Due:
    """A page, when it is to be looked at again, and why then."""

    page: DuePage
    at: datetime
    why: str


def times(pages: Sequence[DuePage], lives: Iterable[PageLife], looks_a_day: int, now: datetime) -> list[Due]:
    """When each page is due, the first first; `looks_a_day` is what each host may be asked on average."""
    by_url = {life.url: life for life in lives}
    risk = learn(map(_lifetime, by_url.values()))
    watched = [_watched(page, by_url.get(page.url)) for page in pages]
    planned = plan(watched, risk, looks_a_day, now)
    return sorted((_due(page, planned[page.url]) for page in pages), key=lambda due: (due.at, due.page.url))


def within_budget(
    due: Iterable[Due], asked: Mapping[str, int], looks_a_day: int, now: datetime
) -> list[DuePage]:
    """The pages whose time has come, changes to confirm first; `asked` are each host's looks of the last 24 hours."""
    left = Counter({host: looks_a_day - looks for host, looks in asked.items()})
    taken: list[DuePage] = []
    for each in sorted((each for each in due if each.at <= now), key=lambda each: each.why != CONFIRM):
        host = host_of(each.page.url)
        room = left.get(host, looks_a_day)
        if room > 0:
            left[host] = room - 1
            taken.append(each.page)
    return taken


CONFIRM = "to confirm what the last look found"


def _due(page: DuePage, planned: datetime) -> Due:
    state = Availability(page.availability)
    if state in SAYS_NOTHING:
        return Due(page, page.last_checked + KEPT_OUT, "the last look was kept out or failed")
    if page.to_confirm:
        return Due(page, page.last_checked + APART, CONFIRM)
    if state in GONE:
        return Due(page, page.last_checked + longest(), "gone; whether it has come back")
    return Due(page, planned, "by its own risk")


def _lifetime(life: PageLife) -> Lifetime:
    since, until = (_age(life, moment) for moment in (life.first_seen, life.gone or life.last_seen))
    return Lifetime(life.publisher, since, until, life.gone is not None)


def _age(life: PageLife, moment: datetime) -> float:
    return max(0.0, (moment - life.born).total_seconds() / DAY)


def _watched(page: DuePage, life: PageLife | None) -> Watched:
    host = host_of(page.url)
    born, source = (life.born, life.publisher) if life else (page.capture.time, host)
    return Watched(page.url, source, host, born, page.last_checked)
