"""Checks the custody log: its chain, who signed it, its entries against the files, its time-stamps."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.collection import Collection
from archive.custody.keys import PUBLIC, verifier
from archive.custody.line import SEALS, Damaged, Line, handed_to
from archive.custody.merkle import grow, leaf_hash, root_of
from archive.custody.reading import LOG, is_there, read
from archive.custody.timestamp import FOLDER, check, stamps, waiting
from archive.custody.witness import UNKNOWN, verify_remembered
from archive.errors import ArchiveError, CustodyBroken
from archive.finding import Finding
from archive.storage import ledger


def verify_custody(
    folder: Path, collections: Sequence[Collection], authority_root: Path | None = None
) -> Iterator[Finding]:
    """What is wrong with the log in `folder`, with the sealed files that it speaks of, and with its time-stamps.

    Without `authority_root`, a PEM file, time-stamps are compared with the log, but their signatures are not checked.
    """
    seals: dict[tuple[str, str], _Seal] = {}
    roots: dict[int, bytes] = {}
    try:
        is_there(folder / LOG)
    except CustodyBroken as error:
        yield Finding(LOG, str(error))
        return
    yield from _verify_lines(folder, seals, roots)
    yield from verify_remembered(folder, roots)
    for collection in collections:
        yield from _verify_seals(collection, seals)
    yield from _verify_stamps(folder, roots, authority_root)


@dataclass(frozen=True, slots=True)
class _Seal:
    """What the log says of a sealed file, and in which line."""

    line: int
    sha256: str
    bytes: object


def _verify_lines(
    folder: Path, seals: dict[tuple[str, str], _Seal], roots: dict[int, bytes]
) -> Iterator[Finding]:
    """Each line against the one before it, so that only those are blamed that are wrong themselves.

    Fills `seals`, and `roots` with the root of each size of the log, UNKNOWN where the line is damaged.
    """
    verifies = verifier(folder)
    frontier: list[bytes] = []
    size, key, after_damage = 0, "", False
    for number, line in enumerate(read(folder), start=1):
        where = f"{LOG}, line {number}"
        grown = grow(frontier, size, leaf_hash(line.leaf))
        if isinstance(line, Damaged):
            yield Finding(where, _TORN if line.torn else "the line is damaged; restore the log from a backup")
            size, frontier, after_damage = size + 1, grown, True
            roots[size] = UNKNOWN
            continue
        if line.entry.get("index") != size or line.head.size != size + 1:
            yield Finding(where, "the entry is out of its order: a line was removed, added or moved")
        elif not after_damage and list(line.frontier) != grown:
            yield Finding(
                where, "the entry is not the one that was signed: it, or one before it, was changed"
            )
        if root_of(line.frontier) != line.head.root:
            yield Finding(where, "the root is not that of its tree: the line was changed")
        if not verifies(line.key, line.signature, line.head.text()):
            yield Finding(where, f"the signature does not hold under {PUBLIC}/{line.key}.pem")
        elif key and line.key != key and not after_damage:
            yield Finding(
                where, f"the key {line.key[:16]}… signed, to which the one before did not hand the log over"
            )
        if line.entry.get("act") in SEALS:
            yield from _take_seal(line, number, seals)
        size, frontier, key, after_damage = line.head.size, list(line.frontier), handed_to(line), False
        roots[size] = line.head.root


_TORN = (
    "the last line is torn, by a crash or by damage; the next entry sets it aside in the custody folder; "
    "if it was whole once, restore the log from a backup first"
)


def _take_seal(line: Line, number: int, seals: dict[tuple[str, str], _Seal]) -> Iterator[Finding]:
    subject = line.entry["subject"]
    name = str(subject.get("collection")), str(subject.get("file"))
    seal = _Seal(number, str(subject.get("sha256")), subject.get("bytes"))
    first = seals.setdefault(name, seal)
    if first.sha256 != seal.sha256:
        problem = f"{name[1]} was sealed before, in line {first.line}, with another SHA-256"
        yield Finding(f"{LOG}, line {number}", problem)


def _verify_seals(collection: Collection, seals: dict[tuple[str, str], _Seal]) -> Iterator[Finding]:
    away = ledger(collection)
    present = {path.name: path for path in collection.sealed()}
    for name, path in present.items():
        seal = seals.get((collection.root.name, name))
        if seal is None:
            yield Finding(name, "the custody log has no entry for this file")
            continue
        size = path.stat().st_size
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        if seal.bytes != size:
            problem = (
                f"the file has {size} bytes, and had {seal.bytes} when it was sealed (log line {seal.line})"
            )
            yield Finding(name, problem)
        elif seal.sha256 != digest:
            problem = f"the file is not what it was when it was sealed (SHA-256, log line {seal.line})"
            yield Finding(name, problem)
    for (owner, name), seal in seals.items():
        if owner != collection.root.name or name in present:
            continue
        if name not in away:
            problem = (
                f"the custody log says that this file was sealed (line {seal.line}), but it is not there"
            )
            yield Finding(name, problem)
        elif away[name].sha256 != seal.sha256:
            yield Finding(
                name, f"what is stored at {away[name].url} is not the file that was sealed (SHA-256)"
            )


def _verify_stamps(
    folder: Path, roots: Mapping[int, bytes], authority_root: Path | None
) -> Iterator[Finding]:
    for each in (*stamps(folder), *waiting(folder)):
        where = f"{FOLDER}/{each.file}"
        if each.problem:
            yield Finding(where, each.problem)
            continue
        known = roots.get(each.head.size, b"")
        if known != each.head.root:
            saw = "the authority saw another log" if each.answer else "this head is of another log"
            yield Finding(
                where,
                f"{saw}: the root over its first {each.head.size} entries was "
                f"{each.head.root.hex()[:16]}…, now it is {known.hex()[:16] or 'not there'}",
            )
        if authority_root is not None and each.answer:
            try:
                check(each.answer, each.text, authority_root)
            except ArchiveError as error:
                yield Finding(where, str(error))
