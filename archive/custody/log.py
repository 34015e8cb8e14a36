"""The custody log: one signed line for each sealed file and each act on the evidence, chained in a Merkle tree.

`log.jsonl` is append-only. A line holds the entry, the tree after it (size, root, and the subtree roots that the
next line needs), and the Ed25519 signature of the workspace over the tree's head. Lines and entries are canonical
JSON: keys sorted, no spaces, UTF-8; for strings and whole numbers, all that occur here, this is the form of RFC 8785.
An entry's leaf is that form. A line in any other form is damaged, so that no bit of it can change unseen.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archive.custody.keys import NEXT, PRIVATE, PUBLIC, fingerprint, make_key, read_key
from archive.custody.merkle import grow, leaf_hash, root_of
from archive.errors import CustodyBroken
from archive.locking import locked, sync_folder

LOG = "log.jsonl"
LOCK = ".lock"
ACTS = ("seal", "import", "export", "review", "recover", "key-change", "store")
SEALS = ("seal", "recover")
"""The acts whose subject is a sealed WARC file."""

KEY_CHANGE = "key-change"
_TAIL = 1 << 13

Clock = Callable[[], datetime]
Subject = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Head:
    """A state of the log: how many entries, and the root over them."""

    size: int
    root: bytes

    def text(self) -> bytes:
        """What is signed and time-stamped; plain text, so that openssl alone can check it."""
        return f"holdfast custody log\nsize {self.size}\nroot {self.root.hex()}\n".encode()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log, as read. `leaf` is the entry's canonical JSON."""

    entry: Mapping[str, Any]
    leaf: bytes
    head: Head
    frontier: tuple[bytes, ...]
    key: str
    signature: bytes


@dataclass(frozen=True, slots=True)
class Damaged:
    """A line that is not as it was written. `leaf` is all of it: what stands for it in the tree of later entries."""

    leaf: bytes
    torn: bool
    """Whether it is the last and has no end: a crash while it was being written leaves that, and so does damage."""


@dataclass(frozen=True, slots=True)
class KeyUse:
    """A key by its fingerprint, the first and the last entry in a row that it signed, and its public half's file."""

    key: str
    first: int
    last: int
    file: Path


def canonical(entry: Mapping[str, Any]) -> bytes:
    """An entry as the bytes that are hashed."""
    return json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def append(folder: Path, act: str, subject: Subject, *, clock: Clock = lambda: datetime.now(UTC)) -> Head:
    """Adds an entry, durably; gives the log's new head. Many processes may do so at once.

    A line that a crash left torn is set aside in `log.torn-<offset>`, never deleted. Raises CustodyBroken when the
    signing key is not the one that the log was last handed to.
    """
    if act not in ACTS or act == KEY_CHANGE:
        raise ValueError(act)
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / LOCK):
        state = _state(folder)
        _settle(folder, state)
        return _append(folder, state, _signing_key(folder, state), act, subject, clock)


def change_key(folder: Path, *, lost: bool = False, clock: Clock = lambda: datetime.now(UTC)) -> str:
    """Hands the log over to a fresh key, in an entry that the old key signs; gives the new key's fingerprint.

    The old private key is gone afterwards: nobody can sign with it any more. With `lost`, for an old key that is
    not there any more, the new key signs, and `verify` goes on saying that no old key vouches for it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / LOCK):
        state = _state(folder)
        _settle(folder, state)
        old = None if lost else _signing_key(folder, state)
        new = make_key(folder, NEXT)
        name = fingerprint(new.public_key())
        subject: dict[str, str | int] = {"new": name, "old": state.key or "none"}
        if old is None:
            subject["lost"] = 1
        _append(folder, state, old or new, KEY_CHANGE, subject, clock)
        _take_over(folder)
    return name


def read(folder: Path) -> Iterator[Line | Damaged]:
    """The log from its beginning, damaged lines in their places."""
    path = folder / LOG
    if not path.exists():
        return
    with path.open("rb") as content:
        for raw in content:
            yield _line(raw)


def entries(folder: Path) -> Iterator[Mapping[str, Any]]:
    """The entries that can be read, in order, unchecked: fast, for looking something up."""
    path = folder / LOG
    if not path.exists():
        return
    decode, begin = json.JSONDecoder().raw_decode, '{"entry":'
    with path.open(encoding="utf-8", errors="replace", newline="\n") as content:
        for text in content:
            try:
                entry, _ = decode(text, len(begin)) if text.startswith(begin) else (None, 0)
            except ValueError:
                continue
            if isinstance(entry, dict) and isinstance(entry.get("subject"), dict):
                yield entry


def key_uses(folder: Path) -> list[KeyUse]:
    """The keys that signed the log, each stretch of entries of its own, unchecked."""
    found: list[KeyUse] = []
    for index, line in enumerate(read(folder)):
        key = line.key if isinstance(line, Line) else found[-1].key if found else ""
        if found and found[-1].key == key:
            found[-1] = replace(found[-1], last=index)
        else:
            found.append(KeyUse(key, index, index, folder / PUBLIC / f"{key}.pem"))
    return found


def head_of(folder: Path) -> Head | None:
    """The newest state of the log; None when it is empty."""
    if not (folder / LOG).exists():
        return None
    with locked(folder / LOCK):
        state = _state(folder)
    return Head(state.size, root_of(state.frontier)) if state.size else None


@dataclass(frozen=True, slots=True)
class _State:
    """What the next line needs: the tree so far, and the key that must sign (empty before the first)."""

    size: int = 0
    frontier: tuple[bytes, ...] = ()
    key: str = ""

    def after(self, line: Line | Damaged) -> _State:
        if isinstance(line, Damaged):
            grown = grow(list(self.frontier), self.size, leaf_hash(line.leaf))
            return _State(self.size + 1, tuple(grown), self.key)
        return _State(line.head.size, line.frontier, handed_to(line))


def handed_to(line: Line) -> str:
    """The fingerprint of the key that must sign the next line."""
    subject = line.entry["subject"]
    return str(subject.get("new")) if line.entry.get("act") == KEY_CHANGE else line.key


def _append(
    folder: Path, state: _State, key: Ed25519PrivateKey, act: str, subject: Subject, clock: Clock
) -> Head:
    entry = {
        "act": act,
        "index": state.size,
        "subject": dict(subject),
        "time": clock().astimezone(UTC).isoformat(),
    }
    grown = grow(list(state.frontier), state.size, leaf_hash(canonical(entry)))
    head = Head(state.size + 1, root_of(grown))
    line = _written(entry, head, tuple(grown), fingerprint(key.public_key()), key.sign(head.text()))
    with (folder / LOG).open("ab") as out:
        out.write(line + b"\n")
        out.flush()
        os.fsync(out.fileno())
    if not state.size:
        sync_folder(folder)
    return head


def _written(
    entry: Mapping[str, Any], head: Head, frontier: tuple[bytes, ...], key: str, signature: bytes
) -> bytes:
    return canonical(
        {
            "entry": entry,
            "size": head.size,
            "root": head.root.hex(),
            "frontier": [each.hex() for each in frontier],
            "key": key,
            "signature": base64.b64encode(signature).decode(),
        }
    )


def _settle(folder: Path, state: _State) -> None:
    """Finishes a change of keys that a crash left between its entry and the new key's taking its place."""
    waiting = folder / NEXT
    if state.key and waiting.exists() and fingerprint(read_key(waiting).public_key()) == state.key:
        _take_over(folder)


def _signing_key(folder: Path, state: _State) -> Ed25519PrivateKey:
    """The private key that the next line must be signed with; made when the log is new."""
    if not state.size and not (folder / PRIVATE).exists():
        return make_key(folder)
    key = read_key(folder / PRIVATE)
    if state.key and fingerprint(key.public_key()) != state.key:
        raise CustodyBroken(
            f"{folder / PRIVATE} is not the key that the custody log was handed to ({state.key[:16]}…); "
            "restore that one from your backup, or go on with another: holdfast custody new-key --lost"
        )
    return key


def _take_over(folder: Path) -> None:
    (folder / NEXT).replace(folder / PRIVATE)
    sync_folder(folder)


def _state(folder: Path) -> _State:
    """The state after the last line; sets a torn one aside. Reads back to the last line that is whole, no further."""
    path = folder / LOG
    if not path.exists():
        return _State()
    with path.open("rb+") as content:
        end = _set_aside_torn(folder, content)
        wanted = _TAIL
        while True:
            start = max(0, end - wanted)
            content.seek(start)
            tail = content.read(end - start)
            if start:
                tail = tail[tail.find(b"\n") + 1 :] if b"\n" in tail else b""
            found = [_line(raw) for raw in tail.splitlines(keepends=True)]
            whole = next((at for at in range(len(found) - 1, -1, -1) if isinstance(found[at], Line)), None)
            if whole is not None or not start:
                break
            wanted *= 2
    state = _State()
    for line in found[whole or 0 :]:
        state = state.after(line)
    return state


def _set_aside_torn(folder: Path, content: Any) -> int:
    """Moves what follows the last line break into a file of its own; gives where the log ends now."""
    end = content.seek(0, os.SEEK_END)
    at = end
    torn = b""
    while at and b"\n" not in torn:
        at = max(0, at - _TAIL)
        content.seek(at)
        torn = content.read(end - at)
    torn = torn[torn.rfind(b"\n") + 1 :]
    if not torn:
        return int(end)
    kept = folder / f"log.torn-{end - len(torn)}"
    with kept.open("ab") as out:
        out.write(torn)
        out.flush()
        os.fsync(out.fileno())
    sync_folder(folder)
    content.truncate(end - len(torn))
    os.fsync(content.fileno())
    return int(end - len(torn))


def _line(raw: bytes) -> Line | Damaged:
    try:
        told = json.loads(raw)
        line = Line(
            entry=told["entry"],
            leaf=canonical(told["entry"]),
            head=Head(int(told["size"]), bytes.fromhex(told["root"])),
            frontier=tuple(bytes.fromhex(each) for each in told["frontier"]),
            key=str(told["key"]),
            signature=base64.b64decode(told["signature"]),
        )
        again = _written(line.entry, line.head, line.frontier, line.key, line.signature)
        sound = len(line.frontier) == line.head.size.bit_count() and line.head.size > 0
        whole = sound and raw == again + b"\n" and isinstance(line.entry["subject"], dict)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        whole = False
    return line if whole else Damaged(raw, torn=not raw.endswith(b"\n"))
