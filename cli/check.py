"""`holdfast check`: another look at pages that are archived."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from archive.collection import Collection
from cli.crawl import progress_bar
from cli.opened import Opened, opened
from crawler.errors import UnusableAddress
from crawler.plan import host_of, seed_of
from crawler.rechecks.due import Due, times, within_budget
from db.lists.filters import Filters
from db.pages.lifetimes import page_lives
from db.pages.looks import DuePage, FoundLook, due_pages, pages_looked_at
from db.rows import SHANGHAI
from parsers.availability.confirmation import PRESENT
from parsers.availability.states import Availability
from workspace.garbage import collecting_nothing

if TYPE_CHECKING:
    from crawler.rechecks.running import CheckReport
    from crawler.run import CrawlReport

NOT_SEEN = frozenset({Availability.BLOCKED, Availability.SERVER_ERROR, Availability.UNREACHABLE})
"""States in which a look saw nothing of the page: they are listed as failures."""


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("check")(check_)


def check_(
    campaign: Annotated[str | None, typer.Argument(help="A campaign; else all that have an archive.")] = None,
    url: Annotated[list[str] | None, typer.Option(help="One page; may be given more than once.")] = None,
    source: Annotated[
        str | None, typer.Option("--source", "--account", help="Publisher: name, account id or host.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="At most this many pages, those looked at longest ago first.")
    ] = None,
    due: Annotated[
        bool,
        typer.Option("--due", help="Only pages whose time has come: those most likely to go are seen most."),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only list when each page is due and why; nothing is asked.")
    ] = False,
    campaign_option: Annotated[
        str | None, typer.Option("--campaign", help="The same as naming the campaign.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line for each page.")] = False,
) -> None:
    """Looks again at pages that are archived: whether each is still there, has changed, or is gone, and why.

    Every look is archived. That a page is gone is confirmed only by a second look, six hours later or more. When
    a publisher's account is closed or renamed, or several of its pages are gone, its other pages are captured at once.
    """
    if campaign and campaign_option and campaign != campaign_option:
        raise UnusableAddress(f"{campaign!r} and {campaign_option!r} are two campaigns; name one")
    work = opened()
    named = campaign or campaign_option
    urls = [seed_of(each).url for each in url or []]
    reports: list[CheckReport] = []
    rescued: list[CrawlReport | None] = []
    left, known, listed = limit, False, False
    for name in [named] if named else _archived(work):
        pages = due_pages(work.engine, name, Filters(source=source), urls=urls, limit=None if due else left)
        if dry_run:
            _list(_times(work, name, pages)[:left], as_json=as_json)
            listed = True
            continue
        known = known or bool(pages)
        if due:
            pages = _in_time(work, name, pages)[:left]
        if not pages:
            continue
        left = None if left is None else left - len(pages)
        with collecting_nothing():
            from crawler.rechecks.running import check  # loads Scrapy; what is mistyped is told without it

        began = datetime.now(UTC)
        work.engine.dispose()  # so that the reading process can be a copy of this one (`crawler.reading.starting`)
        with progress_bar() as watch:
            report = check(work.workspace, work.settings, name, pages, progress=watch)
        _tell(report, pages, as_json=as_json)
        reports.append(report)
        if not (report.stopped_by or report.interrupted):
            rescued.append(_save_the_rest(work, name, pages, report, began))
        if left == 0 or report.stopped_by or report.interrupted:
            break
    if listed:
        return
    if due and known and not reports:
        typer.echo("no page is due; holdfast check --dry-run tells when the next one is", err=True)
        return
    if not reports:
        raise UnusableAddress(
            "there is no such page in the archive to look at; crawl it first: holdfast crawl"
        )
    _end(reports, [each for each in rescued if each])


def _save_the_rest(
    work: Opened, campaign: str, pages: Sequence[DuePage], report: CheckReport, began: datetime
) -> CrawlReport | None:
    """Captures the other pages of publishers whose pages are going; None when none are."""
    from crawler.rechecks.rescue import dangers, rescue

    looked_at = frozenset(page.url for page in pages)
    endangered = dangers(
        work.workspace,
        work.engine,
        campaign,
        since=began,
        looked_at=looked_at,
        left_alone=report.left_alone,
    )
    if not endangered:
        return None
    for danger in endangered:
        typer.echo(
            f"{danger.name}: {danger.sign.why}; capturing its other pages now ({len(danger.anew)})",
            err=True,
        )
    work.engine.dispose()
    with progress_bar() as watch:
        return rescue(work.workspace, work.settings, campaign, endangered, progress=watch)


def _times(work: Opened, campaign: str, pages: Sequence[DuePage]) -> list[Due]:
    lives = page_lives(work.engine, campaign)
    return times(pages, lives, work.settings.looks_a_day, datetime.now(UTC))


def _in_time(work: Opened, campaign: str, pages: Sequence[DuePage]) -> list[DuePage]:
    now = datetime.now(UTC)
    asked = Counter(map(host_of, pages_looked_at(work.engine, campaign, now - timedelta(days=1))))
    return within_budget(_times(work, campaign, pages), asked, work.settings.looks_a_day, now)


def _list(due: Sequence[Due], *, as_json: bool) -> None:
    for each in due:
        at = each.at.astimezone(SHANGHAI)
        if as_json:
            told = {"url": each.page.url, "due": at.isoformat(), "why": each.why}
            typer.echo(json.dumps(told, ensure_ascii=False))
        else:
            typer.echo(f"{at:%Y-%m-%d %H:%M}  {each.page.url}  ({each.why})")


def _archived(work: Opened) -> list[str]:
    collections = work.workspace.collections
    names = sorted(folder.name for folder in collections.iterdir()) if collections.is_dir() else []
    return [name for name in names if Collection(work.workspace.collection(name)).archive.is_dir()]


def _tell(report: CheckReport, due: list[DuePage], *, as_json: bool) -> None:
    before = {page.url: page.availability for page in due}
    for look in report.looks:
        if as_json:
            typer.echo(json.dumps(_told(look, before.get(look.url)), ensure_ascii=False))
        elif Availability(look.availability) not in PRESENT or look.availability == Availability.CHANGED:
            said = "confirmed" if look.confirmed == look.availability else "not confirmed yet"
            typer.echo(f"{look.availability} ({said}): {look.url}: {look.evidence}")
    for failure in report.failures:
        typer.echo(f"not looked at: {failure.url}: {failure.reason}", err=True)


def _told(look: FoundLook, before: str | None) -> dict[str, str | None]:
    return {
        "url": look.url,
        "time": look.time.astimezone(SHANGHAI).isoformat(),
        "availability": look.availability,
        "evidence": look.evidence,
        "before": before,
        "confirmed": look.confirmed,
    }


def _end(reports: Sequence[CheckReport], rescued: Sequence[CrawlReport]) -> None:
    counts = Counter(look.availability for report in reports for look in report.looks)
    told = ", ".join(f"{number} {state}" for state, number in counts.most_common())
    typer.echo(f"looked at {counts.total()} pages: {told}" if counts else "no page was looked at", err=True)
    for failure in (failure for report in rescued for failure in report.failures):
        typer.echo(f"not captured: {failure.url}: {failure.reason}", err=True)
    runs: list[CheckReport | CrawlReport] = [*reports, *rescued]
    for run in runs:
        if run.stopped_by:
            typer.echo(f"holdfast: the check stopped itself: {run.stopped_by}", err=True)
        if run.interrupted:
            typer.echo(
                "holdfast: stopped before the end; the same command begins with the pages left", err=True
            )
    unseen = any(counts[state.value] for state in NOT_SEEN)
    if unseen or any(run.failures or run.stopped_by or run.interrupted for run in runs):
        raise typer.Exit(1)
