"""`holdfast findings`: where, when, from whom, for what and by whom, as a study reports it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from analysis.estimates.published import populations
from analysis.labels import between, counted, label, percent_of
from analysis.studies.findings import Findings, Tally, findings_of
from analysis.studies.study import Study, study_of
from cli.opened import Opened, opened
from parsers.observation import Modality
from workspace.campaign import campaign_file, load_campaign

SHOWN = 15
"""Rows of a table on the screen; --json has all."""


class StepOption(StrEnum):
    """Lengths of time in a timeline."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


ModalityOption = Annotated[
    list[Modality] | None, typer.Option(help="Kind of data; may be repeated. Else the campaign's own.")
]
By = Annotated[StepOption, typer.Option("--by", help="Length of time in the timeline.")]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(findings)


def findings(
    campaign: Annotated[str, typer.Argument(help="A campaign: holdfast doctor lists them.")],
    modality: ModalityOption = None,
    by: By = StepOption.QUARTER,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line, with everything.")] = False,
) -> None:
    """Tells what a campaign found: places documented, timeline, venues, people, purposes, police bodies, publishers,
    coverage, and how many of the pages are gone. Each claim counts once.
    """
    work = opened()
    found = gathered(work, study(work, campaign, modality), by)
    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False))
        return
    _show(found, Console())


def study(work: Opened, campaign: str, modality: Sequence[Modality] | None) -> Study:
    """The study of a campaign in the workspace. Raises UnknownCampaign."""
    loaded = load_campaign(campaign, work.workspace)
    titles = None
    if loaded.study_sources:
        titles = campaign_file(campaign, work.workspace).parent / loaded.study_sources
    return study_of(work.engine, loaded, [each.value for each in modality or ()], titles)


def gathered(work: Opened, made: Study, by: StepOption) -> Findings:
    """All findings of a study, with the populations that the workspace knows."""
    people = populations(work.workspace.campaigns / "population.csv")
    return findings_of(made, people, by.value)


def _show(found: Findings, console: Console) -> None:
    typer.echo(
        f"{found.campaign}, {', '.join(found.modalities)}: {counted(found.figures.whole, 'source')}, "
        f"{found.figures.part} with figures"
        + (f" ({percent_of(found.figures.part, found.figures.whole)})" if found.figures.whole else "")
        + f"; {counted(found.claims, 'different claim')}"
    )
    if found.elsewhere:
        typer.echo(f"left out: {counted(found.elsewhere, 'observation')} of places outside the region")
    _places(found, console)
    rows = [(each.period, each.sources, each.with_figures, each.claims) for each in found.timeline]
    _table(console, "Timeline", ("period", "sources published", "with figures", "claims of it"), rows)
    for title, tallies in (
        ("Venues", found.venues),
        ("People", found.targets),
        ("Stated purposes", found.purposes),
        ("Police bodies", found.organs),
        ("Publishers", found.publishers),
    ):
        _tally(console, title, tallies)
    pages = [
        (each.name, each.pages, each.present, each.gone, each.confirmed, each.unclear, each.imported)
        for each in found.survival
    ]
    heads = ("published", "pages", "still there", "gone", "of them confirmed", "unclear", "not looked at")
    _table(console, "Pages at the last look", heads, pages)
    _coverage(found, console)


def _places(found: Findings, console: Console) -> None:
    rows = [
        (label(each.level), len(each.places), each.all, percent_of(len(each.places), each.all))
        for each in found.levels
    ]
    _table(console, "Documented places", ("level", "documented", "of", "share"), rows)
    if found.levels:
        level = found.levels[0]
        places = [(each.name, len(each.numbers), each.claims) for each in level.places]
        _table(console, label(level.level).capitalize(), ("place", "sources", "claims"), places)


def _coverage(found: Findings, console: Console) -> None:
    rows = []
    for each in found.coverage:
        people = each.population
        known = f"{people.people:,} ({people.year})" if people else "not known"
        share = percent_of(each.high, people.people) if people else ""
        rows.append((each.name, each.modality, between(each.low, each.high), known, share))
    heads = ("place", "modality", "latest running total", "population", "share at most")
    _table(console, "Coverage", heads, rows)


def _tally(console: Console, title: str, tallies: Sequence[Tally]) -> None:
    rows = [(label(each.value), len(each.numbers), each.claims) for each in tallies]
    _table(console, title, ("", "sources", "claims"), rows)


def _table(console: Console, title: str, heads: Sequence[str], rows: Iterable[Sequence[str | int]]) -> None:
    every = list(rows)
    if not every:
        return
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for place, head in enumerate(heads):
        table.add_column(head, justify="left" if place == 0 else "right", overflow="fold")
    for row in every[:SHOWN]:
        table.add_row(*(Text(f"{cell:,}" if isinstance(cell, int) else cell) for cell in row))
    console.print()
    console.print(table)
    if len(every) > SHOWN:
        typer.echo(f"and {len(every) - SHOWN} more: --json has all")
