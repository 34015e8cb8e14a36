"""Lists of sources in spreadsheets become seeds, and what they say of each stands in the archive."""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from warcio.archiveiterator import ArchiveIterator

from archive import Collection
from crawler.errors import CrawlError
from crawler.imports.source_list import read_list
from tests.crawler.site import serving
from workspace.layout import Workspace

Run = Callable[..., subprocess.CompletedProcess[str]]

A, B = "http://gov.example/1.html", "http://gov.example/2.html"
LISTED = (
    ("listed-in", "list.csv"),
    ("listed-number", "7"),
    ("listed-title", "合成, 其一"),
    ("listed-publisher", "合成公安"),
    ("listed-date", "2021-05-12"),
)


def workbook(inserted: bytes, after: bytes) -> bytes:
    """An Excel file with an address, and something in its sheet that no program wrote."""
    book = Workbook()
    assert book.active is not None
    book.active.append(["url", A])
    made, changed = io.BytesIO(), io.BytesIO()
    book.save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            is_sheet = entry.filename == "xl/worksheets/sheet1.xml"
            new.writestr(entry.filename, content.replace(after, after + inserted) if is_sheet else content)
    return changed.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        f'number,title,publisher,date,url\n7,"合成, 其一",合成公安,2021-05-12,{A}\n',
        f"\ufeff序号;标题;发布单位;日期;网址\r\n7;合成, 其一;合成公安;2021-05-12; {A} \r\n",
        f'URL\tDate\tTitle\tPublication Title\tID\n{A}\t2021-05-12\t"合成, 其一"\t合成公安\t7\n\n',
    ],
    ids=["commas", "semicolons", "tabs"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_csv_list_is_read(tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes((text if encoding == "utf-8" else text.removeprefix("\ufeff")).encode(encoding))
    (seed,) = read_list(path).seeds
    assert seed.url == A
    assert seed.is_page
    assert seed.listed == LISTED


def test_an_excel_list_is_read(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active
    book.active.append(["编号", "标题", "公众号", "发布日期", "链接", "note"])
    book.active.append([7.0, "合成, 其一", "合成公安", datetime(2021, 5, 12), A, "x"])
    book.active.append([8, "合成, 其二", None, None, None, None])
    book.save(tmp_path / "list.xlsx")
    found = read_list(tmp_path / "list.xlsx")
    (seed,) = found.seeds
    assert seed.listed == (("listed-in", "list.xlsx"), *LISTED[1:])
    assert found.without_address == (f"{tmp_path / 'list.xlsx'}, row 3: no address for 合成, 其二",)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("list.csv", b"title,date\nx,2021\n", "has no column of addresses; call one of its columns address, url"),
        ("list.csv", b"", "has no column of addresses"),
        ("list.csv", b"url\n", "holds no address"),
        ("list.csv", f"url\n{A}\ngov.example/2\n".encode(), "list.csv, row 3: 'gov.example/2' is not a web address"),
        ("list.csv", b"url\n\xff\xff\xff\n", "is not a CSV file that can be read"),
        ("list.xlsx", b"PK\x03\x04 synthetic", "is not an Excel file that can be read"),
        ("list.xlsx", workbook(b"<row", b"<sheetData>"), "is not an Excel file that can be read"),
        ("list.xlsx", workbook(b" " * 2**28, b"<sheetData>"), "holds more than 256 MB"),
        ("list.xlsx", None, "there is no file"),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_used_is_refused(
    tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(CrawlError) as caught:
        read_list(tmp_path / name)
    assert said in str(caught.value)
    assert str(tmp_path / name) in str(caught.value)


def test_an_imported_list_is_fetched_and_what_it_says_is_archived(
    holdfast: Run, workspace: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    with serving() as site:
        path.write_text(
            f"序号,标题,网址\n7,合成其一,{site.url}/identity.html\n8,合成其二,\n", encoding="utf-8"
        )
        result = holdfast("import", path, "--json")
        assert result.returncode == 0, result.stderr
        assert json.loads(result.stdout)["pages"] == 1
        assert "row 3: no address for 合成其二" in result.stderr
        address = f"{site.url}/identity.html"
        mixed = holdfast("import", path, tmp_path)
    assert mixed.returncode == 2
    (warc,) = Collection(workspace.collection("default")).sealed()
    with warc.open("rb") as stream:
        told = [
            record.content_stream().read().decode()
            for record in ArchiveIterator(stream)
            if record.rec_type == "metadata" and record.rec_headers["WARC-Target-URI"] == address
        ]
    assert "listed-in: list.csv\r\nlisted-number: 7\r\nlisted-title: 合成其一\r\n" in told[0]
