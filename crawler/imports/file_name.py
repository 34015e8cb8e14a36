"""Names of files as text, whatever computer gave them."""

from __future__ import annotations

import os
from pathlib import Path


def readable(path: Path) -> str:
    """The path as text. A part that is not UTF-8 is read as GB18030, in which Chinese archives pack their names."""
    return os.sep.join(map(_part, str(path).split(os.sep)))


def _part(name: str) -> str:
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name).decode("gb18030", "replace")
    return name
