"""How sure a reading is: the share of readings by the same rule that were right on texts nobody had read before."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files

Counted = Mapping[str, tuple[int, int]]
"""How many readings each rule made: those that were right, and all."""

WEIGHT = 16
"""How many readings with the share of all rules are added to each rule's own: of 1 to 32 the one with the least log
loss where each batch is foretold from the others (benchmarks/reliability.py)."""


def shares(counted: Counted) -> dict[str, float]:
    """The probability that a rule reads right, for each rule and under `""` for any other.

    Rules that made few readings are drawn to the share of all: a rule that was right twice in two is not certain.
    """
    right, read = (sum(counts) for counts in zip(*counted.values(), strict=True))
    of_all = right / read
    by_rule = {rule: (good + WEIGHT * of_all) / (made + WEIGHT) for rule, (good, made) in counted.items()}
    return by_rule | {"": of_all}


def _counted() -> Counted:
    text = files("parsers.claims").joinpath("confidence.toml").read_text("utf-8")
    return {rule: (right, read) for rule, (right, read) in tomllib.loads(text)["rules"].items()}


_SHARES = shares(_counted())


def confidence_of(rule: str) -> float:
    """The calibrated probability that kind of data and figure are right."""
    return _SHARES.get(rule, _SHARES[""])
