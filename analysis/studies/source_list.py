"""The list of sources of a study, for others to download: what each is, what it says, and where its bytes are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from analysis.labels import between
from analysis.listing import Listing, listing
from analysis.studies.study import Source, Study
from db.evidence.cited import CitedRecord
from db.lists.items import ObservationItem

REPLAY = "http://127.0.0.1:8090"
"""Where `holdfast replay` shows archived pages unless it is told otherwise."""


@dataclass(frozen=True, slots=True)
class SourceItem:
    """A source; its fields are the columns of the list."""

    number: int
    title: str
    title_en: str
    publisher: str
    published_at: datetime | None
    places: list[str]
    figures: list[str]
    modalities: list[str]
    url: str
    archived_url: str
    captured_at: datetime
    availability: str
    file: str
    offset: int
    payload_digest: str
    document_id: str


def source_list(study: Study, replay: str = REPLAY, *, unmask: bool = False) -> Listing:
    """The sources of a study by number; archived links lead to `replay`, the address at which they are shown."""
    return listing("sources", SourceItem, _items(study, replay), unmask=unmask)


def archived_url(record: CitedRecord, campaign: str, replay: str = REPLAY) -> str:
    """Where a record can be seen as it was: at the web archive that it is from, else in the replay of our own.

    The form is that of pywb and of the Wayback Machine: collection, 14 digits of UTC, address.
    """
    if (record.source_uri or "").startswith(("http://", "https://")):
        return str(record.source_uri)
    return f"{replay.rstrip('/')}/{campaign}/{record.time.astimezone(UTC):%Y%m%d%H%M%S}/{record.url}"


def figure(item: ObservationItem) -> str:
    """What an observation counts, in short: `dna 12,000–12,999 cumulative`; empty when it gives no number."""
    if item.count_min is not None and item.count_max is not None:
        return f"{item.modality} {between(item.count_min, item.count_max)} {item.kind}"
    return "" if item.rate is None else f"{item.modality} {item.rate:.1%} {item.kind}"


def _items(study: Study, replay: str) -> Iterator[SourceItem]:
    for source in study.sources:
        yield _item(source, source.first.records[0], study.campaign.name, replay)


def _item(source: Source, record: CitedRecord, campaign: str, replay: str) -> SourceItem:
    first, said = source.first, source.observations
    return SourceItem(
        number=source.number,
        title=first.title,
        title_en=source.title_en,
        publisher=source.publisher,
        published_at=first.published_at,
        places=_distinct(each.place for each in said),
        figures=_distinct(figure(each) for each in said),
        modalities=_distinct(each.modality for each in said),
        url=first.url,
        archived_url=archived_url(record, campaign, replay),
        captured_at=record.time,
        availability=first.state,
        file=record.file,
        offset=record.offset,
        payload_digest=record.payload_digest,
        document_id=first.id,
    )


def _distinct(values: Iterator[str | None]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))
