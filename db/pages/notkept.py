"""Pages that were fetched and not kept, as rows."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, Engine, select

from archive.noted.notkept import NotKept
from db.ids import row_id
from db.models import NotKeptRow
from db.rows import plain
from db.session import reading
from db.upsert import upsert


def write_not_kept(connection: Connection, campaign: str, decisions: Iterable[NotKept]) -> None:
    """Writes decisions; the same one twice changes nothing."""
    upsert(
        connection,
        NotKeptRow,
        [
            {
                "id": row_id("nk", campaign, made.record_id),
                "campaign": campaign,
                "url": plain(made.url),
                "time": made.time,
                "status": made.status,
                "mime": plain(made.mime),
                "payload_digest": plain(made.payload_digest),
                "payload_bytes": made.payload_bytes,
                "reason": plain(made.reason),
                "terms": plain(made.terms),
            }
            for made in decisions
        ],
    )


def addresses_not_kept(engine: Engine, campaign: str, terms: str) -> frozenset[str]:
    """The addresses that were judged by these terms and not kept."""
    query = select(NotKeptRow.url).where(NotKeptRow.campaign == campaign, NotKeptRow.terms == terms)
    with reading(engine) as connection:
        return frozenset(connection.scalars(query))
