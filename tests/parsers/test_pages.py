"""Every saved page under `pages/` reads as the expectation beside it says.

`pages/<family>/<name>.<type>` is a page as served, `<name>.expected.json` says under `page` how it was
fetched
and under `reading` what must be read out of it; fields at their default are left out. A page with
`encodings` is also read in each of those, with its charset declaration changed to match. To add a page:
write it,
run `scripts/read-page FILE`, and keep the output when it is right.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from parsers import read
from parsers.markup.charset import decode
from parsers.page import Page, Reading

PAGES = Path(__file__).parent / "pages"
EXPECTATIONS = sorted(PAGES.glob("*/*.expected.json"))


def page_of(expectation: Path, encoding: str | None = None) -> Page:
    """The page that an expectation file is about, served in another encoding if one is given."""
    about = json.loads(expectation.read_text("utf-8"))["page"]
    body = (expectation.parent / about["file"]).read_bytes()
    content_type = about.get("content_type", "text/html")
    if encoding:
        text = re.sub(
            r"charset=[\"']?utf-8", f"charset={encoding}", body.decode("utf-8"), count=1, flags=re.IGNORECASE
        )
        body = text.encode(encoding)
    captured = about.get("captured_at")
    return Page(
        url=about.get("url", ""),
        body=body,
        status=about.get("status", 200),
        content_type=content_type,
        captured_at=datetime.fromisoformat(captured) if captured else None,
    )


def plain(reading: Reading) -> Any:
    """A reading as JSON has it, without empty fields."""
    return _without_empty(json.loads(json.dumps(asdict(reading), default=str)))


def _without_empty(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_empty(inner) for key, inner in value.items() if inner not in (None, "", [], {})}
    return [_without_empty(inner) for inner in value] if isinstance(value, list) else value


def cases() -> list[Any]:
    found = []
    for expectation in EXPECTATIONS:
        about = json.loads(expectation.read_text("utf-8"))["page"]
        name = f"{expectation.parent.name}/{expectation.name.removesuffix('.expected.json')}"
        found.append(pytest.param(expectation, None, id=name))
        found += [
            pytest.param(expectation, each, id=f"{name}[{each}]") for each in about.get("encodings", ())
        ]
    return found


@pytest.mark.parametrize(("expectation", "encoding"), cases())
def test_a_page_reads_as_expected(expectation: Path, encoding: str | None) -> None:
    expected = json.loads(expectation.read_text("utf-8"))["reading"]
    assert plain(read(page_of(expectation, encoding))) == expected


@pytest.mark.parametrize("expectation", EXPECTATIONS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_synthetic_page_says_so_and_names_no_real_host(expectation: Path) -> None:
    page = page_of(expectation)
    text = decode(page.body, page.content_type).text
    assert re.search("合成|synthetic", text)
    hosts = re.findall(r"https?://([\w.-]+)", f"{page.url} {text}")
    allowed = (
        ".example",
        "schema.org",
        "www.w3.org",
        "www.sitemaps.org",
        "jsonfeed.org",
        "ziyuan.baidu.com",
        "purl.org",
    )
    assert [host for host in hosts if not host.endswith(allowed)] == []


@pytest.mark.parametrize("expectation", EXPECTATIONS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_page_cut_anywhere_still_reads(expectation: Path) -> None:
    page = page_of(expectation)
    for part in (1, 2, 3):
        cut = page.body[: len(page.body) * part // 4]
        assert read(Page(page.url, cut, page.status, page.content_type)).family
