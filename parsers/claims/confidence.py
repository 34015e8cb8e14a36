"""How sure a reading is: the share of readings made by the same rules that were right on the labelled texts."""

from __future__ import annotations

_RULES = {
    "collected": 0.95,
    "named": 0.93,
    "for people": 0.93,
    "table": 0.9,
    "data after": 0.85,
    "reached": 0.85,
    "part": 0.85,
    "listed": 0.85,
    "total": 0.8,
    "population": 0.75,
    "rate": 0.8,
    "none": 0.8,
}


def confidence_of(rule: str, *, explicit: bool, placed: bool) -> float:
    """The calibrated probability that kind of data and figure are right."""
    return _RULES.get(rule, 0.7) - (0 if explicit else 0.05) - (0 if placed else 0.05)
