"""Runs a crawl in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings as ScrapySettings

from archive.errors import ArchiveError
from archive.writing.recover import Recovery
from crawler import addon
from crawler import settings as scrapy_settings
from crawler.errors import CrawlError
from crawler.fetching.queues import queue_folder
from crawler.plan import Seed
from crawler.session import CrawlSession, Failure, open_session
from crawler.spiders.article import ArticleSpider
from crawler.spiders.wechat import WechatSpider
from crawler.steering import QUEUES
from db.ingest.captures import IngestReport
from workspace.garbage import collecting_seldom
from workspace.layout import Workspace
from workspace.logs import event_log, logging_to
from workspace.settings import Settings

LOG = event_log("crawl")

SPIDERS = (WechatSpider, ArticleSpider)


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """What a crawl did. `stopped_by` is set when the archive could not be written any more, `interrupted` when the
    user ended the crawl before it was done.
    """

    counts: dict[str, int]
    failures: tuple[Failure, ...]
    ingested: IngestReport
    recovery: Recovery
    stopped_by: ArchiveError | None = None
    interrupted: bool = False


def crawl(
    workspace: Workspace,
    settings: Settings,
    campaign: str,
    seeds: tuple[Seed, ...],
    *,
    again: bool = False,
    anew: Collection[str] = (),
    with_requisites: bool = True,
    pictures_of: Collection[str] | None = None,
    imported: bool = False,
    progress: Callable[[CrawlSession], None] = lambda session: None,
) -> CrawlReport:
    """Fetches, archives and reads `seeds` and what they lead to.

    A page with a good capture is not fetched again unless `again` or its address is in `anew`; pictures that an
    earlier run did not get to are fetched, those of the pages `pictures_of` only if that is given. For pages that were
    only brought in from files nothing is fetched unless `imported`. Ctrl-C once
    finishes what is under way and seals the archive; twice stops at once, which is safe too.
    Raises ArchiveError or StoreError when the workspace cannot be used.
    """
    with open_session(
        workspace,
        settings,
        campaign,
        seeds,
        again=again,
        anew=anew,
        with_requisites=with_requisites,
        pictures_of=pictures_of,
        imported=imported,
        progress=progress,
    ) as session:
        needed = [spider for spider in SPIDERS if _has_work(spider, session)]
        run_spiders(session, settings, [(spider, {}) for spider in needed])
    return CrawlReport(
        counts=dict(session.counts),
        failures=tuple(session.failures),
        ingested=session.reader.report,
        recovery=session.recovery,
        stopped_by=session.stopped_by,
        interrupted=bool(session.unfinished) and session.stopped_by is None,
    )


def run_spiders(
    session: CrawlSession, settings: Settings, needed: list[tuple[type[Spider], dict[str, Any]]]
) -> None:
    """Runs spiders, each with its arguments, to their end. Raises CrawlError when one cannot run."""
    values = ScrapySettings()
    values.setmodule(scrapy_settings, priority="project")
    values.setdict(addon.of(settings, session.seeds), priority="cmdline")
    # What waits to be fetched waits on disk: a sitemap leads to more pages than memory should hold requests for.
    with (
        queue_folder() as queues,
        logging_to(session.workspace.logs, "crawl", settings.log_format) as log,
        collecting_seldom(),
    ):
        values.set(QUEUES, str(queues), priority="project")
        LOG.info("begun", campaign=session.campaign, spiders=" ".join(spider.name for spider, _ in needed))
        _crawl(session, AsyncCrawlerProcess(values), needed, log)
        LOG.info("ended", campaign=session.campaign, **session.counts)


def _crawl(
    session: CrawlSession,
    process: AsyncCrawlerProcess,
    needed: Sequence[tuple[type[Spider], dict[str, Any]]],
    log: Path,
) -> None:
    session.unfinished.update(spider.name for spider, _ in needed)
    stopping: list[asyncio.Task[None]] = []
    session.stop = lambda: stopping.append(asyncio.get_running_loop().create_task(process.stop()))
    crawls = [process.crawl(spider, session=session, **arguments) for spider, arguments in needed]
    if crawls:
        process.start(stop_after_crawl=True)
    for crawled in crawls:
        if crawled.done() and not crawled.cancelled() and (error := crawled.exception()):
            raise CrawlError(f"the crawl could not run: {error}; {log} says more") from error


def _has_work(spider: type[WechatSpider] | type[ArticleSpider], session: CrawlSession) -> bool:
    pages = (requisite.page_url for requisite in session.pending)
    addresses = chain((seed.url for seed in session.seeds), session.leads, pages)
    return any(spider.takes(address) for address in addresses)
