"""What can go wrong with the store; each message is one sentence for the user."""

from __future__ import annotations


class StoreError(Exception):
    """The store cannot do what was asked; the message says what to do."""


class CannotOpen(StoreError):
    """The database cannot be reached, read or written."""


class Damaged(CannotOpen):
    """The database's file is there and cannot be read as one."""


class Lost(CannotOpen):
    """There is an archive and no database that was made of it."""


class TooNew(StoreError):
    """The database was made by a later version of holdfast than this one."""


class UnknownId(StoreError):
    """No row has the id that was asked for."""


class BadFilter(StoreError):
    """A filter's value cannot be used; the message names the filter and the value."""


class UnknownLexicon(StoreError):
    """A campaign adds words to a lexicon entry that there is not."""


class BadReview(StoreError):
    """A verdict cannot be given like this; the message says what it lacks."""


class CannotCopy(StoreError):
    """The store cannot be copied to where it should go."""
