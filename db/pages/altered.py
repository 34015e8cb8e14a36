"""Figures that a later text of their page gives otherwise, decided anew from all that is known of the page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, String, bindparam, cast, func, select, update

from db import rows
from db.bulk import Values
from db.claims.due import mark_due
from db.claims.stated import REJECTED
from db.lists.filters import latest_verdict
from db.models import CaptureRow, DocumentRow, ObservationRow
from db.upsert import chunks, table_of

LATER = "later text of the page says"
"""How the flag begins of a figure that the page's newest text on the same gives otherwise: `later text of the page says
150`, with the lower end of the new figure."""

_SAME = ("modality", "kind", "place_code", "place", "date_start", "date_end")
"""What two figures for the same have in common, besides the groups of people."""


def settle_altered(connection: Connection, campaign: str, pages: Collection[str]) -> None:
    """Flags of these pages what a later text gives otherwise, and nothing else, in whatever order the texts came.

    Of the texts that have a figure for the same that no reviewer rejected, the one seen last says what it is. A figure
    of an older text that this one does not have is flagged where it has one instead that the older did not have: what
    was only taken out of a page stays as it was.
    """
    for chunk in chunks(sorted(pages)):
        shown = _that_may_differ(connection, _texts(connection, chunk))
        said = _said(connection, [document for texts in shown for document in texts])
        changed: dict[str, Any] = {}
        for texts in shown:
            figures = [said[document] for document in texts if document in said]
            for each, flags in _flagged(figures):
                if flags != each.flags:
                    changed[each.id] = each.document_id, flags
        _write(connection, campaign, changed)


def pages_of(connection: Connection, campaign: str, documents: Iterable[str]) -> set[str]:
    """The pages that showed these documents, also those that no capture is read as any more."""
    found: set[str] = set()
    for chunk in chunks(documents):
        urls = connection.scalars(select(DocumentRow.url).where(DocumentRow.id.in_(chunk)).distinct())
        found |= {rows.page_id(campaign, url) for url in urls}
    return found


def _texts(connection: Connection, pages: Sequence[str]) -> Mapping[str, list[str]]:
    """The documents of each page, the one seen last first."""
    capture = CaptureRow
    query = (
        select(capture.page_id, capture.document_id, func.max(capture.time).label("last"))
        .where(capture.page_id.in_(pages), capture.document_id.is_not(None))
        .group_by(capture.page_id, capture.document_id)
        .order_by(capture.page_id, func.max(capture.time).desc(), capture.document_id)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for page, document, _ in connection.execute(query):
        if page and document:
            found[page].append(document)
    return found


def _that_may_differ(connection: Connection, shown: Mapping[str, list[str]]) -> list[list[str]]:
    """The texts of pages with more than one, and of those with one that is flagged from when there were more."""
    alone = {texts[0] for texts in shown.values() if len(texts) == 1}
    row, flagged = ObservationRow, set[str]()
    for chunk in chunks(sorted(alone)):
        told = cast(row.flags, String).contains(LATER)
        flagged |= set(connection.scalars(select(row.document_id).where(row.document_id.in_(chunk), told)))
    return [texts for texts in shown.values() if len(texts) > 1 or texts[0] in flagged]


def _said(connection: Connection, documents: Iterable[str]) -> Mapping[str, list[Any]]:
    """The current observations with a number in each of these documents, with the last verdict on each."""
    row = ObservationRow
    columns = [getattr(row, name) for name in _SAME]
    found: dict[str, list[Any]] = defaultdict(list)
    for chunk in chunks(documents):
        query = select(
            row.id, row.document_id, *columns, row.targets, row.count_min, row.count_max, row.flags,
            latest_verdict().label("verdict"),
        ).where(row.document_id.in_(chunk), ~row.superseded, row.count_min.is_not(None))  # fmt: skip
        for each in connection.execute(query):
            found[each.document_id].append(each)
    return found


def _flagged(texts: Iterable[Sequence[Any]]) -> Iterator[tuple[Any, list[str]]]:
    """Every figure of a page with the flags it is to have; `texts` are those of its texts, the one seen last first."""
    newest: dict[object, set[tuple[int, int]]] = {}
    for figures in texts:
        told: dict[object, set[tuple[int, int]]] = defaultdict(set)
        standing: dict[object, set[tuple[int, int]]] = defaultdict(set)
        for each in figures:
            told[_about(each)].add(_figure(each))
            if each.verdict != REJECTED:
                standing[_about(each)].add(_figure(each))
        for each in figures:
            now = newest.get(_about(each), set())
            instead = now - told[_about(each)]
            flags = [flag for flag in each.flags if not flag.startswith(LATER)]
            if instead and _figure(each) not in now:
                flags.append(f"{LATER} {min(instead)[0]}")
            yield each, flags
        for what, some in standing.items():
            newest.setdefault(what, some)


def _about(each: Any) -> tuple[object, ...]:
    return *(getattr(each, name) for name in _SAME), frozenset(each.targets)


def _figure(each: Any) -> tuple[int, int]:
    return each.count_min, each.count_max


def _write(connection: Connection, campaign: str, changed: Mapping[str, tuple[str, list[str]]]) -> None:
    if not changed:
        return
    mark_due(connection, campaign, sorted({document for document, _ in changed.values()}))
    table = table_of(ObservationRow)
    every: list[Values] = [{"b_id": each, "flags": flags} for each, (_, flags) in changed.items()]
    connection.execute(update(table).where(table.c.id == bindparam("b_id")), every)
