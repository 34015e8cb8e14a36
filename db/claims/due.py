"""Which documents a campaign's kept claims do not know yet, and what these claims know of them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from uuid import uuid4

from sqlalchemy import Connection, delete, exists, func, select

from db.claims.stated import Stated, counting, lines_of
from db.models import CampaignRow, ChangeRow, ClaimRow, DueRow, KeptRow
from db.upsert import chunks, upsert

MOST_FOLLOWED = 1000
"""When more documents are due than these, sums are made anew rather than carried on."""


def mark_due(connection: Connection, campaign: str, documents: Iterable[str]) -> None:
    """Notes, before it happens, that the observations or reviews of these documents change.

    Whoever changes them holds the campaign until the end of the transaction, so that claims are kept of what is
    before or of what is after. Where none are kept, there is nothing to note.
    """
    hold(connection, campaign)
    if not connection.scalar(select(exists().where(KeptRow.campaign == campaign))):
        return
    marked = sorted(set(documents))
    before = _before(connection, campaign, marked)
    mark = uuid4().hex
    rows = [
        {"document_id": each, "campaign": campaign, "mark": mark, "before": before.get(each)}
        for each in marked
    ]
    # What is due already keeps what was noted first: that is what the claims know.
    upsert(connection, DueRow, rows, replace=["mark"])


def _before(connection: Connection, campaign: str, documents: list[str]) -> dict[str, str]:
    """What counts in each of these documents, unless so many are due that nobody will ask."""
    due = connection.scalar(select(func.count()).where(DueRow.campaign == campaign)) or 0
    if due + len(documents) > MOST_FOLLOWED:
        return {}
    known: set[str] = set()
    for some in chunks(documents):
        known.update(connection.scalars(select(DueRow.document_id).where(DueRow.document_id.in_(some))))
    found: dict[str, list[Stated]] = defaultdict(list)
    for each in counting(connection, [document for document in documents if document not in known]):
        found[each.document_id].append(each)
    return {document: json.dumps(lines_of(found[document])) for document in documents}


def hold(connection: Connection, campaign: str) -> None:
    """Waits until nobody else changes the campaign's observations; a transaction on SQLite is alone anyway."""
    # Rows that refer to the campaign may come meanwhile: FOR NO KEY UPDATE, which `remember` takes too.
    locked = select(CampaignRow.name).where(CampaignRow.name == campaign).with_for_update(key_share=True)
    connection.execute(locked)


def forget(connection: Connection, campaign: str) -> None:
    """Drops the campaign's kept claims: all of them are found anew when somebody asks."""
    hold(connection, campaign)
    for model in (ClaimRow, DueRow, ChangeRow, KeptRow):
        connection.execute(delete(model).where(model.campaign == campaign))
