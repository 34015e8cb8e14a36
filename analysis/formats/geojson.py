"""GeoJSON (RFC 7946), for maps."""

from __future__ import annotations

import json
from typing import BinaryIO

from analysis.formats.plain import json_cell
from analysis.formats.standing import has_places, point_of
from analysis.listing import Listing
from parsers.places.gazetteer import points


def write_geojson(listing: Listing, out: BinaryIO) -> None:
    """Writes a FeatureCollection: each row is a feature, a Point in degrees of WGS 84 (longitude first) where its
    `place_code` leads to one, or the name of its place (sums by county, say).

    Townships and villages have no point of their own: they stand at their county's, and `point_of` names the
    division whose middle the point is. A row without a place has no geometry (RFC 7946 §3.2: null).
    """
    names = [column.name for column in listing.columns]
    placed = has_places(names)
    out.write(b'{"type": "FeatureCollection", "features": [')
    for number, row in enumerate(listing.rows):
        properties = dict(zip(names, map(json_cell, row), strict=True))
        at = point_of(properties)
        feature = {
            "type": "Feature",
            "id": properties.get("id"),
            "geometry": {"type": "Point", "coordinates": points()[at]} if at else None,
            "properties": properties | ({"point_of": at} if placed else {}),
        }
        out.write((b",\n" if number else b"\n") + json.dumps(feature, ensure_ascii=False).encode("utf-8"))
    out.write(b"\n]}\n")
