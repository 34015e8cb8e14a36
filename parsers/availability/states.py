"""States a page can be found in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Availability(StrEnum):
    """What a look at a page found. The vocabulary is DESIGN.md's and PAGES.md §2's."""

    LIVE = "live"
    CHANGED = "changed"
    DELETED_BY_PUBLISHER = "deleted_by_publisher"
    REMOVED_FOR_VIOLATION = "removed_for_violation"
    COMPLAINED_ABOUT = "complained_about"
    ACCOUNT_CLOSED = "account_closed"
    ACCOUNT_BANNED = "account_banned"
    MIGRATED = "migrated"
    MIGRATING = "migrating"
    RESTRICTED = "restricted"
    RUMOUR = "rumour"
    TEMPORARILY_UNAVAILABLE = "temporarily_unavailable"
    LINK_EXPIRED = "link_expired"
    BAD_LINK = "bad_link"
    NOT_FOUND = "not_found"
    SOFT_404 = "soft_404"
    REDIRECTED_HOME = "redirected_home"
    BLOCKED = "blocked"
    SERVER_ERROR = "server_error"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Notice:
    """The message a publisher shows instead of a page.

    `text` is the message as shown, white space collapsed; `language` is `zh`, `en` or `mixed`;
    `reason` and `reason_id` are the platform's own where it states them.
    """

    text: str
    language: str
    reason: str | None = None
    reason_id: str | None = None
    account: str | None = None
    account_id: str | None = None
