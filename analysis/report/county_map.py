"""Maps of a region by county: how many samples pages report in each, and in which there is no figure at all."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.claims.claim import Claim
from analysis.labels import english_of, label, percent_of
from analysis.maps.outlines import outline
from analysis.report.chart import WIDTH, Chart, chart_of
from analysis.report.map_marks import Box, marks
from analysis.studies.coverage import Coverage
from analysis.studies.findings import ZONES
from analysis.studies.study import Study
from analysis.summing.totals import sums
from parsers.places.gazetteer import divisions, within

COUNTY, PREFECTURE = 6, 4
NOTHING, REPORTED = "no figure, no report found", "no figure, but reported (dot)"
CLASSES = {"fewer than 100": 0, "100 to 999": 100, "1,000 to 9,999": 1000, "10,000 or more": 10_000}
"""Samples from which a county is in each class; the classes grow tenfold, as the counts of counties do."""

SHADES = ("#ffffff", "#e9e9e9", "#b9d4ea", "#7db0d8", "#3a7db5", "#0d3f68")
"""Of NOTHING, REPORTED and CLASSES, each darker than the one before, so that print in grey keeps their order."""

PARALLELS = 1 / 6
"""The standard parallels of the projection lie this part of the region's height inside its edges (Snyder, Map
Projections: A Working Manual, USGS 1987, p. 99).
"""

KEY_COLUMNS = 3
COLUMNS = ("code", "county", "prefecture", "samples_at_least", "residents", "sources", "class")


@dataclass(frozen=True, slots=True)
class _County:
    code: str
    name: str
    above: str
    samples: int | None
    people: int | None
    sources: int

    @property
    def share(self) -> str:
        """The samples as a share of the residents; empty when either is not known."""
        return percent_of(self.samples, self.people) if self.samples is not None and self.people else ""

    @property
    def shade(self) -> str:
        if self.samples is None:
            return REPORTED if self.sources else NOTHING
        return [name for name, least in CLASSES.items() if self.samples >= least][-1]

    @property
    def row(self) -> tuple[Any, ...]:
        return (self.code, self.name, self.above, self.samples, self.people, self.sources, self.shade)


def county_maps(alt: Any, study: Study, coverage: Sequence[Coverage] = ()) -> Iterator[Chart | None]:
    """A map of the region for each modality that is reported in any of its counties.

    A county has at least as many samples as its latest running totals say, and at least as many as its increments
    add up to; the larger is shown. Figures of whole prefectures are of no single county and are left out. A county
    without a figure is never shown as zero. Of counties in `coverage` the share of residents is told as well.
    """
    region = study.campaign.region.code
    every = [code for code in within(region) if len(code) == COUNTY and code[4:] not in ZONES]
    codes = [code for code in every if outline(code)]
    undrawn = [divisions()[code] for code in every if code not in codes]
    if len(codes) < 2:
        return
    people = {each.code: each.population.people for each in coverage if each.population}
    for modality in study.modalities:
        by_county: dict[str, list[Claim]] = defaultdict(list)
        for claim in study.claims:
            if claim.best.modality == modality:
                by_county[(claim.best.place_code or "")[:COUNTY]].append(claim)
        counties = [_county(study, code, by_county[code], people.get(code)) for code in codes]
        if any(county.sources for county in counties):
            yield _map(alt, region, modality, counties, undrawn)


def _county(study: Study, code: str, claims: Sequence[Claim], people: int | None) -> _County:
    found = sums(claims)
    ends = [pair[0] for pair in (found.increment, found.cumulative) if pair]
    names = divisions()
    return _County(
        code,
        f"{english_of(code)} {names[code]}".strip(),
        names.get(code[:PREFECTURE], ""),
        max(ends, default=None),
        people,
        len({number for claim in claims for number in study.notes(claim)}),
    )


def _map(
    alt: Any, region: str, modality: str, counties: Sequence[_County], undrawn: Sequence[str]
) -> Chart | None:
    order = [NOTHING, REPORTED, *CLASSES]
    shapes = alt.Chart(alt.Data(values=[_feature(each) for each in counties])).mark_geoshape(
        stroke="#8a949c", strokeWidth=0.5
    )
    filled = shapes.encode(
        color=alt.Color(
            "properties.class:N",
            scale=alt.Scale(domain=order, range=list(SHADES)),
            sort=order,
            legend=alt.Legend(
                title="samples in pages, at least",
                orient="top",
                columns=3,
                symbolType="square",
                symbolStrokeColor="#8a949c",
                symbolStrokeWidth=0.5,
                symbolSize=160,
            ),
        ),
        tooltip=[
            alt.Tooltip(f"properties.{name}:N", title=name.replace("_", " "))
            for name in ("county", "prefecture", "samples", "share", "sources")
        ],
    )
    prefectures = [code for code in within(region) if len(code) == PREFECTURE]
    borders = alt.Chart(
        alt.Data(values=[{"type": "Feature", "geometry": _drawn_by_d3(code)} for code in prefectures])
    )
    layers = [filled, borders.mark_geoshape(fill=None, stroke="#333", strokeWidth=1.1)]
    ranked = sorted(
        (each for each in counties if each.samples is not None), key=lambda each: -(each.samples or 0)
    )
    west, south, east, north = box = _edges(counties)
    reported = [each.code for each in counties if each.shade == REPORTED]
    layers += marks(alt, prefectures, [each.code for each in ranked], reported, box)
    inside, middle = (north - south) * PARALLELS, (north + south) / 2
    projected = (
        alt.layer(*layers)
        .project(
            type="conicEqualArea",
            parallels=[south + inside, north - inside],
            rotate=[-(west + east) / 2, 0, 0],
        )
        .properties(
            width=WIDTH,
            height=round(WIDTH * (north - south) / (east - west) / math.cos(math.radians(middle))),
        )
    )
    drawn = alt.vconcat(projected, _key(alt, ranked), spacing=14) if ranked else projected
    about = (
        f"{label(modality)} samples that pages report in each county: at least so many. Figures of whole "
        "prefectures are of no single county and are left out. A county without a figure is not zero: nothing was "
        "found, or no number was given. Thick lines are borders of prefectures. Outlines are those of 天地图, China's "
        "official map service, with the land that China claims; they express no view on any border."
    )
    if any(each.share for each in counties):
        about += " Shares are of the residents by the latest census known, for counties with a running total."
    if undrawn:
        about += f" Not drawn, for want of an outline: {', '.join(undrawn)}."
    rows = [each.row for each in counties]
    return chart_of(f"map-by-county-{modality}", about, drawn, COLUMNS, rows)


def _feature(county: _County) -> dict[str, Any]:
    told = "not known" if county.samples is None else f"at least {county.samples:,}"
    properties = {
        "county": county.name,
        "prefecture": county.above,
        "samples": told,
        "share": county.share or "not known",
        "sources": county.sources,
        "class": county.shade,
    }
    return {"type": "Feature", "geometry": _drawn_by_d3(county.code), "properties": properties}


def _drawn_by_d3(code: str) -> dict[str, Any]:
    """The outline with its rings the other way round: D3 takes the inside to be on the right of a ring, RFC 7946 on
    the left, and a ring the wrong way round is the whole earth without the county.
    """
    rings = [[ring[::-1] for ring in polygon] for polygon in outline(code) or []]
    return {"type": "MultiPolygon", "coordinates": rings}


def _key(alt: Any, ranked: Sequence[_County]) -> Any:
    """What the numbers on the map stand for, down the columns."""
    deep = -(-len(ranked) // KEY_COLUMNS)
    values = [
        {
            "text": f"{n + 1}  {each.name}  {each.samples:,}" + (f" ({each.share})" if each.share else ""),
            "column": n // deep,
            "row": n % deep,
        }
        for n, each in enumerate(ranked)
    ]
    chart = alt.Chart(alt.Data(values=values)).mark_text(align="left", fontSize=11, fill="#111", tooltip=None)
    return chart.encode(
        x=alt.X("column:Q", axis=None, scale=alt.Scale(domain=[0, KEY_COLUMNS])),
        y=alt.Y("row:O", axis=None),
        text="text:N",
    ).properties(width=WIDTH, height=alt.Step(16))


def _edges(counties: Sequence[_County]) -> Box:
    """The box that the counties fill."""
    points_of = [
        point
        for county in counties
        for polygon in outline(county.code) or []
        for ring in polygon
        for point in ring
    ]
    east, north = zip(*points_of, strict=True)
    return min(east), min(north), max(east), max(north)
