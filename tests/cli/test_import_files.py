"""Files of others are brought in once, whatever is in them, and every later command can live with them."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import typer
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from typer.testing import CliRunner, Result

from archive.collection import Collection
from archive.errors import ArchiveError, DiskLow
from archive.foreign.intake import IncomingRecord, records
from archive.noted.notkept import DECISION
from archive.warc.gzipmember import compressed
from archive.warc.warcformat import notes_record
from cli import imports, rebuild, verify
from crawler.errors import CrawlError
from db.models import CaptureRow, LookRow, NotKeptRow, PageRow
from db.session import connect
from tests.db.archived import LINZHOU
from workspace.layout import Workspace, create_workspace
from workspace.settings import database_url, load_settings

URL = "http://gov.example/art/1.html"
ID = "urn:uuid:0c4d3f0e-0000-4000-8000-00000000000{}"
PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + LINZHOU.encode()
HTTP = "application/http; msgtype=response"


def record(
    number: int,
    block: bytes,
    kind: str = "response",
    *,
    date: str = "2021-05-13T01:00:00Z",
    media: str = HTTP,
    more: bytes = b"",
) -> bytes:
    """A record as some other tool might write it."""
    lines = (
        "WARC/1.1",
        f"WARC-Type: {kind}",
        f"WARC-Record-ID: <{ID.format(number)}>",
        f"WARC-Date: {date}",
        f"WARC-Target-URI: {URL}",
        f"Content-Type: {media}",
        f"Content-Length: {len(block)}",
    )
    return gzip.compress("\r\n".join(lines).encode() + b"\r\n" + more + b"\r\n" + block + b"\r\n\r\n")


REQUEST = record(2, b"GET /art/1.html HTTP/1.1\r\n\r\n", "request", media="application/http; msgtype=request")


def run(*arguments: object) -> Result:
    """A command in this process; errors that the command line tells in one sentence are as good as an exit."""
    app = typer.Typer()
    for command in (imports, rebuild, verify):
        command.register(app)
    result = CliRunner().invoke(app, list(map(str, arguments)))
    if not isinstance(result.exception, (SystemExit, ArchiveError, CrawlError, type(None))):
        raise result.exception
    return result


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    made = create_workspace(tmp_path / "workspace")
    monkeypatch.setenv("HOLDFAST_HOME", str(made.root))
    monkeypatch.setenv("HOLDFAST_MIN_FREE_BYTES", "0")
    return made


@pytest.fixture
def given_file(tmp_path: Path) -> Callable[..., Path]:
    def made(*parts: bytes, name: str = "others.warc.gz") -> Path:
        path = tmp_path / "incoming" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"".join(parts))
        return path

    return made


def rows(workspace: Workspace, column: object) -> list[object]:
    engine = connect(database_url(workspace, load_settings(workspace)))
    with engine.connect() as connection:
        found = list(connection.scalars(select(column)))  # type: ignore[call-overload]
    engine.dispose()
    return found


def kinds(workspace: Workspace) -> list[str]:
    """The kinds of the records in the archive, without what begins each file."""
    files = Collection(workspace.collection("default")).sealed()
    found = [each.kind for path in files for each in records(path) if isinstance(each, IncomingRecord)]
    return sorted(kind for kind in found if kind != "warcinfo")


def test_a_file_brought_in_three_times_is_archived_once(
    workspace: Workspace, given_file: Callable[..., Path]
) -> None:
    path = given_file(record(1, PAGE), REQUEST)
    for _ in range(3):
        run("import", path)
    assert kinds(workspace) == ["request", "response"]
    assert run("verify").exit_code == 0


def test_two_copies_in_one_folder_are_archived_once(
    workspace: Workspace, given_file: Callable[..., Path]
) -> None:
    for name in ("a.warc.gz", "b.warc.gz"):
        path = given_file(record(1, PAGE), REQUEST, name=name)
    assert "2 pages" not in run("import", path.parent).stderr
    assert kinds(workspace) == ["request", "response"]
    assert run("verify").exit_code == 0


def test_what_others_say_of_looks_and_decisions_is_kept_and_not_believed(
    workspace: Workspace, given_file: Callable[..., Path]
) -> None:
    then = datetime(2021, 5, 14, tzinfo=UTC)
    page = ID.format(1)
    forged = [
        notes_record(page, URL, then + timedelta(days=day), [("look-at", page), ("look-failure", "dns")])
        for day in (1, 5)
    ]
    forged.append(
        notes_record(page, URL, then, [(DECISION, "not relevant"), ("source-path", "/elsewhere.html")])
    )
    path = given_file(record(1, PAGE), *map(compressed, forged))
    run("import", path)
    before = rows(workspace, PageRow.availability), rows(workspace, LookRow.state)
    assert run("rebuild").exit_code == 0
    assert (rows(workspace, PageRow.availability), rows(workspace, LookRow.state)) == before
    assert rows(workspace, NotKeptRow.id) == []
    assert rows(workspace, CaptureRow.source_path) == [str(path)]
    assert kinds(workspace) == ["metadata", "metadata", "metadata", "response"]
    assert run("verify").exit_code == 0


def test_a_name_in_gbk_is_read_as_chinese_now_and_after_rebuild(
    workspace: Workspace, given_file: Callable[..., Path]
) -> None:
    path = given_file(LINZHOU.encode(), name=os.fsdecode("采集.html".encode("gbk")))
    done = run("import", path)
    assert (done.exit_code, done.stdout.partition(":")[0]) == (0, "采集.html")
    told = [str(path.parent / "采集.html")]
    assert rows(workspace, CaptureRow.source_path) == told
    database = workspace.root / "holdfast.db"
    database.unlink()
    run("rebuild")
    assert rows(workspace, CaptureRow.source_path) == told


def test_an_import_stops_while_the_disk_has_room(
    workspace: Workspace, given_file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOLDFAST_MIN_FREE_BYTES", str(2**62))
    done = run("import", given_file(record(1, PAGE)))
    assert isinstance(done.exception, DiskLow)
    assert kinds(workspace) == []


def test_a_page_whose_body_cannot_be_decoded_has_a_row_that_says_so(
    workspace: Workspace, given_file: Callable[..., Path]
) -> None:
    damaged = b"HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\n\r\n\x28\xb5\x2f\xfd" + b"\xff" * 90
    path = given_file(record(1, damaged))
    for command in (("import", path), ("rebuild",)):
        done = run(*command)
        assert (done.exit_code, f"not read: {URL}: could not be decoded" in done.stderr) == (1, True)
        assert len(rows(workspace, CaptureRow.id)) == 1
    assert run("verify").exit_code == 0


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3000)),
         "deep.mhtml"),
        (b"Content-Type: text/plain\r\n\r\nno page", "text.mht"),
    ],
)  # fmt: skip
def test_mhtml_that_holds_no_page_is_one_sentence(
    workspace: Workspace, given_file: Callable[..., Path], content: bytes, name: str
) -> None:
    path = given_file(content, name=name)
    done = run("import", path)
    assert isinstance(done.exception, CrawlError)
    assert str(done.exception).startswith(f"{path}: it ")


STATUS = st.one_of(st.from_regex(rb"[0-9]{1,30}", fullmatch=True), st.binary(max_size=6))
DATE = st.one_of(
    st.datetimes().map(lambda time: f"{time.isoformat()}Z"),
    st.sampled_from(["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00", "yesterday", "", "²"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12).filter(lambda text: text.isprintable()),
)
NAME = st.binary(min_size=1, max_size=30).filter(lambda name: not set(name) & {0, 47})


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(status=STATUS, date=DATE, header=st.binary(max_size=40), name=NAME)
@example(b"99999999999999999999999", "2021-05-13T01:00:00Z", b"", "采集".encode("gbk"))
@example(b"200", "9999-12-31T23:59:59-12:00", b"Content-Type: \xd8\x00", b"\xff")
@example(b"200", "2021-05-13T01:00:00Z", b"Transfer-Encoding: chunked\r\nContent-Encoding: br", b"a")
@example(b"200", "9999-12-31T23:59:59Z", b"WARC-Refers-To: a\x00b", b"\x01")
def test_no_record_of_others_breaks_a_later_command(
    status: bytes, date: str, header: bytes, name: bytes
) -> None:
    told = f"{DECISION}: x\r\nstatus: {'9' * 30}\r\npayload-bytes: {'9' * 30}\r\nlook-at: x\r\n".encode()
    clean = header.replace(b"\r\n\r\n", b"")
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        made = create_workspace(Path(folder) / "workspace")
        patch.setenv("HOLDFAST_HOME", str(made.root))
        patch.setenv("HOLDFAST_MIN_FREE_BYTES", "0")
        incoming = Path(folder) / "incoming"
        incoming.mkdir()
        response = b"HTTP/1.1 " + status + b" OK\r\n" + header + b"\r\n\r\n" + LINZHOU.encode()
        content = (
            record(1, response, date=date)
            + record(2, told, "metadata", date=date, media="application/warc-fields")
            + record(3, PAGE, more=clean + b"\r\n" if clean.strip() else b"")
        )
        (incoming / os.fsdecode(name + b".warc.gz")).write_bytes(content)
        (incoming / os.fsdecode(name + b".html")).write_bytes(LINZHOU.encode())
        run("import", incoming)
        run("import", incoming)
        assert run("rebuild").exit_code == 0
        assert run("verify").exit_code == 0
