"""Documents that no capture is read as any more."""

from __future__ import annotations

from sqlalchemy import Connection, exists, select, update

from db.claims.due import mark_due
from db.models import CaptureRow, DocumentRow, ObservationRow
from db.pages.altered import pages_of, settle_altered
from db.reviews.attached import reattach


def supersede_orphans(connection: Connection, campaign: str) -> None:
    """Marks documents that no capture is read as any more, and their observations, as superseded."""
    orphans = (
        select(DocumentRow.id)
        .where(
            DocumentRow.campaign == campaign,
            DocumentRow.superseded.is_(False),
            ~exists().where(CaptureRow.document_id == DocumentRow.id),
        )
        .order_by(DocumentRow.id)
    )
    found = list(connection.scalars(orphans))
    mark_due(connection, campaign, found)
    for identifier in found:
        connection.execute(
            update(ObservationRow).where(ObservationRow.document_id == identifier).values(superseded=True)
        )
        connection.execute(update(DocumentRow).where(DocumentRow.id == identifier).values(superseded=True))
    reattach(connection, campaign, found)
    settle_altered(connection, campaign, pages_of(connection, campaign, found))
