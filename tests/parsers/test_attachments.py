"""Documents attached to notices."""

from __future__ import annotations

import io

import docx
import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from parsers import read
from parsers.page import Page, PageKind


def word_file() -> bytes:
    written = docx.Document()
    written.core_properties.title = "关于合成测试的通知"
    written.add_paragraph("第一段：合成测试。")
    table = written.add_table(2, 2)
    for row, cells in enumerate((("村", "人数"), ("云岭村", "40"))):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    written.add_paragraph("末段。")
    out = io.BytesIO()
    written.save(out)
    return out.getvalue()


def pdf_file(text: str) -> bytes:
    writer = PdfWriter()
    page = writer.add_blank_page(300, 300)
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
    )
    stream = DecodedStreamObject()
    stream.set_data(f"BT /F1 12 Tf 20 200 Td ({text}) Tj ET".encode("ascii"))
    page[NameObject("/Contents")] = writer._add_object(stream)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_word_file_reads_paragraphs_and_rows_in_order() -> None:
    reading = read(Page("https://a.example/files/x.docx", word_file()))
    assert reading.kind is PageKind.ATTACHMENT
    assert reading.document is not None
    assert reading.document.title == "关于合成测试的通知"
    assert reading.document.text.split("\n") == ["第一段：合成测试。", "村 人数", "云岭村 40", "末段。"]


def test_a_pdf_reads_its_text_layer_and_takes_its_file_name_as_title() -> None:
    reading = read(
        Page("https://a.example/files/%E5%90%8D%E5%8D%95.pdf", pdf_file("synthetic list of 65 people"))
    )
    assert reading.document is not None
    assert (reading.document.title, reading.document.text) == ("名单.pdf", "synthetic list of 65 people")
    assert reading.document.published is None


@pytest.mark.parametrize(
    ("name", "body", "warning"),
    [
        ("x.pdf", b"%PDF-1.4 broken", "damaged"),
        ("x.docx", word_file()[:2000], "damaged"),
        ("x.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Office file"),
        ("scan.pdf", pdf_file(""), "no text layer"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_in_one_sentence(name: str, body: bytes, warning: str) -> None:
    reading = read(Page(f"https://a.example/{name}", body))
    assert reading.kind is PageKind.ATTACHMENT
    assert len(reading.warnings) == 1
    assert warning in reading.warnings[0]
