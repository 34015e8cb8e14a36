"""Names of files as text, whatever computer gave them."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Unicode's categories of what breaks a line, or makes it read otherwise than it is."""


def readable(path: Path) -> str:
    """The path as text. A part that is not UTF-8 is read as GB18030, in which Chinese archives pack their names;
    what would break a line, or turn it round, is written as Python writes it.
    """
    return printable(os.sep.join(map(_part, str(path).split(os.sep))))


def printable(text: str) -> str:
    """Text as one line of a terminal may hold it, control characters as in `\\n`."""
    return "".join(
        each.encode("unicode_escape").decode() if unicodedata.category(each) in _UNSEEN else each
        for each in text
    )


def _part(name: str) -> str:
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name).decode("gb18030", "replace")
    return name
