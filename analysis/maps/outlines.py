"""Outlines of provinces, prefectures and counties, as built by scripts/build_outlines.py."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import zstandard

UNITS = 1000
_MOST_BYTES = 64 << 20

Ring = list[tuple[float, float]]
"""Longitude and latitude in degrees (WGS 84); the last point is the first again."""


def outline(code: str) -> list[list[Ring]] | None:
    """The polygons of a division, each its outer ring and then its holes; None for those that have no outline:
    townships, villages, development zones.

    Rings turn as RFC 7946 §3.1.6 has them: outer ones against the clock.
    """
    told = _packed().get(code)
    return None if told is None else [[_ring(each) for each in one.split(";")] for one in told.split("|")]


@cache
def _packed() -> dict[str, str]:
    packed = files("analysis.maps").joinpath("data", "outlines.tsv.zst").read_bytes()
    text = zstandard.ZstdDecompressor().decompress(packed, max_output_size=_MOST_BYTES).decode("utf-8")
    return dict(line.split("\t") for line in text.splitlines())


def _ring(told: str) -> Ring:
    """A ring from its steps: `x y` in thousandths of a degree, each from the point before."""
    steps = iter(map(int, told.split(" ")))
    x = y = 0
    ring: Ring = []
    for east, north in zip(steps, steps, strict=True):
        x, y = x + east, y + north
        ring.append((x / UNITS, y / UNITS))
    return [*ring, ring[0]]
