"""Files of others come in whole; what is broken in them is said with its place."""

from __future__ import annotations

import base64
import contextlib
import gzip
import hashlib
import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cdxj_indexer.main import CDXJIndexer
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, generate_private_key

from archive import Collection, CrawlInfo, Exchange, open_writer, read_capture
from archive.errors import ArchiveError, UnreadableArchive
from archive.foreign.intake import Defect, IncomingRecord, records
from archive.index import captures
from archive.wacz import Package, write_wacz

INFO = CrawlInfo(campaign="test")


@pytest.fixture
def others(collection: Collection, exchange: Callable[..., Exchange]) -> Path:
    """A WARC file of five captures, as someone else might have."""
    with open_writer(collection, info=INFO) as writer:
        for number in range(5):
            writer.write(exchange(b"%d" % number * 300, f"http://site.example/{number}"))
    return collection.sealed()[0]


def read(path: Path) -> tuple[list[IncomingRecord], list[Defect]]:
    found = list(records(path))
    return [r for r in found if isinstance(r, IncomingRecord)], [d for d in found if isinstance(d, Defect)]


def copied(found: list[IncomingRecord], target: Collection) -> None:
    with open_writer(target, info=INFO) as writer:
        for record in found:
            writer.copy(record)


def test_records_keep_their_dates_identities_and_bytes(
    collection: Collection, others: Path, tmp_path: Path
) -> None:
    found, defects = read(others)
    assert not defects
    target = Collection(tmp_path / "copy")
    copied(found, target)
    before = {c.record_id: (c.url, c.time, c.payload_digest) for c in captures(collection)}
    after = {c.record_id: (c.url, c.time, c.payload_digest) for c in captures(target)}
    assert after == before
    for capture in captures(target):
        assert read_capture(target, capture.file, capture.offset).payload_digest == capture.payload_digest


@pytest.mark.parametrize("form", ["one member", "not compressed"])
def test_other_ways_to_compress_are_read_too(others: Path, tmp_path: Path, form: str) -> None:
    plain = gzip.decompress(others.read_bytes())
    path = tmp_path / "other.warc"
    path.write_bytes(gzip.compress(plain) if form == "one member" else plain)
    found, defects = read(path)
    assert len([r for r in found if r.response]) == 5
    assert not defects


def test_a_cut_file_gives_what_comes_before_and_the_place(others: Path, tmp_path: Path) -> None:
    path = tmp_path / "cut.warc.gz"
    path.write_bytes(others.read_bytes()[:-300])
    found, defects = read(path)
    assert len([r for r in found if r.response]) >= 4
    assert defects
    assert 0 < defects[-1].offset < path.stat().st_size
    assert str(path) in str(defects[-1])


@pytest.mark.parametrize(
    "content", [b"", b"not an archive", b"\x1f\x8b garbage", b"PK\x03\x04 garbage", bytes(5000)]
)
def test_what_is_no_archive_is_refused_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(content)
    with pytest.raises(UnreadableArchive) as caught:
        list(records(path))
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)


def warc(*lines: str, block: bytes = b"HTTP/1.1 200 OK\r\n\r\nsynthetic", version: str = "1.0") -> bytes:
    """A record as some other tool might write it."""
    head = [f"WARC/{version}", *lines, f"Content-Length: {len(block)}", "", ""]
    return "\r\n".join(head).encode() + block + b"\r\n\r\n"


RESPONSE = (
    "WARC-Type: response",
    "WARC-Record-ID: <urn:uuid:0c4d3f0e-0000-4000-8000-000000000001>",
    "WARC-Date: 2020-01-02T03:04:05Z",
    "WARC-Target-URI: http://site.example/a",
    "Content-Type: application/http; msgtype=response",
)
RIGHT = "sha1:" + base64.b32encode(hashlib.sha1(b"synthetic", usedforsecurity=False).digest()).decode()


@pytest.mark.parametrize(
    ("lines", "url"),
    [
        ("WARC-Target-URI: <http://site.example/a>", "http://site.example/a"),
        ("WARC-Target-URI: http://site.example/a b", "http://site.example/a%20b"),
        ("WARC-Target-URI: http://site.example/a", "http://site.example/a"),
    ],
)
def test_an_address_is_cleaned_for_the_index_and_kept_as_found_in_the_record(
    tmp_path: Path, lines: str, url: str
) -> None:
    path = tmp_path / "odd.warc"
    path.write_bytes(warc(*RESPONSE[:3], lines, RESPONSE[4]))
    found, defects = read(path)
    target = Collection(tmp_path / "copy")
    copied(found, target)
    (capture,) = captures(target)
    assert capture.url == url
    assert lines.encode() in gzip.decompress(target.sealed()[0].read_bytes())
    assert not defects


def test_a_record_of_warc_1_0_stays_one_and_gets_only_the_digest_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "old.warc"
    path.write_bytes(warc(*RESPONSE))
    (record,) = read(path)[0]
    plain = gzip.decompress(record.raw)
    digest = f"\r\nWARC-Payload-Digest: sha256:{hashlib.sha256(b'synthetic').hexdigest()}".encode()
    assert plain.replace(digest, b"") == path.read_bytes()


@pytest.mark.parametrize(
    ("digest", "defect"),
    [
        (f"WARC-Payload-Digest: {RIGHT}", None),
        (f"WARC-Payload-Digest: sha-256:{hashlib.sha256(b'synthetic').hexdigest().upper()}", None),
        ("WARC-Payload-Digest: blake3:00", None),
        (f"WARC-Payload-Digest: sha1:{'A' * 32}", "the payload of the record is not that of its digest"),
        (f"WARC-Block-Digest: {RIGHT}", "the bytes of the record are not those of its block digest"),
    ],
)
def test_a_digest_of_others_is_checked_in_whatever_way_it_is_written(
    tmp_path: Path, digest: str, defect: str | None
) -> None:
    path = tmp_path / "x.warc"
    path.write_bytes(warc(*RESPONSE, digest))
    found, defects = read(path)
    assert len(found) == 1, "kept, whatever its digest says"
    assert [d.problem.rpartition(" ")[0] for d in defects] == ([defect] if defect else [])


def test_a_revisit_without_a_head_takes_it_from_what_it_repeats(tmp_path: Path) -> None:
    again = ("WARC-Type: revisit", "WARC-Record-ID: <urn:uuid:0c4d3f0e-0000-4000-8000-000000000002>")
    lines = (*again, "WARC-Date: 2021-01-02T03:04:05Z", *RESPONSE[3:], f"WARC-Payload-Digest: {RIGHT}")
    path = tmp_path / "x.warc"
    path.write_bytes(warc(*RESPONSE, f"WARC-Payload-Digest: {RIGHT}") + warc(*lines, block=b""))
    found, defects = read(path)
    target = Collection(tmp_path / "copy")
    copied(found, target)
    first, second = (read_capture(target, each.file, each.offset) for each in captures(target))
    assert not defects
    assert (second.status, second.reason, second.payload) == (200, "OK", b"synthetic")
    assert second.headers == first.headers


def test_a_digest_over_chunk_framing_is_accepted(tmp_path: Path) -> None:
    chunked = b"9\r\nsynthetic\r\n0\r\n\r\n"
    for digest in (RIGHT, f"sha256:{hashlib.sha256(chunked).hexdigest()}"):
        path = tmp_path / "x.warc"
        block = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked
        path.write_bytes(warc(*RESPONSE, f"WARC-Payload-Digest: {digest}", block=block))
        (record,), defects = read(path)
        assert not defects
        assert record.response
        assert record.response.payload == b"synthetic"


@pytest.mark.parametrize("compressed", [True, False])
def test_reading_goes_on_after_damage(others: Path, tmp_path: Path, compressed: bool) -> None:
    data = others.read_bytes()
    if not compressed:
        data = gzip.decompress(data)
    middle = (
        data.index(b"\x1f\x8b", len(data) // 2) + 20
        if compressed
        else data.index(b"WARC/1.1", len(data) // 2)
    )
    path = tmp_path / "damaged.warc"
    path.write_bytes(data[:middle] + b"#" * 8 + data[middle + 8 :])
    found, defects = read(path)
    assert [record.response.url for record in found if record.response][-1] == "http://site.example/4"
    assert 12 <= len(found) <= 15, "warcinfo and five exchanges of three records, but for the damaged one"
    assert defects
    assert all(0 < defect.offset <= middle + 8 for defect in defects[:1])


@pytest.mark.parametrize(
    "bomb",
    [
        b"\0" * 2**26,
        b"WARC/1.0\r\nX: " + b"x" * 2**26,
        b"WARC/1.0\r\n" + b"X: y\r\n" * 2**19,
        b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 99999999999999\r\n\r\nx",
    ],
    ids=["zeros", "a header line without end", "header lines without end", "a length beyond all bounds"],
)
def test_a_file_that_expands_without_end_takes_little_memory(tmp_path: Path, bomb: bytes) -> None:
    path = tmp_path / "bomb.warc.gz"
    path.write_bytes(gzip.compress(bomb, 1))
    tracemalloc.start()
    try:
        with contextlib.suppress(UnreadableArchive):
            assert not read(path)[0]
        assert tracemalloc.get_traced_memory()[1] < 2**25
    finally:
        tracemalloc.stop()


def test_an_arc_record_has_the_same_identity_each_time(tmp_path: Path) -> None:
    body = b"HTTP/1.1 200 OK\r\n\r\nsynthetic"
    path = tmp_path / "x.arc"
    path.write_bytes(
        b"filedesc://x.arc 0.0.0.0 20200102030405 text/plain 0\n1 0 Test\nURL IP-address Archive-date\n\n"
        + b"http://site.example/a 127.0.0.1 20200102030405 text/html %d\n" % len(body)
        + body
        + b"\n"
    )
    first, second = ([record.response for record in read(path)[0] if record.response] for _ in range(2))
    assert [r.record_id for r in first] == [r.record_id for r in second]
    assert first[0].payload == b"synthetic"
    assert first[0].time == datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)


def wacz(path: Path, files: dict[str, bytes], **described: object) -> Path:
    """A package whose list names each of `files` truly, but for what `described` says."""
    listed = [
        {"path": name, "hash": f"sha256:{hashlib.sha256(body).hexdigest()}", "bytes": len(body)}
        for name, body in files.items()
    ]
    with zipfile.ZipFile(path, "w") as package:
        for name, body in files.items():
            package.writestr(name, body)
        package.writestr("datapackage.json", json.dumps({"resources": listed, **described}))
    return path


GOOD = {
    "archive/data.warc": warc(*RESPONSE),
    "indexes/index.cdx": b"",
    "pages/pages.jsonl": b'{"format": "json-pages-1.0"}\n',
}


@pytest.mark.parametrize(
    ("files", "described", "defects"),
    [
        (GOOD, {}, []),
        (
            GOOD | {"pages/pages.jsonl": b'{"a": 1}\n{broken\n[]\n'},
            {},
            [(9, "JSON object"), (17, "JSON object")],
        ),
        ({"archive/data.warc": GOOD["archive/data.warc"]}, {}, [(0, "no index")]),
        (GOOD, {"resources": [{"path": "archive/gone.warc", "hash": "sha256:00"}]}, [(0, "not there")]),
        (GOOD, {"resources": [{"path": "archive/data.warc", "hash": "sha256:00"}]}, [(0, "not the one")]),
        (GOOD, {"resources": 7}, [(None, "list of files")]),
        (GOOD | {"datapackage-digest.json": b"{}"}, {}, [(None, "cannot be read (KeyError)")]),
        (
            GOOD | {"datapackage-digest.json": b"[" * 100_000},
            {},
            [(None, "cannot be read (RecursionError)")],
        ),
        (
            GOOD | {"datapackage-digest.json": b'{"hash": "sha256:00"}'},
            {},
            [(None, "its digest is not that of datapackage.json")],
        ),
    ],
)
def test_what_a_wacz_says_of_itself_is_checked(
    tmp_path: Path,
    files: dict[str, bytes],
    described: dict[str, object],
    defects: list[tuple[int | None, str]],
) -> None:
    found, told = read(wacz(tmp_path / "x.wacz", files, **described))
    assert len(found) == 1, "the record is read all the same"
    assert len(told) == len(defects)
    for defect, (offset, problem) in zip(told, defects, strict=True):
        assert problem in defect.problem
        assert offset is None or defect.offset == offset


def test_our_own_packages_are_signed_well_and_a_changed_one_is_noticed(
    collection: Collection, others: Path, tmp_path: Path
) -> None:
    package = Package("Synthetic", "", "holdfast/test", datetime(2026, 1, 1, tzinfo=UTC), ())
    path = tmp_path / "ours.wacz"
    write_wacz(path, package, captures(collection), collection, generate_private_key(SECP384R1()))
    found, defects = read(path)
    assert not defects
    assert len([record for record in found if record.response]) == 5
    changed = tmp_path / "changed.wacz"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for entry in old.infolist():
            body = old.read(entry)
            if entry.filename == "datapackage-digest.json":
                digest = json.loads(body)
                flipped = bytearray(base64.b64decode(digest["signedData"]["signature"]))
                flipped[5] ^= 1
                digest["signedData"]["signature"] = base64.b64encode(flipped).decode()
                body = json.dumps(digest).encode()
            new.writestr(entry, body)
    (defect,) = read(changed)[1]
    assert defect.problem == "the signature is wrong"


def small_zip(*members: tuple[str, bytes, int]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as out:
        for name, content, method in members:
            out.writestr(name, content, method)
    return packed.getvalue()


@pytest.mark.parametrize("gzipped", [True, False])
def test_a_warc_that_ends_with_a_zip_is_a_warc(tmp_path: Path, gzipped: bool) -> None:
    docx = small_zip(("word/document.xml", b"synthetic", zipfile.ZIP_STORED))
    content = warc(*RESPONSE) + warc(*RESPONSE[:4], "Content-Type: application/zip", block=docx)
    path = tmp_path / "ends.warc.gz"
    path.write_bytes(gzip.compress(content, compresslevel=0) if gzipped else content)
    assert zipfile.is_zipfile(path)
    found, defects = read(path)
    assert len(found) == 2
    assert not defects


PAGES = "\n".join(f'{{"number": {number}}}' for number in range(5000)).encode()
DEEP = b"[" * 100_000


def damaged(package: bytes, name: str) -> bytes:
    """The package with two bytes flipped in a deflated member."""
    changed = bytearray(package)
    at = zipfile.ZipFile(io.BytesIO(package)).getinfo(name).header_offset + 30 + len(name) + 2
    changed[at] ^= 0xFF
    changed[at + 1] ^= 0xFF
    return bytes(changed)


@pytest.mark.parametrize(
    ("package", "where"),
    [
        (
            damaged(
                small_zip(
                    ("archive/data.warc", warc(*RESPONSE), zipfile.ZIP_STORED),
                    ("indexes/index.cdx", b"x", zipfile.ZIP_STORED),
                    ("pages/pages.jsonl", PAGES, zipfile.ZIP_DEFLATED),
                    ("datapackage.json", b'{"resources": []}', zipfile.ZIP_STORED),
                ),
                "pages/pages.jsonl",
            ),
            "pages/pages.jsonl",
        ),
        (
            damaged(
                small_zip(
                    ("archive/a.warc", warc(*RESPONSE, block=PAGES), zipfile.ZIP_DEFLATED),
                    ("archive/b.warc", warc(*RESPONSE), zipfile.ZIP_STORED),
                    ("indexes/index.cdx", b"x", zipfile.ZIP_STORED),
                    ("datapackage.json", b'{"resources": []}', zipfile.ZIP_STORED),
                ),
                "archive/a.warc",
            ),
            "archive/a.warc",
        ),
        (
            small_zip(
                ("archive/data.warc", warc(*RESPONSE), zipfile.ZIP_STORED),
                ("indexes/index.cdx", b"x", zipfile.ZIP_STORED),
                ("datapackage.json", DEEP, zipfile.ZIP_DEFLATED),
            ),
            "datapackage.json",
        ),
    ],
    ids=["list of pages", "one of two WARC files", "deep description"],
)
def test_what_is_damaged_in_a_package_is_named_and_the_rest_is_read(
    tmp_path: Path, package: bytes, where: str
) -> None:
    path = tmp_path / "x.wacz"
    path.write_bytes(package)
    found, defects = read(path)
    assert [record.response.payload for record in found if record.response] == [b"synthetic"]
    assert {defect.member for defect in defects} == {where}


def test_offsets_of_many_members_are_those_in_the_file(tmp_path: Path) -> None:
    members = [
        gzip.compress(warc(*RESPONSE, block=b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * n)) for n in range(300)
    ]
    path = tmp_path / "many.warc.gz"
    path.write_bytes(b"".join(members))
    starts = [sum(map(len, members[:number])) for number in range(len(members))]
    assert [int(record.where.rpartition(" ")[2]) for record in read(path)[0]] == starts


def test_a_header_longer_than_readers_take_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.warc"
    long = (*RESPONSE[:3], "WARC-Target-URI: http://site.example/" + "a" * 60_000, RESPONSE[4])
    path.write_bytes(warc(*RESPONSE) + warc(*long) + warc(*RESPONSE))
    found, defects = read(path)
    assert [each.response.url for each in found if each.response] == ["http://site.example/a"] * 2
    assert "its WARC header is longer than 48 KB" in str(defects[0])


@pytest.mark.parametrize("status", ["99999999999999999999999", "1000", "000", "20", "-20", "2_0", "²00"])
def test_a_status_that_is_not_three_digits_is_no_capture(tmp_path: Path, status: str) -> None:
    path = tmp_path / "status.warc"
    path.write_bytes(warc(*RESPONSE, block=f"HTTP/1.1 {status} OK\r\n\r\nsynthetic".encode()))
    (record,), (defect,) = read(path)
    assert record.response is None
    assert defect.problem == "the record does not begin with an HTTP status line"


@pytest.mark.parametrize(
    ("date", "time"),
    [
        ("2020-01-02T03:04:05Z", datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2020-01-02T03:04:05", datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2020-01-02T03:04:05.678+08:00", datetime(2020, 1, 1, 19, 4, 5, 678000, tzinfo=UTC)),
        ("9999-12-31T23:59:59-12:00", None),
        ("0001-01-01T00:00:00+12:00", None),
        ("1899-12-31T23:59:59Z", None),
        ("yesterday", None),
    ],
)
def test_a_date_is_in_utc_or_makes_the_record_no_capture(
    tmp_path: Path, date: str, time: datetime | None
) -> None:
    path = tmp_path / "date.warc"
    path.write_bytes(warc(*RESPONSE[:2], f"WARC-Date: {date}", *RESPONSE[3:]))
    (record,), defects = read(path)
    assert (record.response.time if record.response else None) == time
    assert [defect.problem for defect in defects] == ([] if time else ["the record has no usable date or id"])


@pytest.mark.real_pages
def test_every_sample_of_other_tools_is_read_or_its_defect_named(real_pages: Path, tmp_path: Path) -> None:
    manifest = [json.loads(line) for line in (real_pages / "manifest.jsonl").read_text("utf-8").splitlines()]
    rows = [row for row in manifest if row["kind"] in ("warc", "wacz")]
    assert len(rows) == 47
    target = Collection(tmp_path / "copy")
    broken = set()
    with open_writer(target, info=INFO) as writer:
        for row in rows:
            path = real_pages / row["file"]
            try:
                for found in records(path):
                    if isinstance(found, Defect):
                        broken.add(row["file"])
                    else:
                        writer.copy(found)
            except ArchiveError:
                broken.add(row["file"])
    assert broken == {
        "warc_pywacz/tests__fixtures__invalid_example_1.wacz",
        "warc_pywacz/tests__fixtures__invalid_signed_example_1.wacz",
        "warc_pywb/sample_archive__waczs__invalid_example_1.wacz",
        "warc_pywb/sample_archive__warcs__bad.arc",
        "warc_pywb/sample_archive__warcs__example-extra.warc",
        "warc_pywb/sample_archive__warcs__example.warc",
        "warc_warcio/test__data__bad.arc",
        "warc_warcio/test__data__example-bad-non-chunked.warc.gz",
        "warc_warcio/test__data__example-digest.warc",
        "warc_warcio/test__data__example-space-in-url.arc",
        "warc_warcio/test__data__example-trunc.warc",
        "warc_warcio/test__data__example-wrong-chunks.warc.gz",
    }
    for capture in captures(target):
        stored = read_capture(target, capture.file, capture.offset)
        stored.decoded()
    theirs = io.StringIO()
    CDXJIndexer(theirs, [str(target.sealed()[0])]).process_all()
    fields = {
        json.loads(line.split(" ", 2)[2])["offset"]: line.split(" ", 2)
        for line in theirs.getvalue().splitlines()
    }
    ours = (target.indexes / "index.cdxj").read_text().splitlines()
    assert len(ours) > 300
    for line in ours:
        key, time, mine = line.split(" ", 2)
        their_key, their_time, theirs_of_it = fields[json.loads(mine)["offset"]]
        assert (key, time) == (their_key, their_time)
        assert json.loads(theirs_of_it).items() <= json.loads(mine).items()
