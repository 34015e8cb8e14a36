"""What articles are read as claiming, against synthetic texts labelled by hand."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.observation import Article
from parsers.observe import observe
from parsers.readings import article_of, row_of

TEXTS = Path(__file__).parent / "texts"
RELEVANCE_FLOOR, CORE_FLOOR = 0.95, 0.8

_PIECES = (
    "公安局",
    "派出所",
    "采集",
    "血样",
    "虹膜",
    "指纹",
    "120份",
    "一千余人",
    "6月1日",
    "截至",
    "，",
    "。",
    "\n",
)


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _cores(row: dict[str, Any]) -> Counter[tuple[Any, ...]]:
    return Counter((each["modality"], each["count_min"], each["count_max"]) for each in row["observations"])


def _scores(rows: list[dict[str, Any]]) -> tuple[float, float]:
    """The share of texts whose relevance is right, and the F1 of modality and count."""
    read = [row_of(row["id"], observe(article_of(row))) for row in rows]
    right = sum(row["relevant"] == got["relevant"] for row, got in zip(rows, read, strict=True))
    found = sum((_cores(row) & _cores(got)).total() for row, got in zip(rows, read, strict=True))
    labelled = sum(
        len(row["observations"]) + len(got["observations"]) for row, got in zip(rows, read, strict=True)
    )
    return right / len(rows), 2 * found / labelled


def test_synthetic_texts_are_read_as_labelled() -> None:
    relevance, core = _scores([row for path in sorted(TEXTS.glob("*.jsonl")) for row in _rows(path)])
    assert relevance >= RELEVANCE_FLOOR
    assert core >= CORE_FLOOR


def test_the_labelled_texts_beside_the_repository_are_read(eval_folder: Path) -> None:
    relevance, core = _scores(_rows(eval_folder / "dev.jsonl"))
    assert relevance >= RELEVANCE_FLOOR
    assert core >= RELEVANCE_FLOOR


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(_PIECES) | st.text(max_size=6), max_size=30).map("".join))
def test_any_text_is_read_the_same_twice_and_quoted_where_it_stands(text: str) -> None:
    article = Article(text=text, title="", published=None, account=None)
    reported = observe(article)
    assert observe(article) == reported
    for each in reported.observations:
        assert 0 <= each.start <= each.end <= len(text)
        assert each.quote == text[each.start : each.end]
