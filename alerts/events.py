"""What has happened, found anew from the store at each look: nothing is lost when no worker runs for a while."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from pathlib import Path

from sqlalchemy import Connection, Engine

from analysis.edits import Edit, edits
from analysis.labels import between, label
from analysis.masking import masked
from db.pages.versions import Figure, histories
from db.rows import SHANGHAI
from db.session import reading
from db.watching.alerts import Alert, last_times
from db.watching.happened import GonePage, RelevantPage, RunEnd, ended_runs, gone_pages, relevant_pages
from workspace.alerting import AlertKind

FIGURES = ("figure changed", "figure gone")


def happened(engine: Engine, workspace: Path, min_free_bytes: int, now: datetime) -> list[Alert]:
    """Everything there is to tell of, told of before or not."""
    with reading(engine) as connection:
        found = [*_deleted(connection), *_new(connection), *_failing(connection)]
    return [*found, *_edited(engine), *_disk(workspace, min_free_bytes, now)]


def _deleted(connection: Connection) -> Iterator[Alert]:
    told = last_times(connection, AlertKind.DELETED)
    for page in gone_pages(connection):
        before = told.get((page.campaign, page.url))
        # Older captures that come in later move the first look that found it gone; it is one deletion still.
        if before is None or (page.last_present and before < page.last_present):
            yield Alert(
                f"deleted {page.id} {page.found.since.isoformat()}",
                AlertKind.DELETED,
                page.found.since,
                masked(page.title or "(never archived)"),
                _gone(page),
                page.campaign,
                page.url,
            )


def _gone(page: GonePage) -> str:
    last = f"last seen {_at(page.last_present)}" if page.last_present else "never seen there"
    return (
        f"{page.found.state.value.replace('_', ' ')}: {last}, "
        f"found gone {_at(page.found.since)}, and again {_at(page.found.by)}"
    )


def _new(connection: Connection) -> Iterator[Alert]:
    for page in relevant_pages(connection):
        yield Alert(
            f"new_page {page.id}",
            AlertKind.NEW_PAGE,
            page.seen,
            masked(page.title or "(no title)"),
            _published(page),
            page.campaign,
            page.url,
        )


def _published(page: RelevantPage) -> str:
    by = masked(page.publisher) if page.publisher else "an unnamed publisher"
    return (
        f"by {by}, {page.published.astimezone(SHANGHAI):%Y-%m-%d}" if page.published else f"by {by}, no date"
    )


def _edited(engine: Engine) -> Iterator[Alert]:
    for history in histories(engine):
        for edit in edits(history):
            if any(figure.what in FIGURES for figure in edit.figures):
                yield Alert(
                    f"edited_figure {edit.campaign} {edit.url} {edit.after.seen.isoformat()}",
                    AlertKind.EDITED_FIGURE,
                    edit.after.seen,
                    masked(edit.after.title or "(no title)"),
                    _altered(edit),
                    edit.campaign,
                    edit.url,
                )


def _altered(edit: Edit) -> str:
    said = [
        f"{label(about.modality)}, {about.place or 'no place'}: {_value(each.before)} → {_value(each.after)}"
        for each in edit.figures
        if each.what in FIGURES
        for about in [each.after or each.before]
        if about
    ]
    return ("SILENTLY: " if edit.alarming else "") + "; ".join(said)


def _value(figure: Figure | None) -> str:
    if figure is None:
        return "nothing"
    if figure.high is not None:
        return between(figure.low or 0, figure.high)
    return f"{figure.rate:g} %" if figure.rate is not None else "no number"


def _failing(connection: Connection) -> Iterator[Alert]:
    """The first failure of each row of failures of a schedule."""
    for _, runs in groupby(ended_runs(connection), key=lambda run: run.schedule):
        failing = False
        for run in runs:
            failed = run.state != "done"
            if failed and not failing:
                yield _failure(run)
            failing = failed


def _failure(run: RunEnd) -> Alert:
    kind = AlertKind.VERIFY_FAILED if run.command[0] == "verify" else AlertKind.CRAWL_FAILING
    how = "its worker died" if run.state == "lost" else "it failed"
    see = f"; see {run.log}" if run.log else ""
    return Alert(
        f"{kind} {run.id}",
        kind,
        run.ended,
        f"{run.schedule}: holdfast {' '.join(run.command)}",
        f"{how}{see}",
    )


def _disk(workspace: Path, min_free_bytes: int, now: datetime) -> Iterator[Alert]:
    free = shutil.disk_usage(workspace).free
    if free < min_free_bytes:
        yield Alert(
            f"disk_low {now.astimezone(SHANGHAI).date()}",
            AlertKind.DISK_LOW,
            now,
            f"{free / 2**30:.1f} GiB free at {workspace}",
            f"crawls pause below {min_free_bytes / 2**30:,.1f} GiB",
        )


def _at(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
