"""Looks that `holdfast check` takes: which pages, and what each found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, func, select

from archive.capture import Capture
from archive.noted.look import LookRecord
from db import rows
from db.bulk import Values
from db.ids import row_id
from db.ingest.reread import capture_of
from db.lists.filters import Filters, asks_of_documents, documents_with
from db.models import CaptureRow, DocumentRow, LookRow, PageRow
from db.pages.pages import GOOD, settle_pages
from db.session import reading
from db.upsert import chunks, upsert
from parsers.availability.confirmation import PRESENT, SAYS_NOTHING
from parsers.availability.states import Availability
from parsers.page import PageKind

KEPT = (PageKind.ARTICLE, PageKind.ATTACHMENT)
"""What a page must have been for its going to matter; lists change with every article."""


@dataclass(frozen=True, slots=True)
class DuePage:
    """A page to look at again, how it was found last, what two looks agree on, and its last good capture.

    `route` is the proxy that the last look went through, where that is known.
    """

    url: str
    availability: str
    last_checked: datetime
    capture: Capture
    confirmed: str | None = None
    route: str | None = None

    @property
    def to_confirm(self) -> bool:
        """Whether the last look found what a second one has yet to confirm."""
        state = Availability(self.availability)
        return state not in PRESENT | SAYS_NOTHING and self.availability != self.confirmed


@dataclass(frozen=True, slots=True)
class FoundLook:
    """What a look found, and what two looks at different times agree on."""

    url: str
    time: datetime
    availability: str
    evidence: str | None
    confirmed: str | None
    record_id: str | None


def due_pages(
    engine: Engine, campaign: str, filters: Filters, *, urls: Sequence[str] = (), limit: int | None = None
) -> list[DuePage]:
    """Articles and attachments of a campaign that were had once, those not looked at longest first.

    `urls` narrows them to the pages at these addresses, `filters` to those that hold such documents.
    """
    newest = (
        select(
            CaptureRow.id,
            CaptureRow.page_id,
            func.row_number()
            .over(
                partition_by=CaptureRow.page_id,
                # An article in several pages is looked at by its first, which is the one at the page's address.
                order_by=((CaptureRow.surt == PageRow.surt).desc(), CaptureRow.time.desc(), CaptureRow.id),
            )
            .label("newest"),
        )
        .join(PageRow, PageRow.id == CaptureRow.page_id)
        .where(CaptureRow.campaign == campaign, CaptureRow.availability.in_(GOOD), CaptureRow.kind.in_(KEPT))
        .subquery()
    )
    route = (
        select(LookRow.route)
        .where(LookRow.page_id == PageRow.id, LookRow.part_of.is_(None))
        .order_by(LookRow.time.desc(), LookRow.id.desc())
        .limit(1)
        .correlate(PageRow)
        .scalar_subquery()
    )
    query = (
        select(
            *CaptureRow.__table__.columns,
            route.label("route"),
            PageRow.url.label("page_url"),
            PageRow.availability.label("page_availability"),
            PageRow.confirmed,
            PageRow.last_checked,
        )
        .join(newest, newest.c.id == CaptureRow.id)
        .join(PageRow, PageRow.id == newest.c.page_id)
        .where(newest.c.newest == 1, PageRow.url.like("http%"))
        .order_by(PageRow.last_checked, PageRow.id)
    )
    if urls:
        keys = sorted({rows.key_of(url) for url in urls})
        at = select(CaptureRow.page_id).where(CaptureRow.campaign == campaign, CaptureRow.surt.in_(keys))
        query = query.where(PageRow.surt.in_(keys) | PageRow.id.in_(at))
    if asks_of_documents(filters):
        holding = select(CaptureRow.page_id).join(DocumentRow, DocumentRow.id == CaptureRow.document_id)
        query = query.where(PageRow.id.in_(holding.where(*documents_with(filters, engine.dialect.name))))
    with reading(engine) as connection:
        found = connection.execute(query.limit(limit)).mappings().all()
    return [
        DuePage(
            row["page_url"],
            row["page_availability"],
            row["last_checked"],
            capture_of(row),
            row["confirmed"],
            row["route"],
        )
        for row in found
    ]


def pages_looked_at(engine: Engine, campaign: str, since: datetime) -> list[str]:
    """The address of each look at pages of a campaign since then, one for each look."""
    query = (
        select(PageRow.url)
        .join(LookRow, LookRow.page_id == PageRow.id)
        .where(LookRow.campaign == campaign, LookRow.time >= since, LookRow.part_of.is_(None))
    )
    with reading(engine) as connection:
        return list(connection.scalars(query))


def write_looks(engine: Engine, campaign: str, looks: Iterable[LookRecord]) -> None:
    """Writes looks whose captures are in the store, and judges their pages anew; the same look twice changes nothing.

    A look that rests on a capture which the store lacks is passed over.
    """
    for chunk in chunks(looks, 200):
        with engine.begin() as connection:
            named = {
                rows.capture_id_of(campaign, record)
                for look in chunk
                for record in (look.since, look.found)
                if record
            }
            query = select(CaptureRow.id, CaptureRow.page_id).where(CaptureRow.id.in_(named))
            pages = {row.id: row.page_id for row in connection.execute(query)}
            values = [row for look in chunk if (row := _values(campaign, look, pages))]
            upsert(connection, LookRow, values)
            settle_pages(connection, campaign, {row["page_id"] for row in values}, ())


def _values(campaign: str, look: LookRecord, pages: dict[str, str | None]) -> Values | None:
    since = rows.capture_id_of(campaign, look.since)
    found = rows.capture_id_of(campaign, look.found) if look.found else None
    page = pages.get(since)
    if page is None or (found is not None and found not in pages):
        return None
    told: Values = dict.fromkeys(
        ("evidence", "part_of", "notice", "notice_language", "reason", "reason_id", "account", "account_id")
    )
    return told | {
        "id": row_id("look", campaign, look.record_id),
        "campaign": campaign,
        "page_id": page,
        "capture_id": found,
        "time": look.time,
        "state": "unknown",
        "record_id": look.record_id and rows.plain(look.record_id),
        "url": rows.plain(look.url),
        "since_id": since,
        "failure": look.failure and rows.plain(look.failure),
        "route": look.route and rows.plain(look.route),
        "through": [rows.capture_id_of(campaign, record) for record in look.through],
    }


def found_by(engine: Engine, campaign: str, records: Iterable[str]) -> Iterator[FoundLook]:
    """What the looks with these WARC-Record-IDs found, in order of time."""
    ids = [row_id("look", campaign, record) for record in records]
    found: list[FoundLook] = []
    with reading(engine) as connection:
        for chunk in chunks(ids):
            query = (
                select(
                    PageRow.url,
                    LookRow.time,
                    LookRow.state,
                    LookRow.evidence,
                    PageRow.confirmed,
                    LookRow.record_id,
                )
                .join(PageRow, PageRow.id == LookRow.page_id)
                .where(LookRow.id.in_(chunk))
            )
            found += (FoundLook(*row) for row in connection.execute(query))
    yield from sorted(found, key=lambda look: (look.time, look.url))
