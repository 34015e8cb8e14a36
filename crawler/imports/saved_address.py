"""The address that a browser, or its extension SingleFile, writes into a page that it saves."""

from __future__ import annotations

import re

_HEAD_BYTES = 64 * 2**10
_LONGEST = 8192

_BROWSER = re.compile(rb"<!--\s*saved from url=\((\d{4,5})\)(https?://[^\s<>\"]+)\s*-->", re.IGNORECASE)
"""Chromium's, Edge's and Internet Explorer's "Mark of the Web", with the address's length in characters:
https://learn.microsoft.com/en-us/previous-versions/windows/internet-explorer/ie-developer/compatibility/ms537628"""

_SINGLE_FILE = re.compile(
    rb"<!--\s*Page saved with SingleFile\s+url:\s*(https?://[^\s<>\"]+)\s+saved date:", re.IGNORECASE
)
"""https://github.com/gildas-lormeau/SingleFile"""


def saved_address(body: bytes) -> str | None:
    """The address noted at the start of a saved page, as it stood in the browser; None when there is none."""
    head = body[:_HEAD_BYTES]
    if found := _BROWSER.search(head):
        address = found[2].decode("utf-8", "replace")
        return address if len(address) == int(found[1]) and len(address) <= _LONGEST else None
    if found := _SINGLE_FILE.search(head):
        address = found[1].decode("utf-8", "replace")
        return address if len(address) <= _LONGEST else None
    return None
