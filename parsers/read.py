"""From a page's bytes to what it says."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from parsers.availability.shells import REFUSALS
from parsers.availability.states import Availability
from parsers.families import families, head_of
from parsers.page import Page, PageKind, Reading
from parsers.script import Language, is_tibetan

_LONGEST = 32 * 1024 * 1024


def read(page: Page) -> Reading:
    """What a page is and says, by the first source family that recognises it.

    Never raises on any bytes; an address that is none counts as missing. An empty answer with a firewall's
    status means that we are blocked. A page that no family can read, an empty body, or one above 32 MB
    gives a reading of kind `other` whose warning says why.
    """
    if not page.body.strip() and page.status in REFUSALS:
        return Reading(family="none", kind=PageKind.VERIFICATION, availability=Availability.BLOCKED)
    if not page.body.strip():
        return _unread("The body is empty: nothing to read.")
    if len(page.body) > _LONGEST:
        return _unread(f"The body has {len(page.body)} bytes, more than the {_LONGEST} that are read.")
    if page.url and not _is_address(page.url):
        page = replace(page, url="")
    head = head_of(page)
    for family in families():
        if family.claims(page, head):
            reading = family.read(page, head)
            if reading is not None:
                return _in_its_language(reading)
    return _unread("The bytes are neither markup nor a format that any source family reads.")


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.scheme) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def _in_its_language(reading: Reading) -> Reading:
    """The reading, its document marked `bo` where it is in Tibetan."""
    document = reading.document
    if document is None or not is_tibetan(f"{document.title}\n{document.text}"):
        return reading
    return replace(reading, document=replace(document, language=Language.TIBETAN))


def _unread(warning: str) -> Reading:
    return Reading(family="none", kind=PageKind.OTHER, availability=Availability.UNKNOWN, warnings=(warning,))
