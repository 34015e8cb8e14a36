"""The map by county: which counties are shaded how, and that what is not known is never zero."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import altair
import pytest
from PIL import Image, ImageColor

from analysis.estimates.inputs import Population
from analysis.report.chart import Chart
from analysis.report.county_map import CLASSES, NOTHING, REPORTED, SHADES, county_maps
from analysis.report.drawing import ChartFormat, drawn
from analysis.studies.coverage import coverage
from tests.analysis.items import item
from tests.analysis.synthetic_study import study


def maps(*observations: Any, campaign: str = "tibet-dna") -> list[Chart]:
    return [made for made in county_maps(altair, study(observations, campaign=campaign)) if made]


def rows(*observations: Any) -> dict[str, dict[str, Any]]:
    (made,) = maps(*observations)
    return {row[0]: dict(zip(made.columns, row, strict=True)) for row in made.rows}


@pytest.mark.parametrize(
    ("campaign", "code", "number"), [("tibet-dna", "540329", 74), ("qinghai-iris", "632801", 45)]
)
def test_every_county_of_the_region_is_on_the_map(campaign: str, code: str, number: int) -> None:
    (made,) = maps(item(53, code), campaign=campaign)
    assert len({row[0] for row in made.rows}) == number


def test_a_county_without_a_figure_is_not_zero() -> None:
    found = rows(item(53, "540329"), item(None, "542521", kind="none"))
    assert (found["542521"]["samples_at_least"], found["542521"]["class"]) == (None, REPORTED)
    assert (found["540121"]["samples_at_least"], found["540121"]["class"]) == (None, NOTHING)


def test_a_county_shows_the_larger_of_running_total_and_increments_never_their_sum() -> None:
    found = rows(
        item(1000, "540329", None, "2021-01-31", kind="cumulative"),
        item(300, "540329", "2021-02-01"),
        item(400, "540329", "2021-02-02"),
        item(60, "540121", None, "2021-01-31", kind="cumulative"),
        item(70, "540121", "2021-02-01"),
    )
    assert found["540329"]["samples_at_least"] == 1000
    assert found["540121"]["samples_at_least"] == 70


def test_a_figure_has_its_share_of_the_residents_where_they_are_known() -> None:
    made = study(
        [
            item(13_000, "540329", None, "2021-01-31", kind="cumulative"),
            item(600, "540121", None, "2021-01-31", kind="cumulative"),
        ]
    )
    found = coverage(made, [Population("540329", 2020, 52_000, "合成")])
    (drawing,) = county_maps(altair, made, found)
    assert drawing is not None
    words = words_of(drawing)
    assert "1  Lhorong 洛隆县  13,000 (25.0 %)" in words
    assert "2  Lhünzhub 林周县  600" in words
    assert "residents by the latest census known" in drawing.about
    assert [dict(zip(drawing.columns, row, strict=True))["residents"] for row in drawing.rows if row[3]] == [
        None,
        52_000,
    ]


def words_of(drawing: Chart) -> list[str]:
    picture = ElementTree.fromstring(drawn(drawing.spec, ChartFormat.SVG))  # noqa: S314  # drawn by ourselves
    return [(node.text or "").strip() for node in picture.iter("{http://www.w3.org/2000/svg}text")]


def test_a_range_counts_at_its_lower_end() -> None:
    assert rows(item((12_000, 12_999), "540329"))["540329"]["samples_at_least"] == 12_000


def test_a_township_counts_for_its_county_and_a_prefecture_for_none() -> None:
    found = rows(item(53, "540329102"), item(90_000, "5401", None, "2021-01-31", kind="cumulative"))
    assert found["540329"]["samples_at_least"] == 53
    assert [row["class"] for code, row in found.items() if code.startswith("5401")] == [NOTHING] * 8


def test_targets_are_no_samples() -> None:
    assert rows(item(53, "540329", kind="target"))["540329"]["class"] == REPORTED


@pytest.mark.parametrize(
    ("samples", "shade"),
    [(0, 0), (99, 0), (100, 1), (999, 1), (1000, 2), (9999, 2), (10_000, 3), (90_000, 3)],
)
def test_classes_begin_where_they_say(samples: int, shade: int) -> None:
    assert rows(item(samples, "540329"))["540329"]["class"] == [*CLASSES][shade]


def test_a_county_without_an_outline_is_named() -> None:
    """Heilongjiang's forest districts have a code and no outline of their own."""
    made = study([item(53, "230102"), item(10, "232761")])
    region = made.campaign.region.model_copy(update={"code": "23"})
    elsewhere = made.campaign.model_copy(update={"region": region})
    (drawing,) = county_maps(altair, replace(made, campaign=elsewhere))
    assert drawing is not None
    assert "Not drawn, for want of an outline: 加格达奇区" in drawing.about
    assert "232761" not in {row[0] for row in drawing.rows}


def test_without_a_report_in_a_county_there_is_no_map() -> None:
    assert maps(item(90_000, "5401", None, "2021-01-31", kind="cumulative")) == []


def test_each_shade_is_darker_in_print_than_the_one_before() -> None:
    grey = [0.299 * r + 0.587 * g + 0.114 * b for r, g, b in (ImageColor.getrgb(shade) for shade in SHADES)]
    assert all(one - other > 10 for one, other in pairwise(grey))


def test_the_picture_names_the_county_its_figure_and_what_is_not_known() -> None:
    (made,) = maps(item((12_000, 12_999), "540329"), item(None, "542521", kind="none"))
    words = words_of(made)
    assert "1  Lhorong 洛隆县  12,000" in words
    assert {NOTHING, REPORTED, "Ngari", "Qamdo"} <= set(words)


def test_counties_are_drawn_and_not_the_earth_without_them() -> None:
    """D3 fills everything outside of a ring that turns the wrong way."""
    (made,) = maps(item(53, "540329"))
    picture = drawn(made.spec, ChartFormat.PNG)
    (only,) = {shade for code, *_, shade in made.rows if code == "540329"}
    assert only == "fewer than 100"
    assert 0.001 < share_of(picture, SHADES[2]) < 0.02, "Lhorong has 0.7 % of the region's land"


def share_of(picture: bytes, shade: str) -> float:
    image = Image.open(BytesIO(picture)).convert("RGB")
    wanted = ImageColor.getrgb(shade)
    colours = image.getcolors(1 << 24) or []
    return sum(number for number, colour in colours if colour == wanted) / (image.width * image.height)
