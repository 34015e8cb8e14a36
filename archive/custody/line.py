"""A line of the custody log, as it is written and read.

It holds the entry, the tree after it (size, root, and the subtree roots that the next line needs), and the Ed25519
signature of the workspace over the tree's head. Lines and entries are canonical JSON: keys sorted, no spaces, UTF-8;
for strings and whole numbers, all that occur here, this is the form of RFC 8785. An entry's leaf is that form. A line
in any other form is damaged, so that no bit of it can change unseen.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SEALS = ("seal", "recover")
"""The acts whose subject is a sealed WARC file."""

KEY_CHANGE = "key-change"
KEY_BYTES = 32
"""Of a key's fingerprint, which is also the name of a file."""


@dataclass(frozen=True, slots=True)
class Head:
    """A state of the log: how many entries, and the root over them."""

    size: int
    root: bytes

    def text(self) -> bytes:
        """What is signed and time-stamped; plain text, so that openssl alone can check it."""
        return f"holdfast custody log\nsize {self.size}\nroot {self.root.hex()}\n".encode()


def head_in(text: bytes) -> Head | None:
    """The head that a text is, letter by letter; None when it is none."""
    try:
        _, size, root = text.decode().splitlines()
        head = Head(int(size.removeprefix("size ")), bytes.fromhex(root.removeprefix("root ")))
    except ValueError:
        return None
    return head if head.text() == text else None


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


def canonical(entry: Mapping[str, Any]) -> bytes:
    """An entry as the bytes that are hashed."""
    return json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def handed_to(line: Line) -> str:
    """The fingerprint of the key that must sign the next line."""
    subject = line.entry["subject"]
    return str(subject.get("new")) if line.entry.get("act") == KEY_CHANGE else line.key


def written(
    entry: Mapping[str, Any], head: Head, frontier: tuple[bytes, ...], key: str, signature: bytes
) -> bytes:
    """A line without its line break."""
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


def line_in(raw: bytes) -> Line | Damaged:
    """The line that these bytes are, with its line break."""
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
        again = written(line.entry, line.head, line.frontier, line.key, line.signature)
        sound = len(line.frontier) == line.head.size.bit_count() and line.head.size > 0
        sound = sound and line.key.isalnum() and len(bytes.fromhex(line.key)) == KEY_BYTES
        whole = sound and raw == again + b"\n" and isinstance(line.entry["subject"], dict)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        whole = False
    return line if whole else Damaged(raw, torn=not raw.endswith(b"\n"))
