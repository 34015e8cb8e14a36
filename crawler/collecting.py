"""What a crawl and an import share: the collection made ready, and who is named in its files."""

from __future__ import annotations

from importlib.metadata import version

from archive.collection import Collection
from archive.recover import Recovery, recover
from archive.replay import prepare
from archive.warcformat import CrawlInfo
from workspace.layout import Workspace
from workspace.settings import Settings

SOFTWARE = f"holdfast/{version('holdfast')}"


def crawl_info(campaign: str, settings: Settings) -> CrawlInfo:
    """Who writes the WARC files of a run, and under which rules."""
    return CrawlInfo(
        campaign=campaign,
        operator=settings.operator,
        software=SOFTWARE,
        robots="classic" if settings.obey_robots else "ignore",
        user_agent=settings.user_agent,
    )


def prepare_collection(collection: Collection, workspace: Workspace) -> Recovery:
    """Makes a collection whole after whatever happened before, and ready to be replayed."""
    prepare(workspace.root)
    return recover(collection)
