"""Documents attached to notices: PDF, DOCX and DOC."""

from __future__ import annotations

import io
import logging
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable
from itertools import islice
from urllib.parse import unquote

from lxml import etree

from parsers.article.headline import clean_title
from parsers.availability.states import Availability
from parsers.document import Document
from parsers.families import Head
from parsers.markup.prose import plain
from parsers.page import Page, PageKind, Reading
from parsers.word.word97 import NotWord97, read_word97
from parsers.word.word2007 import read_word2007

NAME = "attachment"
PRIORITY = 16

_PDF, _ZIP, _OLE = b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_PAGES = 400
_MOST_CHARS = 2_000_000
_FAILURES = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    etree.XMLSyntaxError,
    struct.error,
    EOFError,
    RuntimeError,
    ArithmeticError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    OSError,
)
"""What the libraries raise on damaged files; anything can be in them."""

logging.getLogger("pypdf").setLevel(logging.CRITICAL)


class _DamagedPdf(Exception):
    """pypdf cannot read a file; the message is its error's name."""


def claims(page: Page, head: Head) -> bool:
    """The first bytes of PDF, of a Word file in a ZIP, or of an OLE file."""
    body = page.body
    return _PDF in body[:1024] or body.startswith(_OLE) or (body.startswith(_ZIP) and b"word/" in body)


def read(page: Page, head: Head) -> Reading | None:
    """The text of the document. Its title is the one it names itself, else its file name.

    It has no publication time of its own: what a file says is when it was made.
    """
    name = clean_title(unquote(head.path.rsplit("/", 1)[-1]))
    try:
        document, cut = _reader(page.body)(page.body, name)
    except NotWord97 as error:
        return _unread(f"{name or 'The file'} was not read, because {error}: it is kept as it is.")
    except _DamagedPdf as error:
        return _damaged(name, str(error))
    except _FAILURES as error:
        return _damaged(name, type(error).__name__)
    warnings: tuple[str, ...] = ()
    if not document.text:
        warnings = ("The document has no text layer: it is a scan and needs character recognition.",)
    elif cut:
        warnings = (f"{name or 'The file'} is so long that only its beginning was read.",)
    return Reading(NAME, PageKind.ATTACHMENT, Availability.LIVE, document=document, warnings=warnings)


def _reader(body: bytes) -> Callable[[bytes, str], tuple[Document, bool]]:
    if body.startswith(_OLE):
        return _doc
    return _docx if body.startswith(_ZIP) else _pdf


def _doc(body: bytes, name: str) -> tuple[Document, bool]:
    read = read_word97(body, _MOST_CHARS)
    return _document(read.title, name, read.text), len(read.text) >= _MOST_CHARS


def _pdf(body: bytes, name: str) -> tuple[Document, bool]:
    # It takes longer to load than all else that reads pages; few crawls meet such files.
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    pieces: list[str] = []
    chars = 0
    try:
        reader = PdfReader(io.BytesIO(body), strict=False)
        for page in islice(reader.pages, _MOST_PAGES):
            pieces.append(page.extract_text())
            chars += len(pieces[-1])
            if chars > _MOST_CHARS:
                break
        title = str(reader.metadata.title or "") if reader.metadata else ""
        cut = len(pieces) < len(reader.pages)
    except PyPdfError as error:
        raise _DamagedPdf(type(error).__name__) from error
    return _document(title, name, "\n".join(pieces)), cut


def _docx(body: bytes, name: str) -> tuple[Document, bool]:
    read = read_word2007(body, _MOST_CHARS)
    return _document(read.title, name, read.text), read.cut


def _document(title: str, name: str, text: str) -> Document:
    return Document(title=clean_title(title) or name, text=plain(text), item_type="attachment")


def _damaged(name: str, how: str) -> Reading:
    return _unread(f"{name or 'The file'} is damaged ({how}) and was not read: it is kept as it is.")


def _unread(warning: str) -> Reading:
    return Reading(NAME, PageKind.ATTACHMENT, Availability.LIVE, warnings=(warning,))
