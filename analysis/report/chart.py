"""What a chart is, and the look that all charts share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.listing import Column, Kind, Listing

if TYPE_CHECKING:
    import altair

WIDTH = 700
FONT = "Noto Sans CJK SC, Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif"
BLUE, LIGHT, ORANGE, PEACH, GREY = "#1f5a85", "#9cc3df", "#c8641b", "#f2c9a6", "#c3c9ce"
"""Told apart in print and by colour-blind readers: they differ in lightness as well."""

LOOK: Mapping[str, Any] = {
    "font": FONT,
    "background": "white",
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "labelColor": "#333",
        "titleColor": "#333",
        "titleFontWeight": "normal",
        "gridColor": "#e4e7ea",
    },
    "legend": {"labelFontSize": 12},
    "header": {"labelFontSize": 13, "labelFontWeight": "bold"},
}
"""Vega-Lite's configuration, the same for all charts."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart (`spec` is Vega-Lite) with the rows it is drawn from; `about` says what it shows, for those who do not
    see it too.
    """

    name: str
    about: str
    spec: Mapping[str, Any]
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    @property
    def data(self) -> Listing:
        """The rows as a list for a spreadsheet."""
        kinds: list[Kind] = ["text" if isinstance(cell, str) else "number" for cell in (self.rows or [()])[0]]
        named = (Column(name, kind, "") for name, kind in zip(self.columns, kinds, strict=True))
        return Listing(self.name, tuple(named), self.rows)


def rows_for(alt: Any, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> Any:
    """The rows as Altair takes them."""
    return alt.Data(values=[dict(zip(columns, row, strict=True)) for row in rows])


def chart_of(
    name: str,
    about: str,
    chart: altair.TopLevelMixin,
    columns: tuple[str, ...],
    rows: Sequence[tuple[Any, ...]],
) -> Chart | None:
    """The chart with its rows and the common look; None when there are no rows."""
    if not rows:
        return None
    return Chart(name, about, {**chart.to_dict(), "config": LOOK}, columns, tuple(rows))


def colours(alt: Any, field: str, named: Mapping[str, str]) -> Any:
    """The colours of the values of a field, with a legend above the chart."""
    scale = alt.Scale(domain=list(named), range=list(named.values()))
    return alt.Color(
        f"{field}:N", scale=scale, legend=alt.Legend(title=None, orient="top", symbolType="square")
    )
