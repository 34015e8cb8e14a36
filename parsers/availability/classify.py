"""The one verdict on a look at a page, from everything that look gave."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from math import floor
from urllib.parse import urlsplit

from parsers.availability.states import Availability
from parsers.identity import is_temporary, page_key
from parsers.page import PageKind, Reading

_RULES = tomllib.loads(files("parsers.availability").joinpath("classify.toml").read_text("utf-8"))
_UNCHANGED = frozenset(_RULES["statuses"]["unchanged"])
_BY_STATUS = {
    status: Availability(name)
    for name, statuses in _RULES["statuses"].items()
    if name != "unchanged"
    for status in statuses
}
_HOME_NAMES = frozenset(_RULES["home"]["names"])
_GATES = tuple(_RULES["gate"]["parts"])


OTHER_TEXT = 0.5
"""Similarity below which what a redirect led to is another article, not a new version of this one."""


NOTHING_OF_IT = 0.2
"""Similarity below which a text is no version of the last one. Nobody knows what it is: it may be a notice, or a
firewall's page, in words that the readers do not know.
"""


class Failure(StrEnum):
    """Why no response arrived."""

    DNS = "dns"
    TLS = "tls"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    RESET = "reset"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a page.

    `final_url` is where redirects ended, None if nothing was redirected. `reading` is None when there was no
    body to read; for a 304 it is that of the capture which the server says still holds. `similarity` compares the
    text with the last one kept (`parsers.availability.similarity`), 1 for the same; None when there is none.
    `was_article` says whether the page has ever been read as an article.
    """

    url: str
    status: int | None = None
    final_url: str | None = None
    reading: Reading | None = None
    similarity: float | None = None
    failure: Failure | None = None
    was_article: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """A state and the observation that decided it, for the record."""

    availability: Availability
    evidence: str


def classify(look: Look) -> Verdict:
    """The state of the page.

    Being kept out is decided before anything else, so that a captcha, a firewall or a log-in page is never taken
    for a removal. What a platform says in so many words comes before what the status says; what cannot be
    told stays `unknown`.
    """
    for decide in (_unreachable, _kept_out, _stated, _by_status, _led_away, _article):
        verdict = decide(look)
        if verdict:
            return verdict
    return Verdict(Availability.UNKNOWN, "neither an article nor a known notice")


def _unreachable(look: Look) -> Verdict | None:
    if look.status is not None:
        return None
    return Verdict(Availability.UNREACHABLE, f"no response: {look.failure or Failure.OTHER}")


def _kept_out(look: Look) -> Verdict | None:
    reading = look.reading
    if reading and (reading.kind is PageKind.VERIFICATION or reading.availability is Availability.BLOCKED):
        return Verdict(Availability.BLOCKED, "the page asks for verification")
    asked, final = _place(look.url), _place(look.final_url or "")
    gate = next((part for part in _GATES if part in final and part not in asked), None)
    if gate:
        return Verdict(Availability.BLOCKED, f"redirected to an address with {gate}")
    if _BY_STATUS.get(look.status or 0) is Availability.BLOCKED and not _holds_article(look):
        return Verdict(Availability.BLOCKED, f"status {look.status}")
    return None


def _stated(look: Look) -> Verdict | None:
    """What the page itself says, where its reader understood it."""
    reading = look.reading
    if reading is None or reading.kind is not PageKind.NOTICE:
        return None
    if reading.availability in (Availability.UNKNOWN, Availability.LIVE):
        return None
    if reading.availability is Availability.LINK_EXPIRED and not is_temporary(look.url):
        return Verdict(Availability.UNKNOWN, "a permanent address was answered as an expired link")
    text = f": {reading.notice.text[:80]}" if reading.notice else ""
    return Verdict(reading.availability, f"notice{text}")


def _by_status(look: Look) -> Verdict | None:
    status = look.status or 0
    if status in _UNCHANGED and _holds_article(look) and not look.final_url:
        return Verdict(Availability.LIVE, f"status {status}: not modified")
    state = _BY_STATUS.get(status)
    if state and state is not Availability.BLOCKED:
        return Verdict(state, f"status {status}")
    if 500 <= status <= 599:
        return Verdict(Availability.SERVER_ERROR, f"status {status}")
    if 400 <= status <= 499:
        return Verdict(Availability.UNKNOWN, f"status {status}")
    return None


def _led_away(look: Look) -> Verdict | None:
    """A redirect to the front page, the usual way in which government sites remove a page."""
    if not look.final_url or page_key(look.final_url) == page_key(look.url) or is_temporary(look.url):
        return None
    if _is_home(look.final_url) and not _is_home(look.url):
        return Verdict(Availability.REDIRECTED_HOME, f"redirected to {look.final_url}")
    if look.was_article and not _holds_article(look):
        return Verdict(Availability.SOFT_404, f"redirected to {look.final_url}, which is no article")
    if look.similarity is not None and look.similarity < OTHER_TEXT:
        return Verdict(Availability.SOFT_404, f"redirected to {look.final_url}, which is another article")
    return None


def _article(look: Look) -> Verdict | None:
    reading = look.reading
    if reading is None:
        return None
    if reading.document is not None:
        if look.similarity is not None and look.similarity < 1:
            # Rounded down: a text that differs is never told as similar by 1.
            told = f"similarity {floor(look.similarity * 1000) / 1000:.3f} to the last text"
            lost = look.similarity < NOTHING_OF_IT
            return Verdict(Availability.UNKNOWN if lost else Availability.CHANGED, told)
        return Verdict(Availability.LIVE, "an article was read")
    if reading.availability is Availability.UNKNOWN:
        return None
    if look.was_article and reading.kind is PageKind.LISTING:
        return Verdict(Availability.SOFT_404, "a list stands where an article was")
    if not look.was_article and reading.kind not in (PageKind.OTHER, PageKind.NOTICE, PageKind.REDIRECT):
        return Verdict(Availability.LIVE, f"a page of kind {reading.kind}")
    return None


def _holds_article(look: Look) -> bool:
    return look.reading is not None and look.reading.document is not None


def _place(url: str) -> str:
    """What follows the host, in small letters."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}".lower()


def _is_home(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path.strip("/").lower() in _HOME_NAMES and not parts.query
