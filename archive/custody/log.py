"""The custody log: one signed line for each sealed file and each act on the evidence, chained in a Merkle tree.

`log.jsonl` is append-only. A line holds the entry, the tree after it (size, root, and the subtree roots that the
next line needs), and the Ed25519 signature of the workspace over the tree's head. An entry's leaf is the entry as
canonical JSON: keys sorted, no spaces, UTF-8; for strings and whole numbers this is RFC 8785's form.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive.custody.keys import fingerprint, signing_key
from archive.custody.merkle import grow, leaf_hash, root_of
from archive.errors import CustodyBroken

LOG = "log.jsonl"
ACTS = ("seal", "import", "export", "review", "recover", "key-change", "store")


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


def canonical(entry: Mapping[str, Any]) -> bytes:
    """An entry as the bytes that are hashed."""
    return json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def append(
    folder: Path,
    act: str,
    subject: Mapping[str, str | int],
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Head:
    """Adds an entry, durably; gives the log's new head. Many processes may do so at once.

    A line that a crash left torn is set aside in `log.torn-<offset>`, never deleted.
    """
    if act not in ACTS:
        raise ValueError(act)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        key = signing_key(folder)
        last = _last(folder)
        size, frontier = (last.head.size, list(last.frontier)) if last else (0, [])
        entry = {
            "act": act,
            "index": size,
            "subject": dict(subject),
            "time": clock().astimezone(UTC).isoformat(),
        }
        leaf = canonical(entry)
        grown = grow(frontier, size, leaf_hash(leaf))
        head = Head(size + 1, root_of(grown))
        line = {
            "entry": entry,
            "size": head.size,
            "root": head.root.hex(),
            "frontier": [each.hex() for each in grown],
            "key": fingerprint(key.public_key()),
            "signature": base64.b64encode(key.sign(head.text())).decode(),
        }
        with (folder / LOG).open("ab") as out:
            out.write(canonical(line) + b"\n")
            out.flush()
            os.fsync(out.fileno())
    return head


def lines(folder: Path) -> Iterator[Line]:
    """The log from its beginning. Raises CustodyBroken, with the line's number, where it cannot be read."""
    path = folder / LOG
    if not path.exists():
        return
    with path.open("rb") as content:
        for number, raw in enumerate(content, start=1):
            yield _line(raw, f"{path}, line {number}")


def head_of(folder: Path) -> Head | None:
    """The newest state of the log; None when it is empty."""
    last = _last(folder)
    return last.head if last else None


def _last(folder: Path) -> Line | None:
    path = folder / LOG
    if not path.exists():
        return None
    with path.open("rb+") as content:
        size = content.seek(0, os.SEEK_END)
        tail = b""
        while tail.count(b"\n") < 2 and size > len(tail):
            start = max(0, size - len(tail) - 8192)
            content.seek(start)
            tail = content.read(size - start)
        if tail and not tail.endswith(b"\n"):
            torn = tail[tail.rfind(b"\n") + 1 :]
            (folder / f"log.torn-{size - len(torn)}").write_bytes(torn)
            content.truncate(size - len(torn))
            tail = tail[: len(tail) - len(torn)]
    whole = tail.splitlines()
    return _line(whole[-1], f"{path}, last line") if whole else None


def _line(raw: bytes, where: str) -> Line:
    try:
        read = json.loads(raw)
        return Line(
            entry=read["entry"],
            leaf=canonical(read["entry"]),
            head=Head(int(read["size"]), bytes.fromhex(read["root"])),
            frontier=tuple(bytes.fromhex(each) for each in read["frontier"]),
            key=str(read["key"]),
            signature=base64.b64decode(read["signature"], validate=True),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise CustodyBroken(f"{where}: this is no line of a custody log ({error})") from error
