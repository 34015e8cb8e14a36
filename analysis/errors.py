"""What can go wrong with results on their way out."""

from __future__ import annotations


class AnalysisError(Exception):
    """A result cannot be made or written; the message says what to do."""


class TooManyRows(AnalysisError):
    """The format holds fewer rows than the list has."""
