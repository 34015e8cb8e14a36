"""What is found to tell of, on SQLite and PostgreSQL, and that each is found once however often it is looked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert

from alerts.events import happened
from db.models import RunRow
from db.watching import alerts as store
from db.watching.alerts import Alert
from parsers.observation import Reported
from tests.db.ingest.test_writing import put
from tests.db.synthetic import TEXT, article, capture, document, notice, observation, read_capture, reported

URL = "https://mp.weixin.example/s/AAAAAAAAAAAAAAAAAAAAAA"
NOW = datetime(2021, 8, 1, tzinfo=UTC)
Look = Callable[[], list[Alert]]


@pytest.fixture
def look(engine: Engine, tmp_path: Path) -> Look:
    """Looks for what has happened, tells of it, and gives what was not told of before."""

    def found() -> list[Alert]:
        alerts = happened(engine, tmp_path, 0, NOW)
        with engine.begin() as connection:
            return store.add(connection, alerts, now=NOW, quiet=False, channels={}, not_before=NOW)

    return found


def gone(engine: Engine, *days: int) -> None:
    put(engine, *(read_capture(capture(URL, day=day, name="gone"), notice()) for day in days))


def test_a_page_that_speaks_of_the_matter_is_new_once(engine: Engine, look: Look) -> None:
    put(
        engine,
        read_capture(capture(URL)),
        read_capture(
            capture("https://a.example/rain"),
            article(document("今天下雨。合成测试页面。")),
            Reported(relevant=False),
        ),
    )
    (new,) = look()
    assert (new.kind, new.title, new.detail) == ("new_page", "旁多派出所采血工作", "by 林周公安, 2021-05-12")
    put(engine, read_capture(capture(URL, day=3)))
    put(engine, read_capture(capture(URL)), reader="r2")
    assert look() == []


def test_a_page_is_told_of_as_gone_when_two_looks_agree(engine: Engine, look: Look) -> None:
    put(engine, read_capture(capture(URL)))
    look()
    gone(engine, 10)
    assert look() == []
    gone(engine, 12)
    (deleted,) = look()
    assert (deleted.kind, deleted.url) == ("deleted", URL)
    assert deleted.detail == (
        "deleted by publisher: last seen 2021-05-12 10:00, found gone 2021-05-22 10:00, and again 2021-05-24 10:00"
    )
    gone(engine, 20)
    assert look() == []


def test_a_page_that_came_back_and_went_again_is_told_of_again(engine: Engine, look: Look) -> None:
    put(engine, read_capture(capture(URL)))
    gone(engine, 10, 12)
    assert {alert.kind for alert in look()} == {"new_page", "deleted"}
    put(engine, read_capture(capture(URL, day=15)))
    assert look() == []
    gone(engine, 20, 22)
    assert [alert.kind for alert in look()] == ["deleted"]


def test_an_older_look_that_comes_in_late_makes_no_second_deletion(engine: Engine, look: Look) -> None:
    put(engine, read_capture(capture(URL)))
    gone(engine, 10, 12)
    look()
    gone(engine, 5)
    assert look() == []


def test_an_altered_figure_is_told_of_and_altered_words_are_not(engine: Engine, look: Look) -> None:
    words, figure = TEXT.replace("民警", "全体民警"), TEXT.replace("53", "35")
    put(engine, read_capture(capture(URL)))
    look()
    claim = observation(text=words)
    put(engine, read_capture(capture(URL, day=3), article(document(words)), reported(claim)))
    assert look() == []
    claim = observation("采集血样35份", text=figure, count=35)
    put(engine, read_capture(capture(URL, day=6), article(document(figure)), reported(claim)))
    (edit,) = look()
    assert edit.kind == "edited_figure"
    assert edit.detail.startswith("SILENTLY: ")
    assert edit.detail.endswith("53 → 35")
    put(engine, read_capture(capture(URL, day=6), article(document(figure)), reported(claim)), reader="r2")
    assert look() == []


def test_numbers_of_people_stay_hidden(engine: Engine, look: Look) -> None:
    titled = document(title="联系电话13800138000")
    put(engine, read_capture(capture(URL), article(titled)))
    assert [alert.title for alert in look()] == ["联系电话138********"]


def test_a_schedule_that_fails_is_told_of_once_until_it_works_again(engine: Engine, look: Look) -> None:
    def run(hour: int, state: str, command: str = "crawl", schedule: str = "nightly") -> None:
        start = NOW + timedelta(hours=hour)
        row = {
            "id": f"{schedule} {hour}", "schedule": schedule, "command": [command, "tibet-dna"], "due_at": start,
            "attempt": 1, "state": state, "worker": "w", "started_at": start,
            "ended_at": None if state == "running" else start, "exit_code": None, "counts": {}, "log": "/l/x.log",
        }  # fmt: skip
        with engine.begin() as connection:
            connection.execute(insert(RunRow), [row])

    run(0, "done")
    run(1, "failed")
    run(2, "lost")
    run(3, "skipped")
    run(4, "failed")
    (failing,) = look()
    assert (failing.kind, failing.id) == ("crawl_failing", "crawl_failing nightly 1")
    assert failing.title == "nightly: holdfast crawl tibet-dna"
    assert failing.detail == "it failed; see /l/x.log"
    run(5, "done")
    run(6, "lost")
    run(7, "running")
    (again,) = look()
    assert again.detail.startswith("its worker died")
    run(0, "failed", "verify", "weekly")
    assert [alert.kind for alert in look()] == ["verify_failed"]


def test_a_full_disk_is_told_of_once_a_day(engine: Engine, tmp_path: Path) -> None:
    first, later, next_day = (
        happened(engine, tmp_path, 2**60, NOW + timedelta(hours=hours)) for hours in (0, 3, 26)
    )
    assert [alert.kind for alert in first] == ["disk_low"]
    assert [alert.id for alert in later] == [alert.id for alert in first]
    assert [alert.id for alert in next_day] != [alert.id for alert in first]
    assert first[0].detail == "crawls pause below 1,073,741,824.0 GiB"
