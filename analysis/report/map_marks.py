"""What is written on a map by county: numbers that a key explains, dots, and the names of prefectures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analysis.labels import english_of
from analysis.maps.outlines import outline
from analysis.report.map_labels import Label, Spot, apart, lies_in, near
from parsers.places.gazetteer import divisions, points

NAME_SIZE = (0.06, 0.035)
"""Room that a prefecture's name and a county's mark beside it need, as parts of the region's width and height."""

NUMBER_SIZE = (0.021, 0.028)
"""Room that a number of two digits needs, as parts of the same."""

NAME_SHIFTS, NUMBER_SHIFTS = near(1, 3), near(2, 2)

Box = tuple[float, float, float, float]
"""West, south, east and north, in degrees."""


def marks(
    alt: Any, prefectures: Sequence[str], numbered: Sequence[str], dotted: Sequence[str], box: Box
) -> list[Any]:
    """The layers of a map of this box: names of `prefectures`, a number from 1 in each county of `numbered`, a dot in
    each of `dotted`, by their codes.
    """
    dots = [points()[code] for code in dotted]
    numbers = apart([_label(code) for code in numbered], _size(box, NUMBER_SIZE), dots, NUMBER_SHIFTS)
    return [
        *_prefectures(alt, prefectures, [*dots, *numbers], box),
        *_dots(alt, dots),
        *_numbers(alt, numbered, numbers),
    ]


def _dots(alt: Any, spots: Sequence[Spot]) -> list[Any]:
    if not spots:
        return []
    chart = alt.Chart(alt.Data(values=[_at(spot) for spot in spots])).mark_point(
        filled=True, size=22, color="#444", opacity=1, tooltip=None
    )
    return [chart.encode(longitude="lon:Q", latitude="lat:Q")]


def _numbers(alt: Any, codes: Sequence[str], spots: Sequence[Spot]) -> list[Any]:
    """The place of each county in the key below, on a white edge that keeps it legible on any shade. Numbers stand
    close where names would cover each other: counties of the east are small. One that has no room in its county
    stands beside it, at the end of a line from there.
    """
    named = [_at(spot) | {"number": f"{number}"} for number, spot in enumerate(spots, start=1)]
    lines = [
        _at(spot) | {"lon2": points()[code][0], "lat2": points()[code][1]}
        for code, spot in zip(codes, spots, strict=True)
        if not lies_in(spot, _label(code).outline)
    ]
    return [*_lines(alt, lines), *_text(alt, named, "number", fontSize=10, fontWeight="bold", fill="#111")]


def _lines(alt: Any, lines: Sequence[dict[str, Any]]) -> list[Any]:
    if not lines:
        return []
    chart = alt.Chart(alt.Data(values=list(lines))).mark_rule(color="#111", strokeWidth=0.8, tooltip=None)
    return [chart.encode(longitude="lon:Q", latitude="lat:Q", longitude2="lon2:Q", latitude2="lat2:Q")]


def _prefectures(alt: Any, codes: Sequence[str], taken: Sequence[Spot], box: Box) -> list[Any]:
    """The prefectures' names in their middle, or a little beside it where a county's mark stands there."""
    spots = apart([_label(code) for code in codes], _size(box, NAME_SIZE), taken, NAME_SHIFTS, stay=True)
    named = [
        _at(spot) | {"name": english_of(code) or divisions()[code]}
        for code, spot in zip(codes, spots, strict=True)
    ]
    return _text(alt, named, "name", fontSize=11, fontStyle="italic", fill="#555")


def _size(box: Box, parts: tuple[float, float]) -> tuple[float, float]:
    west, south, east, north = box
    return (east - west) * parts[0], (north - south) * parts[1]


def _text(alt: Any, values: list[dict[str, Any]], field: str, *, fill: str, **style: Any) -> list[Any]:
    if not values:
        return []
    chart = alt.Chart(alt.Data(values=values)).encode(longitude="lon:Q", latitude="lat:Q", text=f"{field}:N")
    return [
        chart.mark_text(
            **style, tooltip=None, stroke="white", strokeWidth=3, strokeJoin="round", fill="white"
        ),
        chart.mark_text(**style, tooltip=None, fill=fill),
    ]


def _label(code: str) -> Label:
    return Label(points()[code], outline(code) or [])


def _at(spot: Spot) -> dict[str, Any]:
    east, north = spot
    return {"lon": east, "lat": north}
