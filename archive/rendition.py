"""Pictures and PDFs of pages as a browser showed them, and how they are named in an archive.

Names are those of other tools, so that these find them too: `urn:fullPage:<address>` is Browsertrix's for a picture of
the whole page (browsertrix-crawler, src/util/screenshots.ts), `urn:pdf:<address>` ArchiveWeb.page's for its PDF
(archiveweb.page, src/recorder.ts).
"""

from __future__ import annotations

SCREENSHOT = "urn:fullPage:"
PDF = "urn:pdf:"

_OTHERS = ("urn:view:", "urn:thumbnail:", "urn:text:", "urn:text-final:", "urn:pageinfo:")
"""What else those tools derive from a page and keep beside it."""


def is_rendition(url: str) -> bool:
    """Whether a record of this address was made from a page by a browser, and is no page itself."""
    return url.startswith((SCREENSHOT, PDF, *_OTHERS))


def renditions_of(url: str) -> tuple[str, str]:
    """The addresses of a page's picture and PDF."""
    return SCREENSHOT + url, PDF + url
