"""Charts over time: what was published and what was collected by month, quarter or year, each in its true place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.claims.claim import Claim
from analysis.labels import label
from analysis.report.chart import BLUE, LIGHT, ORANGE, PEACH, WIDTH, Chart, chart_of, colours, rows_for
from analysis.report.time_axis import Slot, axis_of, slot_of
from analysis.studies.findings import Findings, Step
from analysis.studies.study import Study
from analysis.summing.counted import day_of
from analysis.summing.totals import totals

_WIDE = (0.06, 0.94)
"""Where a bar stands in the room of its period on the axis, as parts of it; the rest keeps bars apart."""

_BROAD, _NARROW = (0.06, 0.58), (0.62, 0.94)
"""Where two bars stand that are not to be added up."""

_SERIES = {"at least": BLUE, "up to": LIGHT}
_LONGER = {"over a longer time, at least": ORANGE, "over a longer time, up to": PEACH}


@dataclass(frozen=True, slots=True)
class _Bar:
    """A part of a bar: the period it stands in, the row of charts, the series, and from where to where it goes."""

    slot: Slot
    row: str
    series: str
    low: int
    high: int
    room: tuple[float, float] = _WIDE

    @property
    def drawn(self) -> tuple[Any, ...]:
        begin, end = map(self.slot.at, self.room)
        size = self.high - self.low
        return self.slot.name, self.row, self.series, size, self.low, self.high, begin, end


_DRAWN = ("period", "data", "series", "number", "low", "high", "begin", "end")


def sources_over_time(alt: Any, findings: Findings) -> Chart | None:
    """Sources by the time they were published."""
    published = [each for each in findings.timeline if each.sources]
    if not published:
        return None
    bars = []
    for each in published:
        slot, split = slot_of(each.period), each.with_figures
        bars.append(_Bar(slot, "", "with figures", 0, split))
        bars.append(_Bar(slot, "", "without figures", split, each.sources))
    chart = _bars(
        alt, findings.step, bars, "sources published", {"with figures": BLUE, "without figures": LIGHT}
    )
    about = f"Sources by the {findings.step} they were published in, with and without figures."
    rows = [(bar.slot.name, bar.series, bar.high - bar.low) for bar in bars]
    sized = chart.properties(width=WIDTH, height=220)
    return chart_of("sources-over-time", about, sized, ("period", "sources", "number"), rows)


def counts_over_time(alt: Any, study: Study, findings: Findings) -> Chart | None:
    """What was collected by month, quarter or year, as pages tell of it; a running total is of no single one.

    What took longer than one has a bar of its own beside the others, at its end: it is not what that month came to.
    """
    step = findings.step
    longer = [claim for claim in study.claims if _longer(claim, step)]
    within = [claim for claim in study.claims if not _longer(claim, step)]
    rows = [
        *((*row, f"within one {step}") for row in _increments(within, step)),
        *((*row, "longer") for row in _increments(longer, step)),
    ]
    if not rows:
        return None
    bars = []
    for period, modality, least, most, over in rows:
        series, room = (_LONGER, _NARROW) if over == "longer" else (_SERIES, _BROAD if longer else _WIDE)
        for name, low, high in zip(series, (0, least), (least, most), strict=True):
            bars.append(_Bar(slot_of(period), modality, name, low, high, room))
    shown = _SERIES | _LONGER if any(bar.series in _LONGER for bar in bars) else _SERIES
    also = [slot_of(each.period) for each in findings.timeline if each.sources]
    chart = _bars(alt, step, bars, "samples", shown, also).properties(width=WIDTH, height=160)
    chart = chart.facet(
        row=alt.Row("data:N", title=None, header=alt.Header(labelOrient="top", labelAnchor="start"))
    ).resolve_scale(y="independent")
    about = (
        f"Samples by the {step} in which they had been collected, as far as pages tell of single periods; running "
        "totals are not among them. The lighter part, on top of the darker one, is what the words leave open."
    )
    if len(shown) > len(_SERIES):
        about += (
            f" What was collected over longer than a {step} is orange and stands at the end of its time: it is no "
            f"figure of that {step}, and may include those of the {step}s before."
        )
    columns = (step, "modality", "least", "most", "over")
    return chart_of("counts-over-time", about, chart, columns, sorted(rows))


def _longer(claim: Claim, step: Step) -> bool:
    """Whether a claim's time begins before the month, quarter or year that it ends in."""
    first, last = claim.best.date_start, day_of(claim.best)
    return first is not None and last is not None and first < slot_of(last, step).begin


def _increments(claims: Sequence[Claim], step: Step) -> Iterator[tuple[str, str, int, int]]:
    """The period, the kind of data, and what was collected, at least and at most."""
    listed = totals(claims, [step])
    names = [column.name for column in listed.columns]
    for row in (dict(zip(names, cells, strict=True)) for cells in listed.rows):
        least, most = row["increment_min"], row["increment_max"]
        if row["row"] == "group" and row[step] and isinstance(least, int) and isinstance(most, int):
            yield str(row[step]), label(str(row["modality"])), least, most


def _bars(
    alt: Any,
    step: Step,
    bars: Sequence[_Bar],
    title: str,
    series: Mapping[str, str],
    also: Sequence[Slot] = (),
) -> Any:
    """Bars on an axis that has room for every period from the first to the last, of `also` too."""
    axis = axis_of([*(bar.slot for bar in bars), *also], step)
    rows = [bar.drawn for bar in bars if bar.high > bar.low]
    time = alt.Scale(type="utc", domain=list(axis.domain), nice=False)
    edge = alt.Scale(domain=list(series), range=list(series.values()))
    return (
        alt.Chart(rows_for(alt, _DRAWN, rows))
        .mark_bar(strokeWidth=1 if axis.crowded else 0)
        .encode(
            x=alt.X("begin:T", title=None, scale=time, axis=axis.told(alt)),
            x2="end:T",
            y=alt.Y(
                "low:Q", title=title, axis=alt.Axis(tickMinStep=1, format=",d"), scale=alt.Scale(zero=True)
            ),
            y2="high:Q",
            color=colours(alt, "series", series),
            stroke=alt.Stroke("series:N", scale=edge, legend=None),
            tooltip=[alt.Tooltip("period:N"), alt.Tooltip("series:N"), alt.Tooltip("number:Q", format=",d")],
        )
    )
