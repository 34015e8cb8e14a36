"""`holdfast export sources` as a user runs it, down to the bytes that a row names."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import openpyxl
import pytest

from archive.collection import Collection
from archive.reader import read_capture
from cli.main import main
from tests.cli.test_findings import collected, home  # noqa: F401  # fixtures
from workspace.layout import Workspace

Output = pytest.CaptureFixture[str]


def exported(to: Path) -> list[dict[str, str]]:
    assert main(["export", "sources", "demo", "--to", str(to)]) == 0
    return list(csv.DictReader(to.read_text("utf-8-sig").splitlines()))


def test_every_row_leads_to_bytes_with_its_digest(collected: Path, tmp_path: Path) -> None:  # noqa: F811
    collection = Collection(Workspace(collected).collection("demo"))
    rows = exported(tmp_path / "sources.csv")
    assert [int(row["number"]) for row in rows] == list(range(1, len(rows) + 1))
    for row in rows:
        stored = read_capture(collection, row["file"], int(row["offset"]))
        assert f"sha256:{hashlib.sha256(stored.payload).hexdigest()}" == row["payload_digest"]


def test_a_page_that_was_deleted_is_listed_by_the_article_it_was(tmp_path: Path) -> None:
    gone = [
        row for row in exported(tmp_path / "sources.csv") if row["availability"] == "deleted_by_publisher"
    ]
    assert [row["title"] for row in gone] == ["桑多派出所为群众建档"]
    assert gone[0]["figures"] == "dna 455 cumulative"


def test_a_workbook_says_the_same(tmp_path: Path) -> None:
    rows = exported(tmp_path / "sources.csv")
    assert main(["export", "sources", "demo", "--to", str(tmp_path / "sources.xlsx")]) == 0
    sheet = openpyxl.load_workbook(tmp_path / "sources.xlsx")["sources"]
    names, *cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert len(cells) == len(rows)
    digest = names.index("payload_digest")
    assert [row[digest] for row in cells] == [row["payload_digest"] for row in rows]


def test_the_campaigns_own_list_gives_english_titles(collected: Path, tmp_path: Path) -> None:  # noqa: F811
    campaigns = collected / "campaigns"
    text = (campaigns / "demo.toml").read_text("utf-8")
    (campaigns / "titled.csv").write_text(
        "title_zh,title_en\n桑多派出所 为群众建档,Files for the masses\n", "utf-8"
    )
    (campaigns / "demo.toml").write_text('study_sources = "titled.csv"\n' + text, "utf-8")
    try:
        titles = {row["title"]: row["title_en"] for row in exported(tmp_path / "sources.csv")}
    finally:
        (campaigns / "demo.toml").write_text(text, "utf-8")
    assert titles["桑多派出所为群众建档"] == "Files for the masses"
    assert set(titles.values()) == {"", "Files for the masses"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere", "--to", "{folder}/s.csv"], "there is no campaign 'nowhere'"),
        (["demo", "--to", "{folder}/s.pdf"], "should end in .xlsx or .csv"),
        (["demo", "--to", "{folder}/there.csv"], "is there already; name another file with --to"),
        (["demo", "--to", "{folder}/none/s.csv"], "cannot write"),
    ],
)
def test_bad_input_is_one_line(tmp_path: Path, capsys: Output, arguments: list[str], said: str) -> None:
    (tmp_path / "there.csv").touch()
    assert main(["export", "sources", *(each.format(folder=tmp_path) for each in arguments)]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert sorted(each.name for each in tmp_path.iterdir()) == ["there.csv"]


@pytest.mark.parametrize("kind", ["sources", "report"])
def test_archived_links_lead_to_the_web(
    collected: Path,  # noqa: F811
    tmp_path: Path,
    kind: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    to = tmp_path / "new.csv"
    assert main(["export", kind, "demo", "--to", str(to), "--replay", "javascript:alert(1)"]) == 2
    assert "should begin with http:// or https://" in capsys.readouterr().err
    assert not to.exists()
