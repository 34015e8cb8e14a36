"""Full text, the same on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, delete, text, update

from db.errors import BadFilter
from db.lists.filters import Filters
from db.lists.fulltext import terms_of
from db.lists.search import search, snippet
from db.models import CaptureRow, DocumentRow
from parsers.observation import Reported
from tests.db.ingest.test_writing import put
from tests.db.synthetic import article, capture, document, read_capture

TEXTS = {
    "iris": "合成测试页面。民警为群众采集虹膜信息，录入数据库",
    "blood": "合成测试页面。派出所采集血样300余份，DNA检验",
    "both": "合成测试页面。多维信息采集：虹膜、血样、指纹",
    "signs": '合成测试页面。"引号" 100% a_b c*d (x OR y) NEAR \\ 单引号\'',
    "ends": "合成测试页面。最后两个字是虹",
    "wide": "合成测试页面。Mixed CASE 字母𠀀字",
}


@pytest.fixture
def store(engine: Engine) -> Engine:
    put(
        engine,
        *(
            read_capture(
                capture(f"https://a.example/{name}"),
                article(document(body, title=f"标题{name}")),
                Reported(relevant=True),
            )
            for name, body in TEXTS.items()
        ),
    )
    return engine


def found(engine: Engine, query: str, filters: Filters | None = None) -> set[str]:
    return {hit.url.rpartition("/")[2] for hit in search(engine, query, filters)}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("虹膜", {"iris", "both"}),
        ("血样", {"blood", "both"}),
        ("虹", {"iris", "both", "ends"}),
        ("是虹", {"ends"}),
        ("采集虹膜", {"iris"}),
        ("采集虹膜信息，录入", {"iris"}),
        ("虹膜 血样", {"both"}),
        ("虹膜\u3000群众", {"iris"}),
        ("膜虹", set()),
        ("dna", {"blood"}),
        ("Dna检验", {"blood"}),
        ("mixed case", {"wide"}),
        ('"Mixed CASE"', {"wide"}),
        ('"CASE Mixed"', set()),
        ("“采集血样”", {"blood"}),
        ("「采集血样」 300", {"blood"}),
        ("𠀀", {"wide"}),
        ("母𠀀字", {"wide"}),
        ("标题iris", {"iris"}),
        ("iris 虹膜", {"iris"}),
        ("100%", {"signs"}),
        ("%", {"signs"}),
        ("a_b", {"signs"}),
        ("a_", {"signs"}),
        ("c*d", {"signs"}),
        ("c*", {"signs"}),
        ("x OR y)", {"signs"}),
        ("OR", {"signs"}),
        ("NEAR", {"signs"}),
        ("\\", {"signs"}),
        ("单引号'", {"signs"}),
        ("' OR 1=1 --", set()),
        ("body:虹膜", set()),
        ("^合成测", set()),
        ("NOT EXIST AND", set()),
    ],
)
def test_a_query_finds(store: Engine, query: str, names: set[str]) -> None:
    assert found(store, query) == names


def test_other_filters_hold_too(store: Engine) -> None:
    assert found(store, "虹膜", Filters(source="林周公安")) == {"iris", "both"}
    assert found(store, "虹膜", Filters(source="别的公安")) == set()


def test_the_index_follows_the_documents(store: Engine) -> None:
    with store.begin() as connection:
        connection.execute(
            update(DocumentRow).where(DocumentRow.url.endswith("iris")).values(text="合成测试页面。改为声纹")
        )
        connection.execute(update(CaptureRow).where(CaptureRow.url.endswith("both")).values(document_id=None))
        connection.execute(delete(DocumentRow).where(DocumentRow.url.endswith("both")))
    assert found(store, "虹膜") == set()
    assert found(store, "采集虹膜") == set()
    assert found(store, "声纹") == {"iris"}
    if store.dialect.name == "sqlite":
        with store.begin() as connection:
            connection.execute(text("INSERT INTO document_fts (document_fts) VALUES ('integrity-check')"))


@pytest.mark.parametrize("query", ["", "   ", '""', "“”", "\0"])
def test_a_query_without_words_is_refused(store: Engine, query: str) -> None:
    with pytest.raises(BadFilter, match="no words"):
        list(search(store, query))


@pytest.mark.parametrize("query", ["词" * 201, " ".join(f"词{n}" for n in range(17))])
def test_a_query_that_is_too_long_is_refused(store: Engine, query: str) -> None:
    with pytest.raises(BadFilter, match="too long"):
        list(search(store, query))


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("虹膜 血样", ("虹膜", "血样")),
        ('a "b c" d', ("a", "b c", "d")),
        ("虹膜“血 样”指纹", ("虹膜", "血 样", "指纹")),
        ('"open', ("open",)),
        ("虹膜 虹膜", ("虹膜",)),
    ],
)
def test_a_query_is_cut_into_words_and_phrases(query: str, terms: tuple[str, ...]) -> None:
    assert terms_of(query) == terms


@pytest.mark.parametrize(
    ("body", "terms", "shown"),
    [
        ("短文采集虹膜", ("虹膜",), "短文采集[虹膜]"),
        ("前" * 50 + "虹膜" + "后" * 50, ("虹膜",), "…" + "前" * 40 + "[虹膜]" + "后" * 40 + "…"),
        ("DNA和dna", ("dna",), "[DNA]和[dna]"),
        ("甲\n乙", ("乙",), "甲 [乙]"),
        ("没有", ("标题",), "没有"),
        ("aa虹膜采集", ("虹膜", "虹膜采集"), "aa[虹膜采集]"),
    ],
)
def test_a_snippet_marks_what_was_found(body: str, terms: tuple[str, ...], shown: str) -> None:
    piece = snippet(body, terms)
    marked, last = "", 0
    for start, end in piece.matches:
        marked += piece.text[last:start] + "[" + piece.text[start:end] + "]"
        last = end
    assert marked + piece.text[last:] == shown
