"""Word files since 2007, as they should be and as they are made to do harm."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from parsers import read
from parsers.page import Page, PageKind

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
BEGUN, GOES_ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
TWO_WIDE = '<w:gridSpan w:val="2"/>'


def word_file(content: str, declared: str = "") -> bytes:
    """A file with this in the body of its text part."""
    part = f'{declared}<w:document xmlns:w="{WORD}"><w:body>{content}</w:body></w:document>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", part)
    return out.getvalue()


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def paragraph(text: str) -> str:
    return f"<w:p>{run(text)}</w:p>"


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (f"<w:p>{run('采集')}<w:hyperlink>{run('53份')}</w:hyperlink></w:p>", "采集53份"),
        ("<w:p><w:r><w:t>一</w:t><w:noBreakHyphen/><w:t>二</w:t></w:r></w:p>", "一-二"),
        ("<w:p><w:r><w:t>一</w:t><w:br/><w:t>二</w:t></w:r></w:p>", "一\n二"),
        ("<w:p><w:r><w:t>一</w:t><w:br w:type='page'/><w:t>二</w:t></w:r></w:p>", "一二"),
        (f"<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr>{run('一')}</w:p>", "一"),
        (f"<w:sdt><w:sdtContent>{paragraph('在控件内')}</w:sdtContent></w:sdt>", "在控件内"),
        (f"<w:p><w:ins>{run('53')}</w:ins><w:del>{run('35')}</w:del></w:p>", "53"),
        (f"<w:p>{run('一')}<w:r><w:pict>{paragraph('框')}</w:pict></w:r></w:p>", "一"),
        (table(cell("甲") + cell("1"), cell("乙") + cell("2")), "甲 1\n乙 2"),
        (table(cell("村", BEGUN) + cell("血样"), cell("", GOES_ON) + cell("指纹")), "村 血样\n村 指纹"),
        (
            table(cell("合计", TWO_WIDE) + cell("村", BEGUN), cell("1") + cell("2") + cell("", GOES_ON)),
            "合计 村\n1 2 村",
        ),
        (table(f"<w:tc>{table(cell('内一') + cell('内二'))}<w:p/></w:tc>"), "内一 内二"),
        ("<w:tbl><w:tr><w:tc>" * 200 + paragraph("内") + "</w:tc></w:tr></w:tbl>" * 200, "内"),
        (f"{paragraph('前')}<x xmlns='y'>外{paragraph('中')}</x>{paragraph('后')}", "前\n中\n后"),
    ],
)
def test_words_are_read_in_their_order_and_nothing_else(content: str, text: str) -> None:
    reading = read(Page("https://a.example/x.docx", word_file(content)))
    assert reading.document
    assert reading.document.text == text
    assert reading.warnings == ()


def test_of_a_file_that_is_too_long_the_beginning_is_read() -> None:
    body = word_file(paragraph("合成测试一") + paragraph("a" * 1000) * 100_000)
    reading = read(Page("https://a.example/long.docx", body))
    assert reading.document
    assert reading.document.text.startswith("合成测试一\n")
    assert reading.warnings == ("long.docx is so long that only its beginning was read.",)


@pytest.mark.parametrize("content", ["<w:p>", paragraph("\x01")])
def test_a_file_that_is_no_xml_is_named_in_one_sentence(content: str) -> None:
    reading = read(Page("https://a.example/x.docx", word_file(content)))
    assert reading.kind is PageKind.ATTACHMENT
    assert reading.document is None
    assert reading.warnings == ("x.docx is damaged (XMLSyntaxError) and was not read: it is kept as it is.",)


def test_no_file_of_the_readers_computer_gets_into_the_text(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("geheim")
    declared = f'<!DOCTYPE d [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    assert "geheim" not in str(
        read(Page("https://a.example/x.docx", word_file(paragraph("采集&x;"), declared)))
    )


TENS = "".join(f'<!ENTITY x{n} "{f"&x{n - 1};" * 10}">' for n in range(1, 10))
BOMBS: dict[str, Callable[[], bytes]] = {
    "elements": lambda: word_file("<a/>" * 13_000_000),
    "depth": lambda: word_file("<a>" * 8_000_000),
    "paragraphs": lambda: word_file("<w:p/>" * 8_000_000),
    "cells": lambda: word_file(f"<w:tbl><w:tr>{'<w:tc/>' * 8_000_000}</w:tr></w:tbl>"),
    "characters": lambda: word_file(paragraph("a" * 200_000_000)),
    "entities": lambda: word_file(paragraph("&x9;"), f'<!DOCTYPE d [<!ENTITY x0 "{"x" * 100}">{TENS}]>'),
}

READ = """
import resource, sys
from parsers import read
from parsers.page import Page
body = open(sys.argv[1], "rb").read()
read(Page("https://a.example/a.docx", body[:2000]))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
assert read(Page("https://a.example/x.docx", body)).kind == "attachment"
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
"""Says by how many kilobytes reading a file has made the process grow."""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere ru_maxrss is in bytes")
@pytest.mark.parametrize("bomb", BOMBS)
def test_a_file_that_unpacks_to_very_much_is_read_in_little_memory(bomb: str, tmp_path: Path) -> None:
    path = tmp_path / "bomb.docx"
    path.write_bytes(BOMBS[bomb]())
    assert path.stat().st_size < 300_000
    command = [sys.executable, "-c", READ, str(path)]
    grown = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout
    assert int(grown) < 200_000
