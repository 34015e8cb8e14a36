"""The list of sources that a study publishes."""

from __future__ import annotations

import csv
from dataclasses import fields, replace
from io import BytesIO, StringIO
from pathlib import Path

import openpyxl
import pytest

from analysis.errors import AnalysisError
from analysis.formats.delimited import write_csv
from analysis.formats.workbook import write_workbook
from analysis.listing import columns_of
from analysis.studies.source_list import SourceItem, archived_url, figure, source_list
from analysis.studies.study import Study, english_titles
from tests.analysis.items import item
from tests.analysis.synthetic_study import study

FORMULA = '=HYPERLINK("http://attacker.example/","合成")'


def as_csv(made: Study) -> list[dict[str, str]]:
    out = BytesIO()
    write_csv(source_list(made), out)
    return list(csv.DictReader(StringIO(out.getvalue().decode("utf-8-sig"), newline="")))


def test_every_column_says_what_it_means() -> None:
    assert [column.name for column in columns_of(SourceItem)] == [field.name for field in fields(SourceItem)]


def test_a_source_leads_to_its_bytes() -> None:
    made = study([item(53, account="合成公安", url="https://a.example/1")])
    (row,) = as_csv(made)
    assert (row["number"], row["publisher"], row["figures"]) == ("1", "合成公安", "dna 53 increment")
    assert row["archived_url"] == "http://127.0.0.1:8090/tibet-dna/20230421000000/https://a.example/1"
    assert (row["file"], row["offset"], row["payload_digest"]) == (
        "合成.warc.gz",
        "412",
        "sha256:" + "0" * 64,
    )


def test_what_is_from_a_web_archive_is_linked_there() -> None:
    record = study([item()]).sources[0].first.records[0]
    older = "https://archive.example/web/20210512000000id_/https://a.example/1"
    assert archived_url(replace(record, source_uri=older), "tibet-dna") == older
    assert archived_url(record, "tibet-dna", "https://study.example/replay/").startswith(
        "https://study.example/replay/tibet-dna/2023"
    )


@pytest.mark.parametrize(
    ("observation", "told"),
    [
        (item((12_000, 12_999), kind="cumulative"), "dna 12,000–12,999 cumulative"),
        (item(None, kind="rate", rate=0.625), "dna 62.5% rate"),
        (item(None, kind="none"), ""),
    ],
)
def test_a_figure_is_told_in_short(observation: object, told: str) -> None:
    assert figure(observation) == told  # type: ignore[arg-type]


def test_a_title_that_a_spreadsheet_would_run_stays_text() -> None:
    made = study([item(title=FORMULA, account="@SUM(1)", quote="合成")])
    (row,) = as_csv(made)
    assert (row["title"], row["publisher"]) == ("'" + FORMULA, "'@SUM(1)")
    out = BytesIO()
    write_workbook(source_list(made), out)
    book = openpyxl.load_workbook(out)
    names = [cell.value for cell in book["sources"][1]]
    cell = book["sources"].cell(2, names.index("title") + 1)
    assert (cell.data_type, cell.value) == ("s", FORMULA)
    assert book.sheetnames == ["sources", "columns"]


def test_identity_numbers_in_titles_are_masked_unless_asked_for() -> None:
    made = study([item(title="合成电话13800138000")])
    assert "13800138000" not in as_csv(made)[0]["title"]
    out = BytesIO()
    write_csv(source_list(made, unmask=True), out)
    assert "13800138000" in out.getvalue().decode()


def test_english_titles_are_found_however_the_list_spells_the_chinese(tmp_path: Path) -> None:
    listed = tmp_path / "sources.csv"
    listed.write_text("title_zh,title_en\n合成 ＤＮＡ 血样,Synthetic DNA samples\n", encoding="utf-8-sig")
    assert english_titles(listed) == {"合成dna血样": "Synthetic DNA samples"}


def test_a_list_of_titles_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(AnalysisError, match=r"none\.csv, which the campaign names as its study_sources"):
        english_titles(tmp_path / "none.csv")
