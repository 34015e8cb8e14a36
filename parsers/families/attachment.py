"""Documents attached to notices: PDF, DOCX and DOC."""

from __future__ import annotations

import io
import logging
import struct
import zipfile
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import unquote

from parsers.availability import Availability
from parsers.document import Document
from parsers.families import Head
from parsers.headline import clean_title
from parsers.page import Page, PageKind, Reading
from parsers.prose import plain
from parsers.word97 import NotWord97, read_word97

# The libraries that open these files take longer to load than all else that reads pages; few crawls meet such files.
if TYPE_CHECKING:
    from docx.document import Document as DocxDocument

NAME = "attachment"
PRIORITY = 16

_PDF, _ZIP, _OLE = b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_PAGES = 400
_MOST_CHARS = 2_000_000
_MOST_UNPACKED = 200 * 1024 * 1024
_FAILURES = (
    zipfile.BadZipFile,
    struct.error,
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
        document = _reader(page.body)(page.body, name)
    except NotWord97 as error:
        return _unread(f"{name or 'The file'} was not read, because {error}: it is kept as it is.")
    except _DamagedPdf as error:
        return _damaged(name, str(error))
    except _FAILURES as error:
        return _damaged(name, type(error).__name__)
    warnings = (
        ()
        if document.text
        else ("The document has no text layer: it is a scan and needs character recognition.",)
    )
    return Reading(NAME, PageKind.ATTACHMENT, Availability.LIVE, document=document, warnings=warnings)


def _reader(body: bytes) -> Callable[[bytes, str], Document]:
    if body.startswith(_OLE):
        return _doc
    return _docx if body.startswith(_ZIP) else _pdf


def _doc(body: bytes, name: str) -> Document:
    read = read_word97(body, _MOST_CHARS)
    return Document(title=clean_title(read.title) or name, text=plain(read.text), item_type="attachment")


def _pdf(body: bytes, name: str) -> Document:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(body), strict=False)
        pieces: list[str] = []
        for page in islice(reader.pages, _MOST_PAGES):
            pieces.append(page.extract_text())
            if sum(map(len, pieces)) > _MOST_CHARS:
                break
        title = clean_title(str(reader.metadata.title or "")) if reader.metadata else ""
    except PyPdfError as error:
        raise _DamagedPdf(type(error).__name__) from error
    return Document(title=title or name, text=plain("\n".join(pieces)), item_type="attachment")


def _docx(body: bytes, name: str) -> Document:
    import docx

    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > _MOST_UNPACKED:
            raise ValueError(f"unpacks to {unpacked} bytes")
    opened = docx.Document(io.BytesIO(body))
    text = plain("\n".join(islice(_lines(opened), 100_000)))[:_MOST_CHARS]
    return Document(
        title=clean_title(opened.core_properties.title or "") or name, text=text, item_type="attachment"
    )


def _lines(opened: DocxDocument) -> Iterator[str]:
    """Paragraphs and table rows in their order, the cells of a row joined by a space."""
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    for block in opened.iter_inner_content():
        if isinstance(block, Paragraph):
            yield block.text
        elif isinstance(block, Table):
            for row in block.rows:
                yield " ".join(dict.fromkeys(cell.text.replace("\n", " ") for cell in row.cells))


def _damaged(name: str, how: str) -> Reading:
    return _unread(f"{name or 'The file'} is damaged ({how}) and was not read: it is kept as it is.")


def _unread(warning: str) -> Reading:
    return Reading(NAME, PageKind.ATTACHMENT, Availability.LIVE, warnings=(warning,))
