"""Compares our reading of web pages with other readers, on the saved pages that a person has read.

    uv run --with gne --with 'newspaper4k[zh]' --with readability-lxml python benchmarks/compare_readers.py [FOLDER]

FOLDER holds the pages and their manifest (default: HOLDFAST_REAL_PAGES, else ../shared/data/pages). For each
reader and kind of page: title equal, day of publication equal, and character F1 of the body. The manifest has no
whole bodies: the reference is the text from its first 30 to its last 30 characters in the page's own text,
which must have the stated length.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parsers import read
from parsers.markup.charset import decode
from parsers.markup.html import parse
from parsers.page import Page

_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]")
_DAY = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})")
ARTICLES = ("gov_article", "thepaper", "news", "wechat_article")


@dataclass(frozen=True, slots=True)
class Result:
    """What one reader says of one page."""

    title: str
    day: str
    body: str


def main() -> None:
    """Runs every reader that is installed and prints the table."""
    folder = Path(
        sys.argv[1] if len(sys.argv) > 1 else os.environ.get("HOLDFAST_REAL_PAGES", "../shared/data/pages")
    )
    scores: dict[tuple[str, str], list[tuple[bool, bool | None, float]]] = defaultdict(list)
    spent: Counter[str] = Counter()
    pages = 0
    for row in map(json.loads, (folder / "manifest.jsonl").read_text("utf-8").splitlines()):
        if row["kind"] not in ARTICLES or not row.get("title") or not row.get("body_chars"):
            continue
        body = (folder / row["file"]).read_bytes()
        html = decode(body).text
        reference = reference_body(html, row)
        if reference is None:
            continue
        pages += 1
        for name, reader in READERS.items():
            begin = time.perf_counter()
            result = attempt(reader, html, body, row)
            spent[name] += int((time.perf_counter() - begin) * 1000)
            day = same_day(result.day, row.get("publish_date") or "")
            scores[row["kind"], name].append(
                (dense(result.title) == dense(row["title"]), day, f1(dense(result.body), reference))
            )
    print(f"{pages} pages\n")
    print(f"{'kind':16}{'reader':16}{'pages':>6}{'title':>8}{'day':>8}{'body F1':>9}{'worst':>8}")
    for (kind, name), values in sorted(scores.items()):
        days = [day for _, day, _ in values if day is not None]
        bodies = [body for _, _, body in values]
        print(
            f"{kind:16}{name:16}{len(values):6}{share([t for t, _, _ in values]):>8}{share(days):>8}"
            f"{sum(bodies) / len(bodies):9.3f}{min(bodies):8.3f}"
        )
    print("\nmilliseconds a page: " + ", ".join(f"{name} {spent[name] // max(pages, 1)}" for name in READERS))


def reference_body(html: str, row: dict[str, Any]) -> str | None:
    """The body between the manifest's first and last characters; None if the page's text does not hold it so.

    Script data count as text too: a WeChat page may have its body only there, and such pages are left out.
    """
    tree = parse(html)
    for silent in list(tree.iter("script", "style", "noscript")):
        silent.drop_tree()
    text = dense("".join(tree.itertext()))
    length = int(row["body_chars"])
    start = text.find(row["body_first_30_chars"])
    while start >= 0:
        end = text.find(row["body_last_30_chars"], start + length - 60)
        if end >= 0 and abs(end + 30 - start - length) <= max(3, length // 100):
            return text[start : end + 30]
        start = text.find(row["body_first_30_chars"], start + 1)
    return None


def attempt(
    reader: Callable[[str, bytes, str], Result], html: str, body: bytes, row: dict[str, Any]
) -> Result:
    """The reader's result; nothing at all when it fails on the page."""
    url = row["url"] if (row["url"] or "").startswith("http") else "https://www.example.com/a.html"
    try:
        return reader(html, body, url)
    except Exception as error:  # a peer may fail in any way: that is its result
        print(f"{reader.__name__} failed on {row['file']}: {type(error).__name__}", file=sys.stderr)
        return Result("", "", "")


def holdfast(html: str, body: bytes, url: str) -> Result:
    """Ours, from the bytes."""
    document = read(Page("" if "example.com" in url else url, body, content_type="text/html")).document
    if document is None:
        return Result("", "", "")
    return Result(
        document.title, document.published.at.isoformat() if document.published else "", document.text
    )


def by_trafilatura(html: str, body: bytes, url: str) -> Result:
    """Trafilatura with its own date and title."""
    import trafilatura

    found = trafilatura.bare_extraction(html, url=url, with_metadata=True, include_comments=False)
    return Result(found.title or "", found.date or "", found.text or "") if found else Result("", "", "")


def by_readability(html: str, body: bytes, url: str) -> Result:
    """readability-lxml: title and body, no date."""
    from readability import Document

    found = Document(html)
    return Result(found.short_title(), "", "".join(parse(found.summary()).itertext()))


def by_gne(html: str, body: bytes, url: str) -> Result:
    """GNE, the extractor whose test pages many of these are."""
    from gne import GeneralNewsExtractor

    found = GeneralNewsExtractor().extract(html)
    return Result(found["title"], found["publish_time"], found["content"])


def by_newspaper(html: str, body: bytes, url: str) -> Result:
    """newspaper4k set to Chinese."""
    from newspaper import Article

    article = Article(url, language="zh", fetch_images=False)
    article.download(input_html=html)
    article.parse()
    return Result(article.title or "", str(article.publish_date or ""), article.text or "")


READERS: dict[str, Callable[[str, bytes, str], Result]] = {
    "holdfast": holdfast,
    "trafilatura": by_trafilatura,
    "readability": by_readability,
    "gne": by_gne,
    "newspaper4k": by_newspaper,
}


def f1(found: str, true: str) -> float:
    """Character F1, order aside."""
    left, right = Counter(found), Counter(true)
    shared = sum((left & right).values())
    return 2 * shared / (len(found) + len(true)) if shared else 0.0


def same_day(found: str, true: str) -> bool | None:
    """Whether both name one day; None when the truth names none."""
    wanted, got = _DAY.search(true), _DAY.search(found)
    if wanted is None:
        return None
    return got is not None and tuple(map(int, got.groups())) == tuple(map(int, wanted.groups()))


def share(values: list[bool]) -> str:
    """How many of the values are true."""
    return f"{sum(values)}/{len(values)}"


def dense(text: str) -> str:
    """Text without white space and invisible characters."""
    return _INVISIBLE.sub("", text or "")


if __name__ == "__main__":
    main()
