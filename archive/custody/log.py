"""The custody log: one signed line for each sealed file and each act on the evidence, chained in a Merkle tree.

`log.jsonl` is append-only; `log.head` is the head after its newest line, so that a log whose end was cut off is known.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archive.custody.keys import NEXT, PRIVATE, fingerprint, make_key, read_key
from archive.custody.line import KEY_CHANGE, Damaged, Head, Line, canonical, handed_to, line_in, written
from archive.custody.merkle import grow, leaf_hash, root_of
from archive.custody.reading import LOG, is_there
from archive.custody.witness import keep_if_lost, note
from archive.errors import CustodyBroken
from archive.locking import locked, sync_folder

LOCK = ".lock"
ACTS = ("seal", "import", "export", "review", "recover", "key-change", "store")
_TAIL = 1 << 13

Clock = Callable[[], datetime]
Subject = Mapping[str, str | int]


def append(folder: Path, act: str, subject: Subject, *, clock: Clock = lambda: datetime.now(UTC)) -> Head:
    """Adds an entry, durably; gives the log's new head. Many processes may do so at once.

    A line that a crash left torn is set aside in `log.torn-<offset>`, never deleted. Raises CustodyBroken when the
    signing key is not the one that the log was last handed to.
    """
    if act not in ACTS or act == KEY_CHANGE:
        raise ValueError(act)
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / LOCK):
        state = _settled(folder)
        return _append(folder, state, _signing_key(folder, state), act, subject, clock)


def change_key(folder: Path, *, lost: bool = False, clock: Clock = lambda: datetime.now(UTC)) -> str:
    """Hands the log over to a fresh key, in an entry that the old key signs; gives the new key's fingerprint.

    The old private key is gone afterwards: nobody can sign with it any more. With `lost`, for an old key that is
    not there any more, the new key signs, and `verify` goes on saying that no old key vouches for it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / LOCK):
        state = _settled(folder)
        old = None if lost else _signing_key(folder, state)
        new = make_key(folder, NEXT)
        name = fingerprint(new.public_key())
        subject: dict[str, str | int] = {"new": name, "old": state.key or "none"}
        if old is None:
            subject["lost"] = 1
        _append(folder, state, old or new, KEY_CHANGE, subject, clock)
        _take_over(folder)
    return name


def head_of(folder: Path) -> Head | None:
    """The newest state of the log; None when it is empty."""
    if not is_there(folder / LOG):
        return None
    with locked(folder / LOCK):
        state = _state(folder)
    return state.head() if state.size else None


@dataclass(frozen=True, slots=True)
class _State:
    """What the next line needs: the tree so far, and the key that must sign (empty before the first)."""

    size: int = 0
    frontier: tuple[bytes, ...] = ()
    key: str = ""

    def head(self) -> Head:
        return Head(self.size, root_of(self.frontier))

    def after(self, line: Line | Damaged) -> _State:
        if isinstance(line, Damaged):
            grown = grow(list(self.frontier), self.size, leaf_hash(line.leaf))
            return _State(self.size + 1, tuple(grown), self.key)
        return _State(line.head.size, line.frontier, handed_to(line))


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
    line = written(entry, head, tuple(grown), fingerprint(key.public_key()), key.sign(head.text()))
    with (folder / LOG).open("ab") as out:
        out.write(line + b"\n")
        out.flush()
        os.fsync(out.fileno())
    if not state.size:
        sync_folder(folder)
    note(folder, head)
    return head


def _settled(folder: Path) -> _State:
    """The state after the last line; finishes a change of keys that a crash left before the new key took its place."""
    state, waiting = _state(folder), folder / NEXT
    if state.key and waiting.exists() and fingerprint(read_key(waiting).public_key()) == state.key:
        _take_over(folder)
    keep_if_lost(folder, state.head())
    return state


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
    if not is_there(path):
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
            found = [line_in(raw) for raw in io.BytesIO(tail)]
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
