"""Bytes at rest: WARC files, their index, the custody log, packages for others, replay."""

from archive.capture import Capture
from archive.collection import Collection
from archive.exchange import Exchange, Tls
from archive.reader import StoredResponse, read_capture
from archive.warc.warcformat import CrawlInfo
from archive.writing.recover import recover
from archive.writing.writer import ArchiveWriter, open_writer

__all__ = [
    "ArchiveWriter",
    "Capture",
    "Collection",
    "CrawlInfo",
    "Exchange",
    "StoredResponse",
    "Tls",
    "open_writer",
    "read_capture",
    "recover",
]
