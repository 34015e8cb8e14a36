"""What can go wrong with bytes at rest; each message is one sentence with the file and what to do."""

from __future__ import annotations


class ArchiveError(Exception):
    """The archive cannot do what was asked."""


class WriteFailed(ArchiveError):
    """A record could not be written durably; nothing of it counts as archived."""


class DiskLow(WriteFailed):
    """So little disk space is left that writing on would endanger what is there."""


class CaptureMissing(ArchiveError):
    """A record is not where the index or the database says."""


class BrokenRecord(ArchiveError):
    """The bytes at a place in a WARC file are not a whole record."""


class BrokenBody(BrokenRecord):
    """A record is whole, but its body cannot be decoded, or expands to more than is allowed."""


class BrokenIndex(ArchiveError):
    """The index cannot be read, or is not in order; `recover` and `rebuild_index` make it anew from the files."""


class UnreadableArchive(ArchiveError):
    """A file of others is not a WARC, ARC or WACZ that can be read."""


class ReplayFailed(ArchiveError):
    """The replay server did not start."""


class StorageFailed(ArchiveError):
    """The object store did not take, keep or give the bytes it should."""


class CustodyBroken(ArchiveError):
    """The custody log or one of its keys is damaged."""


class TimestampRefused(ArchiveError):
    """A time-stamping authority did not answer, refused, or gave an answer that does not hold."""
