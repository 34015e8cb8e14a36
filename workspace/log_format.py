"""The form of log files: a module of its own, because the settings need it and not the library that writes logs."""

from __future__ import annotations

from enum import StrEnum


class LogFormat(StrEnum):
    """`text` for people, `json` (a JSON object a line) for programs that collect logs."""

    TEXT = "text"
    JSON = "json"
