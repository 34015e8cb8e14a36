"""Charts over time: each bar in its true place, and no figure of a longer time taken for a month's."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import altair
import pytest

from analysis.report.chart import Chart
from analysis.report.time_axis import moment
from analysis.report.time_charts import counts_over_time, sources_over_time
from analysis.studies.findings import Step, findings_of
from db.lists.items import ObservationItem
from tests.analysis.items import item
from tests.analysis.synthetic_study import study


def counts(*items: ObservationItem, step: Step = "month") -> Chart:
    made = study(items)
    chart = counts_over_time(altair, made, findings_of(made, [], step))
    assert chart is not None
    return chart


def bars(chart: Chart) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = chart.spec["data"]["values"]
    return found


def domain_of(chart: Chart) -> list[date]:
    spec = chart.spec.get("spec", chart.spec)
    ends = spec["encoding"]["x"]["scale"]["domain"]
    return [datetime.fromtimestamp(each / 1000, UTC).date() for each in ends]


def test_the_axis_has_the_months_before_the_first_source_and_between() -> None:
    early = item(77, start="2020-01-05", published_at=datetime(2020, 4, 2, tzinfo=UTC))
    late = item(53, start="2021-05-11", published_at=datetime(2021, 5, 12, tzinfo=UTC))
    made = study([early, late])
    collected = counts(early, late)
    published = sources_over_time(altair, findings_of(made, [], "month"))
    assert published is not None
    assert domain_of(collected) == [date(2020, 1, 1), date(2021, 6, 1)]
    assert domain_of(published) == [date(2020, 4, 1), date(2021, 6, 1)]
    for bar in bars(collected) + bars(published):
        first = moment(date.fromisoformat(f"{bar['period']}-01"))
        assert first < bar["begin"] < bar["end"] < first + 31 * 86_400_000


def test_a_source_stands_on_those_with_figures() -> None:
    made = study([item(53), item(54), item(None, kind="none")])
    chart = sources_over_time(altair, findings_of(made, [], "month"))
    assert chart is not None
    assert [(bar["series"], bar["low"], bar["high"]) for bar in bars(chart)] == [
        ("with figures", 0, 2),
        ("without figures", 2, 3),
    ]


def test_a_figure_of_half_a_year_is_not_the_last_months() -> None:
    half = item(9_000, "540121", "2021-01-01", "2021-06-30")
    june = item((1_200, 1_299), "540122", "2021-06-11", "2021-06-20")
    chart = counts(half, june)
    assert chart.columns == ("month", "modality", "least", "most", "over")
    assert chart.rows == (
        ("2021-06", "DNA", 1_200, 1_299, "within one month"),
        ("2021-06", "DNA", 9_000, 9_000, "longer"),
    )
    least, most, longer = bars(chart)
    assert (least["series"], least["low"], least["high"]) == ("at least", 0, 1_200)
    assert (most["series"], most["low"], most["high"]) == ("up to", 1_200, 1_299)
    assert (longer["series"], longer["low"], longer["high"]) == ("over a longer time, at least", 0, 9_000)
    assert least["end"] < longer["begin"], "they stand beside each other and are not added up"
    assert "longer than a month is orange" in chart.about


@pytest.mark.parametrize(("step", "over"), [("quarter", "longer"), ("year", "within one year")])
def test_whether_a_time_is_longer_depends_on_the_periods_asked_for(step: Step, over: str) -> None:
    chart = counts(item(9_000, "540121", "2021-01-01", "2021-06-30"), step=step)
    assert [row[-1] for row in chart.rows] == [over]
    assert ("orange" in chart.about) is (over == "longer")


def test_a_months_figure_stays_though_a_longer_one_of_its_place_includes_it() -> None:
    half, june = item(9_000, start="2021-01-01", end="2021-06-30"), item(500, start="2021-06-11")
    assert [row[2:] for row in counts(half, june).rows] == [
        (500, 500, "within one month"),
        (9_000, 9_000, "longer"),
    ]


def test_each_kind_of_data_has_a_chart_of_its_own() -> None:
    made = study([item(53), item(54, modality="iris")])
    chart = counts_over_time(altair, made, findings_of(made, [], "month"))
    assert chart is not None
    assert {bar["data"] for bar in bars(chart)} == {"DNA", "iris"}


def test_bars_of_a_long_time_have_an_edge_that_can_be_seen() -> None:
    def width(chart: Chart) -> int:
        return int(chart.spec["spec"]["mark"]["strokeWidth"])

    assert width(counts(item(53), item(54, start="1951-05-23"))) == 1
    assert width(counts(item(53), item(54, start="2021-08-23"))) == 0


def test_where_nothing_was_collected_or_published_there_is_no_chart() -> None:
    made = study([])
    assert counts_over_time(altair, made, findings_of(made, [])) is None
    assert sources_over_time(altair, findings_of(made, [])) is None
