"""Labels on a map: none on another, each in its own outline where there is room."""

from __future__ import annotations

from itertools import combinations

import pytest

from analysis.maps.outlines import outline
from analysis.report.map_labels import Label, Spot, apart, lies_in, near
from parsers.places.gazetteer import points, within

SIZE = (1.0, 0.5)
FAR = near(2, 2)


def square(west: float, south: float, side: float) -> Label:
    east, north = west + side, south + side
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return Label((west + side / 2, south + side / 2), [[ring]])


def cover(one: Spot, other: Spot) -> bool:
    return abs(one[0] - other[0]) < SIZE[0] - 1e-9 and abs(one[1] - other[1]) < SIZE[1] - 1e-9


def test_a_label_with_room_stands_at_its_point() -> None:
    labels = [square(0, 0, 4), square(10, 0, 4)]
    assert apart(labels, SIZE, [(20.0, 0.0)], FAR) == [label.point for label in labels]


def test_the_larger_place_gives_way_within_itself() -> None:
    small, large = square(0, 0, 0.6), square(0.6, -1, 4)
    near_the_edge = Label((0.8, 0.3), large.outline)
    spots = apart([near_the_edge, small], SIZE, [], FAR)
    assert spots[1] == small.point
    assert not cover(*spots)
    assert lies_in(spots[0], large.outline)


def test_what_has_no_room_in_its_place_stands_beside_it_unless_it_is_to_stay() -> None:
    label = square(0, 0, 0.6)
    (moved,) = apart([label], SIZE, [label.point], FAR)
    assert not cover(moved, label.point)
    assert not lies_in(moved, label.outline)
    (stayed,) = apart([label], SIZE, [label.point], FAR, stay=True)
    assert lies_in(stayed, label.outline)
    assert stayed != label.point, "as far from the other as its place allows"


@pytest.mark.parametrize(
    ("spot", "inside"), [((1, 1), True), ((2, 2), False), ((5, 1), False), ((-1, 1), False), ((1, 9), False)]
)
def test_a_hole_is_not_inside(spot: Spot, inside: bool) -> None:
    ring, hole = square(0, 0, 4).outline[0][0], square(1.5, 1.5, 1).outline[0][0]
    assert lies_in(spot, [[ring, hole]]) is inside


def test_numbers_in_every_county_of_tibet_are_clear_of_each_other() -> None:
    labels = [
        Label(points()[code], outline(code) or [])
        for code in within("54")
        if len(code) == 6 and outline(code)
    ]
    size = (0.44, 0.25)
    spots = apart(labels, size, [], FAR)
    hidden = [
        pair
        for pair in combinations(spots, 2)
        if abs(pair[0][0] - pair[1][0]) < size[0] - 1e-9 and abs(pair[0][1] - pair[1][1]) < size[1] - 1e-9
    ]
    assert len(labels) == 74
    assert hidden == []
