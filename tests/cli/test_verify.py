"""`holdfast verify` when files and folders are not what they should be."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.collection import Collection
from cli.main import main
from tests.db.archived import PAGE, saved_pages
from workspace.layout import Workspace, create_workspace

Said = pytest.CaptureFixture[str]


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said) -> Workspace:
    """A workspace into which two saved pages were brought."""
    made = create_workspace(tmp_path / "workspace")
    monkeypatch.setenv("HOLDFAST_HOME", str(made.root))
    assert main(["import", str(saved_pages(tmp_path / "saved"))]) == 0
    capsys.readouterr()
    return made


@pytest.fixture
def collection(workspace: Workspace) -> Collection:
    return Collection(workspace.collection("default"))


@pytest.fixture
def warc(collection: Collection) -> Path:
    """The only sealed file."""
    (path,) = collection.sealed()
    return path


def replaced_by_a_file(path: Path) -> None:
    shutil.rmtree(path)
    path.touch()


@pytest.mark.parametrize("change", [shutil.rmtree, replaced_by_a_file])
@pytest.mark.parametrize("what", ["collections/default", "collections"])
@pytest.mark.parametrize("forgotten", [None, "custody", "holdfast.db"])
@pytest.mark.parametrize("asked", [(), ("default",)])
def test_a_campaign_whose_folder_is_gone_is_damaged_as_long_as_log_or_database_know_it(
    workspace: Workspace,
    capsys: Said,
    change: Callable[[Path], None],
    what: str,
    forgotten: str | None,
    asked: tuple[str, ...],
) -> None:
    change(workspace.root / what)
    if forgotten == "custody":
        shutil.rmtree(workspace.custody)
    elif forgotten:
        workspace.database_file.unlink()
    assert main(["verify", *asked]) == 1
    assert "DAMAGED  collections/default: there is no such folder" in capsys.readouterr().out


def told_of(path: Path, capsys: Said) -> list[str]:
    """What `verify` says of a file, after it has found damage."""
    capsys.readouterr()
    assert main(["verify"]) == 1
    lines = capsys.readouterr().out.splitlines()
    return [line.removeprefix(f"DAMAGED  {path.name}: ") for line in lines if path.name in line]


KINDS = pytest.mark.parametrize("made", [Path.mkdir, os.mkfifo], ids=["folder", "pipe"])


@KINDS
def test_what_stands_in_the_place_of_an_archive_file_is_told_and_waited_for_by_nobody(
    warc: Path, capsys: Said, made: Callable[[Path], None]
) -> None:
    warc.unlink()
    made(warc)
    assert "this is no file; move it away, and restore the file from your backup" in told_of(warc, capsys)
    for command in (["rebuild"], ["export", "wacz", "--campaign", "default", "-o", str(warc) + ".wacz"]):
        assert main(command) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert warc.name in line


@KINDS
def test_what_stands_in_the_place_of_the_index_is_told_and_rebuild_makes_it_anew(
    collection: Collection, capsys: Said, made: Callable[[Path], None]
) -> None:
    index = collection.indexes / "index.cdxj"
    whole = index.read_bytes()
    index.unlink()
    made(index)
    assert "this is no file; holdfast rebuild makes the index anew" in told_of(index, capsys)
    assert main(["rebuild"]) == 0
    assert main(["verify"]) == 0
    assert index.read_bytes() == whole
    assert len(list(collection.indexes.glob("index.cdxj.no-file-*"))) == 1, "what stood there is kept"


@KINDS
def test_what_stands_in_the_place_of_the_log_is_told(
    workspace: Workspace, capsys: Said, made: Callable[[Path], None]
) -> None:
    log = workspace.custody / "log.jsonl"
    log.unlink()
    made(log)
    (told,) = told_of(log, capsys)
    assert "is no file; move it away, and restore the custody log from your backup" in told


LINES = {
    "nested too deep": b"com,a)/ 20200101000000 " + b"[" * 100_000 + b"\n",
    "of a file elsewhere": b'com,a)/ 20200101000000 {"url": "http://a.com/", "digest": "x", "length": "1", "offset": '
    b'"1", "filename": "../../x.warc.gz", "id": "x", "time": "2020-01-01T00:00:00+00:00"}\n',
    "without a time zone": b'com,a)/ 20200101000000 {"url": "http://a.com/", "digest": "x", "length": "1", "offset": '
    b'"1", "filename": "x.warc.gz", "id": "x", "time": "2020-01-01T00:00:00"}\n',
}


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_a_line_of_the_index_that_no_capture_makes_is_told_and_rebuild_mends_it(
    collection: Collection, capsys: Said, line: bytes
) -> None:
    index = collection.indexes / "index.cdxj"
    whole = index.read_bytes()
    index.write_bytes(line + whole)
    assert any("this line cannot be read" in told for told in told_of(index, capsys))
    assert main(["rebuild"]) == 0
    assert index.read_bytes() == whole


@pytest.mark.parametrize("mended_by", ["rebuild", "import"])
def test_an_index_that_is_not_in_order_is_told_and_put_in_order(
    workspace: Workspace, collection: Collection, tmp_path: Path, capsys: Said, mended_by: str
) -> None:
    index = collection.indexes / "index.cdxj"
    whole = index.read_bytes()
    index.write_bytes(b"".join(reversed(whole.splitlines(keepends=True))))
    assert any("the lines are not in order" in told for told in told_of(index, capsys))
    more = tmp_path / "c.html"
    more.write_text(PAGE.format(title="合成", text="内容"), encoding="utf-8")
    assert main(["rebuild"] if mended_by == "rebuild" else ["import", str(more)]) == 0
    lines = index.read_bytes().splitlines()
    assert lines == sorted(lines)
    assert set(whole.splitlines()) <= set(lines)
    assert main(["verify"]) == 0


def test_the_list_of_stored_files_that_cannot_be_read_is_damage(collection: Collection, capsys: Said) -> None:
    ledger = collection.root / "stored.jsonl"
    ledger.write_bytes(b"[" * 100_000 + b"\n")
    (told,) = told_of(ledger, capsys)
    assert f"line 1 of {ledger} cannot be read" in told


STOPPED = """
import sys
from cli import imports

told = imports._say

def stops(each, as_json):
    told(each, as_json)
    raise KeyboardInterrupt

imports._say = stops
from cli.start import run
sys.argv = ["holdfast", "import", sys.argv[1]]
run()
"""


def test_what_a_stopped_import_archived_and_did_not_read_is_unread_until_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    made = create_workspace(tmp_path / "workspace")
    monkeypatch.setenv("HOLDFAST_HOME", str(made.root))
    saved = saved_pages(tmp_path / "saved")
    command = [sys.executable, "-c", STOPPED, str(saved)]
    assert subprocess.run(command, capture_output=True, check=False, timeout=120).returncode == 130
    (warc,) = Collection(made.collection("default")).sealed()
    assert main(["verify"]) == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith(f"UNREAD  {warc.name}: 1 captures of this file are not in the database")
    assert "the next crawl or import of the campaign reads them" in line
    assert main(["import", str(saved)]) == 0
    capsys.readouterr()
    assert main(["verify"]) == 0
    assert capsys.readouterr().out == ""
