"""`holdfast schedule` and `holdfast worker`: commands that are run again and again."""

from __future__ import annotations

import json
import signal
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

from alerts.errors import Busy
from cli.alerts import lines_of, tell_now
from cli.expected import told
from cli.opened import Opened, opened
from cli.parsed import check_words
from crawler.errors import UnusableSchedule
from crawler.plan import DEFAULT
from crawler.schedules.timing import SHANGHAI, seconds_of, timing_of
from crawler.schedules.worker import Ended, following, work
from db.watching import schedules
from db.watching.schedules import Claimed
from workspace.campaign import load_campaign
from workspace.logs import logging_to

SCHEDULED = ("crawl", "check", "custody", "export", "store", "verify")
"""The commands that may be scheduled; the first two work on a campaign's collection, one at a time."""

ON_COLLECTIONS = ("crawl", "check")
"""Commands that work on a campaign's collection."""

SUMMED_UP = ("crawl",)
"""Commands that sum themselves up in one line with --json; a check tells of each page."""

ATTENDED = (
    "from crawler.schedules.attended import end_with_starter; end_with_starter(); "
    "from cli.main import run; run()"
)

ALERT_SECONDS = 60.0

AsJson = Annotated[bool, typer.Option("--json", help="JSON lines.")]
Name = Annotated[str, typer.Argument(help="The schedule's name.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(help="Commands that a worker runs again and again: crawls, checks, exports, …")
    group.command("add")(add)
    group.command("list")(list_)
    group.command("show")(show)
    group.command("pause")(pause)
    group.command("resume")(resume)
    group.command("run")(run)
    group.command("remove")(remove)
    app.add_typer(group, name="schedule")
    app.command("worker")(worker)


def add(
    name: Name,
    command: Annotated[
        list[str],
        typer.Argument(help="What to run, as after `holdfast`: crawl tibet-dna", show_default=False),
    ],
    cron: Annotated[str | None, typer.Option(help="Minute, hour, day, month, weekday: '0 3 * * *'.")] = None,
    every: Annotated[str | None, typer.Option(help="An interval: 30m, 6h, 2d, 1w.")] = None,
    zone: Annotated[str, typer.Option(help="The time zone that --cron is read in.")] = SHANGHAI,
    jitter: Annotated[str, typer.Option(help="Begin up to this much later, by chance.")] = "0s",
    grace: Annotated[
        str | None,
        typer.Option(help="Leave a run out that could not begin within this time; else it runs late."),
    ] = None,
    overlap: Annotated[
        str, typer.Option(help="When the campaign is being worked on: wait, or skip this run.")
    ] = "wait",
) -> None:
    """Adds a schedule. Put -- before the command when it has options of its own."""
    work_on = opened()
    timing = timing_of(cron, every, zone, jitter)
    if overlap not in ("wait", "skip"):
        raise UnusableSchedule(f"--overlap {overlap}: it is either wait or skip")
    if command[0] not in SCHEDULED:
        raise UnusableSchedule(f"{command[0]!r} cannot be scheduled; these can: {', '.join(SCHEDULED)}")
    check_words(command)
    now = datetime.now(UTC)
    moments = following(timing.stored(), None, now)
    if moments is None:
        raise UnusableSchedule(f"--cron {cron!r} names no moment that will ever come")
    schedules.add(
        work_on.engine,
        name,
        command,
        campaign=_campaign(command, work_on),
        timing=timing.stored(),
        grace=int(seconds_of(grace)) if grace else None,
        overlap=overlap,
        moments=moments,
        now=now,
    )
    typer.echo(
        f"{name}: holdfast {' '.join(command)}, first on {_shown(moments[1])}; a worker runs it: holdfast worker"
    )


def list_(as_json: AsJson = False) -> None:
    """Lists the schedules, the next due first."""
    found = schedules.listed(opened().engine)
    if as_json:
        _print_json(found)
        return
    table = Table("name", "command", "when", "next", "last run", box=None)
    for row in found:
        coming = "paused" if row["paused"] else _shown(row["due_at"])
        last = f"{row['last_state']}, {_shown(row['last_run'])}" if row["last_state"] else "never"
        table.add_row(row["name"], " ".join(row["command"]), _when(row["timing"]), coming, last)
    Console().print(table)
    if not found:
        typer.echo("add one with: holdfast schedule add nightly --cron '0 3 * * *' crawl tibet-dna")


def show(name: Name, limit: int = 20, as_json: AsJson = False) -> None:
    """Shows the newest runs of a schedule, with what each said of itself and its log."""
    found = schedules.runs(opened().engine, name, limit)
    if as_json:
        _print_json(found)
        return
    table = Table("started", "state", "took", "said", "log", box=None)
    for row in found:
        took = row["ended_at"] - row["started_at"] if row["ended_at"] else None
        said = ", ".join(f"{key} {value}" for key, value in row["counts"].items() if value)
        table.add_row(_shown(row["started_at"]), row["state"], _rounded(took), said, row["log"] or "")
    Console().print(table)


def pause(name: Name) -> None:
    """Keeps a schedule from being run."""
    schedules.pause(opened().engine, name)
    typer.echo(f"{name} is paused; go on with: holdfast schedule resume {name}")


def resume(name: Name) -> None:
    """Lets a paused schedule run again, from its next moment on."""
    schedules.resume(opened().engine, name, following, datetime.now(UTC))
    typer.echo(f"{name} runs again")


def run(name: Name) -> None:
    """Makes a schedule due now; the next worker that is free runs it."""
    schedules.run_soon(opened().engine, name, datetime.now(UTC))
    typer.echo(f"{name} is due now; a worker runs it: holdfast worker")


def remove(name: Name) -> None:
    """Ends a schedule; the history of its runs stays."""
    schedules.remove(opened().engine, name)
    typer.echo(f"{name} is removed")


def worker(
    once: Annotated[bool, typer.Option("--once", help="End when nothing is due any more.")] = False,
) -> None:
    """Runs what schedules have due, one at a time, until Ctrl-C. Start a second worker for two at a time.

    Sends alerts too, if the settings name who is told.
    """
    work_on = opened()
    stop = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda number, frame: stop.set())
    if not once:
        typer.echo("waiting for what is due; Ctrl-C finishes the run under way and ends", err=True)
    start = [sys.executable, "-c", ATTENDED, "--home", str(work_on.workspace.root)]

    def words(claimed: Claimed) -> list[str]:
        return [*start, *claimed.command, *(["--json"] if claimed.command[0] in SUMMED_UP else [])]

    with (
        logging_to(work_on.workspace.logs, "worker", work_on.settings.log_format),
        _telling(work_on, once),
    ):
        work(work_on.engine, work_on.workspace.logs, words, stop=stop, told=_tell, until_idle=once)


@contextmanager
def _telling(work_on: Opened, once: bool) -> Iterator[None]:
    """Sends alerts every minute beside the runs, or after them when the worker does its work `once`.

    A worker that is stopped sends nothing more, so that a slow mail server does not keep it from ending: what has
    happened is found again by the next.
    """
    if not work_on.settings.alerts:
        yield
        return
    ended = threading.Event()

    def tell_each_minute() -> None:
        while not ended.wait(ALERT_SECONDS):
            _tell_alerts(work_on)

    teller = threading.Thread(target=tell_each_minute, daemon=True)
    teller.start()
    try:
        yield
    finally:
        ended.set()
        teller.join(ALERT_SECONDS)
    if once:
        _tell_alerts(work_on, at_once=True)


def _tell_alerts(work_on: Opened, *, at_once: bool = False) -> None:
    """One round; what hinders it is said and tried again in the next, for the runs must go on."""
    try:
        said = tell_now(work_on, at_once=at_once)
    except Busy:
        return
    except Exception as error:
        expected = told(error)
        typer.echo(f"alerts: {expected or error}", err=True)
        if expected is None:
            traceback.print_exc()
        return
    for line in lines_of(said):
        typer.echo(line, err=True)


def _tell(what: Claimed | Ended) -> None:
    if isinstance(what, Claimed):
        typer.echo(f"{what.schedule}: holdfast {' '.join(what.command)}")
    else:
        ended = "done" if what.exit_code == 0 else f"failed (exit code {what.exit_code}), see {what.log}"
        typer.echo(f"{what.run.schedule}: {ended}")


def _campaign(command: list[str], work_on: Opened) -> str | None:
    """The campaign whose collection a command writes to. Raises UnknownCampaign."""
    if command[0] not in ON_COLLECTIONS:
        return None
    named = [word for word in command[1:2] if not word.startswith("-")]
    return load_campaign(named[0], work_on.workspace).name if named else DEFAULT


def _when(timing: dict[str, Any]) -> str:
    if timing["cron"]:
        return f"{timing['cron']} {timing['zone']}"
    return f"every {timedelta(seconds=timing['every'])}"


def _rounded(took: timedelta | None) -> str:
    return str(timedelta(seconds=round(took.total_seconds()))) if took else ""


def _shown(moment: datetime | None) -> str:
    return f"{moment.astimezone(ZoneInfo(SHANGHAI)):%Y-%m-%d %H:%M} +08:00" if moment else "never"


def _print_json(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        typer.echo(json.dumps(row, ensure_ascii=False, default=lambda value: value.isoformat()))
