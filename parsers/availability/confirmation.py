"""When a state of a page may be told as a fact: a second look, at another time, has to agree with the first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from parsers.availability.states import Availability

APART = timedelta(hours=6)
"""How far apart two looks must be to count as two: a server's bad hour must not confirm itself."""

PRESENT = frozenset({Availability.LIVE, Availability.CHANGED})
"""States that prove themselves: the page itself was had."""

GONE = frozenset(
    {
        Availability.DELETED_BY_PUBLISHER,
        Availability.REMOVED_FOR_VIOLATION,
        Availability.COMPLAINED_ABOUT,
        Availability.ACCOUNT_CLOSED,
        Availability.ACCOUNT_BANNED,
        Availability.MIGRATED,
        Availability.NOT_FOUND,
        Availability.SOFT_404,
        Availability.REDIRECTED_HOME,
    }
)
"""States in which a page cannot be had at its address any more."""

SAYS_NOTHING = frozenset(
    {
        Availability.BLOCKED,
        Availability.SERVER_ERROR,
        Availability.UNREACHABLE,
        Availability.BAD_LINK,
        Availability.LINK_EXPIRED,
        Availability.UNKNOWN,
    }
)
"""States that tell of us, of the way or of the address, and nothing of the page: they confirm and refute nothing."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look found."""

    time: datetime
    state: Availability


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A state that holds: first seen at `since`, seen again at `by`."""

    state: Availability
    since: datetime
    by: datetime


def confirmed(looks: Iterable[Seen], *, apart: timedelta = APART) -> Confirmed | None:
    """The last state of a page that its looks, in whatever order, confirm; None when they confirm none.

    A page that was had needs no second look. Any other state needs two looks that are `apart`, agree, and have no look
    between them that found the page otherwise. Looks that were kept out or met an outage are passed over.
    """
    standing: Confirmed | None = None
    first: Seen | None = None
    for look in sorted(looks, key=lambda look: look.time):
        if look.state in SAYS_NOTHING:
            continue
        if look.state in PRESENT:
            standing, first = Confirmed(look.state, look.time, look.time), None
        elif first is None or look.state is not first.state:
            first = look
        elif look.time - first.time >= apart:
            standing = Confirmed(look.state, first.time, look.time)
    return standing
