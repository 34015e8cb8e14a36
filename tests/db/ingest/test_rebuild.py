"""The store derived again from the archive, and readings renewed."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, update

from archive.collection import Collection
from db.ingest import captures as ingesting
from db.ingest import reread as rereading
from db.ingest.archived import from_archive
from db.ingest.captures import ingest
from db.ingest.rebuild import rebuild
from db.ingest.reread import reread
from db.lists.queries import observations
from db.models import CaptureRow, DocumentRow, ObservationRow, ReviewRow, Row
from tests.db.archived import BEGIN, LINZHOU, LUOLONG, archive_pages
from tests.db.ingest.test_writing import everything, table

URLS = ("http://gov.example/art/1.html", "http://gov.example/art/2.html")


@pytest.fixture
def collection(engine: Engine, tmp_path: Path) -> Collection:
    """Two pages archived and ingested, the first seen again unchanged."""
    made, captures = archive_pages(
        tmp_path / "collections" / "tibet-dna",
        (URLS[0], LINZHOU),
        (URLS[1], LUOLONG),
        (URLS[0], LINZHOU),
    )
    ingest(engine, "tibet-dna", [from_archive(made, capture) for capture in captures], region="54")
    return made


def review(engine: Engine, item_id: str) -> None:
    """Accepts the observation of that id."""
    (item,) = [found for found in observations(engine) if found.id == item_id]
    with engine.begin() as connection:
        connection.execute(
            insert(ReviewRow).values(
                id="rev-1", campaign="tibet-dna", observation_id=item.id, document_id=item.document_id,
                url=item.url, modality=item.modality, quote=item.quote, quote_start=item.quote_start,
                verdict="accepted", corrected={}, reason="seen", reviewer="A", made_at=BEGIN,
            )
        )  # fmt: skip


def derived(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    return everything(engine)


def test_pages_read_back_from_the_archive_give_observations(engine: Engine, collection: Collection) -> None:
    assert sorted(item.count_max or 0 for item in observations(engine)) == [53, 417]
    assert len(table(engine, CaptureRow, "id")) == 3
    assert len(table(engine, DocumentRow, "id")) == 2


def test_a_rebuilt_store_has_the_same_rows(engine: Engine, collection: Collection) -> None:
    review(engine, next(iter(observations(engine))).id)
    before = derived(engine)
    report = rebuild(engine, "tibet-dna", collection)
    assert derived(engine) == before
    assert (report.captures, report.new_documents, report.failures) == (3, 2, ())


def test_a_store_that_was_lost_comes_back_with_the_same_rows(
    engine: Engine, collection: Collection, tmp_path: Path
) -> None:
    before = derived(engine)
    with engine.begin() as connection:
        for model in reversed(Row.metadata.sorted_tables):
            connection.execute(model.delete())
    rebuild(engine, "tibet-dna", collection, region="54")
    assert derived(engine) == before


def test_a_damaged_record_is_named_and_the_rest_is_rebuilt(engine: Engine, collection: Collection) -> None:
    (place,) = [row for row in table(engine, CaptureRow, "url", "warc_offset", "file") if row[0] == URLS[1]]
    path = collection.path_of(place[2])
    content = bytearray(path.read_bytes())
    content[place[1] + 40 : place[1] + 60] = bytes(20)
    path.write_bytes(content)
    report = rebuild(engine, "tibet-dna", collection)
    assert [url for url, _ in report.failures] == [URLS[1]]
    assert [item.count_max for item in observations(engine)] == [53]


def test_nothing_is_read_again_while_the_reader_is_the_same(engine: Engine, collection: Collection) -> None:
    assert reread(engine, lambda campaign: collection).captures == 0
    before = derived(engine)
    assert reread(engine, lambda campaign: collection, everything=True).captures == 3
    assert derived(engine) == before


def test_a_new_reader_reads_everything_again_and_keeps_reviews(
    engine: Engine, collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = next(item for item in observations(engine) if item.count_max == 53)
    review(engine, kept.id)
    with engine.begin() as connection:
        connection.execute(
            update(ObservationRow).where(ObservationRow.id == kept.id).values(organ="someone else")
        )
    for module in (ingesting, rereading):
        monkeypatch.setattr(module, "reader_version", lambda: "a later one")
    report = reread(engine, lambda campaign: collection)
    assert report.captures == 3
    assert {row[0] for row in table(engine, ObservationRow, "reader")} == {"a later one"}
    (again,) = [item for item in observations(engine) if item.id == kept.id]
    assert (again.organ, again.review) == (kept.organ, "accepted")


def test_a_text_that_is_no_longer_found_is_superseded(
    engine: Engine, collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    with engine.begin() as connection:
        connection.execute(update(CaptureRow).where(CaptureRow.url == URLS[1]).values(document_id=None))
        rereading.supersede_orphans(connection, "tibet-dna")
    assert [item.count_max for item in observations(engine)] == [53]
    assert sorted(row[0] for row in table(engine, DocumentRow, "superseded")) == [False, True]


def test_a_lost_archive_file_is_a_failure_and_keeps_the_rows(engine: Engine, collection: Collection) -> None:
    for path in collection.warcs():
        path.unlink()
    before = derived(engine)
    report = reread(engine, lambda campaign: collection, everything=True)
    assert len(report.failures) == 3
    assert derived(engine) == before
