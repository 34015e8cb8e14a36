"""What a crawl and an import share: the collection made ready, and who is named in its files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from archive.collection import Collection
from archive.custody import SEALS, append, entries, sealed_subject
from archive.locking import locked
from archive.replay import prepare
from archive.warc.warcformat import CrawlInfo
from archive.writing.recover import Recovery, recover
from workspace.layout import Workspace
from workspace.settings import Settings

IMPORTING = ".import.lock"

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


def sealer(workspace: Workspace, collection: Collection, act: str = "seal") -> Callable[[Path], None]:
    """Writes each file that is sealed into the custody log, with its digests as they are at that moment."""

    def log(path: Path) -> None:
        append(workspace.custody, act, sealed_subject(collection.root.name, path))

    return log


def prepare_collection(collection: Collection, workspace: Workspace) -> Recovery:
    """Makes a collection whole after whatever happened before, and ready to be replayed.

    A file that a crash left unsealed, or sealed without its entry in the custody log, gets one now.
    """
    prepare(workspace.root)
    recovery = recover(collection, on_seal=sealer(workspace, collection, "recover"))
    logged = {entry["subject"].get("file") for entry in entries(workspace.custody) if entry["act"] in SEALS}
    for path in collection.sealed():
        if path.name not in logged:
            sealer(workspace, collection, "recover")(path)
    return recovery


@contextmanager
def importing(collection: Collection, *, on_wait: Callable[[], None]) -> Iterator[None]:
    """Holds a collection for one import at a time; `on_wait` is called when another has it.

    What is there already is looked up once, so that two at once would bring the same records in twice.
    """
    with locked(collection.make().root / IMPORTING, on_wait=on_wait):
        yield
