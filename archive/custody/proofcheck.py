"""Checks the proofs of a package as its recipient would: from its files alone, without the workspace."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from archive.custody.keys import holds, public_key
from archive.custody.merkle import leaf_hash, verify_inclusion
from archive.custody.proof import UNSEALED
from archive.custody.timestamp import check
from archive.errors import TimestampRefused
from archive.finding import Finding, Grade

WARC = "data.warc.gz"
_UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


def check_proofs(
    files: Mapping[str, bytes], warc: bytes, authority_root: Path | None = None
) -> Iterator[Finding]:
    """What is wrong with proof files (by name, see `archive.custody.proof`) and the WARC that they are for.

    Without `authority_root` the signatures of time-stamps are not checked. Whose key it is, and whether the authority
    is one to trust, only the recipient can know.
    """
    head = files.get("head.txt", b"")
    key = public_key(files.get("key.pem", b""))
    proves = any(name != UNSEALED for name in files)
    if proves and (key is None or not holds(key, files.get("head.sig", b""), head)):
        yield Finding("head.sig", "the signature of the log's head does not hold under key.pem")
    numbers = [name[6:-5] for name in files if name.startswith("entry-") and name.endswith(".json")]
    for number in sorted(numbers, key=lambda text: (len(text), text)):
        entry = files[f"entry-{number}.json"]
        yield from _entry(files, f"proof-{number}.json", number, entry, head)
        yield from _records(files.get(f"records-{number}.jsonl", b""), f"records-{number}.jsonl", entry, warc)
        if f"stamped-{number}.json" in files:
            yield from _stamp(files, number, entry, authority_root)
    yield from _unproved(files, len(warc))


def _entry(
    files: Mapping[str, bytes], name: str, number: str, entry: bytes, head: bytes
) -> Iterator[Finding]:
    try:
        proof = json.loads(files[name])
        told = f"size {proof['size']}\nroot {proof['root']}\n".encode()
        shown = str(proof["index"]) == number and head.endswith(told) and _climbs(entry, proof, proof["root"])
    except _UNREADABLE:
        shown = False
    if not shown:
        yield Finding(name, f"it does not show that entry {number} is in the log whose head is given")


def _records(lines: bytes, name: str, entry: bytes, warc: bytes) -> Iterator[Finding]:
    try:
        root = json.loads(entry)["subject"]["records_root"]
    except _UNREADABLE:
        yield Finding(name.replace("records-", "entry-"), "the entry does not name the root over its records")
        return
    for row, line in enumerate(lines.splitlines(), start=1):
        try:
            proof = json.loads(line)
            offset, length = int(proof["offset"]), int(proof["length"])
            record = warc[offset : offset + length]
            shown = offset >= 0 and len(record) == length and _climbs(record, proof, root)
        except _UNREADABLE:
            shown = False
            offset = -1
        if not shown:
            problem = "the record is not one of the file that was sealed, or its proof was changed"
            yield Finding(f"{name}, line {row}", problem, offset if offset >= 0 else None)


def _unproved(files: Mapping[str, bytes], size: int) -> Iterator[Finding]:
    """The parts of the WARC that no proof is about, and those that two different ones are about.

    Of some the sender may say that their file was not sealed yet: that is told apart, and is no proof either.
    """
    proofs = b"".join(content for name, content in sorted(files.items()) if name.startswith("records-"))
    try:
        proved = {_place(row): "" for row in map(json.loads, proofs.splitlines())}
        said = {
            _place(row): str(row["file"]) for row in map(json.loads, files.get(UNSEALED, b"").splitlines())
        }
    except _UNREADABLE:
        yield Finding(UNSEALED, "it, or a list of proofs, cannot be read")
        return
    until = 0
    for offset, length in [*sorted(said | proved), (size, 0)]:
        if offset > until:
            yield Finding(WARC, f"{offset - until} bytes are of records without a proof", until)
        elif offset < until:
            yield Finding(WARC, "the records of two proofs overlap, or one is of more than there is", offset)
        until = max(until, offset + length)
    for file, records in Counter(said[place] for place in said.keys() - proved.keys()).items():
        problem = (
            f"{records} records have no proof: the sender says that this file was not sealed yet; "
            "ask for another package"
        )
        yield Finding(file, problem, grade=Grade.UNFINISHED)


def _place(row: Mapping[str, Any]) -> tuple[int, int]:
    return int(row["offset"]), int(row["length"])


def _stamp(
    files: Mapping[str, bytes], number: str, entry: bytes, authority_root: Path | None
) -> Iterator[Finding]:
    name = f"stamped-{number}.json"
    try:
        proof = json.loads(files[name])
        text, answer = files[f"stamp-{proof['size']}.head"], files[f"stamp-{proof['size']}.tsr"]
        told = f"size {proof['size']}\nroot {proof['root']}\n".encode()
        shown = str(proof["index"]) == number and text.endswith(told) and _climbs(entry, proof, proof["root"])
    except _UNREADABLE:
        yield Finding(name, "it cannot be read, or the time-stamp that it names is not there")
        return
    if not shown:
        yield Finding(name, f"it does not show that entry {number} is in the head that was time-stamped")
    if authority_root is not None:
        try:
            check(answer, text, authority_root)
        except TimestampRefused as error:
            yield Finding(f"stamp-{proof['size']}.tsr", str(error))


def _climbs(leaf: bytes, proof: Mapping[str, Any], root: str) -> bool:
    path = [bytes.fromhex(step) for step in proof["audit_path"]]
    return verify_inclusion(
        leaf_hash(leaf), int(proof["index"]), int(proof["size"]), path, bytes.fromhex(root)
    )
