"""A package from an archive that is damaged, or still being written: what is whole goes in, the rest is named."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.capture import Capture
from archive.collection import Collection
from archive.index import captures
from archive.warc.warcformat import CrawlInfo
from archive.writing.writer import open_writer
from cli.main import main
from tests.db.archived import LINZHOU, PAGE, saved_pages
from workspace.layout import Workspace, create_workspace

Said = pytest.CaptureFixture[str]
LONG = "http://gov.example/" + "a" * 100_000


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said) -> Workspace:
    """A workspace into which two saved pages were brought."""
    made = create_workspace(tmp_path / "workspace")
    monkeypatch.setenv("HOLDFAST_HOME", str(made.root))
    monkeypatch.chdir(tmp_path)
    assert main(["import", str(saved_pages(tmp_path / "saved"))]) == 0
    capsys.readouterr()
    return made


@pytest.fixture
def collection(workspace: Workspace) -> Collection:
    return Collection(workspace.collection("default"))


@pytest.fixture
def damaged(collection: Collection) -> Capture:
    """The first of the two captures, in the midst of whose record a byte is another now."""
    first, _ = sorted(captures(collection), key=lambda capture: capture.offset)
    (path,) = collection.sealed()
    content = bytearray(path.read_bytes())
    content[first.offset + first.length // 2] ^= 0xFF
    path.write_bytes(content)
    return first


def pages(package: str) -> list[str]:
    with zipfile.ZipFile(package) as wacz:
        return [json.loads(line)["url"] for line in wacz.read("pages/pages.jsonl").splitlines()[1:]]


def export(*chosen: str) -> int:
    return main(["export", "wacz", *(chosen or ("--campaign", "default")), "-o", "x.wacz"])


def test_a_damaged_record_is_left_out_and_named(
    collection: Collection, damaged: Capture, capsys: Said
) -> None:
    assert export() == 1
    told = capsys.readouterr()
    assert "x.wacz: 1 pages" in told.out
    assert f"left out: {damaged.file} at byte {damaged.offset} ({damaged.url})" in told.err
    assert "have no proof: it is not what it was when it was sealed" in told.err
    (other,) = [capture.url for capture in captures(collection) if capture.url != damaged.url]
    assert pages("x.wacz") == [other]


def test_a_page_of_its_own_that_is_damaged_is_refused(damaged: Capture, tmp_path: Path, capsys: Said) -> None:
    assert export("--page", damaged.url) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert f"{damaged.file} at byte {damaged.offset}" in line
    assert sorted(path.name for path in tmp_path.iterdir()) == ["saved", "workspace"]


@pytest.mark.parametrize("content", [b"", b"no WARC", None])
def test_a_file_without_any_record_is_refused(
    collection: Collection, content: bytes | None, capsys: Said
) -> None:
    (path,) = collection.sealed()
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    assert export() == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "nothing of this can be packed" in line
    assert path.name in line


def test_the_records_of_a_file_that_is_being_written_have_no_proof_yet_and_both_sides_are_told(
    collection: Collection, capsys: Said
) -> None:
    with open_writer(collection, info=CrawlInfo("default")) as writer:
        body = PAGE.format(title="合成", text="内容").encode()
        writer.write_resource("http://gov.example/new.html", body, "text/html", datetime.now(UTC)).result()
        (path,) = collection.unsealed()
        assert main(["rebuild"]) == 0
        capsys.readouterr()
        assert export() == 0
    file = path.name.removesuffix(".open")
    assert (
        f"UNFINISHED  {file}: 2 records of this file have no proof: it is being written"
        in capsys.readouterr().err
    )
    assert main(["custody", "check", "x.wacz"]) == 1
    told = capsys.readouterr()
    assert told.out == (
        f"UNFINISHED  {file}: 2 records have no proof: the sender says that this file was not sealed yet; "
        "ask for another package\n"
    )
    assert "nothing wrong; records of 1 unsealed files have no proof" in told.err


def test_a_record_whose_headers_are_very_long_is_packed_and_proved(
    workspace: Workspace, collection: Collection, capsys: Said
) -> None:
    with open_writer(collection, info=CrawlInfo("default")) as writer:
        writer.write_resource(LONG, LINZHOU.encode(), "text/html", datetime.now(UTC))
    assert main(["rebuild"]) == 0
    assert export() == 0
    assert LONG in pages("x.wacz")
    capsys.readouterr()
    assert main(["custody", "check", "x.wacz"]) == 0
    assert main(["verify"]) == 0


def test_a_file_name_may_be_as_long_as_the_disk_allows_and_not_longer(
    workspace: Workspace, capsys: Said
) -> None:
    names = {length: "a" * (length - 5) + ".wacz" for length in (255, 256)}
    assert main(["export", "wacz", "--campaign", "default", "-o", names[255]]) == 0
    capsys.readouterr()
    assert main(["export", "wacz", "--campaign", "default", "-o", names[256]]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "File name too long" in line


def test_what_cannot_be_logged_is_not_handed_on(workspace: Workspace, tmp_path: Path, capsys: Said) -> None:
    key = workspace.custody / "signing-key.pem"
    key.unlink()
    key.mkdir()
    assert export() == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert f"{key} is no file" in line
    assert not (tmp_path / "x.wacz").exists()
