"""The custody log: a chain that cannot be changed unseen, signed, and stamped by an authority."""

from __future__ import annotations

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from archive.custody import Authority, append, head_of, lines, proof_files, stamp
from archive.custody.keys import new_key
from archive.custody.log import LOG
from archive.custody.merkle import leaf_hash, verify_inclusion
from archive.errors import TimestampRefused
from archive.verify import verify_custody
from tests.archive.custody import tsa


@pytest.fixture
def log(tmp_path: Path) -> Path:
    folder = tmp_path / "custody"
    for number in range(7):
        append(folder, "import", {"from": f"file-{number}.html", "records": number})
    return folder


def wrong(folder: Path, root: Path | None = None) -> list[str]:
    return [str(finding) for finding in verify_custody(folder, [], root)]


def test_a_log_that_was_only_appended_to_holds(log: Path) -> None:
    assert wrong(log) == []
    assert [line.entry["index"] for line in lines(log)] == list(range(7))


def test_many_processes_may_append_at_once(log: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: append(log, "export", {"n": n}), range(40)))
    assert wrong(log) == []
    assert head_of(log).size == 47  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows[:2] + rows[3:],
        lambda rows: [*rows[:-1], rows[-1].replace("file-6", "file-9")],
        lambda rows: [rows[1], rows[0], *rows[2:]],
        lambda rows: [rows[0].replace('"records":0', '"records":5'), *rows[1:]],
        lambda rows: [*rows, rows[-1]],
        lambda rows: [rows[0][:-30] + "A" + rows[0][-29:], *rows[1:]],
    ],
    ids=["removed", "last changed", "swapped", "first changed", "doubled", "signature changed"],
)
def test_any_change_is_found(log: Path, change: object) -> None:
    rows = (log / LOG).read_text().splitlines()
    (log / LOG).write_text("\n".join(change(rows)) + "\n")  # type: ignore[operator]
    assert wrong(log)


def test_a_torn_last_line_is_set_aside(log: Path) -> None:
    whole = (log / LOG).read_bytes()
    (log / LOG).write_bytes(whole + b'{"entry":{"act":"se')
    append(log, "seal", {"file": "x"})
    assert wrong(log) == []
    assert [path.read_bytes() for path in log.glob("log.torn-*")] == [b'{"entry":{"act":"se']


def test_after_a_key_change_old_entries_still_hold(log: Path) -> None:
    new_key(log)
    append(log, "key-change", {"why": "test"})
    assert len({line.key for line in lines(log)}) == 2
    assert wrong(log) == []


def test_the_private_key_is_for_its_owner_only(log: Path) -> None:
    assert (log / "signing-key.pem").stat().st_mode & 0o777 == 0o600


def test_a_proof_shows_one_entry_without_the_others(log: Path) -> None:
    files = proof_files(log, lambda entry: entry["subject"].get("from") == "file-3.html")
    proof = json.loads(files["proof-3.json"])
    leaf = leaf_hash(files["entry-3.json"])
    path = [bytes.fromhex(step) for step in proof["audit_path"]]
    assert verify_inclusion(leaf, 3, proof["size"], path, bytes.fromhex(proof["root"]))
    assert f"root {proof['root']}" in files["head.txt"].decode()
    assert len(path) <= 3


def test_openssl_alone_checks_the_signature_of_the_head(log: Path, tmp_path: Path) -> None:
    for name, content in proof_files(log, lambda entry: entry["index"] == 3).items():
        (tmp_path / name).write_bytes(content)
    words = "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in head.txt -sigfile head.sig"
    said = subprocess.run(words.split(), cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Signature Verified Successfully" in said.stdout, said.stderr


def test_a_real_authority_stamps_and_its_answer_holds(log: Path, tmp_path: Path) -> None:
    authority = tsa.Authority(tmp_path / "tsa")
    with tsa.serving(authority.answer) as url:
        done = stamp(log, Authority(url, authority.root))
        assert [each.size for each in done] == [7]
        assert stamp(log, Authority(url, authority.root)) == [], "once is enough"
    assert wrong(log, authority.root) == []
    words = f"openssl ts -verify -data 7.head -in 7.tsr -CAfile {authority.root}"
    said = subprocess.run(words.split(), cwd=log / "timestamps", capture_output=True, text=True, check=False)
    assert "Verification: OK" in said.stdout + said.stderr


def test_without_a_network_the_head_waits_and_is_stamped_later(log: Path, tmp_path: Path) -> None:
    authority = tsa.Authority(tmp_path / "tsa")
    with pytest.raises(TimestampRefused, match="waits to be stamped"):
        stamp(log, Authority("http://127.0.0.1:9/", authority.root))
    append(log, "export", {"n": 1})
    with tsa.serving(authority.answer) as url:
        assert [each.size for each in stamp(log, Authority(url, authority.root))] == [7, 8]


FORGED = (
    "another authority",
    "an answer to another question",
    "a certificate that may not stamp",
    "garbage",
    "a refusal",
)


@pytest.mark.parametrize("forgery", FORGED)
def test_a_forged_answer_is_refused_and_the_head_waits(log: Path, tmp_path: Path, forgery: str) -> None:
    authority = tsa.Authority(tmp_path / "tsa")
    other = tsa.Authority(tmp_path / "other", extensions="stamper")
    old = authority.answer(_query(tmp_path))
    answers = {
        "another authority": other.answer,
        "an answer to another question": lambda query: old,
        "garbage": lambda query: b"\x30\x03\x02\x01\x00" + query,
        "a refusal": lambda query: bytes.fromhex("30053003020102"),
    }
    if forgery == "a certificate that may not stamp":
        with pytest.raises(AssertionError, match=r"certificate purpose|invalid|purpose"):
            tsa.Authority(tmp_path / "plain", extensions="plain").answer(_query(tmp_path))
        return
    with tsa.serving(answers[forgery]) as url, pytest.raises(TimestampRefused):
        stamp(log, Authority(url, authority.root))
    assert [path.name for path in (log / "timestamps").iterdir()] == ["7.pending"]


def _query(folder: Path) -> bytes:
    (folder / "other.txt").write_text("something else")
    tsa.openssl(
        "ts", "-query", "-data", str(folder / "other.txt"), "-sha256", "-cert", "-out", str(folder / "q.tsq")
    )
    return (folder / "q.tsq").read_bytes()


@pytest.mark.parametrize("part", ["7.tsr", "7.head"])
def test_a_changed_stamp_is_found(log: Path, tmp_path: Path, part: str) -> None:
    authority = tsa.Authority(tmp_path / "tsa")
    with tsa.serving(authority.answer) as url:
        stamp(log, Authority(url, authority.root))
    path = log / "timestamps" / part
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    assert wrong(log, authority.root)
