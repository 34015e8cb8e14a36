"""Synthetic studies: observations with the pages they stand on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from analysis.claims.claim import claims
from analysis.studies.study import Source, Study
from db.evidence.cited import CitedDocument, CitedRecord
from db.lists.items import ObservationItem
from workspace.campaign import load_campaign

SEEN = datetime(2023, 4, 21, tzinfo=UTC)


def study(
    observations: Sequence[ObservationItem],
    states: Mapping[str, tuple[str, str | None]] | None = None,
    campaign: str = "tibet-dna",
) -> Study:
    """The study of these observations. `states` are the availability of documents' pages and what is confirmed."""
    documents: dict[str, list[ObservationItem]] = {}
    for each in observations:
        documents.setdefault(each.document_id, []).append(each)
    sources = [
        Source(
            number, "", (_document(said[0], (states or {}).get(identifier, ("live", "live"))),), tuple(said)
        )
        for number, (identifier, said) in enumerate(documents.items(), start=1)
    ]
    return Study(load_campaign(campaign), ("dna",), tuple(claims(observations)), tuple(sources), 0)


def _document(item: ObservationItem, state: tuple[str, str | None]) -> CitedDocument:
    record = CitedRecord(item.capture_id, item.url, SEEN, "合成.warc.gz", 412, "sha256:" + "0" * 64, None)
    return CitedDocument(
        item.document_id,
        f"page-{item.document_id}",
        item.url,
        item.title,
        item.account,
        item.publisher,
        item.published_at,
        *state,
        SEEN,
        (record,),
    )
