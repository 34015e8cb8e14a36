"""A database that is lost, damaged or in use: one line that says what to do, and nothing is lost."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cli.main import main
from db import session
from tests.db.archived import LINZHOU, LUOLONG, archive_pages
from tests.db.test_file import spoil
from workspace.layout import Workspace, create_workspace

Captured = pytest.CaptureFixture[str]

PAGES = (("http://gov.example/art/1.html", LINZHOU), ("http://gov.example/art/2.html", LUOLONG))


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> Workspace:
    """A workspace with two archived campaigns in its database."""
    made = create_workspace(tmp_path / "workspace")
    monkeypatch.setenv("HOLDFAST_HOME", str(made.root))
    for name, page in zip(("tibet-dna", "qinghai-iris"), PAGES, strict=True):
        archive_pages(made.collection(name), page)
    assert main(["rebuild"]) == 0
    capsys.readouterr()
    return made


def refused(capsys: Captured, *arguments: str) -> str:
    """The one line that a command which cannot be done answers."""
    assert main([*arguments]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("holdfast: ")
    return line


def documents(capsys: Captured) -> int:
    assert main(["documents", "--json"]) == 0
    return len(capsys.readouterr().out.splitlines())


ASKING = {
    "a list": ("observations",),
    "sums": ("observations", "--by", "month"),
    "a search": ("search", "血样"),
    "findings": ("findings", "tibet-dna"),
    "an estimate": ("estimate", "tibet-dna"),
    "a verdict": ("review", "accept", "obs-1", "--reviewer", "A"),
    "a report": ("export", "report", "tibet-dna", "--to", "report"),
    "a backup": ("db", "backup", "backup.db"),
}


@pytest.mark.parametrize("name", ASKING)
def test_a_damaged_database_is_said_to_be_damaged(
    name: str, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(tmp_path)
    spoil(workspace.database_file)
    line = refused(capsys, *ASKING[name])
    assert "is damaged" in line
    assert "holdfast rebuild" in line
    assert [each.name for each in tmp_path.iterdir()] == ["workspace"]


@pytest.mark.parametrize("command", [("observations",), ("crawl", "tibet-dna"), ("init",)])
@pytest.mark.parametrize("is_there", [True, False])
def test_a_lost_database_is_not_replaced_by_an_empty_one(
    command: tuple[str, ...], is_there: bool, workspace: Workspace, capsys: Captured
) -> None:
    workspace.database_file.unlink()
    if is_there:
        workspace.database_file.touch()
    assert "holdfast rebuild" in refused(capsys, *command)
    assert workspace.database_file.exists() is is_there
    assert not is_there or workspace.database_file.stat().st_size == 0


@pytest.mark.parametrize("arguments", [[], ["tibet-dna"]])
@pytest.mark.parametrize("content", [None, b"", b"no database" * 1000])
def test_rebuild_makes_a_broken_database_anew_of_every_archive(
    arguments: list[str], content: bytes | None, workspace: Workspace, capsys: Captured
) -> None:
    workspace.database_file.unlink()
    if content is not None:
        workspace.database_file.write_bytes(content)
    assert main(["rebuild", *arguments]) == 0
    assert "reviews" in capsys.readouterr().err, "what the archive cannot give again is named"
    assert documents(capsys) == len(PAGES)
    kept = [each.read_bytes() for each in workspace.root.glob("holdfast.db.damaged-*")]
    assert kept == ([content] if content else [])


def test_rebuild_finds_damaged_pages_by_itself(workspace: Workspace, capsys: Captured) -> None:
    spoil(workspace.database_file)
    spoilt = workspace.database_file.read_bytes()
    assert main(["rebuild"]) == 0
    assert documents(capsys) == len(PAGES)
    assert spoilt in [each.read_bytes() for each in workspace.root.glob("holdfast.db.damaged-*")]


def test_verify_and_doctor_tell_it_and_go_on(workspace: Workspace, capsys: Captured) -> None:
    workspace.database_file.write_bytes(b"no database" * 1000)
    assert main(["verify"]) == 1
    said = capsys.readouterr()
    assert "DAMAGED  the database" in said.out
    assert "were checked" in said.err
    assert main(["doctor"]) == 1
    assert "campaign tibet-dna" in capsys.readouterr().out


def test_a_database_in_use_is_waited_for_and_then_said_to_be(
    workspace: Workspace, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["observations", "--json"])
    found = capsys.readouterr().out.split('"')[3]
    monkeypatch.setattr(session, "BUSY_SECONDS", 0)
    with closing(sqlite3.connect(workspace.database_file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        line = refused(capsys, "review", "accept", found, "--reviewer", "A")
    assert "database is locked" in line
    assert "another program" in line
