"""Families of named sites: each TOML file here is one, and nothing else is needed for it.

A file has a `[[site]]` for each site: its hosts, and what its layout is known by (`parsers.sites.Site`).
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

from parsers.families import Head
from parsers.page import Page, Reading
from parsers.site_page import read_site_page
from parsers.sites import ANY_SITE, site_of, sites


@dataclass(frozen=True, slots=True)
class NamedSites:
    """The family of the sites in one file."""

    NAME: str
    PRIORITY: int = 50

    def claims(self, page: Page, head: Head) -> bool:
        """A host of one of the sites, or a saved page that is marked as its own."""
        return head.is_markup and site_of(sites(f"named/{self.NAME}"), head) is not None

    def read(self, page: Page, head: Head) -> Reading | None:
        """The article or column by the site's rule, or by what all sites have in common."""
        return read_site_page(page, self.NAME, site_of(sites(f"named/{self.NAME}"), head) or ANY_SITE)


def named_sites() -> list[NamedSites]:
    """A family for each file."""
    names = sorted(each.name for each in files(__name__).iterdir() if each.name.endswith(".toml"))
    return [NamedSites(name.removesuffix(".toml")) for name in names]
