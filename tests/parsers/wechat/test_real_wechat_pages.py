"""Real saved WeChat pages read as their manifest says."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from parsers import Page, Reading, read
from parsers.availability.states import Availability
from parsers.identity import page_key
from parsers.page import PageKind

pytestmark = pytest.mark.real_pages

_INVISIBLE = re.compile("[\\s\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")
_BUTTON = "Play"
"""Counted as text by the manifest, though it stands on hidden video buttons that no reader of the page sees."""

REMOVALS = {
    "deleted_by_author": Availability.DELETED_BY_PUBLISHER,
    "removed_violation": Availability.REMOVED_FOR_VIOLATION,
}
KINDS = {
    "wechat_account_about": PageKind.ACCOUNT,
    "wechat_account_history": PageKind.LISTING,
    "sogou_article_search": PageKind.LISTING,
    "sogou_account_search": PageKind.LISTING,
    "sogou_hot_fragment": PageKind.LISTING,
    "sogou_antispider": PageKind.VERIFICATION,
    "sogou_link_redirect": PageKind.REDIRECT,
}


def rows(folder: Path, *kinds: str) -> Iterator[dict[str, Any]]:
    lines = (folder / "manifest.jsonl").read_text("utf-8").splitlines()
    return (row for row in map(json.loads, lines) if row["kind"] in kinds)


def reading_of(folder: Path, row: dict[str, Any]) -> Reading:
    return read(Page("", (folder / row["file"]).read_bytes()))


def dense(text: str | None) -> str:
    return _INVISIBLE.sub("", text or "")


def hidden_buttons(folder: Path, row: dict[str, Any]) -> int:
    """How many video buttons stand in the article: one more is in every page's template."""
    return max(0, (folder / row["file"]).read_bytes().count(f">{_BUTTON}</button>".encode()) - 1)


def truths(reading: Reading, row: dict[str, Any], buttons: int) -> dict[str, tuple[Any, Any]]:
    """(read, true) by field."""
    document = reading.document
    assert document is not None, row["file"]
    text = dense(document.text)
    first = row["body_first_30_chars"].removeprefix(_BUTTON if buttons else "")
    pairs = {
        "title": (dense(document.title), dense(html.unescape(row["title"]))),
        "account": (document.account, row["account"]),
        "publisher": (document.publisher, row["account"]),
        "account id": (document.account_id, row["account_id"]),
        "author": (document.author, row["author"]),
        "date": (document.published and int(document.published.at.timestamp()), row["publish_ts"]),
        "body start": (text[: len(first)], first),
        "body end": (text[-30:], row["body_last_30_chars"]),
        "body length": (len(text) + buttons * len(_BUTTON), row["body_chars"]),
    }
    if row.get("biz"):
        pairs["biz"] = (document.biz, row["biz"])
    if row.get("source_account"):
        pairs["source"] = (document.source, row["source_account"])
    if row["url"]:
        pairs["identity"] = (page_key(reading.canonical_url or ""), page_key(row["url"]))
    return pairs


def test_every_article_reads_as_the_manifest_says(real_pages: Path) -> None:
    wrong, counted = [], 0
    for row in rows(real_pages, "wechat_article"):
        reading = reading_of(real_pages, row)
        assert reading.availability is Availability.LIVE
        counted += 1
        wrong += [
            (row["file"], field, *pair)
            for field, pair in truths(reading, row, hidden_buttons(real_pages, row)).items()
            if pair[0] != pair[1]
        ]
    assert counted == 47
    assert wrong == []


def test_removed_pages_give_their_state_and_no_document(real_pages: Path) -> None:
    found = [(reading_of(real_pages, row), row) for row in rows(real_pages, "wechat_deleted")]
    assert len(found) == 5
    for reading, row in found:
        assert reading.document is None
        assert reading.availability is REMOVALS[row["state"]]
        assert reading.notice is not None
        assert dense(row["marker"]) in dense(reading.notice.text)


def test_other_pages_are_known_for_what_they_are(real_pages: Path) -> None:
    found = [(reading_of(real_pages, row), row["kind"]) for row in rows(real_pages, *KINDS)]
    assert len(found) == 16
    for reading, kind in found:
        assert reading.kind is KINDS[kind]
        assert reading.document is None
        assert reading.links or kind in ("sogou_antispider", "wechat_account_about")


def test_a_temporary_address_is_no_identity(real_pages: Path) -> None:
    for row in rows(real_pages, "wechat_article"):
        canonical = reading_of(real_pages, row).canonical_url or ""
        assert "signature=" not in canonical
