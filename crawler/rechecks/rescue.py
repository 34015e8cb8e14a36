"""Captures what is left of publishers whose pages are at risk, with all their pictures, by the way of a crawl."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import Engine

from crawler.plan import DEFAULT, Seed, host_of, seeds_of
from crawler.rechecks.risk import Sign, account_states, at_risk, sign_of, within
from crawler.run import CrawlReport, crawl
from crawler.session import CrawlSession
from db.lists.filters import Filters
from db.pages.looks import due_pages
from db.pages.siblings import SourceHistory, sources_in_motion
from parsers.availability.confirmation import GONE
from parsers.identity import is_temporary
from workspace.campaign import load_campaign
from workspace.layout import Workspace
from workspace.settings import Settings


@dataclass(frozen=True, slots=True)
class Danger:
    """A publisher at risk: why, its pages that are to be captured, and all its pages, whose pictures are fetched."""

    name: str
    sign: Sign
    anew: tuple[str, ...]
    pages: frozenset[str]
    seeds: tuple[Seed, ...]


def dangers(
    workspace: Workspace,
    engine: Engine,
    campaign: str,
    *,
    since: datetime,
    looked_at: Collection[str],
    left_alone: Collection[str] = (),
) -> list[Danger]:
    """The publishers of a campaign whose pages are to be captured now.

    Those are the ones with a sign that is seen `since` then, or with pages that no run has got to since their sign.
    Only publishers of pages in `looked_at` count; pages on the hosts `left_alone` wait for another run.
    """
    now = datetime.now(UTC)
    listed = seeds_of(load_campaign(campaign, workspace)) if campaign != DEFAULT else ()
    found = []
    for source in sources_in_motion(engine, campaign, GONE | account_states(), now - within()):
        sign = sign_of(source, now)
        if sign is None or not any(page.url in looked_at for page in source.pages):
            continue
        pages = _seeds(engine, campaign, source, at_risk(source, sign), listed)
        anew = tuple(seed for seed in pages if host_of(seed.url) not in left_alone)
        if anew or (sign.at >= since and not pages):
            lists = [s for s in listed if _is_of(s, source) and host_of(s.url) not in left_alone]
            found.append(
                Danger(
                    source.name,
                    sign,
                    tuple(seed.url for seed in anew),
                    frozenset(page.url for page in source.pages if host_of(page.url) not in left_alone),
                    (*anew, *lists),
                )
            )
    return found


def rescue(
    workspace: Workspace,
    settings: Settings,
    campaign: str,
    endangered: Sequence[Danger],
    *,
    progress: Callable[[CrawlSession], None] = lambda session: None,
) -> CrawlReport:
    """Captures the pages of publishers at risk, what their lists have that is not archived yet, and all pictures.

    Raises ArchiveError or StoreError when the workspace cannot be used.
    """
    return crawl(
        workspace,
        settings,
        campaign,
        tuple(seed for danger in endangered for seed in danger.seeds),
        anew=[url for danger in endangered for url in danger.anew],
        pictures_of=frozenset().union(*(danger.pages for danger in endangered)),
        progress=progress,
    )


def _seeds(
    engine: Engine, campaign: str, source: SourceHistory, wanted: Iterable[str], listed: Iterable[Seed]
) -> list[Seed]:
    """A seed for each of the `wanted` pages that was had once, at the address where it was had."""
    urls = frozenset(wanted)
    as_source = {host_of(seed.url): seed for seed in listed}
    found = []
    for page in due_pages(engine, campaign, Filters(source=source.id)) if urls else ():
        if page.url in urls:
            known = page.capture.url
            url = known if known.startswith("http") and not is_temporary(known) else page.url
            seed = as_source.get(host_of(url), Seed(url))
            found.append(replace(seed, url=url, is_page=True))
    return found


def _is_of(seed: Seed, source: SourceHistory) -> bool:
    """Whether a campaign's seed is a list of this publisher."""
    if seed.is_page:
        return False
    if source.host:
        return host_of(seed.url) == source.host
    return seed.source == source.name or bool(source.biz and source.biz in seed.url)
