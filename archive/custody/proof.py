"""Short proofs that records were in a sealed file, and the file's entry in the log, at a time.

They go into exports and need nothing else of the workspace. The files, N being the number of an entry in the log:

- `entry-N.json`: the entry as it was hashed, its leaf; it names the sealed file, and the root over its records.
- `proof-N.json`: the audit path from the entry to the newest head.
- `head.txt`, `head.sig`, `key.pem`: that head, its Ed25519 signature, and the public key.
- `records-N.jsonl`: for each record of the package that is from that file: where it stands in the package, its place
  in the file, and its audit path to `records_root` of the entry.
- `stamped-N.json`: the audit path from the entry to the earliest head that an authority has time-stamped with it.
- `stamp-M.head`, `stamp-M.tsr`: that head, of M entries, and the authority's answer.
- `unsealed.jsonl`: the records of files that were still being written, so that no entry names them yet: for each its
  place in the package and its file. That is the sender's word and proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.collection import OPEN, Collection
from archive.custody.keys import PUBLIC
from archive.custody.line import SEALS, Damaged, Line, canonical
from archive.custody.merkle import audit_path, leaf_hash, levels, root
from archive.custody.reading import read
from archive.custody.sealing import member_hashes
from archive.custody.timestamp import Stored, stamps
from archive.errors import CustodyBroken
from archive.finding import Finding, Grade
from archive.storage import open_warc


@dataclass(frozen=True, slots=True)
class PackedRecord:
    """A record in a package: the name of the WARC file and the offset it was copied from, its place in the package's
    WARC.
    """

    source: str
    source_offset: int
    offset: int
    length: int
    record_id: str


UNSEALED = "unsealed.jsonl"


def proof_files(
    folder: Path,
    collection: Collection,
    packed: Iterable[PackedRecord],
    *,
    on_unproved: Callable[[Finding], None] = lambda found: None,
) -> dict[str, bytes]:
    """The files that prove the records of a package: `{name: content}`; `folder` is that of the custody log.

    Records of a file that is not in the log yet, or that is not what it was when it was sealed, have no proof:
    `on_unproved` is told of each such file. Raises CustodyBroken when the log is damaged: what was shown then would not
    hold.
    """
    by_file: dict[str, list[PackedRecord]] = {}
    for each in packed:
        by_file.setdefault(each.source, []).append(each)
    log = list(read(folder))
    sealed = _seals(log, collection.root.name)
    open_ones = []
    for file in sorted(by_file.keys() - sealed.keys()):
        still = collection.path_of(file).name.endswith(OPEN)
        open_ones += by_file[file] if still else []
        on_unproved(_unproved(file, by_file[file], _WRITTEN if still else _UNNAMED, Grade.UNFINISHED))
    files = {UNSEALED: b"".join(map(_unsealed, open_ones))} if open_ones else {}
    records: dict[int, bytes] = {}
    for file in sorted(by_file.keys() & sealed.keys()):
        index, sealed_root = sealed[file]
        if (proved := _records(collection, file, by_file[file], sealed_root)) is None:
            on_unproved(_unproved(file, by_file[file], _CHANGED, Grade.DAMAGED))
        else:
            records[index] = proved
    return files | _proofs(folder, log, records) if records else files


_WRITTEN = (
    "it is being written, or its writer was killed; the custody log names it when that, or the next, crawl or import "
    "is done: export again then"
)
_UNNAMED = "the custody log does not name it; the next crawl or import sees to that"
_CHANGED = "it is not what it was when it was sealed; run: holdfast verify"


def _unproved(file: str, records: Sequence[PackedRecord], why: str, grade: Grade) -> Finding:
    return Finding(file, f"{len(records)} records of this file have no proof: {why}", grade=grade)


def _unsealed(record: PackedRecord) -> bytes:
    place = {"length": record.length, "offset": record.offset}
    return canonical({"file": record.source, "record": record.record_id, **place}) + b"\n"


def _proofs(folder: Path, log: Sequence[Line | Damaged], records: Mapping[int, bytes]) -> dict[str, bytes]:
    """The proof files, when the proofs of each file's records are made, by the number of its entry."""
    leaves = [leaf_hash(line.leaf) for line in log]
    tree = levels(leaves)
    last = log[-1]
    if isinstance(last, Damaged) or tree[-1][0] != last.head.root:
        raise CustodyBroken(
            f"the custody log in {folder} is damaged, and proves nothing; run: holdfast verify"
        )
    key = folder / PUBLIC / f"{last.key}.pem"
    if not key.is_file():
        raise CustodyBroken(
            f"{key} is not there, with which others check the log; restore it from your backup"
        )
    files = {
        "head.txt": last.head.text(),
        "head.sig": last.signature,
        "key.pem": key.read_bytes(),
    }
    for index, proved in sorted(records.items()):
        files[f"entry-{index}.json"] = log[index].leaf
        files[f"proof-{index}.json"] = _path(index, last.head.size, tree)
        files[f"records-{index}.jsonl"] = proved
    return files | _stamped(list(stamps(folder)), leaves, sorted(records))


def _seals(log: Sequence[Line | Damaged], collection: str) -> dict[str, tuple[int, str]]:
    """The first entry that seals each file of a collection, and the root over the records in it."""
    found: dict[str, tuple[int, str]] = {}
    for index, line in enumerate(log):
        if isinstance(line, Line) and line.entry.get("act") in SEALS:
            subject: Mapping[str, Any] = line.entry["subject"]
            if subject.get("collection") == collection:
                found.setdefault(str(subject.get("file")), (index, str(subject.get("records_root"))))
    return found


def _path(index: int, size: int, tree: Sequence[Sequence[bytes]]) -> bytes:
    path = [step.hex() for step in audit_path(tree, index)]
    return canonical({"audit_path": path, "index": index, "root": tree[-1][0].hex(), "size": size})


def _records(
    collection: Collection, file: str, packed: Iterable[PackedRecord], sealed_root: str
) -> bytes | None:
    """The proofs of records of a file; None when the file is not the one that was sealed."""
    with open_warc(collection, file) as content:
        members = member_hashes(content)
    number = {offset: index for index, (offset, _) in enumerate(members)}
    leaves = [leaf for _, leaf in members]
    if root(leaves).hex() != sealed_root:
        return None
    tree = levels(leaves)
    lines = []
    for each in packed:
        if (index := number.get(each.source_offset)) is None:
            raise CustodyBroken(
                f"{file} has no whole record at byte {each.source_offset}; run: holdfast verify"
            )
        line = {
            "audit_path": [step.hex() for step in audit_path(tree, index)],
            "index": index,
            "length": each.length,
            "offset": each.offset,
            "record": each.record_id,
            "size": len(members),
        }
        lines.append(canonical(line) + b"\n")
    return b"".join(lines)


def _stamped(stored: Sequence[Stored], leaves: list[bytes], chosen: Sequence[int]) -> dict[str, bytes]:
    """For each entry the earliest stamp that covers it."""
    files: dict[str, bytes] = {}
    trees: dict[int, list[list[bytes]]] = {}
    sound = [each for each in stored if not each.problem and each.head.size <= len(leaves)]
    for index in chosen:
        for each in sound:
            size = each.head.size
            if size <= index:
                continue
            tree = trees[size] = trees.get(size) or levels(leaves[:size])
            if tree[-1][0] != each.head.root:
                continue
            files[f"stamped-{index}.json"] = _path(index, size, tree)
            files[f"stamp-{size}.head"] = each.text
            files[f"stamp-{size}.tsr"] = each.answer
            break
    return files
