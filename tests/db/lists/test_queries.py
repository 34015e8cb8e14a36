"""Lists and their filters."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import Engine, insert

from archive.capture import Capture
from db.errors import BadFilter
from db.lists.filters import Filters, code_prefix
from db.lists.queries import captures, documents, observations, pages
from db.models import ObservationRow, ReviewRow
from db.rows import SHANGHAI
from parsers.document import Precision, Published
from parsers.observation import Kind, Modality
from tests.db.ingest.test_writing import put, table
from tests.db.synthetic import (
    BEGIN,
    HAIDONG,
    LINZHOU,
    LUOLONG,
    TEXT,
    article,
    capture,
    document,
    notice,
    observation,
    read_capture,
    reported,
)


def published(day: date) -> Published:
    return Published(
        datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI), Precision.DAY, "meta PubDate"
    )


@pytest.fixture
def store(engine: Engine) -> Engine:
    """Three articles in two campaigns with five observations, and one page that was deleted."""
    tibet = [
        read_capture(
            capture("https://wechat.example/s/linzhou-1"),
            claims=reported(
                observation(),
                observation(count=400, place=LINZHOU, kind=Kind.CUMULATIVE, start=None, end=date(2021, 5, 12)),
            ),
            source_path="saved/linzhou.html",
        ),
        read_capture(
            capture("https://news.example/luolong", day=1),
            article(
                document(
                    TEXT + "洛隆",
                    account=None, biz=None, publisher="合成日报", published=published(date(2016, 11, 2)),
                )
            ),
            reported(
                observation(
                    count=17194, place=LUOLONG, kind=Kind.CUMULATIVE,
                    start=date(2016, 6, 1), end=date(2016, 10, 31),
                ),
                observation(modality=Modality.IRIS, count=3, place=None, start=None, end=None),
            ),
        ),
        read_capture(capture("https://wechat.example/s/gone-1", day=2), notice()),
    ]  # fmt: skip
    qinghai = read_capture(
        capture("https://wechat.example/s/haidong-1"),
        article(document(TEXT + "虹膜。", account="海东公安", biz="MzIx", publisher="海东公安")),
        reported(observation(modality=Modality.IRIS, place=HAIDONG, count=1040000)),
    )
    put(engine, *tibet)
    put(engine, qinghai, campaign="qinghai-iris")
    return engine


def in_one_order(value: object) -> str:
    """A parameter as a test's name, the same in every process."""
    return str(sorted(value) if isinstance(value, set) else value)


@pytest.mark.parametrize(
    ("filters", "counts"),
    [
        (Filters(), {53, 400, 17194, 3, 1040000}),
        (Filters(campaign="tibet-dna"), {53, 400, 17194, 3}),
        (Filters(place="54"), {53, 400, 17194}),
        (Filters(place="540000"), {53, 400, 17194}),
        (Filters(place="5401"), {53, 400}),
        (Filters(place="540121"), {53, 400}),
        (Filters(place="540121000000"), {53, 400}),
        (Filters(place="540121208"), {53}),
        (Filters(place="西藏"), {53, 400, 17194}),
        (Filters(place="拉萨市"), {53, 400}),
        (Filters(place="洛隆"), {17194}),
        (Filters(place="旁多乡"), {53}),
        (Filters(place="西藏自治区拉萨市林周县"), {53, 400}),
        (Filters(place="海东地区"), {1040000}),
        (Filters(place="没有这个地方"), set()),
        (Filters(modality=("iris",)), {3, 1040000}),
        (Filters(modality=("iris", "dna"), campaign="tibet-dna"), {53, 400, 17194, 3}),
        (Filters(kind=("cumulative",)), {400, 17194}),
        (Filters(since=date(2021, 5, 11), until=date(2021, 5, 11)), {53, 1040000}),
        (Filters(since=date(2021, 5, 12), until=date(2021, 5, 12)), {400}),
        (Filters(since=date(2016, 10, 31), until=date(2016, 11, 30)), {17194}),
        (Filters(since=date(2021, 5, 13)), set()),
        (Filters(until=date(2015, 1, 1)), set()),
        (Filters(until=date(2016, 10, 30)), set()),
        (Filters(until=date(2016, 10, 31)), {17194}),
        (Filters(min_count=400), {400, 17194, 1040000}),
        (Filters(max_count=53), {53, 3}),
        (Filters(min_count=50, max_count=500), {53, 400}),
        (Filters(source="林周公安"), {53, 400}),
        (Filters(source="MzIx"), {1040000}),
        (Filters(source="news.example"), {17194, 3}),
        (Filters(source="合成日报"), {17194, 3}),
        (Filters(text="洛隆"), {17194, 3}),
        (Filters(text="虹膜 牧民"), {1040000}),
        (Filters(place="54", modality=("dna",), text="洛隆", min_count=1000), {17194}),
        (Filters(review="none"), {53, 400, 17194, 3, 1040000}),
        (Filters(review="accepted"), set()),
    ],
    ids=in_one_order,
)
def test_observations_are_narrowed_by(store: Engine, filters: Filters, counts: set[int]) -> None:
    assert {item.count_max for item in observations(store, filters)} == counts


def test_the_latest_review_of_an_observation_counts(store: Engine) -> None:
    (item,) = observations(store, Filters(place="洛隆"))
    for n, verdict in enumerate(("rejected", "accepted")):
        with store.begin() as connection:
            connection.execute(
                insert(ReviewRow).values(
                    id=f"rev-{n}", campaign="tibet-dna", observation_id=item.id, document_id=item.document_id,
                    url=item.url, modality="dna", quote=item.quote, quote_start=item.quote_start,
                    verdict=verdict, corrected={}, reason="", reviewer="A", made_at=BEGIN.replace(hour=n),
                )
            )  # fmt: skip
    assert [found.review for found in observations(store, Filters(review="accepted"))] == ["accepted"]
    assert list(observations(store, Filters(review="rejected"))) == []
    assert item.id not in {found.id for found in observations(store, Filters(review="none"))}


def test_latest_publications_come_first_and_undated_ones_last(engine: Engine) -> None:
    days = [date(2019, 1, 1), None, date(2022, 1, 1)]
    for n, day in enumerate(days):
        read = article(document(TEXT + str(n), published=published(day) if day else None))
        put(engine, read_capture(capture(f"https://a.example/{n}"), read, reported(observation(count=n))))
    assert [item.count_max for item in observations(engine)] == [2, 0, 1]
    assert [item.count_max for item in observations(engine, limit=1)] == [2]
    assert [item.url for item in documents(engine)] == [f"https://a.example/{n}" for n in (2, 0, 1)]


def test_superseded_readings_are_not_listed(engine: Engine) -> None:
    taken = capture("https://a.example/1")
    put(engine, read_capture(taken, claims=reported(observation(count=1))), reader="r1")
    put(engine, read_capture(taken, claims=reported(observation(count=2))), reader="r2")
    assert [item.count_max for item in observations(engine)] == [2]
    assert len(table(engine, ObservationRow, "id")) == 2


@pytest.mark.parametrize(
    ("filters", "titles"),
    [
        (Filters(), 3),
        (Filters(place="54"), 2),
        (Filters(modality=("iris",)), 2),
        (Filters(since=date(2021, 5, 12), until=date(2021, 5, 12)), 2),
        (Filters(since=date(2021, 5, 13)), 0),
        (Filters(until=date(2016, 11, 1)), 0),
        (Filters(until=date(2016, 11, 2)), 1),
        (Filters(relevant=False), 0),
        (Filters(source="合成日报"), 1),
    ],
    ids=in_one_order,
)
def test_documents_are_narrowed_by(store: Engine, filters: Filters, titles: int) -> None:
    assert len(list(documents(store, filters))) == titles


def test_a_document_tells_its_pictures_and_its_imported_file(store: Engine) -> None:
    (item,) = documents(store, Filters(source="林周公安"))
    assert item.images == ["https://img.example/1.jpg", "https://img.example/2.jpg"]
    assert item.source_path == "saved/linzhou.html"
    assert item.published_at == datetime(2021, 5, 12, 10, 20, tzinfo=SHANGHAI)


def test_a_document_of_two_imported_files_stands_once_for_each(engine: Engine) -> None:
    def saved(name: str) -> Capture:
        return capture("https://a.example/1", name=name)

    put(engine, *(read_capture(saved(name), source_path=f"{name}.html") for name in ("a", "b")))
    assert [item.source_path for item in documents(engine)] == ["a.html", "b.html"]
    assert len({item.id for item in documents(engine)}) == 1
    assert [item.source_path for item in pages(engine)] == ["a.html", "b.html"]


@pytest.mark.parametrize(
    ("filters", "urls"),
    [
        (Filters(availability=("deleted_by_publisher",)), {"gone-1"}),
        (Filters(availability=("live",), campaign="tibet-dna"), {"linzhou-1", "luolong"}),
        (Filters(place="拉萨"), {"linzhou-1"}),
        (Filters(since=date(2021, 5, 14)), {"gone-1"}),
        (Filters(text="虹膜"), {"haidong-1"}),
    ],
    ids=in_one_order,
)
def test_pages_and_captures_are_narrowed_by(store: Engine, filters: Filters, urls: set[str]) -> None:
    assert {item.url.rpartition("/")[2] for item in pages(store, filters)} == urls
    assert {item.url.rpartition("/")[2] for item in captures(store, filters)} == urls


def test_a_capture_tells_where_it_is(store: Engine) -> None:
    (item,) = captures(store, Filters(text="洛隆"))
    assert (item.file, item.offset, item.length, item.status) == ("synthetic.warc.gz", 1000, 500, 200)


@pytest.mark.parametrize(
    ("code", "prefix"),
    [
        ("54", "54"),
        ("540000", "54"),
        ("540300", "5403"),
        ("540321", "540321"),
        ("540321000", "540321"),
        ("540321100", "540321100"),
        ("540321100000", "540321100"),
        ("540000000000", "54"),
    ],
)
def test_zeros_that_fill_a_code_up_do_not_count(code: str, prefix: str) -> None:
    assert code_prefix(code) == prefix


def test_a_number_that_is_no_division_code_is_refused(store: Engine) -> None:
    with pytest.raises(BadFilter, match="123"):
        list(observations(store, Filters(place="123")))
