"""What can go wrong before or while pages are fetched; each message is one sentence for the user."""

from __future__ import annotations


class CrawlError(Exception):
    """The crawl or import cannot be done as asked."""


class BrowserMissing(CrawlError):
    """There is no browser to open pages in."""


class BrowserFailed(CrawlError):
    """The browser did not start, crashed, or did not come to an end with a page."""


class UnusableFile(CrawlError):
    """A file that the user named is missing or cannot be used."""


class UnusableAddress(CrawlError):
    """An address that the user gave cannot be fetched."""


class UnusableInput(CrawlError):
    """What came on standard input, or the options that were given, cannot be used."""


class UnusableAnswer(CrawlError):
    """What a web archive answered is not what its interface says."""


class NoWebArchive(CrawlError):
    """The settings name no web archive to ask."""


class UnusableSchedule(CrawlError):
    """A schedule cannot be kept as it was asked for."""
