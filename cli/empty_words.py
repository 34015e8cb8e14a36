"""Words of a command line that are empty, as a shell leaves them where a variable is not set."""

from __future__ import annotations


def empty_word(arguments: list[str]) -> str | None:
    """What is empty among the words, as the beginning of a sentence; None when nothing is.

    Python takes an empty path for the current folder, and an empty host for every address of the computer. A value that
    is written with its option (`--reason=`) is left to the command.
    """
    for before, word in zip(["", *arguments], arguments, strict=False):
        if not word.strip():
            return f"{before} is empty" if before.startswith("--") else "one of the words is empty"
    return None
