"""What a study cites of a document."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Engine

from db.estimates import estimates_of, freeze, frozen
from db.evidence.cited import cited
from db.evidence.trace import trace
from db.lists.queries import observations, pages
from parsers.document import Part
from tests.db.ingest.test_writing import put
from tests.db.synthetic import BEGIN, article, capture, document, notice, read_capture

URL = "https://wechat.example/s/AbCdEfGh"


def test_a_document_is_cited_by_the_record_it_was_read_from_and_the_state_of_its_page(engine: Engine) -> None:
    put(
        engine,
        read_capture(capture(URL), article(canonical=URL)),
        read_capture(capture(URL, day=3), article(canonical=URL)),
        read_capture(capture(URL, day=9), notice()),
    )
    (item,) = observations(engine)
    (found,) = cited(engine, [item.document_id])
    taken = capture(URL)
    (record,) = found.records
    assert (record.file, record.offset, record.payload_digest) == (
        taken.file,
        taken.offset,
        taken.payload_digest,
    )
    assert (found.url, found.availability, found.confirmed) == (URL, "deleted_by_publisher", "live")
    assert found.last_checked == BEGIN + timedelta(days=9)


def test_a_page_of_saved_files_alone_was_not_looked_at(engine: Engine) -> None:
    saved = replace(capture(URL), status=None)
    put(engine, read_capture(saved, article(canonical=URL), source_path="saved.html"))
    (item,) = observations(engine)
    (found,) = cited(engine, [item.document_id])
    assert (found.looked_at, found.state) == (False, "not_looked_at")
    page = trace(engine, item.id).page
    assert page is not None
    assert not page.looked_at
    assert [each.last_checked for each in pages(engine)] == [None]
    put(engine, read_capture(capture(URL, day=3), article(canonical=URL)))
    (found,) = cited(engine, [item.document_id])
    assert (found.looked_at, found.state) == (True, "live")
    assert BEGIN + timedelta(days=3) in [each.last_checked for each in pages(engine)]


def test_an_article_in_several_pages_has_a_record_for_each(engine: Engine) -> None:
    urls = [URL, f"{URL}?page=2"]
    whole = article(document(parts=tuple(Part(20 * n, url) for n, url in enumerate(urls))), canonical=URL)
    put(engine, *(read_capture(capture(url, day=day), whole) for day in (0, 5) for url in urls))
    (found,) = cited(engine, {item.document_id for item in observations(engine)})
    assert [(record.url, record.time) for record in found.records] == [(url, BEGIN) for url in urls]


def test_documents_are_in_order_of_publication(engine: Engine) -> None:
    urls = [f"https://wechat.example/s/{name}" for name in "cab"]
    put(engine, *(read_capture(capture(url), article(document(f"合成{url}"), canonical=url)) for url in urls))
    found = cited(engine, {item.document_id for item in observations(engine)})
    assert [each.url for each in found] == sorted(urls), "all of one day, so by address"


def test_the_estimates_of_a_campaign_are_listed_the_latest_first(engine: Engine) -> None:
    for day, identifier in enumerate(("est-1", "est-2", "est-3")):
        made = {
            "id": identifier,
            "recipe": "exemplar",
            "region": "54",
            "year": 2020,
            "inputs": [{"trace": "obs-1"}],
        }
        freeze(engine, "other" if day == 1 else "tibet-dna", made, BEGIN + timedelta(days=day))
    found = estimates_of(engine, "tibet-dna")
    assert [each["id"] for each in found] == ["est-3", "est-1"]
    assert found[0] == frozen(engine, "est-3")
