"""Outlines as shapely reads them."""

from __future__ import annotations

import shapely
from shapely.geometry import shape

from analysis.maps.outlines import outline


def shape_of(code: str) -> shapely.Geometry:
    """The outline of a division that has one."""
    return shape({"type": "MultiPolygon", "coordinates": outline(code)})
