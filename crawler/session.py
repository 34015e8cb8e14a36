"""What the parts of one crawl share: the collection being written, the store, what is done and what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from scrapy.crawler import Crawler
from sqlalchemy import Engine

from archive.collection import Collection
from archive.errors import ArchiveError
from archive.recover import Recovery
from archive.writer import ArchiveWriter, open_writer
from crawler.collecting import crawl_info, prepare_collection
from crawler.ingesting import Ingestor, ingest_unread
from crawler.plan import Seed
from db.pages import captured_addresses
from db.requisites import Requisite, pending_requisites
from db.session import connect
from parsers.identity import page_key
from workspace.campaign import load_campaign
from workspace.layout import Workspace
from workspace.settings import Settings, database_url

DEFAULT = "default"
"""The collection of pages that were asked for by address, without a campaign."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An address that could not be had, and why, in a sentence."""

    url: str
    reason: str


@dataclass
class CrawlSession:
    """One run of a crawl. `again` fetches pages that are archived already as well."""

    workspace: Workspace
    settings: Settings
    campaign: str
    collection: Collection
    writer: ArchiveWriter
    engine: Engine
    ingestor: Ingestor
    recovery: Recovery
    seeds: tuple[Seed, ...]
    pending: tuple[Requisite, ...]
    with_requisites: bool
    done: set[str]
    progress: Callable[[CrawlSession], None]
    counts: dict[str, int] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    parked: dict[str, str] = field(default_factory=dict)
    stopped_by: ArchiveError | None = None
    stop: Callable[[], None] = lambda: None

    def count(self, what: str) -> None:
        """Counts one more `pages`, `images`, `lists`, `known`, `queued`, …, and tells whoever watches."""
        self.counts[what] = self.counts.get(what, 0) + 1
        self.progress(self)

    def fail(self, error: ArchiveError) -> None:
        """Ends the crawl in an orderly way because the archive cannot be written any more."""
        if self.stopped_by is None:
            self.stopped_by = error
            self.stop()

    def is_done(self, url: str) -> bool:
        """Whether the page of this address needs no fetching, because it is archived or already under way."""
        return page_key(url) in self.done

    def mark(self, url: str) -> bool:
        """Takes a page's address up; False when that was done before."""
        key = page_key(url)
        if key in self.done:
            return False
        self.done.add(key)
        return True


@contextmanager
def open_session(
    workspace: Workspace,
    settings: Settings,
    campaign: str,
    seeds: tuple[Seed, ...],
    *,
    again: bool = False,
    with_requisites: bool = True,
    progress: Callable[[CrawlSession], None] = lambda session: None,
) -> Iterator[CrawlSession]:
    """A session, with whatever an earlier run left unfinished made whole first."""
    region = load_campaign(campaign, workspace).region.code if campaign != DEFAULT else None
    engine = connect(database_url(workspace, settings))
    collection = Collection(workspace.collection(campaign))
    recovery = prepare_collection(collection, workspace)
    ingest_unread(engine, campaign, collection, region)
    done = set() if again else {page_key(url) for url in captured_addresses(engine, campaign)}
    ingestor = Ingestor(engine, campaign, region)
    try:
        with open_writer(
            collection,
            info=crawl_info(campaign, settings),
            max_bytes=settings.warc_max_bytes,
            min_free_bytes=settings.min_free_bytes,
        ) as writer:
            yield CrawlSession(
                workspace=workspace,
                settings=settings,
                campaign=campaign,
                collection=collection,
                writer=writer,
                engine=engine,
                ingestor=ingestor,
                recovery=recovery,
                seeds=seeds,
                pending=tuple(pending_requisites(engine, campaign)) if with_requisites else (),
                with_requisites=with_requisites,
                done=done,
                progress=progress,
            )
        ingestor.flush()
        ingest_unread(engine, campaign, collection, region)
    finally:
        engine.dispose()


def session_of(crawler: Crawler) -> CrawlSession:
    """The session that a Scrapy crawler works for."""
    spider: Any = crawler.spider
    session: CrawlSession = spider.session
    return session
