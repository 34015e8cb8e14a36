"""Pictures that pages need: which are still to be fetched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, bindparam, select, update

from db.models import CaptureRow, PageRow, RequisiteRow
from db.rows import plain
from db.session import reading
from db.upsert import Values, chunks, table_of
from parsers.document import Document

PENDING, CAPTURED, FAILED = "pending", "captured", "failed"

PASSING = frozenset({408, 425, 429})
"""Client errors (RFC 9110 §15.5, RFC 6585 §4) after which the same request may still succeed."""


@dataclass(frozen=True, slots=True)
class Requisite:
    """A picture still to be fetched, and the page that shows it (its Referer)."""

    url: str
    page_url: str


def pending_requisites(engine: Engine, campaign: str) -> Iterator[Requisite]:
    """The campaign's pictures that no response has settled yet, in the order of their addresses."""
    query = (
        select(RequisiteRow.url, PageRow.url)
        .join(PageRow, PageRow.id == RequisiteRow.page_id)
        .where(RequisiteRow.campaign == campaign, RequisiteRow.state == PENDING)
        .order_by(RequisiteRow.url, PageRow.url)
    )
    with reading(engine) as connection:
        for url, page_url in connection.execute(query):
            yield Requisite(url, page_url)


def needed_by(campaign: str, page: str, document: Document) -> list[Values]:
    """The rows of the pictures of a document, all still to be fetched; `data:` addresses need no fetching."""
    return [
        {"page_id": page, "url": plain(image.url), "campaign": campaign, "state": PENDING, "capture_id": None}
        for image in document.images
        if image.url.startswith(("http://", "https://"))
    ]


def settle_requisites(
    connection: Connection, campaign: str, needed: Iterable[str], captures: Sequence[Values]
) -> None:
    """Sets the state of pictures that a capture answers, whichever of page and picture came first."""
    answers: dict[str, Values] = {}
    for chunk in chunks(sorted(set(needed))):
        query = select(CaptureRow.id, CaptureRow.url, CaptureRow.status).where(
            CaptureRow.campaign == campaign, CaptureRow.url.in_(chunk)
        )
        for capture in connection.execute(query.order_by(CaptureRow.time, CaptureRow.id)).mappings():
            _answer(answers, dict(capture))
    for values in sorted(captures, key=lambda values: (values["time"], values["id"])):
        _answer(answers, values)
    if answers:
        table = table_of(RequisiteRow)
        statement = update(table).where(
            table.c.campaign == campaign, table.c.url == bindparam("b_url"), table.c.state != CAPTURED
        )
        connection.execute(statement, [answers[url] for url in sorted(answers)])


def _answer(answers: dict[str, Values], capture: Values) -> None:
    state = _state(capture["status"])
    if state == CAPTURED or answers.get(capture["url"], {}).get("state") != CAPTURED:
        answers[capture["url"]] = {"b_url": capture["url"], "state": state, "capture_id": capture["id"]}


def _state(status: int | None) -> str:
    if status is None:
        return CAPTURED
    if status < 400:
        return CAPTURED
    return FAILED if status < 500 and status not in PASSING else PENDING
