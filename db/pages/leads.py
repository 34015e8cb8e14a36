"""Other articles of the same account that relevant articles link to: a crawl goes to them."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Engine, exists, or_, select

from db.bulk import Values
from db.models import CaptureRow, DocumentRow, LeadRow, ObservationRow
from db.pages.imported import fetched_by_us
from db.rows import plain
from db.session import reading as reading_from
from parsers.leads import leads_of
from parsers.page import Reading


def led_to_by(campaign: str, page: str, url: str, reading: Reading) -> list[Values]:
    """The rows of what the article at `url` leads to."""
    return [
        {"page_id": page, "url": plain(address), "campaign": campaign} for address in leads_of(url, reading)
    ]


def leads(engine: Engine, campaign: str, region: str | None, *, imported: bool = False) -> Iterator[str]:
    """The addresses that the campaign's relevant articles lead to, each once, in their order.

    An article all of whose observations are of places outside `region` (a GB/T 2260 code prefix) leads nowhere, as in
    `crawler.relevance.leads_on`. What only `imported` articles lead to is left out unless asked for.
    """
    placed = exists().where(
        ObservationRow.document_id == DocumentRow.id,
        ~ObservationRow.superseded,
        ObservationRow.place_code.is_not(None),
    )
    within = placed.where(ObservationRow.place_code.startswith(region or "", autoescape=True))
    query = (
        select(LeadRow.url)
        .join(CaptureRow, CaptureRow.page_id == LeadRow.page_id)
        .join(DocumentRow, DocumentRow.id == CaptureRow.document_id)
        .where(LeadRow.campaign == campaign, DocumentRow.relevant, ~DocumentRow.superseded)
        .where(or_(~placed, within))
        .distinct()
        .order_by(LeadRow.url)
    )
    if not imported:
        query = query.where(fetched_by_us(LeadRow.page_id))
    with reading_from(engine) as connection:
        yield from connection.scalars(query)
