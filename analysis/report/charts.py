"""The charts of a report: what each shows, its rows, and its specification."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analysis.errors import AnalysisError
from analysis.labels import english_of, label
from analysis.report.chart import BLUE, GREY, LIGHT, ORANGE, WIDTH, Chart, chart_of, colours, rows_for
from analysis.report.county_map import county_maps
from analysis.report.time_charts import counts_over_time, sources_over_time
from analysis.studies.findings import DocumentedPlace, Findings, Level
from analysis.studies.study import Study
from parsers.places.gazetteer import divisions, place

MOST_PLACES = 30


def charts_of(study: Study, findings: Findings) -> Iterator[Chart]:
    """The charts that there is anything to draw for. Raises AnalysisError without the libraries that draw."""
    try:
        import altair as alt
        import vl_convert  # noqa: F401  # asked for before any work is done
    except ImportError as error:
        raise AnalysisError(
            "charts need a library that is not installed; type: make install, or uv sync --extra report"
        ) from error
    alt.data_transformers.disable_max_rows()
    drawn = (
        sources_over_time(alt, findings),
        counts_over_time(alt, study, findings),
        *_places(alt, findings),
        *county_maps(alt, study, findings.coverage),
        _coverage(alt, findings),
    )
    yield from (chart for chart in (*drawn, _survival(alt, findings)) if chart)


def _places(alt: Any, findings: Findings) -> Iterator[Chart | None]:
    for level in findings.levels[:2]:
        found = [(_named(each), len(each.numbers)) for each in level.places[:MOST_PLACES]]
        missing = [(_named(each), 0) for each in level.missing] if level.all <= MOST_PLACES else []
        columns, rows = (level.level, "sources"), [*found, *missing]
        chart = (
            alt.Chart(rows_for(alt, columns, rows))
            .mark_bar(color=BLUE)
            .encode(
                y=alt.Y(f"{level.level}:N", title=None, sort=None, axis=alt.Axis(labelLimit=320)),
                x=alt.X("sources:Q", title="sources", axis=alt.Axis(tickMinStep=1, format="d")),
            )
        )
        sized = chart.properties(width=WIDTH - 180, height=alt.Step(22))
        yield chart_of(
            f"by-{level.level}", _about_places(level, level.all <= MOST_PLACES), sized, columns, rows
        )


def _about_places(level: Level, every: bool) -> str:
    named, found = label(level.level), len(level.places)
    which = f"The {MOST_PLACES} {named} with most sources, of {found} documented"
    if every or found <= MOST_PLACES:
        which = (
            f"All {level.all} {named}"
            if every
            else f"All {found} documented {named}, of {level.all} in the region"
        )
    return f"{which}, by the number of sources that report collection in them."


def _coverage(alt: Any, findings: Findings) -> Chart | None:
    columns = ("place", "modality", "low", "high", "population", "census")
    rows = [
        (f"{_romanised(each.code)} ({label(each.modality)})", label(each.modality), each.share_low, each.share_high,
         each.population.people, each.population.year)
        for each in findings.coverage[:MOST_PLACES]
        if each.population
    ]  # fmt: skip
    data = alt.Chart(rows_for(alt, columns, rows))
    percent = alt.Axis(format="%", grid=True)
    y = alt.Y("place:N", title=None, sort=None, axis=alt.Axis(labelLimit=320))
    scale = alt.Scale(domainMin=0)
    bar = data.mark_bar(color=LIGHT).encode(
        y=y,
        x=alt.X("least:Q", title="running total as a share of residents", axis=percent, scale=scale),
        x2="high:Q",
    )
    bar = bar.transform_calculate(least="0")
    tick = data.mark_tick(color=BLUE, thickness=3, size=15).encode(y=y, x=alt.X("low:Q", scale=scale))
    top = data.mark_tick(color=BLUE, thickness=3, size=15).encode(y=y, x=alt.X("high:Q", scale=scale))
    about = "Latest reported running totals as a share of the residents; the marks are the ends of the range."
    sized = (bar + tick + top).properties(width=WIDTH - 180, height=alt.Step(26))
    return chart_of("coverage", about, sized, columns, rows)


def _survival(alt: Any, findings: Findings) -> Chart | None:
    columns = ("published", "state", "pages")
    rows = [
        (each.name, state, number)
        for each in findings.survival
        if each.name != "all"
        for state, number in (
            ("still there", each.present),
            ("unclear", each.unclear),
            ("gone", each.gone),
            ("not looked at", each.imported),
        )
    ]
    chart = (
        alt.Chart(rows_for(alt, columns, rows))
        .mark_bar()
        .encode(
            x=alt.X(
                "pages:Q",
                stack="normalize",
                title="share of pages at the last look",
                axis=alt.Axis(format="%"),
            ),
            y=alt.Y("published:O", title="published"),
            color=colours(
                alt, "state", {"still there": BLUE, "unclear": GREY, "gone": ORANGE, "not looked at": LIGHT}
            ),
            order=alt.Order("rank:Q"),
        )
    )
    ranked = chart.transform_calculate(
        rank="indexof(['still there', 'unclear', 'gone', 'not looked at'], datum.state)"
    )
    about = "Pages of the sources by year of publication: the share that was still there at the last look."
    return chart_of(
        "survival", about, ranked.properties(width=WIDTH - 60, height=alt.Step(24)), columns, rows
    )


def _named(each: DocumentedPlace) -> str:
    above = divisions()[each.code[:4]] if len(each.code) == 6 and each.code[:4] in divisions() else ""
    return f"{_romanised(each.code)}" + (f" · {above}" if above else "")


def _romanised(code: str) -> str:
    return f"{english_of(code)} {place(code).name}".strip()
