"""A campaign's own words take part in reading, and a change of them makes readings stale."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from archive.collection import Collection
from db.campaigns import Terms, known_terms, remember, terms_in
from db.errors import UnknownLexicon
from db.ingest.archived import from_archive
from db.ingest.captures import ingest
from db.ingest.rebuild import rebuild
from db.ingest.reread import reread
from db.lists.queries import observations
from tests.db.archived import PAGE, archive_pages
from workspace.campaign import read_campaign

ODD = PAGE.format(title="洛隆县工作", text="2021年5月10日，洛隆县公安局民警入户走访，采集耳垂红卡417份。")
RED = (("modality.dna", ("耳垂红卡",)),)

FILE = """name = "mine"
title = "合成"
modalities = ["dna"]
keywords = ["血样"]
[words.{group}]
{entry} = ["耳垂红卡"]
[region]
code = "54"
name = "西藏自治区"
[period]
start = 2016-06-01
"""


def counts(engine: Engine) -> list[int | None]:
    return [found.count_max for found in observations(engine)]


@pytest.fixture
def collection(engine: Engine, tmp_path: Path) -> Collection:
    made, captures = archive_pages(tmp_path / "mine", ("http://gov.example/art/1.html", ODD))
    ingest(engine, "mine", [from_archive(made, capture) for capture in captures], region="54")
    return made


def test_without_the_word_nothing_is_read(engine: Engine, collection: Collection) -> None:
    assert counts(engine) == []


def test_a_word_that_is_added_is_read_by_the_next_extract_and_only_once(
    engine: Engine, collection: Collection
) -> None:
    with engine.begin() as connection:
        remember(connection, "mine", Terms("54", RED))
    assert known_terms(engine) == {"mine": Terms("54", RED)}
    assert reread(engine, lambda name: collection).captures == 1
    assert counts(engine) == [417]
    assert reread(engine, lambda name: collection).captures == 0, "nothing is stale any more"
    with engine.begin() as connection:
        remember(connection, "mine", Terms("54"))
    reread(engine, lambda name: collection)
    assert counts(engine) == []


def test_a_rebuild_reads_with_the_words(engine: Engine, collection: Collection) -> None:
    rebuild(engine, "mine", collection, region="54", words=RED)
    assert counts(engine) == [417]
    rebuild(engine, "mine", collection)
    assert counts(engine) == [417], "the words of before, when none are given"


def test_words_come_from_the_campaign_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(FILE.format(group="modality", entry="dna"), encoding="utf-8")
    assert terms_in(read_campaign(path)) == Terms("54", RED)


def test_words_of_no_entry_are_refused_with_the_entries_that_there_are(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(FILE.format(group="modality", entry="blood"), encoding="utf-8")
    with pytest.raises(
        UnknownLexicon, match=r"'modality.blood', which there is not; there are: modality.dna"
    ):
        terms_in(read_campaign(path))
