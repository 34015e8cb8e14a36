"""Where requests wait: last in first out, whether in memory or on disk."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from scrapy import Request, Spider

from crawler.fetching import queues
from crawler.fetching.queues import RecentInMemory, queue_folder


@pytest.fixture
def queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RecentInMemory:
    monkeypatch.setattr(queues, "IN_MEMORY", 3)
    crawler = SimpleNamespace(spider=Spider("synthetic"))
    return RecentInMemory.from_crawler(crawler, str(tmp_path / "waiting"))


def request(number: int) -> Request:
    return Request(f"http://site.example/{number}", meta={"number": number})


def numbers(queue: RecentInMemory, count: int) -> list[int]:
    return [popped.meta["number"] for _ in range(count) if (popped := queue.pop())]


def test_the_last_request_comes_first_also_from_disk(queue: RecentInMemory) -> None:
    for number in range(8):
        queue.push(request(number))
    assert len(queue) == 8
    assert queue.peek().meta["number"] == 7
    assert numbers(queue, 5) == [7, 6, 5, 4, 3], "three were in memory, two on disk"
    for number in (8, 9):
        queue.push(request(number))
    assert numbers(queue, 9) == [9, 8, 2, 1, 0]
    assert not queue
    assert queue.pop() is None


def test_a_request_that_cannot_be_written_down_is_not_lost(queue: RecentInMemory) -> None:
    queue.push(request(0).replace(meta={"number": 0, "unwritable": lambda: None}))
    for number in (1, 2):
        queue.push(request(number))
    with pytest.raises(ValueError, match="pickle"):
        queue.push(request(3))
    assert numbers(queue, 4) == [2, 1, 0], "the caller keeps the one that was refused"


HOLDS_A_QUEUE = """
import time
from crawler.fetching.queues import queue_folder
with queue_folder() as folder:
    (folder / "waiting").write_text("requests")
    print(folder, flush=True)
    time.sleep(600)
"""


def test_the_queue_of_a_killed_crawl_goes_and_that_of_a_running_one_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    crawls = [
        subprocess.Popen(
            [sys.executable, "-c", HOLDS_A_QUEUE],
            stdout=subprocess.PIPE,
            text=True,
            env={"TMPDIR": str(tmp_path)},
        )
        for _ in range(2)
    ]
    killed, running = (Path(crawl.stdout.readline().strip()) for crawl in crawls if crawl.stdout)
    crawls[0].send_signal(signal.SIGKILL)
    crawls[0].wait()
    assert (killed / "waiting").exists()
    with queue_folder() as own:
        assert not killed.exists()
        assert (running / "waiting").exists()
        assert own.exists()
    assert not own.exists()
    crawls[1].kill()
    crawls[1].wait()
