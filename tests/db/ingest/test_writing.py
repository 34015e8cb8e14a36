"""What the store holds after captures come in, in whatever order."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, select

from db.campaigns import Terms
from db.ingest.writing import ReadCapture, write
from db.models import (
    CaptureRow,
    DocumentRow,
    LookRow,
    ObservationRow,
    PageRow,
    RequisiteRow,
    ReviewRow,
    Row,
    SourceRow,
)
from db.pages.pages import captured_addresses, is_captured
from db.pages.requisites import pending_requisites
from db.session import reading
from parsers.availability.states import Availability
from parsers.identity import canonical
from parsers.observation import Modality
from parsers.page import PageKind, Reading
from tests.db.synthetic import (
    BEGIN,
    TEXT,
    article,
    capture,
    document,
    notice,
    observation,
    read_capture,
    reported,
)

CANONICAL = "https://wechat.example/s/AbCdEf"
LONG = "https://wechat.example/s?__biz=MzU4NDc0&mid=1&idx=1&sn=aa&scene=4"


def put(engine: Engine, *batch: ReadCapture, reader: str = "r1", campaign: str = "tibet-dna") -> None:
    with engine.begin() as connection:
        write(connection, campaign, batch, terms=Terms("54"), reader=reader)


def table(engine: Engine, model: type[Row], *columns: str) -> list[tuple[Any, ...]]:
    query = select(*(getattr(model, name) for name in columns))
    with reading(engine) as connection:
        return sorted(tuple(row) for row in connection.execute(query))


def everything(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    with reading(engine) as connection:
        return {
            name: sorted(map(repr, connection.execute(model.select())))
            for name, model in Row.metadata.tables.items()
        }


def test_a_capture_becomes_page_document_observation_source_and_pictures(engine: Engine) -> None:
    put(engine, read_capture(capture(LONG), article(canonical=CANONICAL), source_path="saved/1.html"))
    assert table(engine, PageRow, "url", "availability", "captures") == [(CANONICAL, "live", 1)]
    assert table(engine, SourceRow, "kind", "name", "biz") == [("wechat", "林周公安", "MzU4NDc0")]
    assert table(engine, DocumentRow, "url", "title", "relevant") == [(CANONICAL, "旁多派出所采血工作", True)]
    assert table(engine, CaptureRow, "url", "source_path", "reader") == [(LONG, "saved/1.html", "r1")]
    assert table(engine, LookRow, "state", "time") == [("live", BEGIN)]
    assert [requisite.url for requisite in pending_requisites(engine, "tibet-dna", imported=True)] == [
        "https://img.example/1.jpg",
        "https://img.example/2.jpg",
    ]
    ((quote, start, end, code),) = table(
        engine, ObservationRow, "quote", "quote_start", "quote_end", "place_code"
    )
    assert (quote, TEXT[start:end], code) == ("采集血样53份", "采集血样53份", "540121208")


def test_the_same_capture_twice_changes_nothing(engine: Engine) -> None:
    batch = [
        read_capture(capture(LONG), article(canonical=CANONICAL)),
        read_capture(capture(LONG, day=3), notice()),
    ]
    put(engine, *batch)
    before = everything(engine)
    put(engine, *batch)
    assert everything(engine) == before


def test_one_text_seen_on_two_pages_is_two_documents(engine: Engine) -> None:
    put(engine, read_capture(capture("https://a.example/1")), read_capture(capture("https://b.example/2")))
    assert len(table(engine, DocumentRow, "id")) == 2


def test_white_space_and_width_make_no_new_document(engine: Engine) -> None:
    spaced = TEXT.replace("。", "。\n\u200b").replace("53", "５３")
    put(engine, read_capture(capture(LONG)))
    put(
        engine,
        read_capture(
            capture(LONG, day=1),
            article(document(spaced)),
            reported(observation("采集血样５３份", text=spaced)),
        ),
    )
    assert len(table(engine, DocumentRow, "id")) == 1


def test_campaigns_do_not_share_rows(engine: Engine) -> None:
    put(engine, read_capture(capture(LONG)), campaign="tibet-dna")
    put(engine, read_capture(capture(LONG)), campaign="qinghai-iris")
    assert len(table(engine, DocumentRow, "id")) == len(table(engine, CaptureRow, "id")) == 2


def test_characters_that_no_database_holds_are_replaced_one_for_one(engine: Engine) -> None:
    text = "合成\0测试\ud800：采集血样53份"
    put(engine, read_capture(capture(LONG), article(document(text)), reported(observation(text=text))))
    ((stored,),) = table(engine, DocumentRow, "text")
    ((start, end),) = table(engine, ObservationRow, "quote_start", "quote_end")
    assert stored == "合成\ufffd测试\ufffd：采集血样53份"
    assert stored[start:end] == "采集血样53份"


def test_a_new_reader_supersedes_what_it_no_longer_reads(engine: Engine) -> None:
    put(
        engine,
        read_capture(capture(LONG), claims=reported(observation(), observation(count=54))),
        reader="r1",
    )
    put(
        engine,
        read_capture(capture(LONG), claims=reported(observation(), observation(count=55))),
        reader="r2",
    )
    assert table(engine, ObservationRow, "count_max", "superseded", "reader") == [
        (53, False, "r2"),
        (54, True, "r1"),
        (55, False, "r2"),
    ]


def test_a_review_stays_with_its_quote(engine: Engine) -> None:
    taken = read_capture(capture(LONG), claims=reported(observation(count=54)))
    put(engine, taken)
    ((identifier, doc),) = table(engine, ObservationRow, "id", "document_id")
    with engine.begin() as connection:
        connection.execute(
            ReviewRow.__table__.insert(),  # type: ignore[attr-defined]
            {
                "id": "rev-1", "campaign": "tibet-dna", "observation_id": identifier, "document_id": doc,
                "url": LONG, "modality": "dna", "quote": "采集血样53份",
                "quote_start": TEXT.index("采集血样"),
                "verdict": "corrected", "corrected": {"count_max": 53}, "reason": "misread", "reviewer": "A",
                "made_at": BEGIN,
            },
        )  # fmt: skip
    put(engine, read_capture(capture(LONG), claims=reported(observation(count=53))), reader="r2")
    ((attached, corrected),) = table(engine, ReviewRow, "observation_id", "corrected")
    ((current,),) = [(row[0],) for row in table(engine, ObservationRow, "id", "superseded") if not row[1]]
    assert attached == current != identifier
    assert corrected == {"count_max": 53}
    put(
        engine, read_capture(capture(LONG), claims=reported(observation(modality=Modality.IRIS))), reader="r3"
    )
    assert table(engine, ReviewRow, "observation_id", "verdict") == [(None, "corrected")]


@pytest.mark.parametrize(
    ("status", "state"),
    [(200, "captured"), (404, "failed"), (403, "failed"), (429, "pending"), (503, "pending")],
)
@pytest.mark.parametrize("picture_first", [False, True])
def test_a_picture_is_settled_by_its_response(
    engine: Engine, status: int, state: str, picture_first: bool
) -> None:
    page = read_capture(capture(LONG))
    picture = ReadCapture(
        capture("https://img.example/1.jpg", status=status, mime="image/jpeg"), None, None, None
    )
    for item in (picture, page) if picture_first else (page, picture):
        put(engine, item)
    assert table(engine, RequisiteRow, "url", "state") == [
        ("https://img.example/1.jpg", state),
        ("https://img.example/2.jpg", "pending"),
    ]
    assert table(engine, PageRow, "url") == [(canonical(LONG),)]


def test_a_picture_once_captured_stays_so(engine: Engine) -> None:
    put(engine, read_capture(capture(LONG)))
    for day, status in ((0, 200), (1, 404)):
        url = "https://img.example/1.jpg"
        put(engine, ReadCapture(capture(url, day=day, status=status, mime="image/jpeg"), None, None, None))
    assert ("https://img.example/1.jpg", "captured") in table(engine, RequisiteRow, "url", "state")


def test_only_a_good_capture_makes_a_page_done(engine: Engine) -> None:
    blocked = Reading("wechat", PageKind.VERIFICATION, Availability.BLOCKED)
    put(
        engine,
        read_capture(capture(LONG), article(canonical=CANONICAL)),
        read_capture(capture("https://wechat.example/s/blocked"), blocked),
    )
    assert is_captured(engine, "tibet-dna", LONG)
    assert is_captured(engine, "tibet-dna", CANONICAL)
    assert not is_captured(engine, "tibet-dna", "https://wechat.example/s/blocked")
    assert not is_captured(engine, "qinghai-iris", LONG)
    assert set(captured_addresses(engine, "tibet-dna")) == {LONG, CANONICAL}
