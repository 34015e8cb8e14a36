"""One record can be shown to have been sealed, signed and stamped, without the rest of its file or of the log."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from archive import Collection, CrawlInfo, Exchange, open_writer
from archive.capture import Capture
from archive.custody import (
    Authority,
    PackedRecord,
    append,
    change_key,
    check_proofs,
    proof_files,
    sealed_subject,
    stamp,
)
from archive.custody.line import canonical
from archive.custody.merkle import leaf_hash, verify_inclusion
from archive.errors import CustodyBroken
from archive.index import captures
from tests.archive.custody import tsa

Files = dict[str, bytes]


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> tsa.Authority:
    return tsa.Authority(tmp_path_factory.mktemp("tsa"))


@pytest.fixture
def sealed(collection: Collection, exchange: Callable[..., Exchange], log: Path) -> Collection:
    """Two sealed files among other entries of the log: 7 and 9."""
    for part in range(2):
        with open_writer(collection, info=CrawlInfo("test")) as writer:
            for number in range(5):
                writer.write(
                    exchange(b"synthetic %d%d " % (part, number) * 40, f"http://site.example/{part}{number}")
                )
        path = max(collection.sealed(), key=lambda path: path.stat().st_mtime_ns)
        append(log, "seal", sealed_subject(collection.root.name, path))
        append(log, "import", {"files": part})
    return collection


def packed(collection: Collection, *chosen: str) -> tuple[list[PackedRecord], bytes]:
    """The captures of some addresses, one after the other."""
    found: list[PackedRecord] = []
    data = b""
    for capture in _of(collection, chosen):
        path = collection.archive / capture.file
        found.append(PackedRecord(capture.file, capture.offset, len(data), capture.length, capture.record_id))
        data += path.read_bytes()[capture.offset :][: capture.length]
    return found, data


def _of(collection: Collection, chosen: tuple[str, ...]) -> list[Capture]:
    return [each for each in captures(collection) if each.url.rsplit("/", 1)[1] in chosen]


@pytest.fixture
def package(sealed: Collection, log: Path, real: tsa.Authority) -> tuple[Files, bytes]:
    """Three records of two files, from a log that was stamped, and went on."""
    with tsa.serving(real.answer) as url:
        stamp(log, Authority(url, real.root))
    append(log, "export", {"n": 1})
    records, data = packed(sealed, "01", "03", "12")
    return proof_files(log, sealed, records), data


def wrong(files: Files, data: bytes, root: Path | None) -> list[str]:
    return [str(finding) for finding in check_proofs(files, data, root)]


def test_a_package_carries_a_proof_for_each_record_and_each_file(
    package: tuple[Files, bytes], real: tsa.Authority
) -> None:
    files, data = package
    assert sorted(files) == [
        "entry-7.json", "entry-9.json", "head.sig", "head.txt", "key.pem", "proof-7.json", "proof-9.json",
        "records-7.jsonl", "records-9.jsonl", "stamp-11.head", "stamp-11.tsr", "stamped-7.json", "stamped-9.json",
    ]  # fmt: skip
    assert [files[f"records-{n}.jsonl"].count(b"\n") for n in (7, 9)] == [2, 1]
    assert wrong(files, data, real.root) == []


def test_proofs_are_short(package: tuple[Files, bytes]) -> None:
    files, _ = package
    assert len(json.loads(files["proof-7.json"])["audit_path"]) <= 4, "of 12 entries"
    for line in files["records-7.jsonl"].splitlines():
        proof = json.loads(line)
        assert len(proof["audit_path"]) <= (proof["size"] - 1).bit_length()


def test_an_entry_is_shown_to_be_in_the_signed_head(package: tuple[Files, bytes]) -> None:
    files, _ = package
    proof = json.loads(files["proof-7.json"])
    path = [bytes.fromhex(step) for step in proof["audit_path"]]
    assert verify_inclusion(leaf_hash(files["entry-7.json"]), 7, 12, path, bytes.fromhex(proof["root"]))
    assert files["head.txt"] == f"holdfast custody log\nsize 12\nroot {proof['root']}\n".encode()


def test_openssl_alone_checks_the_signature_of_the_head(package: tuple[Files, bytes], tmp_path: Path) -> None:
    for name, content in package[0].items():
        (tmp_path / name).write_bytes(content)
    words = "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in head.txt -sigfile head.sig"
    said = subprocess.run(words.split(), cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Signature Verified Successfully" in said.stdout, said.stderr


def test_after_a_key_change_earlier_entries_are_proved_under_the_new_key(
    sealed: Collection, log: Path
) -> None:
    change_key(log)
    records, data = packed(sealed, "01")
    assert wrong(proof_files(log, sealed, records), data, None) == []


def test_records_of_a_file_that_is_not_in_the_log_have_no_proof(sealed: Collection, tmp_path: Path) -> None:
    append(tmp_path / "empty", "import", {"files": 1})
    assert proof_files(tmp_path / "empty", sealed, packed(sealed, "01")[0]) == {}


def test_a_damaged_log_proves_nothing(sealed: Collection, log: Path) -> None:
    lines = (log / "log.jsonl").read_bytes()
    (log / "log.jsonl").write_bytes(lines.replace(b"file-3", b"file-9"))
    with pytest.raises(CustodyBroken, match="holdfast verify"):
        proof_files(log, sealed, packed(sealed, "01")[0])


def test_a_record_that_the_file_does_not_have_is_not_proved(sealed: Collection, log: Path) -> None:
    (record,), _ = packed(sealed, "01")
    shifted = PackedRecord(record.source, record.source_offset + 1, 0, record.length, record.record_id)
    with pytest.raises(CustodyBroken, match="has no whole record at byte"):
        proof_files(log, sealed, [shifted])


def _changed(name: str, old: bytes, new: bytes) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        assert old in files[name]
        files[name] = files[name].replace(old, new, 1)

    return change


def _of_another_log(files: Files) -> None:
    """A forger's own log: all in order, but not what the sender's key signed."""
    entry = json.loads(files["entry-7.json"])
    entry["subject"]["sha256"] = "0" * 64
    leaf = files["entry-7.json"] = canonical(entry)
    root = leaf_hash(leaf).hex()
    files["proof-7.json"] = canonical({"audit_path": [], "index": 7, "root": root, "size": 8})
    files["head.txt"] = f"holdfast custody log\nsize 8\nroot {root}\n".encode()


FORGERIES: dict[str, tuple[Callable[[Files], object], str]] = {
    "head signed by nobody": (_changed("head.txt", b"size 12", b"size 13"), "head.sig: the signature"),
    "signature changed": (lambda files: files.update({"head.sig": b"\0" * 64}), "head.sig: the signature"),
    "no key": (lambda files: files.pop("key.pem"), "head.sig: the signature"),
    "another log": (_of_another_log, "proof-7.json: it does not show"),
    "entry changed": (_changed("entry-9.json", b'"bytes":', b'"bytes":1'), "proof-9.json: it does not show"),
    "entry without its proof": (lambda files: files.pop("proof-9.json"), "proof-9.json: it does not show"),
    "place in the log changed": (
        _changed("proof-7.json", b'"index":7', b'"index":6'),
        "proof-7.json: it does",
    ),
    "place in the file changed": (
        _changed("records-9.jsonl", b'"index":', b'"index":1'),
        "records-9.jsonl, line 1",
    ),
    "record proofs gone": (lambda files: files.pop("records-9.jsonl"), "records without a proof"),
    "proof of nonsense": (
        lambda files: files.update({"records-7.jsonl": b"[1]\n"}),
        "records-7.jsonl, line 1",
    ),
    "deep nonsense": (
        lambda files: files.update({"proof-7.json": b"[" * 99_999}),
        "proof-7.json: it does not",
    ),
    "stamp of another": (_changed("stamp-11.head", b"root ", b"root 0"), "stamped-7.json: it does not show"),
    "stamp gone": (lambda files: files.pop("stamp-11.tsr"), "the time-stamp that it names is not there"),
    "stamp forged": (
        lambda files: files.update({"stamp-11.tsr": b"0"}),
        "stamp-11.tsr: the time-stamp does not hold",
    ),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_proof_is_told_for_what_it_is(
    package: tuple[Files, bytes], real: tsa.Authority, forgery: str
) -> None:
    files, data = package
    change, told = FORGERIES[forgery]
    change(files)
    assert any(told in each for each in wrong(files, data, real.root)), wrong(files, data, real.root)


def test_no_bit_of_a_packed_record_can_flip_unseen(package: tuple[Files, bytes]) -> None:
    files, data = package
    for position in range(0, len(data), 5):
        flipped = bytearray(data)
        flipped[position] ^= 1 << position % 8
        assert wrong(files, bytes(flipped), None), position


def test_a_record_that_was_slipped_in_is_told_with_its_place(package: tuple[Files, bytes]) -> None:
    files, data = package
    assert wrong(files, data + b"forged", None) == [
        f"data.warc.gz at byte {len(data)}: 6 bytes are of records without a proof"
    ]
