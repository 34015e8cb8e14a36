"""`holdfast store`, and what works without the local copies: the store is a folder, which fsspec takes as well."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from archive.collection import Collection
from archive.custody import entries
from archive.index import captures as archived
from archive.storage import LEDGER
from cli.main import main
from tests.db.archived import saved_pages
from workspace.layout import Workspace, create_workspace


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace into which two saved pages were brought, with a store."""
    made = create_workspace(tmp_path / "workspace")
    made.settings_file.write_text(f"storage_url = {'file://' + str(tmp_path / 'store')!r}\n")
    (tmp_path / "store").mkdir()
    monkeypatch.setenv("HOLDFAST_HOME", str(made.root))
    assert main(["import", str(saved_pages(tmp_path / "saved"))]) == 0
    return made


@pytest.fixture
def collection(workspace: Workspace) -> Collection:
    return Collection(workspace.collection("default"))


@pytest.fixture
def dropped(workspace: Workspace, collection: Collection, capsys: pytest.CaptureFixture[str]) -> Workspace:
    """The workspace when the only copies are in the store."""
    assert main(["store", "--drop-local"]) == 0
    assert collection.sealed() == []
    capsys.readouterr()
    return workspace


def stored(workspace: Workspace) -> list[str]:
    return [entry["subject"]["file"] for entry in entries(workspace.custody) if entry["act"] == "store"]


def captures(capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    capsys.readouterr()
    assert main(["captures", "--format", "jsonl"]) == 0
    return sorted(map(json.loads, capsys.readouterr().out.splitlines()), key=lambda each: each["record_id"])


def test_a_package_holds_what_only_the_store_has_and_its_proofs_hold(
    dropped: Workspace, tmp_path: Path
) -> None:
    package = tmp_path / "evidence.wacz"
    assert main(["export", "wacz", "--campaign", "default", "-o", str(package)]) == 0
    with zipfile.ZipFile(package) as wacz:
        assert any(name.startswith("custody/records-") for name in wacz.namelist())
    assert main(["custody", "check", str(package)]) == 0


def test_a_page_that_only_the_store_has_is_proved(
    dropped: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = captures(capsys)[0]["url"]
    assert main(["custody", "prove", "default", address, "-o", str(tmp_path / "proof")]) == 0
    assert "1 of 1 records" in capsys.readouterr().out
    assert main(["custody", "check", str(tmp_path / "proof")]) == 0


def test_what_is_neither_here_nor_in_the_store_is_said_to_be_gone(
    dropped: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = captures(capsys)[0]["url"]
    for file in (tmp_path / "store" / "default").iterdir():
        file.unlink()
    assert main(["custody", "prove", "default", address, "-o", str(tmp_path / "proof")]) == 2
    assert "cannot read" in capsys.readouterr().err
    assert not (tmp_path / "proof").exists()
    assert main(["export", "wacz", "--campaign", "default", "-o", str(tmp_path / "x.wacz")]) == 2
    assert list(tmp_path.glob("*x.wacz*")) == []


def test_rebuild_reads_from_the_store_what_pages_were_imported_from(
    dropped: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    before = captures(capsys)
    assert {Path(each["source_path"]).name for each in before} == {"a.html", "b.html"}
    dropped.database_file.unlink()
    assert main(["rebuild"]) == 0
    assert captures(capsys) == before


def test_trace_names_where_the_bytes_are_or_should_be(
    workspace: Workspace, collection: Collection, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (warc,) = collection.sealed()
    (capture, *_) = captures(capsys)

    def path() -> str:
        capsys.readouterr()
        main(["trace", capture["id"], "--json"])
        return str(json.loads(capsys.readouterr().out)["bytes"]["path"])

    assert path() == str(warc)
    assert main(["store", "--drop-local"]) == 0
    assert path() == f"file://{tmp_path}/store/default/{warc.name}"
    (collection.root / LEDGER).unlink()
    assert path() == str(warc)


def test_verify_looks_at_what_only_the_store_has(
    dropped: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify"]) == 0
    assert capsys.readouterr().err == "1 files in 1 collections were checked: nothing wrong\n"
    (object_,) = (tmp_path / "store" / "default").iterdir()
    whole = object_.read_bytes()
    object_.write_bytes(whole[:-20] + bytes([whole[-20] ^ 1]) + whole[-19:])
    assert main(["verify"]) == 1
    assert "DAMAGED" in capsys.readouterr().out
    object_.unlink()
    assert main(["verify"]) == 1
    told = capsys.readouterr()
    assert "the store does not have it any more" in told.out
    assert "0 files in 1 collections were checked: 1 wrong" in told.err


def test_what_the_store_does_not_give_is_not_called_checked(
    dropped: Workspace, collection: Collection, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = collection.root / LEDGER
    row = json.loads(ledger.read_text())
    row |= {"url": "s3://bucket/" + row["file"], "endpoint": "http://127.0.0.1:1"}
    ledger.write_text(json.dumps(row) + "\n")
    before = captures(capsys)
    assert main(["verify"]) == 1
    told = capsys.readouterr()
    assert told.out.startswith("NOT CHECKED")
    assert "0 files in 1 collections were checked: nothing wrong; 1 files could NOT be checked" in told.err
    assert main(["rebuild"]) == 2, "nothing is thrown away that cannot be read again"
    assert captures(capsys) == before


@pytest.mark.parametrize("content", [None, b"no line of an index\n"])
def test_the_index_of_what_only_the_store_has_is_made_anew_from_there(
    dropped: Workspace, collection: Collection, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    before, index = captures(capsys), collection.indexes / "index.cdxj"
    whole = index.read_bytes()
    index.unlink()
    if content:
        index.write_bytes(content)
    assert main(["rebuild"]) == 0
    assert index.read_bytes() == whole
    assert captures(capsys) == before


def test_a_rebuild_throws_nothing_away_when_the_store_gives_a_damaged_record(
    dropped: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = captures(capsys)
    damaged, _ = archived(Collection(dropped.collection("default")))
    (file,) = (tmp_path / "store" / "default").iterdir()
    content = bytearray(file.read_bytes())
    content[damaged.offset + damaged.length // 2] ^= 0xFF
    file.write_bytes(content)
    assert main(["rebuild"]) == 2
    said = f"lists are gone from the archive or damaged, the first in {file.name} ({damaged.url})"
    assert said in capsys.readouterr().err
    assert captures(capsys) == before
    assert main(["rebuild", "--lost"]) == 1
    assert len(captures(capsys)) == len(before) - 1


def test_a_rebuild_throws_nothing_away_when_the_store_has_lost_a_file(
    dropped: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = captures(capsys)
    for file in (tmp_path / "store" / "default").iterdir():
        file.unlink()
    assert main(["rebuild"]) == 2
    assert "nothing was changed" in capsys.readouterr().err
    assert captures(capsys) == before


def test_a_line_of_the_ledger_that_a_crash_tore_is_as_if_never_written(
    workspace: Workspace, collection: Collection
) -> None:
    (warc,) = collection.sealed()
    assert main(["store"]) == 0
    path = collection.root / LEDGER
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert main(["verify"]) == 0
    assert main(["store", "--drop-local"]) == 0
    assert path.read_bytes() == whole
    assert main(["verify"]) == 0
    assert stored(workspace) == [warc.name, warc.name], "it was uploaded twice"


def test_a_damaged_line_of_the_ledger_is_named(
    dropped: Workspace, collection: Collection, capsys: pytest.CaptureFixture[str]
) -> None:
    path = collection.root / LEDGER
    path.write_bytes(path.read_bytes()[5:])
    assert main(["store"]) == 2
    assert f"line 1 of {path} cannot be read" in capsys.readouterr().err


def test_an_upload_that_a_crash_kept_out_of_the_custody_log_is_logged_by_the_next(
    workspace: Workspace, collection: Collection
) -> None:
    (warc,) = collection.sealed()
    log = {path: path.read_bytes() for path in workspace.custody.glob("log.*")}
    assert main(["store"]) == 0
    for path, content in log.items():
        path.write_bytes(content)
    assert stored(workspace) == []
    assert main(["store"]) == 0
    assert main(["store"]) == 0
    assert stored(workspace) == [warc.name]


@pytest.mark.parametrize(
    "url",
    [
        "memory://x",
        "memory://x/y",
        "foo",
        "/path",
        "file://path",
        "s3:",
        "s3://",
        "local:///tmp",
        "simplecache::memory://x",
    ],
)
def test_a_store_that_does_not_keep_files_is_refused_and_nothing_is_dropped(
    workspace: Workspace, collection: Collection, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    workspace.settings_file.write_text(f"storage_url = {url!r}\n")
    before = collection.sealed()
    capsys.readouterr()
    assert main(["store", "--drop-local"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert f"storage_url is {url!r}" in line
    assert "s3://bucket/folder" in line
    assert collection.sealed() == before
    assert not (collection.root / LEDGER).exists()


@pytest.mark.parametrize(
    ("folder", "said"), [("inside", "is in the workspace itself"), ("../gone", "no such folder")]
)
def test_a_folder_that_is_no_other_place_is_refused(
    workspace: Workspace, collection: Collection, capsys: pytest.CaptureFixture[str], folder: str, said: str
) -> None:
    workspace.settings_file.write_text(f"storage_url = 'file://{workspace.root / folder}'\n")
    assert main(["store", "--drop-local"]) == 2
    assert said in capsys.readouterr().err
    assert collection.sealed()
