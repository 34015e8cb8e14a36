"""Looks pages up in web archives."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from archive.errors import ArchiveError
from crawler.errors import NoWebArchive
from crawler.older.sought import Sought
from crawler.plan import DEFAULT, Seed
from crawler.run import run_spiders
from crawler.session import CrawlSession, open_session
from crawler.spiders.older import OlderSpider
from db.ingest.captures import IngestReport
from workspace.campaign import load_campaign
from workspace.layout import Workspace
from workspace.settings import Settings
from workspace.web_archive import WebArchive

WEB_BEGAN = datetime(1996, 1, 1, tzinfo=UTC)
"""No web archive has anything older; a TimeGate is asked for this or for the campaign's first day."""


@dataclass(frozen=True, slots=True)
class LookupReport:
    """What came of each page, what reached the store, and what ended the run early."""

    pages: tuple[Sought, ...]
    ingested: IngestReport
    stopped_by: ArchiveError | None = None
    interrupted: bool = False


def look_up(
    workspace: Workspace,
    settings: Settings,
    campaign: str,
    urls: Iterable[str],
    *,
    most: int = 3,
    progress: Callable[[CrawlSession], None] = lambda session: None,
) -> LookupReport:
    """Asks the web archives of the settings for `urls` and archives up to `most` versions of each.

    Doing it again fetches only what is not there yet. Raises NoWebArchive when the settings name none, ArchiveError or
    StoreError when the workspace cannot be used.
    """
    if not settings.web_archive:
        raise NoWebArchive(
            f"no web archive is named in {workspace.settings_file}; add a [[web_archive]], as the file shows"
        )
    sought = tuple(Sought(url) for url in dict.fromkeys(urls))
    seeds = tuple(_seed(archive) for archive in settings.web_archive)
    arguments = {
        "sought": sought,
        "archives": settings.web_archive,
        "earliest": _first_day(campaign, workspace),
        "most": most,
    }
    with open_session(
        workspace, settings, campaign, seeds, with_requisites=False, progress=progress
    ) as session:
        run_spiders(session, settings, [(OlderSpider, arguments)])
    return LookupReport(
        sought,
        session.reader.report,
        session.stopped_by,
        bool(session.unfinished) and session.stopped_by is None,
    )


def _seed(archive: WebArchive) -> Seed:
    """The archive as a source: so its delay and its proxy are heeded as those of any other."""
    return Seed(
        archive.cdx or archive.timemap or archive.timegate,
        source=archive.name,
        delay=archive.delay,
        proxy=archive.proxy,
        ignore_robots_because=archive.ignore_robots_because,
    )


def _first_day(campaign: str, workspace: Workspace) -> datetime:
    if campaign == DEFAULT:
        return WEB_BEGAN
    start = load_campaign(campaign, workspace).period.start
    return datetime(start.year, start.month, start.day, tzinfo=UTC)
