"""No bit can flip unseen: in a record, in the index, in a file that was sealed."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from archive import Collection, CrawlInfo, Exchange, open_writer
from archive.custody import append
from archive.index import captures
from archive.verify import verify_collection, verify_custody

Made = Callable[..., Exchange]


@pytest.fixture
def filled(collection: Collection, exchange: Made) -> Collection:
    with open_writer(collection, info=CrawlInfo("test")) as writer:
        for number in range(6):
            writer.write(exchange(b"synthetic %d " % number * 40, f"http://site.example/{number}"))
        writer.write(
            exchange(
                gzip.compress(b"x" * 500),
                "http://site.example/gz",
                response_headers=((b"Content-Encoding", b"gzip"),),
            )
        )
        writer.write(exchange(b"synthetic 0 " * 40, "http://site.example/again"))
    return collection


def test_what_was_written_is_found_whole(filled: Collection) -> None:
    assert list(verify_collection(filled)) == []


def test_a_flip_anywhere_in_a_sealed_file_is_found(filled: Collection, tmp_path: Path) -> None:
    """Also in the few bits of gzip that no checksum covers (time, system, padding): the seal covers them."""
    (path,) = filled.sealed()
    whole = path.read_bytes()
    custody = tmp_path / "custody"
    digest = hashlib.sha256(whole).hexdigest()
    append(custody, "seal", {"collection": filled.root.name, "file": path.name, "sha256": digest})
    assert not list(verify_custody(custody, [filled]))
    by_record = 0
    flips = range(0, len(whole), 11)
    for position in flips:
        flipped = bytearray(whole)
        flipped[position] ^= 1 << position % 8
        path.write_bytes(bytes(flipped))
        by_record += bool(list(verify_collection(filled)))
        assert list(verify_custody(custody, [filled])), position
    assert by_record > 0.95 * len(flips), "nearly all are also told with their record"


def test_the_damage_of_one_record_is_told_and_the_others_are_not_blamed(filled: Collection) -> None:
    (path,) = filled.sealed()
    third = sorted(captures(filled), key=lambda capture: capture.offset)[2]
    data = bytearray(path.read_bytes())
    data[third.offset + third.length // 2] ^= 0xFF
    path.write_bytes(bytes(data))
    findings = list(verify_collection(filled))
    assert {finding.offset for finding in findings} == {third.offset}
    assert any(finding.url == third.url for finding in findings)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('"offset": "', '"offset": "1', 1),
        lambda text: "\n".join(text.splitlines()[1:]) + "\n",
        lambda text: text.replace("urn:uuid:", "urn:uuid:0", 1),
    ],
    ids=["offset", "line removed", "id"],
)
def test_an_index_that_differs_from_the_files_is_found(
    filled: Collection, change: Callable[[str], str]
) -> None:
    index = filled.indexes / "index.cdxj"
    index.write_text(change(index.read_text()))
    assert list(verify_collection(filled))


def test_a_file_that_was_replaced_after_sealing_is_found(filled: Collection, tmp_path: Path) -> None:
    custody = tmp_path / "custody"
    (path,) = filled.sealed()
    append(custody, "seal", {"collection": filled.root.name, "file": path.name, "sha256": "0" * 64})
    findings = [str(finding) for finding in verify_custody(custody, [filled])]
    assert findings == [f"{path.name}: the file is not what it was when it was sealed (SHA-256)"]
    path.unlink()
    assert "it is not there" in str(next(verify_custody(custody, [filled])))
