"""From an id down to the record in the archive."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, update

from db.errors import UnknownId
from db.evidence.trace import trace
from db.lists.queries import observations
from db.models import DocumentRow
from tests.db.ingest.test_writing import put
from tests.db.synthetic import TEXT, article, capture, notice, read_capture

URL = "https://wechat.example/s/AbCdEfGh"


@pytest.fixture
def store(engine: Engine) -> Engine:
    put(
        engine,
        read_capture(capture(URL), article(canonical=URL)),
        read_capture(capture(URL, day=9), notice()),
    )
    return engine


def test_an_observation_is_followed_down_to_its_record(store: Engine) -> None:
    (item,) = observations(store)
    chain = trace(store, item.id)
    assert chain.observation
    assert chain.document
    assert chain.page
    assert chain.capture
    quote = chain.observation.quote
    assert quote.matches
    assert TEXT[quote.start : quote.end] == quote.quote == "采集血样53份"
    taken = capture(URL)
    assert chain.document.id == item.document_id
    assert (chain.page.availability, chain.page.notice) == ("deleted_by_publisher", "该内容已被发布者删除")
    assert (chain.capture.file, chain.capture.offset, chain.capture.payload_digest, chain.capture.record_id) == (
        taken.file, taken.offset, taken.payload_digest, taken.record_id,
    )  # fmt: skip


def test_a_chain_begins_at_the_id_asked_for(store: Engine) -> None:
    (item,) = observations(store)
    chain = trace(store, item.capture_id)
    assert (chain.observation, chain.document) == (None, None)
    assert chain.capture
    assert chain.page
    assert trace(store, item.document_id).capture == chain.capture
    assert trace(store, chain.page.id).page == chain.page


def test_a_quote_that_the_text_does_not_hold_is_told(store: Engine) -> None:
    (item,) = observations(store)
    with store.begin() as connection:
        connection.execute(update(DocumentRow).values(text="改过的文字"))
    chain = trace(store, item.id)
    assert chain.observation
    assert not chain.observation.quote.matches


@pytest.mark.parametrize("identifier", ["obs-0000000000000000", "nonsense", "", "doc-", "cap-'; DROP TABLE"])
def test_an_unknown_id_is_named(store: Engine, identifier: str) -> None:
    with pytest.raises(UnknownId, match="nothing has the id"):
        trace(store, identifier)
