"""Documents attached to notices."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
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


def old_word_file(name: str) -> bytes:
    """A synthetic file of Word 97, written by LibreOffice."""
    return (Path(__file__).parent / "files" / f"{name}.doc").read_bytes()


def with_flag(body: bytes, flag: int) -> bytes:
    """The file with a flag set in the second flag byte of its information block."""
    begin = body.index(b"\xec\xa5")
    return body[: begin + 11] + bytes([body[begin + 11] | flag]) + body[begin + 12 :]


def without_text(body: bytes) -> bytes:
    """The file with its main stream under another name, as in a table of Excel."""
    return body.replace("WordDocument".encode("utf-16-le"), "Workbook0000".encode("utf-16-le"))


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


def test_an_old_word_file_reads_paragraphs_and_rows_in_order() -> None:
    reading = read(Page("https://a.example/files/x.doc", old_word_file("notice")))
    assert reading.document is not None
    assert reading.document.title == "关于合成测试的通知"
    assert reading.document.text.split("\n") == [
        "合成测试页面：第一段。8月24日，云岭派出所采集血样92份。",
        "村 人数",
        "云岭村 40",
        "末段。",
    ]


def test_of_a_links_field_in_an_old_word_file_the_words_are_read_and_not_the_address() -> None:
    reading = read(Page("https://a.example/files/x.doc", old_word_file("fields")))
    assert reading.document is not None
    lines = reading.document.text.split("\n")
    assert lines[:5] == [
        "合成测试页面：见附件一，plain words only.",
        "合成村0 0",
        "合成村1 7",
        "合成村2 14",
        "第一行",
    ]
    assert lines[6:] == ["青稞丰收，天气晴朗。"] * 60


@given(
    st.lists(st.tuples(st.integers(0, 13_823), st.integers(0, 255)), min_size=1, max_size=12),
    st.integers(0, 13_824),
)
@settings(max_examples=150, deadline=None)
def test_damaged_old_word_files_are_survived(flips: list[tuple[int, int]], end: int) -> None:
    body = bytearray(old_word_file("fields"))
    for at, value in flips:
        body[at] = value
    for damaged in (bytes(body), bytes(body[:end])):
        assert read(Page("https://a.example/files/x.doc", damaged)).family


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
        ("x.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "damaged"),
        ("x.doc", old_word_file("notice")[:9000], "damaged"),
        ("x.doc", without_text(old_word_file("notice")), "another kind"),
        ("locked.doc", with_flag(old_word_file("notice"), 0x01), "password"),
        ("scan.pdf", pdf_file(""), "no text layer"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_in_one_sentence(name: str, body: bytes, warning: str) -> None:
    reading = read(Page(f"https://a.example/{name}", body))
    assert reading.kind is PageKind.ATTACHMENT
    assert len(reading.warnings) == 1
    assert warning in reading.warnings[0]
