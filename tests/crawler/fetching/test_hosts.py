"""Hosts in trouble are waited for or left alone; what they ask for is understood."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from archive import Collection
from archive.index import captures, lookup
from crawler.fetching.hosts import GIVEN_UP_AFTER, wait_asked_for
from tests.crawler.site import Site, serving
from workspace.layout import Workspace

Run = Callable[..., subprocess.CompletedProcess[str]]
NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as served:
        yield served


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Fri, 31 Dec 99999999999999999999 23:59:59 GMT", None),
        ("Fri, 31 Dec 2021 23:59:59 +99999999999999999999", None),
        ("Sun, 01 Mar 2026 12:00:30 GMT", 30.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
        ("99999999999999999999", None),
        ("-5", None),
    ],
)
def test_retry_after_is_read(value: str, seconds: float | None) -> None:
    assert wait_asked_for(value, NOW) == seconds


def test_a_host_that_asks_for_an_hour_is_left_alone(holdfast: Run, site: Site, workspace: Workspace) -> None:
    workspace.settings_file.write_text("download_delay = 0\nmin_free_bytes = 0\nconcurrency = 1\n")
    result = holdfast("crawl", f"--url={site.url}/busy.html", f"--url={site.url}/identity.html")
    assert result.returncode == 1
    assert site.seen["/busy.html"] == 1
    assert site.seen["/identity.html"] == 0
    assert "it asked to be left alone for 3600 seconds" in result.stderr
    found = lookup(Collection(workspace.collection("default")), f"{site.url}/busy.html")
    assert [capture.status for capture in found] == [503], "the refusal is archived"


def test_a_host_that_asks_for_a_short_wait_is_asked_again(holdfast: Run, site: Site) -> None:
    assert holdfast("crawl", "--url", f"{site.url}/soon.html").returncode == 0
    assert site.seen["/soon.html"] == 2


def test_a_host_that_keeps_failing_is_given_up(holdfast: Run, site: Site, workspace: Workspace) -> None:
    workspace.settings_file.write_text("download_delay = 0\nmin_free_bytes = 0\nobey_robots = false\n")
    dead = site.url
    site.fails = True
    result = holdfast("crawl", *(f"--url={dead}/article-{number}.html" for number in range(1, 21)))
    assert result.returncode == 1
    assert "times in a row, the last time: " in result.stderr
    assert "Warning" not in result.stderr
    assert GIVEN_UP_AFTER <= sum(site.seen.values()) <= GIVEN_UP_AFTER + 1, (
        "a host in trouble is asked one at a time"
    )
    tried = list(captures(Collection(workspace.collection("default"))))
    assert len(tried) == sum(site.seen.values()), "every attempt is archived"
