"""`holdfast status`: what runs, what is due, what fails, how much is stored; and the same as Prometheus metrics."""

from __future__ import annotations

import json
import shutil
import signal
import threading
from collections.abc import Iterator
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import Annotated

import typer
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from rich.console import Console
from rich.table import Table

from cli.opened import Opened, opened
from crawler.errors import UnusableInput
from db.lists.standing import Held, Standing, standing
from db.rows import SHANGHAI

LOOPBACK = "127.0.0.1"
COUNTED = tuple(field.name for field in fields(Held) if field.type == "int")

LABELS = {
    "gone": "pages gone (confirmed)",
    "unconfirmed": "pages to look at again",
    "unseen": "pages we were kept from",
    "wanted": "pictures to fetch",
    "not_kept": "pages not kept",
}


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(status)


def status(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line.")] = False,
    metrics: Annotated[
        int | None,
        typer.Option(
            "--metrics",
            metavar="PORT",
            min=1,
            max=65535,
            help="Serve the figures to Prometheus on this port of 127.0.0.1 until Ctrl-C.",
        ),
    ] = None,
) -> None:
    """Tells what runs, what is due, what fails, and how much is stored."""
    work = opened()
    if metrics:
        _serve(work, metrics)
        return
    stands = standing(work.engine, datetime.now(UTC))
    if as_json:
        told = asdict(stands) | {"disk": _disk(work), "archive_bytes": _archived(work)}
        typer.echo(
            json.dumps(told, ensure_ascii=False, default=lambda at: at.astimezone(SHANGHAI).isoformat())
        )
        return
    _show(work, stands, Console())


def _show(work: Opened, stands: Standing, console: Console) -> None:
    disk = _disk(work)
    typer.echo(
        f"archive {sum(_archived(work).values()) / 2**20:,.1f} MiB, disk {disk['free'] / 2**30:,.1f} GiB free"
        + ("" if disk["free"] > work.settings.min_free_bytes else ": TOO LITTLE, crawls pause")
    )
    table = Table("", *(held.campaign for held in stands.campaigns), box=None)
    for name in COUNTED:
        table.add_row(LABELS.get(name, name), *(f"{getattr(held, name):,}" for held in stands.campaigns))
    table.add_row("last capture", *(_at(held.last_capture) for held in stands.campaigns))
    console.print(
        table if stands.campaigns else "nothing is archived yet: holdfast crawl, or holdfast import"
    )
    for title, what in (
        ("running since", stands.running),
        ("due since", stands.due),
        ("next at", stands.next[:5]),
        ("FAILED at", stands.failing),
    ):
        for each in what:
            log = f"; see {each.log}" if each.log and what is stands.failing else ""
            typer.echo(f"{title} {_at(each.at)}: {each.name}: holdfast {each.command}{log}")


def _at(moment: datetime | None) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if moment else "never"


def _disk(work: Opened) -> dict[str, int]:
    usage = shutil.disk_usage(work.workspace.root)
    return {"free": usage.free, "total": usage.total}


def _archived(work: Opened) -> dict[str, int]:
    """Bytes of WARC files on this disk, by campaign."""
    found = work.workspace.collections.glob("*/archive/*.warc*")
    sizes: dict[str, int] = {}
    for file in found:
        campaign = file.parent.parent.name
        sizes[campaign] = sizes.get(campaign, 0) + file.stat().st_size
    return sizes


class _Stands(Collector):
    """The figures of `holdfast status`, read anew each time they are asked for."""

    def __init__(self, work: Opened) -> None:
        self._work = work

    def collect(self) -> Iterator[Metric]:
        """Gauges by campaign, of schedules and of the disk."""
        stands = standing(self._work.engine, datetime.now(UTC))
        for name in COUNTED:
            gauge = GaugeMetricFamily(
                f"holdfast_{name}", f"{name.replace('_', ' ')} held", labels=["campaign"]
            )
            for held in stands.campaigns:
                gauge.add_metric([held.campaign], getattr(held, name))
            yield gauge
        stored = GaugeMetricFamily("holdfast_archive_bytes", "WARC files on this disk", labels=["campaign"])
        for campaign, size in _archived(self._work).items():
            stored.add_metric([campaign], size)
        yield stored
        for name, what in (("running", stands.running), ("due", stands.due), ("failing", stands.failing)):
            yield _gauge(f"holdfast_schedules_{name}", f"schedules {name}", len(what))
        yield _gauge(
            "holdfast_disk_free_bytes", "bytes free where the workspace is", _disk(self._work)["free"]
        )


def _gauge(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(name, about, value=value)


def _serve(work: Opened, port: int) -> None:
    registry = CollectorRegistry()
    registry.register(_Stands(work))
    try:
        server, thread = start_http_server(port, addr=LOOPBACK, registry=registry)
    except OSError as error:
        raise UnusableInput(
            f"port {port} of {LOOPBACK} cannot be used: {error.strerror}; name another"
        ) from error
    typer.echo(f"http://{LOOPBACK}:{port}/metrics; Ctrl-C ends", err=True)
    stop = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda number, frame: stop.set())
    stop.wait()
    server.shutdown()
    thread.join()
