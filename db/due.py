"""Which documents a campaign's kept claims do not know yet."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import uuid4

from sqlalchemy import Connection, delete, exists, select

from db.models import CampaignRow, ClaimRow, DueRow, KeptRow
from db.upsert import upsert


def mark_due(connection: Connection, campaign: str, documents: Iterable[str]) -> None:
    """Notes, before it happens, that the observations or reviews of these documents change.

    Whoever changes them holds the campaign until the end of the transaction, so that claims are kept of what is
    before or of what is after. Where none are kept, there is nothing to note.
    """
    hold(connection, campaign)
    if not connection.scalar(select(exists().where(KeptRow.campaign == campaign))):
        return
    mark = uuid4().hex
    rows = [{"document_id": document, "campaign": campaign, "mark": mark} for document in documents]
    upsert(connection, DueRow, rows, replace=["mark"])


def hold(connection: Connection, campaign: str) -> None:
    """Waits until nobody else changes the campaign's observations; a transaction on SQLite is alone anyway."""
    # Rows that refer to the campaign may come meanwhile: FOR NO KEY UPDATE, which `remember` takes too.
    locked = select(CampaignRow.name).where(CampaignRow.name == campaign).with_for_update(key_share=True)
    connection.execute(locked)


def forget(connection: Connection, campaign: str) -> None:
    """Drops the campaign's kept claims: all of them are found anew when somebody asks."""
    hold(connection, campaign)
    for model in (ClaimRow, DueRow, KeptRow):
        connection.execute(delete(model).where(model.campaign == campaign))
