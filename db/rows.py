"""Values of the archive and the parsers as rows of the store: pure functions, no database."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from archive.capture import Capture
from db.bulk import Values
from db.campaigns import Terms
from db.ids import number_of, row_id, text_digest
from parsers.document import Document
from parsers.identity import canonical, page_key
from parsers.observation import Article, Observation, Qualifier, Reported
from parsers.page import Reading

SHANGHAI = ZoneInfo("Asia/Shanghai")


key_of = lru_cache(maxsize=4096)(page_key)
"""The key of an address, remembered: one capture asks for it several times."""


def plain(text: str) -> str:
    """`text` without what a database cannot hold: NUL characters and halves of surrogate pairs.

    Both are replaced by U+FFFD, one for one, so that offsets stay.
    """
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _told(text: str | None) -> str | None:
    """`plain`, of what may be missing."""
    return text and plain(text)


def capture_id(campaign: str, capture: Capture) -> str:
    """The id of a capture: that of its WARC record, within the campaign."""
    return capture_id_of(campaign, capture.record_id)


def capture_id_of(campaign: str, record_id: str) -> str:
    """The id of the capture whose WARC-Record-ID this is, within the campaign."""
    return row_id("cap", campaign, record_id)


def page_id(campaign: str, url: str) -> str:
    """The id of the page at `url` within the campaign."""
    return row_id("page", campaign, key_of(url))


def document_id(campaign: str, page: str, document: Document) -> str:
    """The id of a document: one for each distinct text of a page."""
    return row_id("doc", campaign, page, text_digest(document.text or document.title))


def capture_values(
    campaign: str, capture: Capture, source_path: str | None, reading: Reading | None, reader: str
) -> Values:
    """The row of a capture; `page_id` and `document_id` are filled in by who knows them."""
    return {
        "id": capture_id(campaign, capture),
        "campaign": campaign,
        "record_id": plain(capture.record_id),
        "url": plain(capture.url),
        "surt": key_of(plain(capture.url)),
        "time": capture.time,
        "status": capture.status,
        "mime": plain(capture.mime),
        "file": capture.file,
        "warc_offset": capture.offset,
        "warc_length": capture.length,
        "payload_digest": plain(capture.payload_digest),
        "record_type": capture.record_type,
        "refers_to": _told(capture.refers_to),
        "truncated": _told(capture.truncated),
        "source_uri": _told(capture.source_uri),
        "source_path": _told(source_path),
        "page_id": None,
        "document_id": None,
        "canonical": canonical(plain(reading.canonical_url)) if reading and reading.canonical_url else None,
        "kind": reading.kind.value if reading else None,
        "family": reading.family if reading else None,
        "availability": reading.availability.value if reading else None,
        "reader": reader if reading else None,
        "warnings": [plain(warning) for warning in reading.warnings] if reading else [],
    }


def look_values(campaign: str, page: str, capture: Values, reading: Reading) -> Values:
    """The availability check that a capture amounts to; `db.pages.looks` decides its state."""
    notice, document = reading.notice, reading.document
    # What the account is called on an article's page today is seen here alone: the text may be known from earlier.
    shown = _told(document.account) if document else None
    return {
        "id": row_id("look", capture["id"]),
        "campaign": campaign,
        "page_id": page,
        "capture_id": capture["id"],
        "time": capture["time"],
        "state": reading.availability.value,
        "notice": plain(notice.text) if notice else None,
        "notice_language": notice.language if notice else None,
        "reason": _told(notice.reason) if notice else None,
        "reason_id": _told(notice.reason_id) if notice else None,
        "account": _told(notice.account) if notice else shown,
        "account_id": _told(notice.account_id) if notice else None,
    }


def source_values(document: Document, url: str) -> Values:
    """The publisher of a document: a WeChat account (by `biz`, `gh_…` or name), else the site's host."""
    account = _told(document.biz or document.account_id or document.account)
    host = plain(_host(url))
    if account:
        name = document.account or document.publisher or account
        return {
            "id": row_id("src", "wechat", account),
            "kind": "wechat",
            "name": plain(name),
            "account_id": _told(document.account_id),
            "biz": _told(document.biz),
            "host": None,
        }
    return {
        "id": row_id("src", "site", host),
        "kind": "site",
        "name": host,
        "account_id": None,
        "biz": None,
        "host": host,
    }


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def document_values(
    campaign: str,
    identifier: str,
    url: str,
    capture: Values,
    reading: Reading,
    reported: Reported,
    reader: str,
) -> Values:
    """The row of a document read out of `capture`."""
    document = reading.document
    if document is None:
        raise ValueError("a reading without a document has no document row")
    published = document.published
    return {
        "id": identifier,
        "number": number_of(identifier),
        "campaign": campaign,
        "source_id": source_values(document, url)["id"],
        "capture_id": capture["id"],
        "captured_at": capture["time"],
        "url": plain(url),
        "family": reading.family,
        "text_digest": text_digest(document.text),
        "title": plain(document.title),
        "text": plain(document.text),
        "author": _told(document.author),
        "account": _told(document.account),
        "account_id": _told(document.account_id),
        "biz": _told(document.biz),
        "publisher": _told(document.publisher),
        "reprinted_from": _told(document.source),
        "published_at": published.at if published else None,
        "published_precision": published.precision.value if published else None,
        "published_evidence": _told(published.evidence) if published else None,
        "language": document.language,
        "item_type": document.item_type,
        "images": [
            {"url": plain(image.url), "alt": plain(image.alt), "offset": image.offset}
            for image in document.images
        ],
        "parts": [{"offset": part.offset, "url": plain(part.url)} for part in document.parts],
        "relevant": reported.relevant,
        "register": reported.register,
        "rules": list(reported.rules),
        "reader": reader,
        "superseded": False,
    }


def article_of(document: Document, terms: Terms) -> Article:
    """What `parsers.observe` reads of a document: the very text that is stored."""
    published: date | None = document.published.at.astimezone(SHANGHAI).date() if document.published else None
    return Article(
        text=plain(document.text),
        title=plain(document.title),
        published=published,
        account=_told(document.account or document.publisher),
        region=terms.region,
        words=terms.words,
    )


def observation_values(
    campaign: str,
    document: str,
    published_at: datetime | None,
    observations: Iterable[Observation],
    reader: str,
) -> list[Values]:
    """The rows of a document's observations."""
    return [_observation(campaign, document, published_at, found, reader) for found in observations]


def _observation(
    campaign: str, document: str, published_at: datetime | None, found: Observation, reader: str
) -> Values:
    count, dates, place = found.count, found.dates, found.place
    claim: dict[str, Any] = {
        "modality": found.modality.value,
        "kind": found.kind.value,
        "count_min": count.min if count else None,
        "count_max": count.max if count else None,
        "count_qualifier": (count.qualifier if count else Qualifier.NONE).value,
        "unit": found.unit,
        "rate": found.rate,
        "date_start": dates.start if dates else None,
        "date_end": dates.end if dates else None,
        "place_code": place.code if place else None,
        "place": place.name if place else None,
        "quote_start": found.start,
        "quote_end": found.end,
    }
    return {
        "id": row_id("obs", document, *claim.values()),
        "campaign": campaign,
        "document_id": document,
        "published_at": published_at,
        **claim,
        "date_precision": dates.precision.value if dates else "none",
        "date_evidence": dates.evidence if dates else None,
        "date_relative": dates.relative if dates else False,
        "place_level": place.level if place else None,
        "place_candidates": list(place.candidates) if place else [],
        "organ": found.organ,
        "venue": list(found.venue),
        "targets": list(found.targets),
        "purposes": list(found.purposes),
        "quote": found.quote,
        "confidence": found.confidence,
        "rules": list(found.rules),
        "flags": list(found.flags),
        "original": {},
        "reader": reader,
        "superseded": False,
    }
