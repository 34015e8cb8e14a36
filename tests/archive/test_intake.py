"""Files of others come in whole; what is broken in them is said with its place."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from archive import Collection, CrawlInfo, Exchange, open_writer, read_capture
from archive.errors import ArchiveError, UnreadableArchive
from archive.index import captures
from archive.intake import Defect, IncomingRecord, records

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
    assert {name for name in broken if "bad.arc" not in name} == {
        "warc_pywacz/tests__fixtures__example-resource.warc.gz",
        "warc_pywacz/tests__fixtures__invalid_example_1.wacz",
        "warc_pywb/sample_archive__waczs__invalid_example_1.wacz",
        "warc_pywb/sample_archive__warcs__example-extra.warc",
        "warc_warcio/test__data__example-space-in-url.arc",
    }
    for capture in captures(target):
        stored = read_capture(target, capture.file, capture.offset)
        stored.decoded()
