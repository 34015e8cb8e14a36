"""What each look at a page found, decided anew from all that is known of the page whenever something is added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.orm import aliased

from db.bulk import Values
from db.models import CaptureRow, DocumentRow, LookRow
from db.upsert import chunks, table_of
from parsers.availability.classify import Failure, Look, classify
from parsers.availability.confirmation import PRESENT
from parsers.availability.similarity import similarity
from parsers.availability.states import Availability, Notice
from parsers.document import Document
from parsers.page import PageKind, Reading

_NOTICE = ("notice", "notice_language", "reason", "reason_id", "account", "account_id")
_HELD = Document("", "")
"""Stands for the document of a reading: its text is compared, nothing else of it is asked for."""


@dataclass(frozen=True, slots=True)
class StoredLook:
    """A look as the store has it.

    `url` is the address looked at, `found_url` that of the response it ended with. `document` is the id of what was
    read there. `covers` are the captures of a look that took several exchanges; the looks that they would be by
    themselves are `part_of` it. `is_own` says that the look has a record of its own.
    """

    id: str
    time: datetime
    url: str
    found_url: str | None
    status: int | None
    reading: Reading | None
    document: str | None
    truncated: bool
    failure: Failure | None
    capture_id: str | None
    covers: tuple[str, ...]
    is_own: bool
    part_of: str | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A look with its verdict."""

    look: StoredLook
    state: Availability
    evidence: str

    @property
    def counts(self) -> bool:
        """Whether it is a look of its own and not a step of another."""
        return self.look.part_of is None


def judge(looks: Sequence[StoredLook], texts: Mapping[str, str]) -> list[Judged]:
    """The verdict on each look at one page, in order of time; `texts` are those of documents that are compared."""
    covering = {capture: look.id for look in looks for capture in look.covers}
    judged: list[Judged] = []
    before: str | None = None
    for look in sorted(looks, key=lambda look: (look.time, look.id)):
        part_of = None if look.is_own else covering.get(look.capture_id or "")
        found = _judged(replace(look, part_of=part_of), before, texts)
        judged.append(found)
        if look.document and found.state in PRESENT and found.counts:
            before = look.document
    return judged


def _judged(look: StoredLook, before: str | None, texts: Mapping[str, str]) -> Judged:
    alike = None
    if before and look.document and not look.truncated:
        alike = 1.0 if look.document == before else similarity(texts[before], texts[look.document])
    verdict = classify(
        Look(
            url=look.url,
            status=look.status,
            final_url=look.found_url if look.found_url != look.url else None,
            reading=look.reading,
            similarity=alike,
            failure=look.failure,
            was_article=before is not None,
        )
    )
    return Judged(look, verdict.availability, verdict.evidence)


def judged_pages(connection: Connection, pages: Sequence[str]) -> dict[str, list[Judged]]:
    """The looks at each of `pages`, judged."""
    own = aliased(LookRow)
    query = (
        select(
            *LookRow.__table__.columns,
            CaptureRow.url.label("found_url"),
            CaptureRow.status,
            CaptureRow.kind,
            CaptureRow.family,
            CaptureRow.availability,
            CaptureRow.document_id,
            CaptureRow.truncated,
            *(getattr(own, name).label(f"own_{name}") for name in _NOTICE),
        )
        .outerjoin(CaptureRow, CaptureRow.id == LookRow.capture_id)
        .outerjoin(own, (own.capture_id == LookRow.capture_id) & own.record_id.is_(None))
        .where(LookRow.page_id.in_(pages))
        .order_by(LookRow.page_id)
    )
    found = connection.execute(query).all()
    looks = {page: [_stored(row) for row in group] for page, group in groupby(found, lambda row: row.page_id)}
    texts = _texts(connection, looks)
    return {page: judge(stored, texts) for page, stored in looks.items()}


def _stored(row: Any) -> StoredLook:
    is_own = row.record_id is not None
    notice = None
    if row.own_notice is not None:
        notice = Notice(
            row.own_notice, row.own_notice_language or "", *(getattr(row, f"own_{n}") for n in _NOTICE[2:])
        )
    reading = None
    if row.kind is not None:
        kind, state = PageKind(row.kind), Availability(row.availability)
        reading = Reading(row.family, kind, state, document=_HELD if row.document_id else None, notice=notice)
    return StoredLook(
        id=row.id,
        time=row.time,
        url=row.url or row.found_url or "",
        found_url=row.found_url,
        # Saved files have no status; whoever saved one saw a page.
        status=None if row.capture_id is None else row.status or 200,
        reading=reading,
        document=row.document_id,
        truncated=row.truncated is not None,
        failure=Failure(row.failure) if row.failure else None,
        capture_id=row.capture_id,
        covers=tuple(filter(None, (row.capture_id, *(row.through or ())))) if is_own else (),
        is_own=is_own,
    )


def _texts(connection: Connection, looks: Mapping[str, Sequence[StoredLook]]) -> dict[str, str]:
    """The texts of documents of pages that have shown more than one."""
    wanted: set[str] = set()
    for stored in looks.values():
        shown = {look.document for look in stored if look.document}
        wanted |= shown if len(shown) > 1 else set()
    texts: dict[str, str] = {}
    for chunk in chunks(sorted(wanted)):
        query = select(DocumentRow.id, DocumentRow.title, DocumentRow.text).where(DocumentRow.id.in_(chunk))
        texts |= {row.id: row.text or row.title for row in connection.execute(query)}
    return texts


def write_judgements(connection: Connection, judged: Sequence[Judged]) -> None:
    """Writes the verdicts; a look with a record of its own also gets the notice that its response showed."""
    table = table_of(LookRow)
    every: list[Values] = [
        {
            "b_id": found.look.id,
            "state": found.state.value,
            "evidence": found.evidence,
            "part_of": found.look.part_of,
        }
        for found in judged
    ]
    if every:
        connection.execute(update(table).where(table.c.id == bindparam("b_id")), every)
    noticed = [
        {"b_id": found.look.id, **_notice_values(found.look.reading)} for found in judged if found.look.is_own
    ]
    if noticed:
        connection.execute(update(table).where(table.c.id == bindparam("b_id")), noticed)


def _notice_values(reading: Reading | None) -> Values:
    notice = reading.notice if reading else None
    if notice is None:
        return dict.fromkeys(_NOTICE)
    words = (notice.text, notice.language, notice.reason, notice.reason_id, notice.account, notice.account_id)
    return dict(zip(_NOTICE, words, strict=True))


def pages_to_judge_with(connection: Connection, pages: Sequence[str]) -> set[str]:
    """Pages whose looks ended with a capture of one of `pages`: what is read there decides their state too."""
    query = (
        select(LookRow.page_id)
        .join(CaptureRow, CaptureRow.id == LookRow.capture_id)
        .where(CaptureRow.page_id.in_(pages), LookRow.page_id != CaptureRow.page_id)
    )
    return set(connection.scalars(query))


def rehome_looks(connection: Connection, pages: Sequence[str]) -> set[str]:
    """Moves looks with a record of their own to where the capture is now that they were since; gives those pages."""
    query = (
        select(LookRow.id, CaptureRow.page_id)
        .join(CaptureRow, CaptureRow.id == LookRow.since_id)
        .where(LookRow.page_id.in_(pages), CaptureRow.page_id != LookRow.page_id)
    )
    moved = connection.execute(query).all()
    for row in moved:
        connection.execute(update(LookRow).where(LookRow.id == row.id).values(page_id=row.page_id))
    return {row.page_id for row in moved}
