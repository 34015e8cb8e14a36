"""`holdfast import` as a user runs it: beside another, after one that was killed."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive import CrawlInfo, open_writer
from archive.collection import OPEN, Collection
from cli.main import main
from db.session import connect
from tests.db.archived import archive_pages
from workspace.layout import Workspace, create_workspace

RECORDS = 40


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    made = create_workspace(tmp_path / "workspace")
    monkeypatch.setenv("HOLDFAST_HOME", str(made.root))
    return made


@pytest.fixture
def warc(tmp_path: Path) -> Path:
    """A WARC file of others."""
    theirs = tmp_path / "theirs"
    archive_pages(
        theirs, *((f"http://site.example/{number}", f"<p>{number}</p>") for number in range(RECORDS))
    )
    return Collection(theirs).sealed()[0]


def started(*arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", "from cli.main import run; run()", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def listed(capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    assert main(["captures", "--format", "jsonl"]) == 0
    return sorted(json.loads(line)["url"] for line in capsys.readouterr().out.splitlines())


def test_two_imports_of_one_file_at_once_bring_it_in_once(
    workspace: Workspace, warc: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["captures"]) == 0, "the store is made"
    both = [started("import", warc) for _ in range(2)]
    told = sorted(process.communicate()[1].splitlines()[-1] for process in both)
    assert [process.returncode for process in both] == [0, 0]
    assert f"brought in 0 pages and records ({RECORDS} were archived already" in told[0]
    assert f"brought in {RECORDS} pages and records (0 were archived already" in told[1]
    assert len(listed(capsys)) == RECORDS
    assert main(["verify"]) == 0


def test_what_a_killed_import_had_archived_is_in_the_database_after_the_next(
    workspace: Workspace, warc: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", str(warc)]) == 0
    collection = Collection(workspace.collection("default"))
    (sealed,) = collection.sealed()
    wanted = listed(capsys)
    sealed.rename(sealed.with_name(sealed.name + OPEN))
    (collection.indexes / "index.cdxj").unlink()
    workspace.database_file.unlink()
    connect(f"sqlite:///{workspace.database_file}").dispose()  # it is there before anything is archived
    assert main(["import", str(warc)]) == 0
    assert f"({RECORDS} were archived already" in capsys.readouterr().err
    assert listed(capsys) == wanted
    assert main(["verify"]) == 0


def test_verify_while_pages_are_being_archived_finds_no_damage(
    workspace: Workspace, warc: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", str(warc)]) == 0
    collection = Collection(workspace.collection("default"))
    with open_writer(collection, info=CrawlInfo("default")) as writer:
        writer.write_resource("urn:x", b"<p>synthetic</p>", "text/html", datetime.now(UTC)).result()
        capsys.readouterr()
        assert main(["verify"]) == 0
        told = capsys.readouterr()
    assert told.out.startswith("UNFINISHED  ")
    assert "1 files in 1 collections were checked: nothing wrong; 1 files are not finished yet" in told.err


def test_records_that_share_an_id_keep_rows_of_their_own(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two tools, or a hostile one, gave one id to two pages."""
    both = tmp_path / "both.warc"
    both.write_bytes(
        record("http://site.example/1", b"<p>one</p>") + record("http://site.example/2", b"<p>two</p>")
    )
    assert main(["import", str(both)]) == 0
    assert listed(capsys) == ["http://site.example/1", "http://site.example/2"]
    assert main(["import", str(both)]) == 0
    assert "(2 were archived already" in capsys.readouterr().err
    assert main(["verify"]) == 0
    assert main(["rebuild"]) == 0
    assert listed(capsys) == ["http://site.example/1", "http://site.example/2"]
    assert main(["verify"]) == 0
    (warc,) = Collection(workspace.collection("default")).sealed()
    assert gzip.decompress(warc.read_bytes()).count(b"WARC-Original-Record-ID: <urn:uuid:6f1cf2e6") == 1


def record(url: str, body: bytes) -> bytes:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    head = (
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:6f1cf2e6-5c2f-4d02-a6a1-6c0d4d4c4f10>\r\n"
        f"WARC-Date: 2024-05-06T07:08:09Z\r\nWARC-Target-URI: {url}\r\n"
        f"Content-Type: application/http;msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def test_what_is_no_file_is_counted_and_named_and_names_are_one_line(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, other = tmp_path / "saved", tmp_path / "other"
    for made in (folder / "sub", other):
        made.mkdir(parents=True)
    (folder / "sub" / "a\nb\x1b[31m　中\u202e.html").write_text("<p>synthetic</p>")
    (folder / "nowhere.html").symlink_to("none.html")
    (folder / "linked").symlink_to(other)
    os.mkfifo(folder / "pipe.html")
    assert main(["import", str(folder)]) == 0
    told = capsys.readouterr()
    assert told.out.startswith("a\\nb\\x1b[31m　中\\u202e.html: urn:sha256:")
    assert len(told.out.splitlines()) == 1
    assert told.err.splitlines()[:-1] == [
        f"left out: {folder}/linked is a link to a folder; name that folder itself to bring in what it holds",
        f"left out: {folder}/nowhere.html is a link that leads to no file",
        f"left out: {folder}/pipe.html is no file, but a pipe, a socket or a device",
    ]
    assert "3 files left out" in told.err
