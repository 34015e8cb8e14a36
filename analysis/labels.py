"""Words for people: values of readings in English, counts and shares as text."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from analysis.estimates.inputs import percent
from parsers.places.gazetteer import tibetan_names


@cache
def _labels() -> dict[str, str]:
    return tomllib.loads(files("analysis").joinpath("labels.toml").read_text("utf-8"))


def label(value: str | None) -> str:
    """A value of a reading in English; `not stated` for None."""
    if value is None:
        return "not stated"
    return _labels().get(value, value.replace("_", " "))


def english_of(code: str | None) -> str:
    """The name of a place in Latin letters as its region writes it; empty where the gazetteer has none."""
    _, romanised = tibetan_names().get(code or "", (None, ()))
    return next(iter(romanised), "")


def counted(number: int, noun: str) -> str:
    """A number with its noun: 1 source, 12 sources."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def between(low: int, high: int) -> str:
    """A range of counts: 53, or 12,000–12,999."""
    return f"{low:,}" if low == high else f"{low:,}–{high:,}"


def percent_of(part: int, whole: int) -> str:
    """A share to one decimal, empty when there is nothing to take a share of."""
    return percent(part, whole) if whole else ""
