"""Pictures, styles and sounds that pages need: which are still to be fetched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, bindparam, select, update
from w3lib.url import safe_url_string

from archive.warc.warcformat import is_too_long
from db.bulk import Values
from db.models import CaptureRow, PageRow, RequisiteRow
from db.pages.imported import fetched_by_us
from db.rows import plain
from db.session import reading as reading_from
from db.upsert import chunks, table_of
from parsers.page import LinkRole, Reading

WEB = ("http://", "https://")

PENDING, CAPTURED, FAILED = "pending", "captured", "failed"

PASSING = frozenset({408, 425, 429})
"""Client errors (RFC 9110 §15.5, RFC 6585 §4) after which the same request may still succeed."""


@dataclass(frozen=True, slots=True)
class Requisite:
    """What is still to be fetched, and the page that shows it (its Referer)."""

    url: str
    page_url: str


def pending_requisites(engine: Engine, campaign: str, *, imported: bool = False) -> Iterator[Requisite]:
    """The campaign's requisites that no response has settled yet, in the order of their addresses.

    Those that only `imported` pages show are left out unless asked for.
    """
    query = (
        select(RequisiteRow.url, PageRow.url)
        .join(PageRow, PageRow.id == RequisiteRow.page_id)
        .where(RequisiteRow.campaign == campaign, RequisiteRow.state == PENDING)
        .order_by(RequisiteRow.url, PageRow.url)
    )
    if not imported:
        query = query.where(fetched_by_us(RequisiteRow.page_id))
    with reading_from(engine) as connection:
        for url, page_url in connection.execute(query):
            yield Requisite(url, page_url)


def needed_by(campaign: str, page: str, reading: Reading) -> list[Values]:
    """The rows of what the page of an article shows, all still to be fetched; `data:` addresses need no fetching, and
    those that no record can hold are not fetched.

    Addresses are those that Scrapy sends: characters that no URL may hold are percent-encoded.
    """
    shown = [image.url for image in reading.document.images] if reading.document else []
    shown += [link.url for link in reading.links if link.role is LinkRole.REQUISITE]
    addresses = (safe_url_string(plain(url)) for url in shown if url.startswith(WEB) and not is_too_long(url))
    return [
        {"page_id": page, "url": url, "campaign": campaign, "state": PENDING, "capture_id": None}
        for url in dict.fromkeys(addresses)
    ]


def fetched_requisites(engine: Engine, campaign: str) -> Iterator[str]:
    """The addresses of the campaign's requisites that are archived, each once."""
    query = select(RequisiteRow.url).where(RequisiteRow.campaign == campaign, RequisiteRow.state == CAPTURED)
    with reading_from(engine) as connection:
        yield from connection.scalars(query.distinct())


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
