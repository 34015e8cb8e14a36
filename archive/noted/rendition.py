"""Pictures and PDFs of pages as a browser showed them, what they asked for, and how all this is named in an archive.

Names are those of other tools, so that these find them too: `urn:fullPage:<address>` is Browsertrix's for a picture of
the whole page (browsertrix-crawler, src/util/screenshots.ts), `urn:pageinfo:<address>` its list of what the page asked
for (src/util/recorder.ts), `urn:pdf:<address>` ArchiveWeb.page's for its PDF (archiveweb.page, src/recorder.ts).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from archive.capture import Capture
from archive.collection import Collection
from archive.errors import ArchiveError
from archive.reader import read_capture

SCREENSHOT = "urn:fullPage:"
PDF = "urn:pdf:"
PAGE_INFO = "urn:pageinfo:"

_OTHERS = ("urn:view:", "urn:thumbnail:", "urn:text:", "urn:text-final:")
"""What else those tools derive from a page and keep beside it."""


@dataclass(frozen=True, slots=True)
class AskedFor:
    """What a page asked for in the browser, and what it was given; `type` is the browser's word (`script`, `image`)."""

    url: str
    status: int
    mime: str
    type: str


def is_rendition(url: str) -> bool:
    """Whether a record of this address was made from a page by a browser, and is no page itself."""
    return url.startswith((SCREENSHOT, PDF, PAGE_INFO, *_OTHERS))


def renditions_of(url: str) -> tuple[str, str, str]:
    """The addresses of a page's picture, its PDF and the list of what it asked for."""
    return SCREENSHOT + url, PDF + url, PAGE_INFO + url


def page_info(page: Capture, asked: Iterable[AskedFor]) -> bytes:
    """The list of what a page asked for, in Browsertrix's form: JSON, `urls` keyed by address."""
    urls = {}
    for each in asked:
        told = asdict(each)
        urls[told.pop("url")] = told
    moment = page.time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    info = {"pageid": page.record_id, "url": page.url, "ts": moment, "urls": urls, "counts": {"jsErrors": 0}}
    return json.dumps(info, ensure_ascii=False, indent=2).encode()


def asked_for(collection: Collection, captures: Iterable[Capture]) -> Iterator[tuple[str, datetime]]:
    """The addresses that pages asked for in a browser, by the lists among `captures`, each with its list's moment.

    A list that cannot be read names nothing: the package of its page is then without what only scripts asked for.
    """
    for capture in captures:
        if not capture.url.startswith(PAGE_INFO):
            continue
        try:
            told = json.loads(read_capture(collection, capture.file, capture.offset).decoded())
        except (ArchiveError, ValueError, RecursionError):
            continue
        urls = told.get("urls") if isinstance(told, dict) else None
        for url in urls if isinstance(urls, dict) else ():
            yield url, capture.time
