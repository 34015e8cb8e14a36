"""Confidence is the share that was right of what rules read on texts nobody had read before."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from parsers.claims.confidence import WEIGHT, confidence_of, shares
from parsers.observation import Article
from parsers.observe import observe

PARSERS = Path(__file__).resolve().parents[1]
CORE = ("modality", "count_min", "count_max")


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


FIRST = rows(PARSERS / "first_readings.jsonl")


def test_the_counts_are_those_of_the_first_readings() -> None:
    made: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for each in (each for row in FIRST for each in row["read"]):
        made[each["rule"]] += 1
        right[each["rule"]] += each["right"]
    table = tomllib.loads(files("parsers.claims").joinpath("confidence.toml").read_text("utf-8"))["rules"]
    assert table == {rule: [right[rule], count] for rule, count in made.items()}


def test_what_counts_as_right_agrees_with_the_labels() -> None:
    labelled = {row["id"]: row for path in (PARSERS / "texts").glob("*.jsonl") for row in rows(path)}
    compared = [row for row in FIRST if row["id"] in labelled]
    assert len(compared) > 100
    for row in compared:
        labels = Counter(tuple(each[part] for part in CORE) for each in labelled[row["id"]]["observations"])
        read = Counter(tuple(each[part] for part in CORE) for each in row["read"])
        assert sum(each["right"] for each in row["read"]) == (labels & read).total(), row["id"]


@pytest.mark.parametrize(
    ("counts", "share"),
    [((0, 0), 0.9), ((2, 2), (2 + WEIGHT * 0.9) / (2 + WEIGHT)), ((0, 2), WEIGHT * 0.9 / (2 + WEIGHT))],
)
def test_a_rule_that_made_few_readings_is_drawn_to_the_share_of_all(
    counts: tuple[int, int], share: float
) -> None:
    right, read = counts
    known = shares({"often": (90 - right, 100 - read), "seldom": counts})
    assert known["seldom"] == pytest.approx(share)
    assert known[""] == pytest.approx(0.9)


def test_a_rule_nobody_has_counted_is_as_sure_as_all_together() -> None:
    assert confidence_of("a new rule") == confidence_of("")


def test_a_figure_said_to_be_collected_is_surer_than_a_mention_without_one() -> None:
    counted, mentioned = (
        observe(Article(text, account="林周公安")).observations[0].confidence
        for text in ("旁多派出所采集血样53份。", "旁多派出所民警上门采集血样。")
    )
    assert counted > mentioned
