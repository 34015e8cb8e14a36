"""Which archived pages it is time to look at again, and why."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.capture import Capture
from crawler.rechecks.due import CONFIRM, Due, times, within_budget
from db.pages.lifetimes import PageLife
from db.pages.looks import DuePage
from tests.crawler.changing_site import CASES, changing_web
from tests.crawler.checking import run, use
from tests.crawler.conftest import SETTINGS
from workspace.layout import create_workspace

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def page(
    name: str,
    state: str = "live",
    confirmed: str | None = "live",
    looked: timedelta = DAY,
    host: str = "a.example",
) -> DuePage:
    url = f"https://{host}/{name}"
    capture = Capture("urn:uuid:1", url, NOW - 400 * DAY, 200, "text/html", "a.warc.gz", 0, 1, "sha256:0")
    return DuePage(url, state, NOW - looked, capture, confirmed)


def life(of: DuePage, age: timedelta, publisher: str = "甲", gone: datetime | None = None) -> PageLife:
    return PageLife(of.url, publisher, "wechat", None, NOW - age, NOW - age, of.last_checked, gone)


def whys(*pages: DuePage) -> dict[str, tuple[datetime, str]]:
    return {due.page.url.rsplit("/", 1)[-1]: (due.at, due.why) for due in times(pages, (), 10, NOW)}


def test_a_change_that_one_look_found_is_due_six_hours_later() -> None:
    found = whys(page("gone", "deleted_by_publisher", "live", timedelta(hours=7)))
    assert found["gone"] == (NOW - timedelta(hours=1), CONFIRM)


def test_a_look_that_was_kept_out_is_not_repeated_at_once_and_confirms_nothing() -> None:
    at, why = whys(page("blocked", "blocked", "live", timedelta(hours=7)))["blocked"]
    assert at == NOW + timedelta(hours=17)
    assert why != CONFIRM


def test_a_page_that_is_confirmed_to_be_gone_is_seldom_looked_at() -> None:
    at, _ = whys(page("gone", "not_found", "not_found"))["gone"]
    assert at - NOW > 60 * DAY


def test_young_pages_and_those_of_sources_that_delete_come_first() -> None:
    young, old, risky = page("young"), page("old"), page("risky")
    history = [life(page(f"x{n}"), 60 * DAY, "乙", NOW - 30 * DAY) for n in range(20)]
    lives = [life(young, DAY), life(old, 900 * DAY), life(risky, 900 * DAY, "乙"), *history]
    order = [due.page for due in times([old, risky, young], lives, 1, NOW)]
    assert order[-1] == old


def test_no_host_is_asked_more_than_its_budget_and_confirming_comes_first() -> None:
    due = [
        *(Due(page(str(n)), NOW - DAY, "by its own risk") for n in range(5)),
        Due(page("gone", "not_found"), NOW, CONFIRM),
        Due(page("elsewhere", host="b.example"), NOW, "by its own risk"),
        Due(page("later"), NOW + DAY, "by its own risk"),
    ]
    taken = within_budget(due, {"a.example": 8}, 10, NOW)
    assert [each.url.rsplit("/", 1)[-1] for each in taken] == ["gone", "0", "elsewhere"]


def test_after_a_look_nothing_is_due_until_its_time_comes(tmp_path: Path) -> None:
    workspace = create_workspace(tmp_path / "work")
    workspace.settings_file.write_text(SETTINGS)
    chosen = [case for case in CASES if case.name in ("live", "deleted")] or CASES[:2]
    with changing_web(chosen) as web:
        use(workspace, web)
        run(workspace, "crawl", "--no-requisites", *(f"--url={case.url}" for case in chosen))
        result = run(workspace, "check", "--due")
        assert (result.returncode, result.stdout) == (0, "")
        assert "no page is due" in result.stderr
        listed = [
            json.loads(line) for line in run(workspace, "check", "--dry-run", "--json").stdout.splitlines()
        ]
    assert len({line["url"] for line in listed}) == len(chosen)
    assert all(datetime.fromisoformat(line["due"]) > datetime.now(UTC) for line in listed)


@pytest.mark.parametrize("looks_a_day", [1, 1000])
def test_a_bigger_budget_means_sooner(looks_a_day: int) -> None:
    pages = [page(str(n)) for n in range(50)]
    waits = [
        due.at - NOW for due in times(pages, [life(each, 300 * DAY) for each in pages], looks_a_day, NOW)
    ]
    assert (min(waits) > 30 * DAY) is (looks_a_day == 1)
