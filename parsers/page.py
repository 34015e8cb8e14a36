"""What a page reader is given, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from parsers.availability.states import Availability, Notice
from parsers.document import Document


@dataclass(frozen=True, slots=True)
class Page:
    """One response body to be read.

    `body` has its content-encoding undone but its character encoding untouched. `url` is
    the address the body came from; a saved file without one has an empty string.
    """

    url: str
    body: bytes
    status: int = 200
    content_type: str = ""
    captured_at: datetime | None = None


class PageKind(StrEnum):
    """What sort of page a response turned out to be."""

    ARTICLE = "article"
    LISTING = "listing"
    ACCOUNT = "account"
    FEED = "feed"
    SITEMAP = "sitemap"
    NOTICE = "notice"
    VERIFICATION = "verification"
    REDIRECT = "redirect"
    ATTACHMENT = "attachment"
    OTHER = "other"


class LinkRole(StrEnum):
    """Why a crawler might follow a link."""

    ARTICLE = "article"
    LISTING = "listing"
    NEXT = "next"
    REQUISITE = "requisite"
    ATTACHMENT = "attachment"
    REDIRECT = "redirect"


@dataclass(frozen=True, slots=True)
class Link:
    """An absolute address found on a page.

    `title` is what the page calls the target; `date` is the listing's own date for it as
    `YYYY-MM-DD`, where the listing shows one. `post` holds form data when the target must be
    fetched with POST.
    """

    url: str
    role: LinkRole
    title: str = ""
    date: str | None = None
    post: tuple[tuple[str, str], ...] | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything read out of one page.

    `canonical_url` is the page's own address by its own account (canonical link, meta data or
    script variables), without tracking parameters; None when the page names none.
    `part_of` is the address of the first part, for a later part of an article in several pages.
    `document` is None for anything that is not an article. `warnings` are sentences for the user.
    """

    family: str
    kind: PageKind
    availability: Availability
    canonical_url: str | None = None
    document: Document | None = None
    notice: Notice | None = None
    links: tuple[Link, ...] = ()
    warnings: tuple[str, ...] = field(default=())
    part_of: str | None = None
