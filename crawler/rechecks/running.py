"""Runs a check: another look at pages that are archived."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from archive.errors import ArchiveError
from archive.noted.look import LookRecord
from archive.writing.recover import Recovery
from crawler.plan import DEFAULT, host_of, seeds_of
from crawler.run import run_spiders
from crawler.session import CrawlSession, Failure, open_session
from crawler.spiders.check import CheckSpider
from db.pages.looks import DuePage, FoundLook, found_by, write_looks
from db.session import connect
from workspace.campaign import load_campaign
from workspace.layout import Workspace
from workspace.logs import event_log, logging_to
from workspace.settings import Settings, database_url

LOG = event_log("check")


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found; `failures` are pages that could not be looked at, which says nothing of them.

    `left_alone` are hosts that are not to be asked again in this run.
    """

    looks: tuple[FoundLook, ...]
    failures: tuple[Failure, ...]
    recovery: Recovery
    stopped_by: ArchiveError | None = None
    interrupted: bool = False
    left_alone: frozenset[str] = frozenset()


def check(
    workspace: Workspace,
    settings: Settings,
    campaign: str,
    due: Sequence[DuePage],
    *,
    progress: Callable[[CrawlSession], None] = lambda session: None,
) -> CheckReport:
    """Looks at each of `due` once and archives what came.

    Raises ArchiveError or StoreError when the workspace cannot be used.
    """
    seeds = seeds_of(load_campaign(campaign, workspace)) if campaign != DEFAULT else ()
    taken: list[LookRecord] = []
    with open_session(
        workspace, settings, campaign, seeds, again=True, with_requisites=False, progress=progress
    ) as session:
        session.named |= {host_of(page.url) for page in due}
        run_spiders(session, settings, [(CheckSpider, {"due": tuple(due), "taken": taken})])
    engine = connect(database_url(workspace, settings))
    try:
        # The last of them are lost when a page brings the reading process down.
        write_looks(engine, campaign, taken)
        found = tuple(found_by(engine, campaign, [look.record_id for look in taken if look.record_id]))
    finally:
        engine.dispose()
    with logging_to(workspace.logs, "crawl", settings.log_format):
        for look in found:
            LOG.info(
                "looked", campaign=campaign, url=look.url, found=look.availability, confirmed=look.confirmed
            )
    return CheckReport(
        looks=found,
        failures=tuple(session.failures),
        recovery=session.recovery,
        stopped_by=session.stopped_by,
        interrupted=bool(session.unfinished) and session.stopped_by is None,
        left_alone=frozenset(session.hosts.parked),
    )
