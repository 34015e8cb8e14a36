"""No bit can flip unseen: in a record, in the index, in a file that was sealed."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from archive import Collection, CrawlInfo, Exchange, open_writer
from archive.custody import append, sealed_subject
from archive.foreign.intake import IncomingRecord, records
from archive.index import captures
from archive.verify import Grade, verify_collection, verify_custody

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
    append(custody, "seal", sealed_subject(filled.root.name, path))
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


def test_a_file_that_is_being_written_is_unfinished_and_no_damage(filled: Collection, exchange: Made) -> None:
    with open_writer(filled, info=CrawlInfo("test")) as writer:
        writer.write(exchange()).result()
        (found,) = verify_collection(filled)
        (path,) = filled.unsealed()
        assert (found.grade, found.file) == (Grade.UNFINISHED, path.name)
    assert list(verify_collection(filled)) == []


@pytest.fixture
def wrongly_stated(tmp_path: Path) -> Collection:
    """A collection with a record of others whose block digest is not that of its bytes."""
    theirs = tmp_path / "theirs.warc"
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>synthetic</p>"
    head = (
        b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:6f1cf2e6-5c2f-4d02-a6a1-6c0d4d4c4f10>\r\n"
        b"WARC-Date: 2024-05-06T07:08:09Z\r\nWARC-Target-URI: http://site.example/page\r\n"
        b"Content-Type: application/http;msgtype=response\r\nWARC-Block-Digest: sha256:"
    )
    length = b"\r\nContent-Length: %d\r\n\r\n" % len(block)
    theirs.write_bytes(head + b"0" * 64 + length + block + b"\r\n\r\n")
    collection = Collection(tmp_path / "ours")
    with open_writer(collection, info=CrawlInfo("test")) as writer:
        for each in records(theirs):
            if isinstance(each, IncomingRecord):
                writer.copy(each)
    return collection


def test_a_digest_that_was_wrong_when_its_record_came_is_no_damage(wrongly_stated: Collection) -> None:
    (found,) = verify_collection(wrongly_stated)
    assert found.grade is Grade.CAME_SO
    assert found.url == "http://site.example/page"


def test_what_is_damaged_since_is_told_though_the_digest_was_wrong_before(wrongly_stated: Collection) -> None:
    (path,) = wrongly_stated.sealed()
    (capture,) = captures(wrongly_stated)
    whole = path.read_bytes()
    record = gzip.decompress(whole[capture.offset :]).replace(b"<p>synthetic", b"<p>Synthetic")
    path.write_bytes(whole[: capture.offset] + gzip.compress(record, mtime=0))
    damage = [found.problem for found in verify_collection(wrongly_stated) if found.grade is Grade.DAMAGED]
    assert any("that they came with" in problem for problem in damage)


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
    append(custody, "seal", sealed_subject(filled.root.name, path))
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + b"\xff")
    assert custody_findings(custody, filled) == [
        f"{path.name}: the file is not what it was when it was sealed (SHA-256, log line 1)"
    ]
    path.write_bytes(whole[:-1])
    assert custody_findings(custody, filled) == [
        f"{path.name}: the file has {len(whole) - 1} bytes, and had {len(whole)} when it was sealed (log line 1)"
    ]
    path.unlink()
    assert custody_findings(custody, filled) == [
        f"{path.name}: the custody log says that this file was sealed (line 1), but it is not there"
    ]


def test_a_file_that_was_never_sealed_here_is_found(filled: Collection, tmp_path: Path) -> None:
    (path,) = filled.sealed()
    append(tmp_path / "custody", "import", {"files": 1})
    assert custody_findings(tmp_path / "custody", filled) == [
        f"{path.name}: the custody log has no entry for this file"
    ]


def test_a_file_that_is_sealed_again_as_another_is_found(filled: Collection, tmp_path: Path) -> None:
    """Who replaces a file and logs the new one cannot take the first entry back."""
    custody = tmp_path / "custody"
    (path,) = filled.sealed()
    append(custody, "seal", sealed_subject(filled.root.name, path))
    path.write_bytes(path.read_bytes() * 2)
    append(custody, "recover", sealed_subject(filled.root.name, path))
    again = f"log.jsonl, line 2: {path.name} was sealed before, in line 1, with another SHA-256"
    assert again in custody_findings(custody, filled)


def custody_findings(custody: Path, collection: Collection) -> list[str]:
    return [str(finding) for finding in verify_custody(custody, [collection])]
