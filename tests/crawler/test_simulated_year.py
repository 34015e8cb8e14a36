"""A year of watching 5,000 pages, on a clock of its own: what is called deleted is deleted, whatever the network does.

The pages, their sites and our way to them are simulated; which pages are looked at when (`crawler.rechecks.due`),
what a look says (`parsers.availability.classify`) and what is called a fact (`parsers.availability.confirmation`)
is what `holdfast check --due` does.
"""

from __future__ import annotations

import heapq
import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from statistics import median

import pytest

from archive.capture import Capture
from crawler.rechecks.due import host_of, times, within_budget
from db.pages.lifetimes import PageLife
from db.pages.looks import DuePage
from parsers.availability.classify import Failure, Look, classify
from parsers.availability.confirmation import GONE, Confirmed, Seen, confirmed
from parsers.availability.states import Availability
from parsers.document import Document
from parsers.page import PageKind, Reading

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
STEP = timedelta(hours=12)
PAGES, SITES, DAYS, LOOKS_A_DAY = 5_000, 12, 365, 40
ARTICLE = Reading("generic", PageKind.ARTICLE, Availability.LIVE, document=Document("合成", "合成测试。"))


@dataclass(slots=True)
class Simulated:
    """A page: when it appears and goes, what looks have found, and what the store would hold of them."""

    url: str
    born: datetime
    ends: datetime
    host: str = field(init=False)
    first: datetime | None = None
    seen: list[Seen] = field(default_factory=list)
    called: datetime | None = None
    found: datetime | None = None
    stored: DuePage = field(init=False)
    life: PageLife = field(init=False)

    def __post_init__(self) -> None:
        self.host = host_of(self.url)

    def look(self, now: datetime) -> None:
        """Looks at the page and takes up what that says."""
        self.seen.append(Seen(now, look_at(self, now)))
        standing = confirmed(self.seen)
        if standing and standing.state in GONE and self.called is None:
            self.called, self.found = standing.by, standing.since
        self.stored = _stored(self, standing)
        self.life = _life(self)


@dataclass(frozen=True, slots=True)
class Year:
    """What came of a year: the pages, and how many looks were taken."""

    pages: tuple[Simulated, ...]
    looks: int


def in_trouble(url: str, now: datetime) -> Look | None:
    """What a look meets that has nothing to do with its page: an outage or captcha of the site, or our own network."""
    site, day = int(url.removeprefix("https://site-").partition(".")[0]), (now - BEGIN).days
    if day % 61 in (7, 8):
        return Look(url, failure=Failure.DNS, was_article=True)  # we are offline
    if day % 90 in range(30, 33):
        return Look(url, status=412, was_article=True)  # every site has our address on its list
    if (day + 5 * site) % 47 in (0, 1, 2):
        return Look(url, status=503, was_article=True)
    if (day + 7 * site) % 53 == 0 and now.hour == 0:
        return Look(url, status=404, was_article=True)  # for a night it says that nothing exists
    return None


def look_at(page: Simulated, now: datetime) -> Availability:
    met = in_trouble(page.url, now)
    if met is None and now >= page.ends:
        met = Look(page.url, status=404, was_article=True)
    return classify(
        met or Look(page.url, 200, reading=ARTICLE, similarity=1.0, was_article=True)
    ).availability


@cache
def year(*, by_risk: bool) -> Year:
    dice = random.Random(11)
    pages = []
    for number in range(PAGES):
        site = number % SITES
        born = BEGIN + timedelta(days=dice.uniform(-700, DAYS))
        life = dice.weibullvariate(60 if site < 3 else 5_000, 0.6)
        page = Simulated(f"https://site-{site}.example/{number}", born, born + timedelta(days=life))
        if page.ends > BEGIN:
            pages.append(page)
    looks = 0
    history: dict[str, list[datetime]] = defaultdict(list)
    for step in range(DAYS * 2):
        now = BEGIN + step * STEP
        for page in pages:
            if page.first is None and page.born <= now and look_at(page, now) is Availability.LIVE:
                page.first = now
                page.look(now)
        for page in _chosen([page for page in pages if page.seen], history, now, by_risk=by_risk):
            looks += 1
            history[page.host].append(now)
            page.look(now)
    return Year(tuple(pages), looks)


def _chosen(
    pages: list[Simulated], history: dict[str, list[datetime]], now: datetime, *, by_risk: bool
) -> list[Simulated]:
    asked = {
        host: sum(now - at < timedelta(days=1) for at in looks[-200:]) for host, looks in history.items()
    }
    by_url = {page.url: page for page in pages}
    if by_risk:
        due = times([page.stored for page in pages], [page.life for page in pages], LOOKS_A_DAY, now)
        chosen = within_budget(due, asked, LOOKS_A_DAY, now)
        return [by_url[each.url] for each in chosen]
    # The same budget, whoever was looked at longest ago first; what is called gone is left alone.
    by_host: dict[str, list[Simulated]] = defaultdict(list)
    for page in pages:
        if page.called is None:
            by_host[page.host].append(page)
    return [
        page
        for of_host in by_host.values()
        for page in heapq.nsmallest(LOOKS_A_DAY // 2, of_host, key=lambda page: page.seen[-1].time)
        if now - page.seen[-1].time >= STEP
    ]


def _stored(page: Simulated, standing: Confirmed | None) -> DuePage:
    capture = Capture("urn:uuid:1", page.url, page.born, 200, "text/html", "a.warc.gz", 0, 1, "sha256:0")
    last = page.seen[-1]
    return DuePage(page.url, last.state.value, last.time, capture, standing.state.value if standing else None)


def _life(page: Simulated) -> PageLife:
    assert page.first is not None
    last = max(look.time for look in page.seen if look.state is Availability.LIVE)
    return PageLife(page.url, page.host, "generic", None, page.born, page.first, last, page.found)


@pytest.fixture(scope="module")
def watched() -> Year:
    return year(by_risk=True)


def test_every_confirmed_deletion_is_true(watched: Year) -> None:
    called = [page for page in watched.pages if page.called]
    assert len(called) > 300
    assert [page.url for page in called if page.called and page.called < page.ends] == []


def test_outages_captchas_and_a_nights_404_were_met_and_called_nothing(watched: Year) -> None:
    met = [look for page in watched.pages for look in page.seen if in_trouble(page.url, look.time)]
    assert {look.state for look in met} >= {
        Availability.UNREACHABLE,
        Availability.BLOCKED,
        Availability.SERVER_ERROR,
        Availability.NOT_FOUND,
    }
    for page in watched.pages:
        if page.called:
            truly = [look for look in page.seen if look.state in GONE and not in_trouble(page.url, look.time)]
            assert truly, page.url


def test_no_page_goes_unarchived_that_a_daily_check_would_have_caught(watched: Year) -> None:
    for page in watched.pages:
        days = (BEGIN + timedelta(days=day) for day in range(DAYS))
        seen_daily = any(page.born <= day < page.ends and not in_trouble(page.url, day) for day in days)
        assert page.first is not None or not seen_daily, page.url


def test_deletions_are_found_sooner_than_in_turn_at_the_same_budget(
    watched: Year, record_property: Callable[[str, object], None]
) -> None:
    in_turn = year(by_risk=False)
    ours, theirs = (
        median((page.called - page.ends).total_seconds() / 86_400 for page in of.pages if page.called)
        for of in (watched, in_turn)
    )
    record_property("days until called, by risk and in turn", (ours, theirs))
    record_property("looks, by risk and in turn", (watched.looks, in_turn.looks))
    assert watched.looks <= in_turn.looks
    assert ours < theirs
