"""Workers killed at a hundred random moments: no schedule is lost, no two runs of one campaign ever overlap."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from crawler.schedules.timing import timing_of
from crawler.schedules.worker import Ended, work
from db.session import connect
from db.watching import schedules
from db.watching.schedules import Claimed
from tests.crawler.site import serving
from workspace.layout import Workspace

KILLS = 100
WORKERS = 3
CAMPAIGNS = ("tibet-dna", "qinghai-iris")
LEASE_SECONDS = 1.0

RUN = """
import os, sys, time
from crawler.schedules.attended import end_with_starter
end_with_starter()
notes = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
os.write(notes, f"begin {sys.argv[2]} {sys.argv[3]} {os.getpid()}\\n".encode())
time.sleep(float(sys.argv[4]))
os.write(notes, f"end {sys.argv[2]} {sys.argv[3]} {os.getpid()}\\n".encode())
print('{"pages": 7}')
"""
"""A run that notes when it begins and ends; it ends with its worker as a crawl does."""

WORKERS_STARTER = f"""
import os, sys, threading
from pathlib import Path
from crawler.schedules.worker import work
from db.session import connect
RUN = {RUN!r}
def words(run):
    return [sys.executable, "-c", RUN, sys.argv[2], run.command[1], run.id, "0.1"]
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        os.close(0)
        os.open(os.devnull, os.O_RDONLY)
        work(connect(sys.argv[1]), Path(sys.argv[3]), words, stop=threading.Event(),
             lease_seconds={LEASE_SECONDS}, poll_seconds=0.05)
    print(child, flush=True)
    if line.strip() != "0":
        os.waitpid(int(line), 0)
"""
"""Starts a worker for each line, without the import of its modules; a line names the dead worker it is for, or 0."""


@pytest.fixture
def database(workspace: Workspace) -> str:
    return f"sqlite:///{workspace.database_file}"


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    opened = connect(database)
    yield opened
    opened.dispose()


def add(engine: Engine, name: str, campaign: str, every: str) -> None:
    timing, now = timing_of(None, every, shortest=0).stored(), datetime.now(UTC)
    schedules.add(
        engine,
        name,
        ["crawl", campaign],
        campaign=campaign,
        timing=timing,
        grace=None,
        overlap="wait",
        moments=(now, now),
        now=now,
    )


@pytest.mark.faults
@pytest.mark.timeout(900)
def test_workers_killed_at_a_hundred_random_moments(
    engine: Engine, database: str, workspace: Workspace
) -> None:
    notes = workspace.logs / "notes"
    for number in range(6):
        add(engine, f"schedule-{number}", CAMPAIGNS[number % 2], "1s")
    chance = random.Random(20261123)
    start = [sys.executable, "-c", WORKERS_STARTER, database, str(notes), str(workspace.logs)]
    starter = subprocess.Popen(start, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        workers = [started(starter) for _ in range(WORKERS)]
        for _ in range(KILLS):
            time.sleep(chance.uniform(0, 0.6))
            number = chance.randrange(WORKERS)
            os.kill(workers[number], signal.SIGKILL)
            workers[number] = started(starter, workers[number])
        for each in workers:
            os.kill(each, signal.SIGKILL)
    finally:
        starter.kill()
        starter.wait()
    time.sleep(LEASE_SECONDS)
    done = run_what_is_due(engine, workspace, notes)
    assert set(done) == {f"schedule-{number}" for number in range(6)}, "every schedule goes on"
    runs = schedules.runs(engine, limit=10_000)
    assert not [run for run in runs if run["state"] == "running"], "every lease is free again"
    assert {run["state"] for run in runs} == {"done", "lost"}
    assert_no_overlap(notes)
    begun = [line.split()[2] for line in notes.read_text().splitlines() if line.startswith("begin")]
    assert len(begun) == len(set(begun)), "no run is begun twice"
    assert len(begun) > KILLS / 10


def started(starter: subprocess.Popen[str], dead: int = 0) -> int:
    """The process id of a new worker."""
    assert starter.stdin
    assert starter.stdout
    starter.stdin.write(f"{dead}\n")
    starter.stdin.flush()
    return int(starter.stdout.readline())


def run_what_is_due(engine: Engine, workspace: Workspace, notes: Path) -> list[str]:
    ended: list[str] = []
    stop = threading.Event()

    def words(run: Claimed) -> list[str]:
        return [sys.executable, "-c", RUN, str(notes), run.command[1], run.id, "0"]

    def told(what: Claimed | Ended) -> None:
        if isinstance(what, Ended):
            ended.append(what.run.schedule)
        if len(set(ended)) == 6:
            stop.set()

    work(engine, workspace.logs, words, stop=stop, told=told, poll_seconds=0.05, lease_seconds=LEASE_SECONDS)
    return ended


def assert_no_overlap(notes: Path) -> None:
    """A run that was killed with its worker has no end; the next of its campaign must find it gone."""
    under_way: dict[str, str] = {}
    for line in notes.read_text().splitlines():
        what, campaign, run, process = line.split()
        if what == "begin":
            under_way[campaign] = run
        else:
            assert under_way.get(campaign) == run, f"process {process} went on after another had begun"


def test_a_worker_asked_to_stop_lets_its_run_finish(engine: Engine, workspace: Workspace) -> None:
    add(engine, "slow", "tibet-dna", "1h")
    stop = threading.Event()
    program = (
        "import signal, sys, time, json\n"
        "signal.signal(signal.SIGINT, lambda *_: (print(json.dumps({'sealed': True})), sys.exit(0)))\n"
        "open(sys.argv[1], 'w').close()\n"
        "time.sleep(60)\n"
    )
    begun = workspace.logs / "begun"
    seen: list[Claimed | Ended] = []
    thread = threading.Thread(
        target=work,
        args=(engine, workspace.logs, lambda run: [sys.executable, "-c", program, str(begun)]),
        kwargs={"stop": stop, "told": seen.append},
    )
    thread.start()
    while not begun.exists():
        time.sleep(0.01)
    stop.set()
    thread.join(30)
    (run,) = schedules.runs(engine, "slow")
    assert (run["state"], run["counts"]) == ("done", {"sealed": True})


def test_a_schedule_runs_a_real_crawl(
    holdfast: Callable[..., subprocess.CompletedProcess[str]], workspace: Workspace
) -> None:
    with serving() as site:
        added = holdfast(
            "schedule", "add", "hourly", "--every", "1h", "--", "crawl", "--url", f"{site.url}/gzip.html"
        )
        assert added.returncode == 0, added.stderr
        worked = holdfast("worker", "--once")
        assert worked.returncode == 0, worked.stderr
        assert "hourly: done" in worked.stdout
    (run,) = [
        json.loads(line) for line in holdfast("schedule", "show", "hourly", "--json").stdout.splitlines()
    ]
    assert run["state"] == "done"
    assert run["counts"]["pages"] == 1
    assert Path(run["log"]).exists()
    (listed,) = [json.loads(line) for line in holdfast("schedule", "list", "--json").stdout.splitlines()]
    assert listed["last_state"] == "done"
    assert holdfast("captures", "--json").stdout.count("gzip.html") == 1


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("--every", "1h", "dance"), "cannot be scheduled"),
        (("--every", "1h", "crawl", "no-such-campaign"), "no-such-campaign"),
        (("--every", "1h", "--", "crawl", "--sideways"), "sideways"),
        (("--every", "1h", "custody", "stump"), "stump"),
        (("crawl", "tibet-dna"), "say when"),
        (("--cron", "0 0 30 2 *", "verify"), "no moment"),
        (("--every", "1h", "--overlap", "both", "verify"), "either wait or skip"),
    ],
)
def test_a_schedule_that_could_not_run_is_refused(
    holdfast: Callable[..., subprocess.CompletedProcess[str]], arguments: tuple[str, ...], what: str
) -> None:
    refused = holdfast("schedule", "add", "nightly", *arguments)
    assert refused.returncode == 2
    assert what in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert holdfast("schedule", "list", "--json").stdout == ""


def test_a_run_ends_with_the_worker_that_started_it() -> None:
    program = "from crawler.schedules.attended import end_with_starter; import time; end_with_starter(); time.sleep(60)"
    process = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE)
    assert process.stdin
    process.stdin.close()
    assert process.wait(30) == 1
