"""GeoJSON (RFC 7946), for maps."""

from __future__ import annotations

import json
from typing import BinaryIO

from analysis.formats.plain import json_cell
from analysis.listing import Cell, Listing
from parsers.places.gazetteer import parent_of, points


def write_geojson(listing: Listing, out: BinaryIO) -> None:
    """Writes a FeatureCollection: each row is a feature, a Point in degrees of WGS 84 (longitude first) where its
    `place_code` leads to one.

    Townships and villages have no point of their own: they stand at their county's, and `point_of` names the
    division whose middle the point is. A row without a place has no geometry (RFC 7946 §3.2: null).
    """
    names = [column.name for column in listing.columns]
    out.write(b'{"type": "FeatureCollection", "features": [')
    for number, row in enumerate(listing.rows):
        properties = dict(zip(names, map(json_cell, row), strict=True))
        at = _with_point(properties["place_code"]) if "place_code" in properties else None
        feature = {
            "type": "Feature",
            "id": properties.get("id"),
            "geometry": {"type": "Point", "coordinates": points()[at]} if at else None,
            "properties": properties | ({"point_of": at} if "place_code" in properties else {}),
        }
        out.write((b",\n" if number else b"\n") + json.dumps(feature, ensure_ascii=False).encode("utf-8"))
    out.write(b"\n]}\n")


def _with_point(code: Cell) -> str | None:
    """The nearest division, this one or one above it, whose point is known."""
    found = code if isinstance(code, str) else None
    while found and found not in points():
        found = parent_of(found)
    return found
