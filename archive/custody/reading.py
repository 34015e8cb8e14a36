"""Reads the custody log from its beginning."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from archive.custody.keys import PUBLIC
from archive.custody.line import SEALS, Damaged, Line, line_in
from archive.errors import CustodyBroken

LOG = "log.jsonl"
FIELDS = {"act", "index", "subject", "time"}


@dataclass(frozen=True, slots=True)
class KeyUse:
    """A key by its fingerprint, the first and the last entry in a row that it signed, and its public half's file."""

    key: str
    first: int
    last: int
    file: Path


def is_there(path: Path) -> bool:
    """Whether a log is at `path`. Raises CustodyBroken when something else is, such as a folder."""
    if path.exists() and not path.is_file():
        raise CustodyBroken(f"{path} is no file; move it away, and restore the custody log from your backup")
    return path.exists()


def read(folder: Path) -> Iterator[Line | Damaged]:
    """The log from its beginning, damaged lines in their places. Raises CustodyBroken when it is no file."""
    path = folder / LOG
    if not is_there(path):
        return
    with path.open("rb") as content:
        for raw in content:
            yield line_in(raw)


def entries(folder: Path) -> Iterator[Mapping[str, Any]]:
    """The entries that can be read, in order, unchecked: fast, for looking something up.

    Raises CustodyBroken when the log is no file.
    """
    path = folder / LOG
    if not is_there(path):
        return
    decode, begin = json.JSONDecoder().raw_decode, '{"entry":'
    with path.open(encoding="utf-8", errors="replace", newline="\n") as content:
        for text in content:
            try:
                entry, _ = decode(text, len(begin)) if text.startswith(begin) else (None, 0)
            except (ValueError, RecursionError):
                continue
            if isinstance(entry, dict) and entry.keys() >= FIELDS and isinstance(entry["subject"], dict):
                yield entry


def sealed_files(folder: Path) -> dict[str, set[str]]:
    """The names of the files that the log says were sealed, by collection; unchecked."""
    found: dict[str, set[str]] = {}
    for entry in entries(folder):
        collection, file = (str(entry["subject"].get(name, "")) for name in ("collection", "file"))
        # A name that leads out of its folder is of no entry of ours; the check of the log tells it.
        if entry["act"] in SEALS and all(each and Path(each).name == each for each in (collection, file)):
            found.setdefault(collection, set()).add(file)
    return found


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
