"""Which captures a package for others rests on: pages or claims with everything they need to be seen and checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, Engine, or_, select

from archive.capture import Capture
from archive.noted.rendition import renditions_of
from db.errors import UnknownId
from db.ingest.reread import capture_of
from db.models import CaptureRow, DocumentRow, ObservationRow, PageRow, RequisiteRow
from db.pages.pages import GOOD
from db.rows import key_of
from db.session import reading
from db.upsert import chunks


@dataclass(frozen=True, slots=True)
class PackedPage:
    """A page of a package: the capture to show, its title and its text."""

    capture: Capture
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Selection:
    """The captures of one campaign that a package needs, and the pages among them."""

    campaign: str
    captures: tuple[Capture, ...]
    pages: tuple[PackedPage, ...]


def select_campaign(engine: Engine, campaign: str, source: str | None = None) -> Selection:
    """Everything of a campaign, or of one publisher in it (by name, account or host). Raises UnknownId."""
    query = select(DocumentRow.id).where(DocumentRow.campaign == campaign, DocumentRow.superseded.is_(False))
    if source:
        named = (DocumentRow.publisher, DocumentRow.account, DocumentRow.account_id)
        query = query.where(
            or_(
                *(column == source for column in named),
                DocumentRow.url.contains(f"//{source}/", autoescape=True),
            )
        )
    with reading(engine) as connection:
        documents = list(connection.scalars(query))
        if source and not documents:
            raise UnknownId(f"the campaign {campaign!r} has no page of {source!r}")
        everything = None if source else select(CaptureRow.id).where(CaptureRow.campaign == campaign)
        ids = (
            set(connection.scalars(everything))
            if everything is not None
            else _of_documents(connection, documents)
        )
        if not ids:
            raise UnknownId(f"the campaign {campaign!r} has no captures")
        return _selection(connection, campaign, ids, documents)


def select_pages(engine: Engine, campaign: str, urls: Sequence[str]) -> Selection:
    """Every capture of some pages, with their pictures. Raises UnknownId for an address that is not archived."""
    with reading(engine) as connection:
        asked = {key_of(url): url for url in urls}
        pages: dict[str, str] = {}
        for some in chunks(asked):
            query = select(PageRow.id, PageRow.surt).where(
                PageRow.campaign == campaign, PageRow.surt.in_(some)
            )
            pages |= {row.id: row.surt for row in connection.execute(query)}
        archived = set(pages.values())
        for key, url in asked.items():
            if key not in archived:
                raise UnknownId(f"{url} is not archived in the campaign {campaign!r}")
        ids: set[str] = set()
        for some in chunks(pages):
            ids |= set(connection.scalars(select(CaptureRow.id).where(CaptureRow.page_id.in_(some))))
        documents = _documents_of(connection, ids)
        return _selection(connection, campaign, ids | _of_documents(connection, documents), documents)


def select_observations(engine: Engine, observations: Sequence[str]) -> Selection:
    """What some claims rest on. Raises UnknownId for an id that is none, or for claims of several campaigns."""
    with reading(engine) as connection:
        query = select(ObservationRow.id, DocumentRow.id.label("document"), DocumentRow.campaign)
        query = query.join(DocumentRow, DocumentRow.id == ObservationRow.document_id)
        found = {row.id: row for row in connection.execute(query.where(ObservationRow.id.in_(observations)))}
        for observation in observations:
            if observation not in found:
                raise UnknownId(f"there is no observation {observation}; holdfast observations lists them")
        campaigns = {row.campaign for row in found.values()}
        if len(campaigns) > 1:
            raise UnknownId("these observations are of several campaigns; export those of one at a time")
        documents = sorted({row.document for row in found.values()})
        return _selection(connection, campaigns.pop(), _of_documents(connection, documents), documents)


def with_asked_for(engine: Engine, selection: Selection, asked: Iterable[tuple[str, datetime]]) -> Selection:
    """The selection with the captures of what its pages asked for in a browser (`archive.noted.rendition.asked_for`).

    Of each address the last capture at that moment or before: nothing is fetched twice across a collection.
    """
    captures = {capture.record_id: capture for capture in selection.captures}
    moments = dict(sorted(asked, key=lambda each: each[1]))
    with reading(engine) as connection:
        for some in chunks(sorted(moments)):
            query = (
                select(CaptureRow.__table__)
                .where(CaptureRow.campaign == selection.campaign, CaptureRow.url.in_(some))
                .order_by(CaptureRow.time, CaptureRow.id)
            )
            last: dict[str, Capture] = {}
            for row in connection.execute(query).mappings():
                if row["time"] <= moments[row["url"]]:
                    last[row["url"]] = capture_of(row)
            captures |= {capture.record_id: capture for capture in last.values()}
        captures |= _originals(connection, selection.campaign, captures)
    return replace(selection, captures=tuple(captures.values()))


def _of_documents(connection: Connection, documents: Sequence[str]) -> set[str]:
    """The captures of documents, of all that their pages show, and of how a browser showed them."""
    ids: set[str] = set()
    for some in chunks(documents):
        rows = connection.execute(
            select(CaptureRow.id, CaptureRow.page_id, CaptureRow.campaign, CaptureRow.url).where(
                CaptureRow.document_id.in_(some)
            )
        ).all()
        ids |= {row.id for row in rows}
        pages = [row.page_id for row in rows if row.page_id]
        shown = select(RequisiteRow.capture_id).where(RequisiteRow.page_id.in_(pages))
        ids |= {capture for capture in connection.scalars(shown) if capture}
        ids |= _renditions(connection, {row.campaign for row in rows}, {row.url for row in rows})
    return ids


def _renditions(connection: Connection, campaigns: set[str], urls: set[str]) -> set[str]:
    """The captures of the pictures and PDFs that a browser made of pages."""
    ids: set[str] = set()
    for some in chunks(address for url in sorted(urls) for address in renditions_of(url)):
        query = select(CaptureRow.id)
        ids |= set(
            connection.scalars(query.where(CaptureRow.campaign.in_(campaigns), CaptureRow.url.in_(some)))
        )
    return ids


def _documents_of(connection: Connection, ids: set[str]) -> list[str]:
    query = select(CaptureRow.document_id).where(CaptureRow.id.in_(ids), CaptureRow.document_id.is_not(None))
    return sorted({document for document in connection.scalars(query) if document})


def _selection(connection: Connection, campaign: str, ids: set[str], documents: Sequence[str]) -> Selection:
    captures: dict[str, Capture] = {}
    shown: dict[str, Capture] = {}
    for some in chunks(sorted(ids)):
        query = select(CaptureRow.__table__).where(CaptureRow.id.in_(some))
        for row in connection.execute(query).mappings():
            capture = capture_of(row)
            captures[capture.record_id] = capture
            if row["document_id"] and row["availability"] in GOOD:
                shown[row["document_id"]] = capture
    pages = []
    for some in chunks(documents):
        read = select(DocumentRow.id, DocumentRow.title, DocumentRow.text).where(DocumentRow.id.in_(some))
        found = [row for row in connection.execute(read) if row.id in shown]
        pages += [PackedPage(shown[row.id], row.title, row.text) for row in found]
    captures |= _originals(connection, campaign, captures)
    pages.sort(key=lambda page: (page.capture.time, page.capture.url))
    return Selection(campaign, tuple(captures.values()), tuple(pages))


def _originals(connection: Connection, campaign: str, captures: dict[str, Capture]) -> dict[str, Capture]:
    """The captures that revisits among these repeat: without them a revisit has no bytes."""
    wanted = sorted({c.refers_to for c in captures.values() if c.refers_to} - captures.keys())
    found: dict[str, Capture] = {}
    for some in chunks(wanted):
        query = select(CaptureRow.__table__).where(
            CaptureRow.campaign == campaign, CaptureRow.record_id.in_(some)
        )
        for row in connection.execute(query).mappings():
            capture = capture_of(row)
            found[capture.record_id] = capture
    return found
