"""The custody log and `holdfast verify` as a user meets them."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.collection import Collection
from archive.custody import entries, pending
from cli.custody import MAX_PROOFS
from cli.main import main
from tests.archive.custody import tsa
from tests.db.archived import saved_pages
from workspace.layout import Workspace, create_workspace


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace into which two saved pages were brought."""
    made = create_workspace(tmp_path / "workspace")
    monkeypatch.setenv("HOLDFAST_HOME", str(made.root))
    assert main(["import", str(saved_pages(tmp_path / "saved"))]) == 0
    return made


@pytest.fixture
def warc(workspace: Workspace) -> Path:
    """The only sealed file."""
    (path,) = Collection(workspace.collection("default")).sealed()
    return path


def acts(workspace: Workspace) -> list[str]:
    return [entry["act"] for entry in entries(workspace.custody)]


def test_every_act_on_the_evidence_is_logged(workspace: Workspace, warc: Path, tmp_path: Path) -> None:
    target = tmp_path / "evidence.wacz"
    assert main(["export", "wacz", "--campaign", "default", "-o", str(target)]) == 0
    assert main(["custody", "new-key"]) == 0
    seal, imported, exported, changed = entries(workspace.custody)
    assert [each["act"] for each in (seal, imported, exported, changed)] == [
        "seal",
        "import",
        "export",
        "key-change",
    ]
    assert seal["subject"]["file"] == warc.name
    assert imported["subject"] == {"brought": 2, "campaign": "default", "files": 2}
    assert exported["subject"]["file"] == "evidence.wacz"
    assert main(["verify"]) == 0


def test_the_log_is_shown_with_what_was_done(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["custody", "log"]) == 0
    seal, imported = capsys.readouterr().out.splitlines()
    assert "seal" in seal
    assert "import" in imported
    assert "brought 2" in imported


def _flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 0xFF
    path.write_bytes(bytes(data))


def _alter_log(work: Workspace, warc: Path) -> None:
    path = work.custody / "log.jsonl"
    path.write_text(path.read_text().replace('"brought":2', '"brought":9'))


def _remove_entry(work: Workspace, warc: Path) -> None:
    path = work.custody / "log.jsonl"
    path.write_text(path.read_text().splitlines(keepends=True)[1])


def _cut_tail(work: Workspace, warc: Path) -> None:
    path = work.custody / "log.jsonl"
    path.write_text(path.read_text().splitlines(keepends=True)[0])


def _forge_signature(work: Workspace, warc: Path) -> None:
    path = work.custody / "log.jsonl"
    first, second = path.read_text().splitlines(keepends=True)
    other = json.loads(second)["signature"]
    path.write_text(first.replace(json.loads(first)["signature"], other) + second)


def _remove_file(work: Workspace, warc: Path) -> None:
    warc.unlink()


def _alter_file(work: Workspace, warc: Path) -> None:
    _flip(warc, warc.stat().st_size // 2)


def _shorten_file(work: Workspace, warc: Path) -> None:
    warc.write_bytes(warc.read_bytes()[:-5])


def _index_line_gone(work: Workspace, warc: Path) -> None:
    index = warc.parent.parent / "indexes" / "index.cdxj"
    index.write_text("".join(index.read_text().splitlines(keepends=True)[1:]))


def _index_altered(work: Workspace, warc: Path) -> None:
    index = warc.parent.parent / "indexes" / "index.cdxj"
    index.write_text(index.read_text().replace('"mime": "text/html"', '"mime": "text/plain"', 1))


def _in_database(statement: str) -> Callable[[Workspace, Path], None]:
    def change(work: Workspace, warc: Path) -> None:
        with sqlite3.connect(work.root / "holdfast.db") as connection:
            connection.execute("pragma foreign_keys = off")
            assert connection.execute(statement).rowcount == 1

    return change


DAMAGE: dict[str, tuple[Callable[[Workspace, Path], None], str, str]] = {
    "log line altered": (_alter_log, "log.jsonl, line 2", "the entry is not the one that was signed"),
    "entry removed": (_remove_entry, "log.jsonl, line 1", "the entry is out of its order"),
    "tail cut": (_cut_tail, "log.head", "the log has 1 entries and had 2: its end was cut off"),
    "signature wrong": (_forge_signature, "log.jsonl, line 1", "the signature does not hold"),
    "sealed file missing": (_remove_file, "{warc}", "was sealed (line 1), but it is not there"),
    "sealed file altered": (_alter_file, "{warc}", "the file is not what it was when it was sealed"),
    "sealed file shortened": (_shorten_file, "{warc}", "bytes, and had"),
    "index without a record": (_index_line_gone, "{warc}", "the index does not list this capture"),
    "index unlike the record": (_index_altered, "{warc}", "the index has another mime than the record"),
    "database without a capture": (
        _in_database("delete from capture where id = (select min(id) from capture)"),
        "{warc}",
        "captures of this file are not in the database",
    ),
    "database unlike the archive": (
        _in_database("update capture set warc_offset = 1 where id = (select min(id) from capture)"),
        "{warc}",
        "the database has another offset of this capture",
    ),
    "database with an invented capture": (
        _in_database("update capture set record_id = 'x' where id = (select min(id) from capture)"),
        "{warc}",
        "the database lists a capture that the archive does not have",
    ),
}


@pytest.mark.parametrize("case", DAMAGE)
def test_verify_names_what_is_wrong_and_where_and_exits_1(
    workspace: Workspace, warc: Path, case: str, capsys: pytest.CaptureFixture[str]
) -> None:
    change, place, problem = DAMAGE[case]
    assert main(["verify"]) == 0
    change(workspace, warc)
    capsys.readouterr()
    assert main(["verify", "--json"]) == 1
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    place = place.format(warc=warc.name)
    assert any(each["file"] == place and problem in each["problem"] for each in told), told


def test_stamps_that_could_not_be_had_offline_are_fetched_by_a_later_command(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    authority = tsa.Authority(tmp_path / "tsa")
    monkeypatch.setenv("HOLDFAST_TIMESTAMP_CA", str(authority.root))
    monkeypatch.setenv("HOLDFAST_TIMESTAMP_URL", "http://127.0.0.1:9/")
    assert main(["custody", "new-key"]) == 0, "the act is done, whether it is stamped or not"
    assert "not time-stamped yet (1 waiting" in capsys.readouterr().err
    assert main(["export", "wacz", "--campaign", "default", "-o", str(tmp_path / "a.wacz")]) == 0
    assert "not time-stamped yet (2 waiting" in capsys.readouterr().err
    with tsa.serving(authority.answer) as url:
        monkeypatch.setenv("HOLDFAST_TIMESTAMP_URL", url)
        assert main(["custody", "new-key"]) == 0
    assert pending(workspace.custody) == []
    assert sorted(path.name for path in (workspace.custody / "timestamps").glob("*.tsr")) == [
        "3.tsr",
        "4.tsr",
        "5.tsr",
    ]
    assert main(["verify"]) == 0


def test_a_stamp_of_an_authority_that_is_not_trusted_is_damage(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    authority, other = tsa.Authority(tmp_path / "tsa"), tsa.Authority(tmp_path / "other")
    with tsa.serving(authority.answer) as url:
        monkeypatch.setenv("HOLDFAST_TIMESTAMP_URL", url)
        monkeypatch.setenv("HOLDFAST_TIMESTAMP_CA", str(authority.root))
        assert main(["custody", "stamp"]) == 0
    assert main(["verify"]) == 0
    monkeypatch.setenv("HOLDFAST_TIMESTAMP_CA", str(other.root))
    capsys.readouterr()
    assert main(["verify"]) == 1
    assert "timestamps/2.tsr: the time-stamp does not hold" in capsys.readouterr().out


def package(proofs: bytes, data: bytes, data_method: int = zipfile.ZIP_STORED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as out:
        out.writestr("custody/records-x.jsonl", proofs, zipfile.ZIP_DEFLATED)
        out.writestr("archive/data.warc.gz", data, data_method)
    return packed.getvalue()


def flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes(byte ^ 0xFF for byte in content[at : at + 2]) + content[at + 2 :]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            flipped(package(b"a" * 5000, b"x"), 30 + len("custody/records-x.jsonl")),
            "is no package with custody",
        ),
        (package(b"", bytes(10_000_000), zipfile.ZIP_DEFLATED), "is larger than the package can hold"),
        (package(bytes(MAX_PROOFS + 1), b"x"), "its proofs are larger than 256 MB"),
    ],
    ids=["damaged", "a bomb for a WARC", "a bomb for a proof"],
)
def test_a_package_that_cannot_be_checked_is_refused_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, said: str
) -> None:
    path = tmp_path / "package.wacz"
    path.write_bytes(content)
    assert main(["custody", "check", str(path)]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "Traceback" not in told


def test_one_page_can_be_proved_without_a_package(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["captures", "--json"]) == 0
    url = json.loads(capsys.readouterr().out.splitlines()[0])["url"]
    folder = tmp_path / "proof"
    assert main(["custody", "prove", "default", url, "-o", str(folder)]) == 0
    assert main(["custody", "check", str(folder)]) == 0
    _flip(folder / "archive" / "data.warc.gz", 40)
    assert main(["custody", "check", str(folder)]) == 1
    assert "the record is not one of the file that was sealed" in capsys.readouterr().out


@pytest.mark.parametrize("content", [None, b"no certificate"])
def test_an_authority_that_is_none_is_refused_though_there_is_no_stamp_to_check(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    package, authority = tmp_path / "evidence.wacz", tmp_path / "authority.pem"
    assert main(["export", "wacz", "--campaign", "default", "-o", str(package)]) == 0
    if content:
        authority.write_bytes(content)
    capsys.readouterr()
    assert main(["custody", "check", str(package), "--authority", str(authority)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert str(authority) in line
