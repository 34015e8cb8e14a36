"""`holdfast rebuild` as a user runs it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from archive.collection import OPEN, Collection
from archive.custody import entries
from cli import rebuild
from cli.main import main
from db.lists.queries import observations
from db.session import connect
from tests.db.archived import LINZHOU, LUOLONG, archive_pages, saved_pages
from workspace.errors import UnknownCampaign
from workspace.layout import Workspace, create_workspace
from workspace.settings import database_url, load_settings


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace with two archived pages and an empty database."""
    made = create_workspace(tmp_path / "workspace")
    monkeypatch.setenv("HOLDFAST_HOME", str(made.root))
    archive_pages(
        made.collection("tibet-dna"),
        ("http://gov.example/art/1.html", LINZHOU),
        ("http://gov.example/art/2.html", LUOLONG),
    )
    return made


def run(*arguments: str) -> tuple[int, str, BaseException | None]:
    app = typer.Typer()
    rebuild.register(app)
    result = CliRunner().invoke(app, arguments)
    return result.exit_code, result.stderr, result.exception


@pytest.mark.parametrize("arguments", [[], ["tibet-dna"]])
def test_the_archive_alone_gives_the_database(workspace: Workspace, arguments: list[str]) -> None:
    code, told, _ = run(*arguments)
    assert code == 0
    assert "2 captures read again: 2 documents" in told
    engine = connect(database_url(workspace, load_settings(workspace)))
    assert sorted(item.count_max or 0 for item in observations(engine)) == [53, 417]
    engine.dispose()


def test_a_file_that_a_crash_left_unsealed_is_sealed_into_the_custody_log(workspace: Workspace) -> None:
    (warc,) = Collection(workspace.collection("tibet-dna")).sealed()
    warc.rename(warc.with_name(warc.name + OPEN))
    assert run()[0] == 0
    (entry,) = entries(workspace.custody)
    assert (entry["act"], entry["subject"]["file"]) == ("recover", warc.name)
    assert main(["verify"]) == 0


def test_a_campaign_without_an_archive_is_named(workspace: Workspace) -> None:
    _, _, error = run("qinghai-iris")
    assert isinstance(error, UnknownCampaign)
    assert "there are: tibet-dna" in str(error)


@pytest.fixture
def imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Workspace:
    """A workspace into which two saved pages were brought: the custody log knows their file."""
    made = create_workspace(tmp_path / "imported")
    monkeypatch.setenv("HOLDFAST_HOME", str(made.root))
    assert main(["import", str(saved_pages(tmp_path / "saved"))]) == 0
    capsys.readouterr()
    return made


def captures(capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    capsys.readouterr()
    assert main(["captures", "--json"]) == 0
    return sorted(map(json.loads, capsys.readouterr().out.splitlines()), key=lambda each: each["record_id"])


@pytest.mark.parametrize("gone", ["archive/*.warc.gz", "archive", "."])
@pytest.mark.parametrize("database", ["whole", "damaged"])
def test_nothing_is_changed_while_a_sealed_file_is_missing(
    imported: Workspace, capsys: pytest.CaptureFixture[str], gone: str, database: str
) -> None:
    collection = Collection(imported.collection("default"))
    (warc,) = collection.sealed()
    before = captures(capsys)
    (path,) = [collection.root] if gone == "." else collection.root.glob(gone)
    path.rename(imported.root / "away")
    content = imported.database_file.read_bytes() if database == "whole" else b"no database" * 1000
    imported.database_file.write_bytes(content)
    assert main(["rebuild"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert warc.name in line
    assert "nothing was changed" in line
    assert imported.database_file.read_bytes() == content
    shutil.rmtree(path, ignore_errors=True)
    (imported.root / "away").rename(path)
    assert main(["rebuild"]) == 0
    assert captures(capsys) == before


def test_a_file_that_is_lost_for_good_is_gone_without_but_not_unsaid(
    imported: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    (warc,) = Collection(imported.collection("default")).sealed()
    warc.unlink()
    assert main(["rebuild", "--lost"]) == 1
    assert f"lost: default/{warc.name}" in capsys.readouterr().err
    assert captures(capsys) == []


def test_another_campaign_can_be_rebuilt_while_a_file_of_one_is_missing(
    imported: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    archive_pages(imported.collection("tibet-dna"), ("http://gov.example/art/1.html", LINZHOU))
    (warc,) = Collection(imported.collection("default")).sealed()
    warc.unlink()
    assert main(["rebuild", "tibet-dna"]) == 0
    assert len(captures(capsys)) == 3


def test_records_that_the_database_lists_and_the_file_lost_are_not_dropped_unasked(
    imported: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    (warc,) = Collection(imported.collection("default")).sealed()
    before, whole = captures(capsys), warc.read_bytes()
    warc.write_bytes(b"")
    assert main(["rebuild"]) == 2
    told = capsys.readouterr().err
    said = "2 records of the campaign default that the database lists are gone from the archive or damaged"
    assert f"{said}, the first in {warc.name}" in told
    assert captures(capsys) == before
    assert main(["rebuild", "--lost"]) == 1
    assert f"its record in {warc.name} is gone" in capsys.readouterr().err
    warc.write_bytes(whole)
    assert main(["rebuild"]) == 0
    assert captures(capsys) != [], "what came back is read again"


def test_a_figure_that_its_page_altered_is_told_so_by_the_archive_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = create_workspace(tmp_path / "workspace")
    monkeypatch.setenv("HOLDFAST_HOME", str(made.root))
    url = "http://gov.example/art/1.html"
    archive_pages(
        made.collection("tibet-dna"), (url, LUOLONG), (url, LUOLONG.replace("血样417份", "血样117份"))
    )
    flag = "later text of the page says 117"
    for _ in range(2):
        assert run("tibet-dna")[0] == 0
        engine = connect(database_url(made, load_settings(made)))
        found = {each.count_max: each for each in observations(engine)}
        engine.dispose()
        assert {figure: each.flags for figure, each in found.items()} == {417: [flag], 117: []}
    assert main(["trace", found[417].id]) == 0
    assert f"flagged: {flag}" in capsys.readouterr().out
    assert main(["observations", "--by", "county", "--format", "csv"]) == 0
    total = capsys.readouterr().out.splitlines()[-1]
    assert total.split(",")[3:7] == ["2", "2", "117", "117"]
