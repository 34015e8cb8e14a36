"""Captures into rows, with the real readers."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from archive.capture import Capture
from db import rows
from db.ingest.captures import Captured, ingest
from db.lists.filters import Filters
from db.lists.queries import documents
from db.models import CaptureRow, DocumentRow, LookRow, ObservationRow, PageRow
from db.session import reading
from parsers.page import Page, Reading
from parsers.script import FOR_PEOPLE
from tests.db.ingest.test_writing import CANONICAL, LONG, everything, table
from tests.db.synthetic import BEGIN, TEXT, article, capture, document, notice

TIBETAN = Path(__file__).parents[2] / "parsers" / "pages" / "generic" / "tibetan_article.html"


def taken(found: Capture, read: Reading | None = None, body: bytes = b"") -> Captured:
    return Captured(found, Page(found.url, body, found.status or 0, found.mime, found.time), None, read)


STORY: Sequence[Captured] = (
    taken(capture(LONG, day=0), article(canonical=CANONICAL)),
    taken(capture(LONG, day=1), article(canonical=CANONICAL)),
    taken(capture(CANONICAL, day=2), article(document(TEXT + "更新。"), canonical=CANONICAL)),
    taken(capture(LONG, day=3), notice()),
)
"""A page seen live, unchanged, changed under its canonical address, and deleted."""


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))), ids=str)
def test_the_order_in_which_captures_come_does_not_matter(engine: Engine, order: tuple[int, ...]) -> None:
    for position in order:
        ingest(engine, "tibet-dna", [STORY[position]])
    assert table(engine, PageRow, "url", "availability", "captures", "first_seen") == [
        (CANONICAL, "deleted_by_publisher", 4, BEGIN)
    ]
    assert [state for _, state in table(engine, LookRow, "time", "state")] == [
        "live",
        "live",
        "changed",
        "deleted_by_publisher",
    ]
    assert table(engine, DocumentRow, "captured_at") == [(BEGIN,), (STORY[2].capture.time,)]


def test_one_batch_or_many_give_the_same_rows(engine: Engine) -> None:
    ingest(engine, "tibet-dna", STORY, region="54")
    at_once = everything(engine)
    for item in reversed(STORY):
        ingest(engine, "tibet-dna", [item], again=True)
    assert everything(engine) == at_once


def test_the_report_counts_what_is_new(engine: Engine) -> None:
    first = ingest(engine, "tibet-dna", STORY, region="54")
    assert (first.captures, first.new_captures, first.documents, first.new_documents) == (4, 4, 3, 2)
    assert first.notices == 1
    assert first.observations == len(table(engine, ObservationRow, "id")) > 0
    second = ingest(engine, "tibet-dna", STORY)
    assert (second.captures, second.new_captures, second.new_documents) == (4, 0, 0)


def test_an_article_in_tibetan_is_kept_and_listed_for_people_to_read(engine: Engine) -> None:
    saved = TIBETAN.read_bytes()
    ingest(engine, "tibet-dna", [*STORY, taken(capture("https://zf.ceshi.example/bo/1.html"), body=saved)])
    (found,) = documents(engine, Filters(language="bo"))
    assert (found.url, found.language, found.relevant) == ("https://zf.ceshi.example/bo/1.html", "bo", False)
    assert ("bo", FOR_PEOPLE) in table(engine, DocumentRow, "language", "register")
    assert all(other.language == "zh" for other in documents(engine) if other.id != found.id)


def test_offsets_index_the_stored_text(engine: Engine) -> None:
    ingest(engine, "tibet-dna", STORY)
    query = select(
        DocumentRow.text, ObservationRow.quote_start, ObservationRow.quote_end, ObservationRow.quote
    ).join(ObservationRow, ObservationRow.document_id == DocumentRow.id)
    with reading(engine) as connection:
        found = connection.execute(query).all()
    assert found
    assert all(row.text[row.quote_start : row.quote_end] == row.quote for row in found)


def test_what_is_no_page_is_kept_as_a_capture_only(engine: Engine) -> None:
    picture = capture("https://img.example/1.jpg", mime="image/jpeg")
    robots = capture("https://a.example/robots.txt", mime="text/plain")
    ingest(engine, "tibet-dna", [taken(picture, body=b"\xff\xd8"), taken(robots, body=b"User-agent: *")])
    assert table(engine, PageRow, "id") == []
    assert len(table(engine, CaptureRow, "id")) == 2


def test_hostile_bytes_become_a_capture_and_no_document(engine: Engine) -> None:
    bodies = [b"", b"\x00" * 100, b"<" * 5000, bytes(range(256)) * 10]
    items = [taken(capture("https://a.example/x", name=str(n)), body=body) for n, body in enumerate(bodies)]
    report = ingest(engine, "tibet-dna", items)
    assert report.new_captures == 4
    assert len(table(engine, CaptureRow, "id")) == 4


def test_ids_are_those_of_the_archive_record(engine: Engine) -> None:
    ingest(engine, "tibet-dna", STORY)
    assert table(engine, CaptureRow, "id") == sorted(
        (rows.capture_id("tibet-dna", item.capture),) for item in STORY
    )
