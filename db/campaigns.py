"""What a campaign says of how its pages are read: its region, and its own words."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, exists, select

from db.errors import UnknownLexicon
from db.models import CampaignRow, DocumentRow
from db.session import reading
from db.upsert import upsert
from parsers.claims.words import entries
from workspace.campaign import Campaign

Words = tuple[tuple[str, tuple[str, ...]], ...]
"""Words that a campaign adds to entries of the reading lexicons: `(("modality.dna", ("…",)),)`."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a campaign's pages are read: the GB/T 2260 code prefix that settles namesakes, and words of its own."""

    region: str | None = None
    words: Words = ()

    @property
    def mark(self) -> str:
        """What the reader's version gets appended, so that a change of words makes readings stale."""
        if not self.words:
            return ""
        told = json.dumps(self.words, ensure_ascii=False).encode()
        return "+" + hashlib.sha256(told).hexdigest()[:6]


def terms_in(campaign: Campaign) -> Terms:
    """The terms that a campaign file names. Raises UnknownLexicon for words of an entry that there is not."""
    known = entries()
    for entry, _ in campaign.lexicon_words:
        if entry not in known:
            group = [name for name in sorted(known) if name.partition(".")[0] == entry.partition(".")[0]]
            raise UnknownLexicon(
                f"the campaign {campaign.name!r} adds words to {entry!r}, which there is not; "
                f"there are: {', '.join(group or sorted(known))}"
            )
    return Terms(campaign.region.code, campaign.lexicon_words)


def terms_of(engine: Engine, campaign: str, region: str | None = None, words: Words | None = None) -> Terms:
    """The terms as given; what is None is as it was given before."""
    if region is not None and words is not None:
        return Terms(region, words)
    with reading(engine) as connection:
        row = connection.execute(
            select(CampaignRow.region, CampaignRow.words).where(CampaignRow.name == campaign)
        ).one_or_none()
    known = tuple((entry, tuple(added)) for entry, added in sorted(row.words.items())) if row else ()
    return Terms(
        region if region is not None else (row.region if row else None), known if words is None else words
    )


def known_terms(engine: Engine) -> dict[str, Terms]:
    """The terms of every campaign of the store."""
    with reading(engine) as connection:
        names = list(connection.scalars(select(CampaignRow.name).order_by(CampaignRow.name)))
    return {name: terms_of(engine, name) for name in names}


def campaigns_read(connection: Connection, name: str | None) -> list[str]:
    """The names of all campaigns of which documents were read, or of one if there is one of that name."""
    read = exists().where(DocumentRow.campaign == CampaignRow.name)
    query = select(CampaignRow.name).where(read).order_by(CampaignRow.name)
    return list(connection.scalars(query.where(CampaignRow.name == name) if name else query))


def remember(connection: Connection, campaign: str, terms: Terms) -> None:
    """Writes the campaign's row; a region that is None leaves the one before."""
    values = {
        "name": campaign,
        "region": terms.region,
        "words": {entry: list(added) for entry, added in terms.words},
    }
    upsert(
        connection,
        CampaignRow,
        [values],
        replace=["words"] if terms.region is None else ["region", "words"],
    )
