"""Where a crawl begins: addresses from the command line, from a file, or from a campaign."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote, urlsplit

from archive.warc.warcformat import MAX_URL_BYTES, is_too_long
from crawler.errors import UnusableAddress, UnusableFile
from workspace.campaign import Campaign, Source, SourceKind

DEFAULT = "default"
"""The collection of pages that were asked for by address, without a campaign."""

MAX_LIST_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Seed:
    """An address to begin at, and how its source is to be treated.

    `depth` is how many lists of lists may be followed; `pages` how many pages of one list. `is_page` says that
    the address is itself an article; `browser` that its pages are opened in a browser too. `listed` is what a list of
    sources says of it, as notes for the archive.
    """

    url: str
    is_page: bool = True
    source: str = ""
    depth: int = 0
    pages: int = 50
    delay: float | None = None
    proxy: str = ""
    confirm_proxy: str = ""
    browser: bool = False
    ignore_robots_because: str = ""
    listed: tuple[tuple[str, str], ...] = ()


@lru_cache(maxsize=2**17)
def host_of(url: str) -> str:
    """The host of an address, in small letters; empty without one. Remembered: it is most of the time of a plan."""
    return urlsplit(url).hostname or ""


def seed_of(url: str, where: str = "") -> Seed:
    """A seed for one page. Raises UnusableAddress, naming `where` it was read, for anything but http(s) and for
    what is too long.
    """
    trimmed = url.strip()
    if is_too_long(trimmed):
        raise UnusableAddress(
            f"{where}the address {trimmed[:60]!r}… is longer than {MAX_URL_BYTES} bytes, and is not fetched"
        )
    problem = f"{where}{trimmed!r} is not a web address; it should begin with http:// or https://"
    try:
        parts = urlsplit(trimmed)
        if parts.scheme not in ("http", "https") or not parts.hostname or any(c.isspace() for c in trimmed):
            raise UnusableAddress(problem)
        _ = parts.port
    except ValueError as error:
        raise UnusableAddress(problem) from error
    return Seed(trimmed)


def seeds_in(path: Path) -> tuple[Seed, ...]:
    """Seeds from a text file, one address a line; empty lines and lines that begin with # are passed over.

    Raises UnusableFile or UnusableAddress with the line's number; nothing is fetched when one line is wrong.
    """
    try:
        if path.is_dir():
            raise UnusableFile(f"{path} is a folder; name a text file with one address a line")
        if path.stat().st_size > MAX_LIST_BYTES:
            raise UnusableFile(f"{path} is larger than {MAX_LIST_BYTES // 2**20} MB; split it")
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise UnusableFile(f"there is no file {path}") from error
    except UnicodeDecodeError as error:
        raise UnusableFile(
            f"{path} is not text (byte {error.start}); it should have one address a line"
        ) from error
    except OSError as error:
        raise UnusableFile(f"cannot read {path}: {error.strerror}") from error
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1)]
    seeds = tuple(
        seed_of(line, f"{path}, line {number}: ")
        for number, line in lines
        if line and not line.startswith("#")
    )
    if not seeds:
        raise UnusableFile(f"{path} holds no address; it should have one a line")
    return seeds


def seeds_of(campaign: Campaign) -> tuple[Seed, ...]:
    """Where a campaign's sources begin. A search is asked for each of the campaign's keywords."""
    return tuple(seed for source in campaign.source for seed in _of_source(source, campaign.keywords))


def _of_source(source: Source, keywords: list[str]) -> list[Seed]:
    urls = [source.url]
    if source.kind is SourceKind.SEARCH:
        urls = [source.url.replace("{keyword}", quote(keyword)) for keyword in keywords]
    return [
        Seed(
            url=url,
            is_page=source.kind is SourceKind.PAGE,
            source=source.name,
            depth=source.depth,
            pages=source.pages,
            delay=source.delay,
            proxy=source.proxy,
            confirm_proxy=source.confirm_proxy,
            browser=source.browser,
            ignore_robots_because=source.ignore_robots_because,
        )
        for url in urls
    ]
