"""Crawls killed at 200 random moments: what they had said is kept, and the rest is done after.

Ten crawls of a small site are killed twenty times each; a large one would spend the time on fetching, not on being
killed. A kill in three is while pages come in, the others are in the first moments, where a crawl mends what the last
kill left. All is checked once a crawl has come to its end: what was lost by any kill would still be missing.
The writer alone is killed 200 times more by tests/archive/test_faults.py.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from functools import partial

import pytest

from archive import Collection, read_capture
from archive.index import captures
from archive.verify import verify_collection
from tests.crawler.site import NAMES, Site, serving
from tests.crawler.test_crawl import CAMPAIGN
from tests.starter import holdfast, starter
from workspace.layout import Workspace

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]

CRAWLS, KILLS = 10, 20
ARTICLES = 80
LATEST_SECONDS = 0.6
"""How long after its start, or its first fetch, a crawl is killed at most."""

BEGUN_WITHIN = 30.0


def start_and_kill(workspace: Workspace, seconds: float, begun: Callable[[], bool]) -> bool:
    """Kills a crawl `seconds` after it has `begun`; False when it came to its end before."""
    child = starter().start("--home", workspace.root, "crawl", "test")
    deadline = time.monotonic() + BEGUN_WITHIN
    while not begun() and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    return starter().ended() == -signal.SIGKILL


def more_than(requests: int, site: Site) -> bool:
    """Whether the site has been asked more often; the first time is for robots.txt."""
    return sum(site.seen.values()) > requests


def rows(workspace: Workspace) -> set[str]:
    """The captures that the store knows: what a user was told is archived."""
    with closing(sqlite3.connect(f"file:{workspace.database_file}?mode=ro", uri=True)) as store:
        return {record_id for (record_id,) in store.execute("SELECT record_id FROM capture")}


@pytest.mark.parametrize("seed", range(CRAWLS))
def test_a_crawl_killed_at_random_moments_loses_nothing(workspace: Workspace, seed: int) -> None:
    chance = random.Random(seed)
    told: set[str] = set()
    killed = 0
    with serving(articles=ARTICLES) as site:
        (workspace.campaigns / "test.toml").write_text(CAMPAIGN.format(url=site.url))
        assert holdfast("--home", workspace.root, "pages").returncode == 0, "the store is made"
        while killed < KILLS:
            asked = sum(site.seen.values())
            begun = partial(more_than, asked + 1, site) if killed % 3 == 0 else lambda: True
            killed += start_and_kill(workspace, chance.uniform(0, LATEST_SECONDS), begun)
            told |= rows(workspace)
        assert len(told) > KILLS // 3
        gone_on = holdfast("--home", workspace.root, "crawl", "test")
        assert gone_on.returncode == 0, gone_on.stderr
        expected = {f"{site.url}/{name}.html" for name in NAMES}
        expected |= {f"{site.url}/article-{number}.html" for number in range(1, ARTICLES + 1)}
    collection = Collection(workspace.collection("test"))
    held = {capture.record_id: capture for capture in captures(collection)}
    assert told <= held.keys(), "every capture that was told of is in the archive"
    assert held.keys() == rows(workspace), "the store and the archive agree"
    once = Counter(capture.url for capture in held.values() if capture.url in expected)
    assert once.keys() == expected
    assert set(once.values()) == {1}, "no page is archived twice"
    for capture in held.values():
        assert read_capture(collection, capture.file, capture.offset).payload_digest == capture.payload_digest
    assert not list(verify_collection(collection))
