"""Does what schedules have due: one run at a time, each in a process of its own, leased so that nobody else does it."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine

from crawler.schedules.timing import Timing, next_due
from db.watching import schedules
from db.watching.schedules import Claimed, Moments
from workspace.logs import event_log

LEASE_SECONDS = 60.0
"""A worker that has not been heard of for so long is dead, and its run is somebody else's to do again."""

POLL_SECONDS = 5.0
LOOK_SECONDS = 0.5
LOG_TAIL = 2**20
LOG = event_log("worker")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: its exit code, what it said of itself as JSON, and the file with all it said."""

    run: Claimed
    exit_code: int
    counts: Mapping[str, Any]
    log: Path


def following(timing: Mapping[str, Any], planned: datetime | None, now: datetime) -> Moments | None:
    """The next moments of a stored timing."""
    due = next_due(Timing(**timing), planned, now, random.SystemRandom())
    return (due.planned, due.at) if due else None


def work(
    engine: Engine,
    logs: Path,
    words: Callable[[Claimed], list[str]],
    *,
    stop: threading.Event,
    told: Callable[[Claimed | Ended], None] = lambda what: None,
    until_idle: bool = False,
    lease_seconds: float = LEASE_SECONDS,
    poll_seconds: float = POLL_SECONDS,
) -> None:
    """Works until `stop` is set, or `until_idle` until nothing is due; `words` gives the program for a run.

    A run under way is then asked to finish and seal (SIGINT), and waited for.
    """
    worker = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"
    while not stop.is_set():
        claimed = schedules.claim(engine, worker, following, now=datetime.now(UTC), seconds=lease_seconds)
        if claimed is None:
            if until_idle:
                return
            stop.wait(poll_seconds)
            continue
        told(claimed)
        LOG.info("run begun", schedule=claimed.schedule, command=list(claimed.command), run=claimed.id)
        ended = _perform(engine, claimed, worker, words(claimed), logs, stop, lease_seconds)
        schedules.finish(
            engine,
            claimed,
            worker,
            exit_code=ended.exit_code,
            counts=dict(ended.counts),
            log=str(ended.log),
            now=datetime.now(UTC),
        )
        told(ended)
        LOG.info(
            "run ended",
            schedule=claimed.schedule,
            run=claimed.id,
            exit_code=ended.exit_code,
            log=str(ended.log),
            counts=dict(ended.counts),
        )


def _perform(
    engine: Engine,
    run: Claimed,
    worker: str,
    words: list[str],
    logs: Path,
    stop: threading.Event,
    lease_seconds: float,
) -> Ended:
    log = logs / f"run-{run.schedule}-{run.id[:8]}.log"
    said = log.with_suffix(".out")
    with log.open("ab") as errors, said.open("wb") as output, _started(words, output, errors) as process:
        asked_to_stop, renewed = False, time.monotonic()
        while process.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(LOOK_SECONDS)
            if time.monotonic() - renewed > lease_seconds / 4:
                renewed = time.monotonic()
                if not schedules.keep(engine, run, worker, now=datetime.now(UTC), seconds=lease_seconds):
                    process.kill()
            if stop.is_set() and not asked_to_stop:
                asked_to_stop = True
                process.send_signal(signal.SIGINT)
    counts = _counts(said)
    said.unlink()
    return Ended(run, process.returncode, counts, log)


@contextmanager
def _started(words: list[str], output: Any, errors: Any) -> Iterator[subprocess.Popen[bytes]]:
    """The run's process. Its standard input is a pipe that ends with this process, and the run with it."""
    # A session of its own: Ctrl-C at the worker's terminal is the worker's to pass on.
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=output, stderr=errors, start_new_session=True
    ) as process:
        try:
            yield process
        except BaseException:
            process.kill()
            raise


def _counts(said: Path) -> dict[str, Any]:
    """The last line of what a command said, if it is a JSON object; its lists are counted, not kept."""
    with said.open("rb") as stream:
        stream.seek(max(said.stat().st_size - LOG_TAIL, 0))
        lines = stream.read().splitlines()
    try:
        told = json.loads(lines[-1]) if lines else None
    except ValueError:
        return {}
    if not isinstance(told, dict):
        return {}
    return {name: len(value) if isinstance(value, list) else value for name, value in told.items()}
