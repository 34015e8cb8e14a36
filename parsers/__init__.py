"""Bytes in, documents and observations out: pure functions and values, no I/O."""

from __future__ import annotations

from parsers.page import Page, Reading
from parsers.read import read

__all__ = ["Page", "Reading", "read"]
