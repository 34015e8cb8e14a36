"""What is due is done by one worker, once, also when workers die."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from db.errors import UnknownId
from db.watching import schedules
from db.watching.schedules import Claimed, Moments, ScheduleExists

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
LEASE = 60.0


def hourly(timing: dict[str, Any], planned: datetime | None, now: datetime) -> Moments:
    following = max(planned or now, now) + HOUR
    return following, following


@pytest.fixture
def add(engine: Engine) -> Callable[..., None]:
    def added(
        name: str, *, campaign: str | None = None, overlap: str = "wait", grace: int | None = None
    ) -> None:
        command = ["crawl", campaign] if campaign else ["verify"]
        schedules.add(
            engine,
            name,
            command,
            campaign=campaign,
            timing={"every": 3600},
            grace=grace,
            overlap=overlap,
            moments=(NOW, NOW),
            now=NOW,
        )

    return added


def claim(engine: Engine, worker: str, now: datetime = NOW) -> Claimed | None:
    return schedules.claim(engine, worker, hourly, now=now, seconds=LEASE)


def finish(engine: Engine, run: Claimed | None, worker: str, now: datetime = NOW, code: int = 0) -> bool:
    assert run
    return schedules.finish(engine, run, worker, exit_code=code, counts={"pages": 3}, log="run.log", now=now)


def states(engine: Engine, name: str) -> list[str]:
    return [run["state"] for run in reversed(schedules.runs(engine, name))]


def test_a_run_is_claimed_done_and_remembered(engine: Engine, add: Callable[..., None]) -> None:
    add("nightly")
    run = claim(engine, "one")
    assert run
    assert (run.schedule, run.command) == ("nightly", ("verify",))
    assert claim(engine, "two") is None
    assert finish(engine, run, "one", NOW + HOUR / 2)
    (kept,) = schedules.runs(engine, "nightly")
    assert (kept["state"], kept["counts"], kept["exit_code"]) == ("done", {"pages": 3}, 0)
    (listed,) = schedules.listed(engine)
    assert (listed["due_at"], listed["last_state"], listed["last_run"]) == (NOW + HOUR, "done", NOW)
    assert claim(engine, "one", NOW + HOUR) is not None


def test_a_command_that_fails_is_a_failed_run(engine: Engine, add: Callable[..., None]) -> None:
    add("nightly")
    finish(engine, claim(engine, "one"), "one", code=1)
    assert states(engine, "nightly") == ["failed"]


def test_one_campaign_is_worked_on_by_one_worker(engine: Engine, add: Callable[..., None]) -> None:
    add("a-crawl", campaign="tibet-dna")
    add("b-recrawl", campaign="tibet-dna")
    add("c-other", campaign="qinghai-iris")
    first, second = claim(engine, "one"), claim(engine, "two")
    assert first
    assert second
    assert (first.schedule, second.schedule) == ("a-crawl", "c-other")
    assert claim(engine, "three") is None
    finish(engine, first, "one")
    waiting = claim(engine, "three")
    assert waiting
    assert waiting.schedule == "b-recrawl"


def test_an_overlapping_run_is_left_out_when_asked_for(engine: Engine, add: Callable[..., None]) -> None:
    add("a-crawl", campaign="tibet-dna")
    add("b-recrawl", campaign="tibet-dna", overlap="skip")
    run = claim(engine, "one")
    assert claim(engine, "two") is None
    assert states(engine, "b-recrawl") == ["skipped"]
    finish(engine, run, "one")
    assert claim(engine, "two") is None, "its next moment is an hour away"


def test_a_late_run_is_done_once_or_missed_beyond_its_grace(engine: Engine, add: Callable[..., None]) -> None:
    add("patient")
    add("strict", grace=600)
    late = NOW + 5 * HOUR
    run = claim(engine, "one", late)
    assert run
    assert run.schedule == "patient"
    assert claim(engine, "two", late) is None
    assert states(engine, "strict") == ["missed"]
    finish(engine, run, "one", late)
    assert claim(engine, "one", late) is None, "five passed moments are one run"


def test_a_dead_workers_run_is_done_again(engine: Engine, add: Callable[..., None]) -> None:
    add("crawl", campaign="tibet-dna")
    dead = claim(engine, "dead")
    assert claim(engine, "alive", NOW + timedelta(seconds=LEASE - 1)) is None
    later = NOW + timedelta(seconds=LEASE + 1)
    again = claim(engine, "alive", later)
    assert again
    assert (again.schedule, again.due_at) == ("crawl", NOW)
    assert not finish(engine, dead, "dead", later), "who lost the lease has nothing to say"
    assert finish(engine, again, "alive", later)
    assert states(engine, "crawl") == ["lost", "done"]
    (listed,) = schedules.listed(engine)
    assert listed["due_at"] == NOW + HOUR, "the plan goes on as it was"


def test_a_worker_that_says_it_is_alive_keeps_its_run(engine: Engine, add: Callable[..., None]) -> None:
    add("crawl", campaign="tibet-dna")
    run = claim(engine, "slow")
    assert run
    for minute in range(1, 5):
        at = NOW + timedelta(seconds=minute * 50)
        assert schedules.keep(engine, run, "slow", now=at, seconds=LEASE)
        assert claim(engine, "other", at) is None
    assert not schedules.keep(engine, run, "other", now=NOW, seconds=LEASE)


def test_pause_resume_run_now_and_remove(engine: Engine, add: Callable[..., None]) -> None:
    add("nightly")
    schedules.pause(engine, "nightly")
    assert claim(engine, "one", NOW + HOUR) is None
    schedules.resume(engine, "nightly", hourly, NOW + HOUR)
    assert claim(engine, "one", NOW + HOUR) is None, "what passed meanwhile is not made up for"
    schedules.run_soon(engine, "nightly", NOW + HOUR)
    finish(engine, claim(engine, "one", NOW + HOUR), "one")
    (listed,) = schedules.listed(engine)
    assert listed["due_at"] == NOW + 2 * HOUR, "a run in between leaves the plan as it is"
    schedules.remove(engine, "nightly")
    assert schedules.listed(engine) == []
    assert states(engine, "nightly") == ["done"], "the history stays"


def test_names_are_unique_and_unknown_ones_are_said_to_be(engine: Engine, add: Callable[..., None]) -> None:
    add("nightly")
    with pytest.raises(ScheduleExists, match="nightly"):
        add("nightly")
    for act in (schedules.pause, schedules.remove, schedules.runs):
        with pytest.raises(UnknownId, match="weekly"):
            act(engine, "weekly")


def test_many_workers_at_once_share_the_work(engine: Engine, add: Callable[..., None]) -> None:
    names = [f"schedule-{number:02}" for number in range(20)]
    for name in names:
        add(name)

    def work(number: int) -> list[str]:
        worker, done = f"worker-{number}", []
        while run := claim(engine, worker):
            done.append(run.schedule)
            assert finish(engine, run, worker)
        return done

    with ThreadPoolExecutor(6) as pool:
        done = [name for names in pool.map(work, range(6)) for name in names]
    assert sorted(done) == names
