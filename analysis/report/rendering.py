"""A report as files: HTML that shows itself without asking anything of anyone, Markdown, charts and their data."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Collection, Mapping, Sequence
from io import BytesIO
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from analysis.formats.delimited import write_csv
from analysis.labels import between, english_of, label, percent_of
from analysis.listing import Listing
from analysis.report.chart import Chart
from analysis.report.content import MOST_FIGURES, Report
from analysis.report.drawing import ChartFormat, drawn

MOST_NOTES = 20
"""Numbers of notes in one cell of a table; sources.csv says of every source which places and figures it has."""

_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>()#+!|~&]")
"""Characters that CommonMark and GitHub's tables may take for marks; a backslash before any of them makes it plain
(CommonMark 0.31, Backslash escapes).
"""

_LINKED = re.compile(r"https?://", re.IGNORECASE)
_IN_ADDRESSES = ":/?#[]@!$&'*+,;=%~-._"


def files_of(report: Report, also: Collection[ChartFormat] = ()) -> dict[str, bytes]:
    """The files of a report by their path in its folder; each chart as SVG, and in the forms named `also`."""
    pictures = {chart.name: drawn(chart.spec, ChartFormat.SVG) for chart in report.charts.values()}
    pages = {"report.html": _html(report, pictures), "report.md": _markdown(report)}
    charts = {f"charts/{name}.svg": picture for name, picture in pictures.items()} | {
        f"charts/{chart.name}.{form.value}": drawn(chart.spec, form)
        for chart in report.charts.values()
        for form in set(also) - {ChartFormat.SVG}
    }
    data = {f"charts/{chart.name}.csv": _csv(chart.data) for chart in report.charts.values()}
    lists = {"figures.csv": _csv(report.figure_list), "sources.csv": _csv(report.sources)}
    return {**{name: text.encode() for name, text in pages.items()}, **charts, **data, **lists}


def _html(report: Report, pictures: Mapping[str, bytes]) -> str:
    def picture(chart: Chart) -> str:
        """A chart as an address that holds it: as a picture, no script in it would run."""
        return "data:image/svg+xml;base64," + b64encode(pictures[chart.name]).decode("ascii")

    return _rendered("report.html", report, None, {"notes": _html_notes, "picture": picture})


def _markdown(report: Report) -> str:
    return _rendered("report.md", report, _plain, {"notes": _markdown_notes, "address": _markdown_address})


def _rendered(
    name: str,
    report: Report,
    shown: Callable[[object], object] | None,
    filters: Mapping[str, Callable[..., Any]],
) -> str:
    """The template of this name, filled. All it shows is escaped: for HTML, unless `shown` does it in another way."""
    jinja = Environment(
        loader=PackageLoader("analysis.report"),
        autoescape=True,
        finalize=shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    jinja.filters |= {"label": label, "english": english_of, "linked": _linked, **filters}
    jinja.globals |= {"between": between, "percent_of": percent_of}
    return jinja.get_template(name).render(_given(report))


def _given(report: Report) -> dict[str, Any]:
    return {
        "report": report,
        "found": report.findings,
        "campaign": report.campaign,
        "charts": report.charts,
        "figures": report.figures[:MOST_FIGURES],
        "more": len(report.figures) - MOST_FIGURES,
        "whole": report.findings.survival[-1],
    }


def _linked(address: str) -> str:
    """An address that may be a link; empty when it is none of the web."""
    return quote(address, safe=_IN_ADDRESSES) if _LINKED.match(address) else ""


def _html_notes(numbers: Sequence[int]) -> Markup:
    return _listed(numbers, '<a href="#note-{0}">{0}</a>')


def _markdown_notes(numbers: Sequence[int]) -> Markup:
    return _listed(numbers, "[{0}](#note-{0})")


def _listed(numbers: Sequence[int], link: str) -> Markup:
    named = Markup(", ").join(Markup(link).format(number) for number in numbers[:MOST_NOTES])  # noqa: S704
    more = len(numbers) - MOST_NOTES
    return Markup("{} and {} more").format(named, more) if more > 0 else named


def _markdown_address(address: str) -> Markup:
    linked = _linked(address)
    return Markup(f"<{linked}>" if linked else _escaped(address))  # noqa: S704  # escaped for Markdown


def _plain(value: object) -> object:
    """What a Markdown template shows, with nothing in it that would be a mark."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return Markup(_escaped(value))  # noqa: S704  # escaped for Markdown
    return value


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\g<0>", " ".join(text.split()))


def _csv(listed: Listing) -> bytes:
    out = BytesIO()
    write_csv(listed, out)
    return out.getvalue()
