"""A short proof that one entry was in the log at a time; goes into exports and needs nothing else of the workspace."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from archive.custody.keys import PUBLIC
from archive.custody.log import Line, canonical, lines
from archive.custody.merkle import inclusion_proof, leaf_hash, root
from archive.custody.timestamp import stamped


def proof_files(folder: Path, wanted: Callable[[Mapping[str, Any]], bool]) -> dict[str, bytes]:
    """The files that prove the entries that `wanted` picks: `{name: content}`, empty when there are none.

    `entry-N.json` is the entry's canonical bytes (its leaf) and `proof-N.json` its audit path under the newest head;
    `head.txt`, `head.sig` and `key.pem` are that head, its Ed25519 signature and the key; `stamp-N.tsr` and `.head` the
    time-stamps.
    """
    log = list(lines(folder))
    chosen = [(index, line) for index, line in enumerate(log) if wanted(line.entry)]
    if not chosen:
        return {}
    leaves = [leaf_hash(line.leaf) for line in log]
    last: Line = log[-1]
    files = {
        "head.txt": last.head.text(),
        "head.sig": last.signature,
        "key.pem": (folder / PUBLIC / f"{last.key}.pem").read_bytes(),
    }
    for index, line in chosen:
        files[f"entry-{index}.json"] = line.leaf
        files[f"proof-{index}.json"] = canonical(
            {
                "index": index,
                "size": last.head.size,
                "root": root(leaves).hex(),
                "leaf": leaf_hash(line.leaf).hex(),
                "audit_path": [step.hex() for step in inclusion_proof(leaves, index)],
            }
        )
    for path, head, text, answer in stamped(folder):
        if head.size > chosen[0][0]:
            files[f"stamp-{path.stem}.tsr"] = answer
            files[f"stamp-{path.stem}.head"] = text
    return files
