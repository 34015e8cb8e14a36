"""How long each page was seen to live: the material of survival curves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Engine, select

from db.models import CaptureRow, DocumentRow, LookRow, ObservationRow, PageRow
from db.pages.pages import GOOD
from db.session import reading
from parsers.availability.confirmation import GONE, PRESENT, Seen, confirmed
from parsers.availability.states import Availability


@dataclass(frozen=True, slots=True)
class PageLife:
    """What is known of one page's life.

    `born` is when it was published, else when it was first had. It was seen to be there from `first_seen` to
    `last_seen`; `gone` is the first of two looks that found it gone and agree, None while it is not known to be.
    `place_code` is the place of its first claim.
    """

    url: str
    publisher: str
    family: str
    place_code: str | None
    born: datetime
    first_seen: datetime
    last_seen: datetime
    gone: datetime | None


def page_lives(engine: Engine, campaign: str) -> list[PageLife]:
    """The lives of a campaign's articles that were had at least once, by address."""
    with reading(engine) as connection:
        looks = _looks(connection, campaign)
        places = _places(connection, campaign)
        query = (
            select(
                PageRow.id, PageRow.url, PageRow.family, DocumentRow.id.label("document"),
                DocumentRow.account, DocumentRow.publisher, DocumentRow.published_at,
            )
            .join(CaptureRow, CaptureRow.page_id == PageRow.id)
            .join(DocumentRow, DocumentRow.id == CaptureRow.document_id)
            .where(PageRow.campaign == campaign, CaptureRow.availability.in_(GOOD))
            .order_by(PageRow.url, CaptureRow.time.desc(), CaptureRow.id)
        )  # fmt: skip
        newest = {row.id: row for row in connection.execute(query)}
    return list(_lives(newest, looks, places))


def _lives(
    newest: dict[str, Any], looks: dict[str, list[Seen]], places: dict[str, str]
) -> Iterator[PageLife]:
    for page, row in newest.items():
        there = [look.time for look in looks[page] if look.state in PRESENT]
        if not there:
            continue
        state = confirmed(looks[page])
        gone = state.since if state and state.state in GONE else None
        yield PageLife(
            row.url,
            row.account or row.publisher or urlsplit(row.url).hostname or "",
            row.family,
            places.get(row.document),
            min(row.published_at or there[0], there[0]),
            there[0],
            max(there),
            gone,
        )


def _looks(connection: Connection, campaign: str) -> dict[str, list[Seen]]:
    query = (
        select(LookRow.page_id, LookRow.time, LookRow.state)
        .where(LookRow.campaign == campaign, LookRow.part_of.is_(None))
        .order_by(LookRow.time)
    )
    found: dict[str, list[Seen]] = defaultdict(list)
    for page, time, state in connection.execute(query):
        found[page].append(Seen(time, Availability(state)))
    return found


def _places(connection: Connection, campaign: str) -> dict[str, str]:
    query = (
        select(ObservationRow.document_id, ObservationRow.place_code)
        .where(ObservationRow.campaign == campaign, ObservationRow.place_code.is_not(None))
        .where(ObservationRow.superseded.is_(False))
        .order_by(ObservationRow.quote_start.desc())
    )
    return {row.document_id: row.place_code for row in connection.execute(query)}
