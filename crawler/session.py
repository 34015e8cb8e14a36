"""What the parts of one crawl share: the collection being written, the store, what is done and what went wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import chain
from typing import Any

from scrapy.crawler import Crawler
from sqlalchemy import Engine

from archive.collection import Collection
from archive.errors import ArchiveError
from archive.warc.warcformat import MAX_URL_BYTES, is_too_long
from archive.writing.recover import Recovery
from archive.writing.writer import ArchiveWriter, open_writer
from crawler.collecting import crawl_info, prepare_collection, sealer
from crawler.fetching.hosts import Hosts
from crawler.plan import DEFAULT, Seed, host_of
from crawler.reading.handing import PageReader, open_reader
from crawler.reading.worker import Start
from crawler.relevance import Judge
from db.campaigns import Terms, terms_in
from db.pages.leads import leads
from db.pages.notkept import addresses_not_kept
from db.pages.pages import captured_addresses
from db.pages.requisites import Requisite, fetched_requisites, pending_requisites
from db.session import connect
from parsers.identity import page_key
from workspace.campaign import load_campaign
from workspace.layout import Workspace
from workspace.logs import event_log
from workspace.settings import Settings, database_url

LOG = event_log("crawl")


@dataclass(frozen=True, slots=True)
class Failure:
    """An address that could not be had, and why, in a sentence."""

    url: str
    reason: str


@dataclass
class CrawlSession:
    """One run of a crawl.

    `done` holds the keys of pages that need no fetching, `needed` those of requisites that are archived or under
    way, `listed` those of lists with how deep they lay, `unfinished` the spiders that have not come to their end.
    `leads` are what relevant articles of earlier runs lead to. The campaign's `judge` says what is relevant; in a
    `selective` crawl articles found in lists are kept only when they are. `browsing` is held while a page is open in
    the browser; `no_browser` says that there is none. `named` are hosts that the user asked for, which may be in the
    user's own network.
    """

    workspace: Workspace
    settings: Settings
    campaign: str
    collection: Collection
    writer: ArchiveWriter
    reader: PageReader
    hosts: Hosts
    recovery: Recovery
    seeds: tuple[Seed, ...]
    pending: tuple[Requisite, ...]
    with_requisites: bool
    leads: tuple[str, ...]
    judge: Judge | None
    selective: bool
    done: set[int]
    named: set[str]
    progress: Callable[[CrawlSession], None]
    counts: dict[str, int] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    stopped_by: ArchiveError | None = None
    stop: Callable[[], None] = lambda: None
    unfinished: set[str] = field(default_factory=set)
    needed: set[int] = field(default_factory=set)
    listed: dict[int, int] = field(default_factory=dict)
    browsing: asyncio.Lock = field(default_factory=asyncio.Lock)
    no_browser: bool = False

    def count(self, what: str) -> None:
        """Counts one more `pages`, `images`, `lists`, `known`, `queued`, …, and tells whoever watches."""
        self.counts[what] = self.counts.get(what, 0) + 1
        self.progress(self)

    def fits(self, url: str) -> bool:
        """Whether an address that a page names can be kept; one that cannot is told of in the log and left out."""
        if not is_too_long(url):
            return True
        reason = f"the address is longer than {MAX_URL_BYTES} bytes"
        LOG.warning("left out", campaign=self.campaign, url=f"{url[:200]}…", reason=reason)
        self.count("left_out")
        return False

    def give_up(self, url: str, reason: str) -> None:
        """Notes an address that could not be had, and why."""
        self.failures.append(Failure(url, reason))
        LOG.warning("failed", campaign=self.campaign, url=url, reason=reason)
        self.count("failed")

    def fail(self, error: ArchiveError) -> None:
        """Ends the crawl in an orderly way because the archive cannot be written any more."""
        if self.stopped_by is None:
            LOG.error("stopped", campaign=self.campaign, reason=str(error))
            self.stopped_by = error
            self.stop()

    def need(self, url: str) -> bool:
        """Takes up what a page needs besides itself; False when it was taken up, or archived, before."""
        key = _short(url)
        if key in self.needed:
            return False
        self.needed.add(key)
        return True

    def mark(self, url: str) -> bool:
        """Takes a page's address up; False when that was done before."""
        key = _short(page_key(url))
        if key in self.done:
            return False
        self.done.add(key)
        return True

    def go_deeper(self, url: str, depth: int) -> bool:
        """Takes up a list that lies so deep; False when it was taken up before, as near the surface or nearer."""
        key = _short(page_key(url))
        if self.listed.get(key, depth + 1) <= depth:
            return False
        self.listed[key] = depth
        return True


@contextmanager
def open_session(
    workspace: Workspace,
    settings: Settings,
    campaign: str,
    seeds: tuple[Seed, ...],
    *,
    again: bool = False,
    anew: Iterable[str] = (),
    with_requisites: bool = True,
    pictures_of: Container[str] | None = None,
    imported: bool = False,
    progress: Callable[[CrawlSession], None] = lambda session: None,
) -> Iterator[CrawlSession]:
    """A session, with whatever an earlier run left unfinished made whole first; as for `crawler.run.crawl`."""
    loaded = load_campaign(campaign, workspace) if campaign != DEFAULT else None
    terms = terms_in(loaded) if loaded else Terms()
    judge = Judge(tuple(loaded.keywords), terms) if loaded else None
    selective = loaded is not None and loaded.keep == "relevant"
    lists = any(not seed.is_page for seed in seeds)
    database = database_url(workspace, settings)
    engine = connect(database, lean=True)
    collection = Collection(workspace.collection(campaign))
    recovery = prepare_collection(collection, workspace)
    # a process with no connection open may be copied (`crawler.reading.starting`); it opens others when asked
    engine.dispose()
    try:
        start = Start(database, campaign, collection, terms, settings.reading_seconds)
        with open_reader(engine, start) as reader:
            reader.catch_up(recovery.sealed)
            with open_writer(
                collection,
                info=crawl_info(campaign, settings),
                max_bytes=settings.warc_max_bytes,
                min_free_bytes=settings.min_free_bytes,
                on_seal=sealer(workspace, collection),
            ) as writer:
                yield CrawlSession(
                    workspace=workspace,
                    settings=settings,
                    campaign=campaign,
                    collection=collection,
                    writer=writer,
                    reader=reader,
                    hosts=Hosts(settings.download_delay, settings.concurrency_per_host),
                    recovery=recovery,
                    seeds=seeds,
                    pending=tuple(_pending(engine, campaign, pictures_of, imported))
                    if with_requisites
                    else (),
                    with_requisites=with_requisites,
                    leads=tuple(leads(engine, campaign, terms.region, imported=imported)) if lists else (),
                    judge=judge,
                    selective=selective,
                    done=set()
                    if again
                    else _done(engine, campaign, judge if selective else None) - _keys(anew),
                    progress=progress,
                    named={host_of(seed.url) for seed in seeds},
                    needed={_short(url) for url in fetched_requisites(engine, campaign)},
                )
                reader.last()  # what is left is written to the store while the file is sealed
            reader.finish()
    finally:
        engine.dispose()


def _done(engine: Engine, campaign: str, judge: Judge | None) -> set[int]:
    not_kept = addresses_not_kept(engine, campaign, judge.digest) if judge else ()
    return _keys(chain(captured_addresses(engine, campaign), not_kept))


def _keys(urls: Iterable[str]) -> set[int]:
    return {_short(page_key(url)) for url in urls}


def _pending(
    engine: Engine, campaign: str, pictures_of: Container[str] | None, imported: bool
) -> Iterator[Requisite]:
    for requisite in pending_requisites(engine, campaign, imported=imported):
        if pictures_of is None or requisite.page_url in pictures_of:
            yield requisite


def _short(url: str) -> int:
    """An address as 64 bits: a crawl knows millions of them at once."""
    return int.from_bytes(blake2b(url.encode(), digest_size=8).digest(), "big")


def session_of(crawler: Crawler) -> CrawlSession:
    """The session that a Scrapy crawler works for."""
    spider: Any = crawler.spider
    session: CrawlSession = spider.session
    return session
