"""Any web page that no other family takes."""

from __future__ import annotations

from parsers.families import Head
from parsers.page import Page, Reading
from parsers.site_page import read_site_page
from parsers.sites import ANY_SITE

NAME = "generic"
PRIORITY = 90


def claims(page: Page, head: Head) -> bool:
    """Whether the bytes are markup at all."""
    return head.is_markup


def read(page: Page, head: Head) -> Reading | None:
    """The page by what all sites have in common."""
    return read_site_page(page, NAME, ANY_SITE)
