"""A crawl killed at random moments: what it had said is kept, and the rest is done after.

A kill in three is while pages come in, the others are in its first moments, where it mends what the last kill left.
30 kills unless HOLDFAST_KILLS says how many; each costs seconds. The writer alone is killed 200 times by
tests/archive/test_faults.py.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial

import pytest

from archive import Collection, read_capture
from archive.index import captures
from archive.verify import verify_collection
from tests.crawler.site import NAMES, Site, serving
from tests.crawler.test_crawl import CAMPAIGN
from workspace.layout import Workspace

Run = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1800)]

KILLS = int(os.environ.get("HOLDFAST_KILLS", "30"))
LATEST_SECONDS = 0.6
"""How long after its start, or its first fetch, a crawl is killed at most."""

BEGUN_WITHIN = 30.0
ARTICLES = 600

STARTER = """
import os, sys
import cli.crawl, crawler.run
from cli.main import run
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        sys.argv = ["holdfast", *line.split()]
        run()
        os._exit(0)
    print(child, flush=True)
    os.waitpid(child, 0)
    print("ended", flush=True)
"""
"""Starts the command again and again in fresh processes, without two hundred times the import of its modules."""


@pytest.fixture
def starter() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", STARTER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        assert process.stdin
        process.stdin.close()


def start_and_kill(
    starter: subprocess.Popen[str], arguments: list[str], seconds: float, begun: Callable[[], bool]
) -> None:
    """Kills a crawl `seconds` after it has `begun`, or is at its end."""
    assert starter.stdin
    assert starter.stdout
    starter.stdin.write(" ".join(arguments) + "\n")
    starter.stdin.flush()
    child = int(starter.stdout.readline())
    deadline = time.monotonic() + BEGUN_WITHIN
    while not begun() and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    assert starter.stdout.readline() == "ended\n"


def more_than(requests: int, site: Site) -> bool:
    """Whether the site has been asked more often; the first time is for robots.txt."""
    return sum(site.seen.values()) > requests


def rows(workspace: Workspace) -> set[str]:
    """The captures that the store knows: what a user was told is archived."""
    with closing(sqlite3.connect(f"file:{workspace.database_file}?mode=ro", uri=True)) as store:
        return {record_id for (record_id,) in store.execute("SELECT record_id FROM capture")}


def test_a_crawl_killed_at_random_moments_loses_nothing(
    starter: subprocess.Popen[str], holdfast: Run, workspace: Workspace
) -> None:
    chance = random.Random(20261123)
    told: set[str] = set()
    with serving(articles=ARTICLES) as site:
        (workspace.campaigns / "test.toml").write_text(CAMPAIGN.format(url=site.url))
        assert holdfast("pages").returncode == 0, "the store is made"
        crawl = ["--home", str(workspace.root), "crawl", "test"]
        for kill in range(KILLS):
            before = sum(site.seen.values())
            begun = partial(more_than, before + 1, site) if kill % 3 == 0 else lambda: True
            start_and_kill(starter, crawl, chance.uniform(0, LATEST_SECONDS), begun)
            told |= rows(workspace)
        assert len(told) > KILLS // 3
        finished = holdfast("crawl", "test")
        assert finished.returncode == 0, finished.stderr
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
