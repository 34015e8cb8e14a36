"""Pages: which address a capture belongs to, how each page was last found, and which are done."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby

from sqlalchemy import Connection, Engine, bindparam, delete, exists, select, update

from db import rows
from db.bulk import Values
from db.models import CaptureRow, LeadRow, LookRow, PageRow, RequisiteRow
from db.pages.states import judged_pages, pages_to_judge_with, rehome_looks, write_judgements
from db.session import reading
from db.upsert import chunks, table_of, upsert
from parsers.availability.confirmation import Seen, confirmed
from parsers.availability.states import Availability
from parsers.identity import canonical

GOOD = (Availability.LIVE, Availability.CHANGED)
"""States in which a capture holds the page itself."""

NOT_LOST = (*GOOD, Availability.BLOCKED, Availability.UNKNOWN, Availability.TEMPORARILY_UNAVAILABLE)
"""States that do not say that a page is gone."""


def captured_addresses(engine: Engine, campaign: str) -> Iterator[str]:
    """Every address of the campaign, as fetched and as canonical, that has a good capture of our own.

    One that a web archive took years ago is no reason not to look at the page today.
    """
    query = select(CaptureRow.url, CaptureRow.canonical).where(
        CaptureRow.campaign == campaign, CaptureRow.availability.in_(GOOD), CaptureRow.source_uri.is_(None)
    )
    with reading(engine) as connection:
        for pair in connection.execute(query):
            yield from filter(None, set(pair))


def lost_addresses(engine: Engine, campaign: str) -> list[str]:
    """The pages of the campaign that were found gone or broken and that no capture holds, by address."""
    good = exists().where(CaptureRow.page_id == PageRow.id, CaptureRow.availability.in_(GOOD))
    query = (
        select(PageRow.url)
        .where(PageRow.campaign == campaign, PageRow.availability.not_in(NOT_LOST), ~good)
        .order_by(PageRow.url)
    )
    with reading(engine) as connection:
        return list(connection.scalars(query))


def is_captured(engine: Engine, campaign: str, url: str) -> bool:
    """Whether the campaign has a good capture of `url`."""
    good = (CaptureRow.campaign == campaign, CaptureRow.availability.in_(GOOD))
    query = select(
        exists().where(*good, CaptureRow.url == url)
        | exists().where(*good, CaptureRow.page_id == rows.page_id(campaign, url))
    )
    with reading(engine) as connection:
        return bool(connection.scalar(query))


def known_addresses(connection: Connection, campaign: str, surts: Iterable[str]) -> dict[str, str]:
    """The canonical address that the latest capture under each key gave, where one did."""
    known: dict[str, str] = {}
    for chunk in chunks(sorted(set(surts))):
        query = (
            select(CaptureRow.surt, CaptureRow.canonical)
            .where(
                CaptureRow.campaign == campaign,
                CaptureRow.surt.in_(chunk),
                CaptureRow.canonical.is_not(None),
            )
            .order_by(CaptureRow.time, CaptureRow.id)
        )
        known.update({surt: named for surt, named in connection.execute(query) if named})
    return known


def visit_pages(
    connection: Connection, campaign: str, captures: Sequence[Values], addresses: Sequence[str]
) -> None:
    """Makes the pages that these captures need; `settle_pages` completes them."""
    upsert(
        connection,
        PageRow,
        [
            {
                "id": capture["page_id"],
                "campaign": campaign,
                "url": url,
                "surt": rows.key_of(url),
                "kind": capture["kind"],
                "family": capture["family"],
                "availability": capture["availability"],
                "first_seen": capture["time"],
                "last_checked": capture["time"],
                "captures": 0,
            }
            for capture, url in zip(captures, addresses, strict=True)
            if capture["page_id"]
        ],
    )


def settle_pages(connection: Connection, campaign: str, pages: Collection[str], surts: Iterable[str]) -> None:
    """Brings pages up to date with their captures, in whatever order those came.

    Notices seen before their page's canonical address was known move to it; a look at a live page whose text
    differs from the one before becomes `changed`; a page without captures goes.
    """
    moved = {*pages, *_rehome_notices(connection, campaign, surts)}
    for chunk in chunks(sorted(moved)):
        moved |= rehome_looks(connection, chunk) | pages_to_judge_with(connection, chunk)
    for chunk in chunks(sorted(moved)):
        _settle(connection, chunk)


def _rehome_notices(connection: Connection, campaign: str, surts: Iterable[str]) -> set[str]:
    """Moves captures that name no address to the page that others of their URL name; gives the pages touched."""
    moved: set[str] = set()
    for chunk in chunks(sorted(set(surts))):
        unnamed = connection.execute(
            select(CaptureRow.id, CaptureRow.surt, CaptureRow.page_id).where(
                CaptureRow.campaign == campaign,
                CaptureRow.surt.in_(chunk),
                CaptureRow.canonical.is_(None),
                CaptureRow.document_id.is_(None),
                CaptureRow.page_id.is_not(None),
            )
        ).all()
        known = known_addresses(connection, campaign, [row.surt for row in unnamed])
        for row in unnamed:
            page = rows.page_id(campaign, known[row.surt]) if row.surt in known else row.page_id
            if page != row.page_id:
                moved |= {page, row.page_id}
                connection.execute(update(CaptureRow).where(CaptureRow.id == row.id).values(page_id=page))
                own = (LookRow.capture_id == row.id, LookRow.record_id.is_(None))
                connection.execute(update(LookRow).where(*own).values(page_id=page))
    return moved


def _settle(connection: Connection, pages: Sequence[str]) -> None:
    judged = judged_pages(connection, pages)
    captures = connection.execute(
        select(
            CaptureRow.page_id,
            CaptureRow.time,
            CaptureRow.kind,
            CaptureRow.family,
            CaptureRow.url,
            CaptureRow.canonical,
        )
        .where(CaptureRow.page_id.in_(pages))
        .order_by(CaptureRow.page_id, CaptureRow.time, CaptureRow.id)
    )
    settled: list[Values] = []
    for page, group in groupby(captures, key=lambda row: row.page_id):
        seen = list(group)
        counted = [found for found in judged[page] if found.counts]
        standing = confirmed(Seen(found.look.time, found.state) for found in counted)
        settled.append(
            {
                "b_id": page,
                "url": next((c.canonical for c in seen if c.canonical), canonical(seen[0].url)),
                "kind": seen[-1].kind,
                "family": seen[-1].family,
                "availability": counted[-1].state.value,
                "confirmed": standing.state.value if standing else None,
                "first_seen": seen[0].time,
                "last_checked": counted[-1].look.time,
                "captures": len(seen),
            }
        )
    if settled:
        table = table_of(PageRow)
        connection.execute(update(table).where(table.c.id == bindparam("b_id")), settled)
    write_judgements(connection, [found for looks in judged.values() for found in looks])
    gone = sorted(set(pages) - {row["b_id"] for row in settled})
    if gone:
        for model in (RequisiteRow, LeadRow):
            connection.execute(delete(model).where(model.page_id.in_(gone)))
        connection.execute(delete(PageRow).where(PageRow.id.in_(gone)))
