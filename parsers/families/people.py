"""人民网 (People's Daily Online) and its local channels."""

from __future__ import annotations

from parsers.families import Head
from parsers.page import Page, Reading
from parsers.site_page import read_site_page
from parsers.sites import ANY_SITE, site_of, sites

NAME = "people"
PRIORITY = 50


def claims(page: Page, head: Head) -> bool:
    """One of People's Daily's hosts, or a saved page that is marked as theirs."""
    return head.is_markup and site_of(sites(NAME), head) is not None


def read(page: Page, head: Head) -> Reading | None:
    """The article or column by the layouts of people.cn."""
    return read_site_page(page, NAME, site_of(sites(NAME), head) or ANY_SITE)
