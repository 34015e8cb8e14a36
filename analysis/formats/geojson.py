"""GeoJSON (RFC 7946), for maps."""

from __future__ import annotations

import json
from typing import BinaryIO

from analysis.formats.plain import json_cell
from analysis.listing import Listing


def write_geojson(listing: Listing, out: BinaryIO) -> None:
    """Writes a FeatureCollection; each row is a feature without a location (RFC 7946 §3.2: geometry null).

    The gazetteer has no coordinates and none are invented: join the features to a map of
    divisions by `place_code`.
    """
    names = [column.name for column in listing.columns]
    out.write(b'{"type": "FeatureCollection", "features": [')
    for number, row in enumerate(listing.rows):
        properties = dict(zip(names, map(json_cell, row), strict=True))
        feature = {
            "type": "Feature",
            "id": properties.get("id"),
            "geometry": None,
            "properties": properties,
        }
        out.write((b",\n" if number else b"\n") + json.dumps(feature, ensure_ascii=False).encode("utf-8"))
    out.write(b"\n]}\n")
