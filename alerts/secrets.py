"""Secrets are read from files of their own when they are needed: settings are shown, copied and shared."""

from __future__ import annotations

from pathlib import Path

from alerts.errors import AlertError

LONGEST = 4096


def first_line(file: str, workspace: Path) -> str:
    """The first line of a file; a relative path begins at the workspace. Raises AlertError."""
    path = workspace / Path(file).expanduser()
    try:
        with path.open(encoding="utf-8") as stream:
            line = stream.readline(LONGEST).strip()
    except (OSError, UnicodeDecodeError) as error:
        raise AlertError(f"cannot read the secret in {path}: {error}") from error
    if not line:
        raise AlertError(f"{path} is empty; put the password or secret in its first line")
    return line
