"""What can be wrong with what the readers are given."""

from __future__ import annotations


class InvalidLexicon(ValueError):
    """A lexicon file or a campaign's words cannot be used; the message says which entry and what to do."""
