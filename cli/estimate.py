"""`holdfast estimate`: from reported running totals to a figure for a region."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from analysis.estimates.estimate import Estimate, estimate, told
from analysis.estimates.inputs import Input, Population
from analysis.estimates.published import populations, printed_figures, reported_inputs
from analysis.recipes import EXEMPLAR, RECIPES, Options
from analysis.summing.counted import Countable, Counted
from analysis.summing.question import claims_for
from analysis.summing.totals import latest_totals
from cli.opened import Opened, opened
from db.estimates import freeze
from db.lists.filters import Filters
from parsers.observation import Modality
from workspace.campaign import Campaign, EstimatePlan, load_campaign


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("estimate")(estimate_)


def estimate_(
    campaign: Annotated[str, typer.Argument(help="A campaign: holdfast doctor lists them.")],
    recipe: Annotated[
        str | None,
        typer.Option(
            help=f"{', '.join(RECIPES)}, or the name of an estimate that the campaign file plans; else all of those.",
            show_default=False,
        ),
    ] = None,
    year: Annotated[
        int | None,
        typer.Option(help="The census whose populations are taken; else 2020.", show_default=False),
    ] = None,
    modality: Annotated[Modality | None, typer.Option(help="Else the campaign's first.")] = None,
    study: Annotated[
        bool,
        typer.Option("--study", help="Reckon with the totals that the study names, not with the database."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line.")] = False,
) -> None:
    """Estimates how many samples there are in a campaign's region, with every step of the arithmetic.

    The result is kept under an id; holdfast trace ID shows what it rests on. Populations of your own go into
    campaigns/population.csv in the workspace (columns code, year, people, source).
    """
    work = opened()
    loaded = load_campaign(campaign, work.workspace)
    people = populations(work.workspace.campaigns / "population.csv")
    reckoned = [
        (plan, _reckoned(work, loaded, plan, people, year=year, modality=modality, study=study))
        for plan in _plans(loaded, recipe)
    ]
    for plan, found in reckoned:
        made = told(found)
        freeze(work.engine, campaign, made, datetime.now(UTC))
        if as_json:
            typer.echo(json.dumps(made, ensure_ascii=False))
            continue
        typer.echo(
            f"{loaded.region.name}, {found.modality}, {plan.name}, census of {found.year}: "
            f"{found.low:,} to {found.high:,} samples"
        )
        show(made)
    if study and not as_json:
        _tell_printed(campaign)


def _reckoned(
    work: Opened,
    campaign: Campaign,
    plan: EstimatePlan,
    people: Sequence[Population],
    *,
    year: int | None,
    modality: Modality | None,
    study: bool,
) -> Estimate:
    """The estimate of a plan; `year` and `modality` go before what it says."""
    what = modality.value if modality else plan.modality or campaign.modalities[0]
    inputs = reported_inputs(campaign.name, what) if study else _totals(work, campaign, what)
    return estimate(
        plan.recipe,
        what,
        campaign.region.code,
        inputs,
        people,
        year or plan.year,
        options=Options(plan.interval, plan.resamples),
        without=plan.without,
    )


def _plans(campaign: Campaign, asked: str | None) -> list[EstimatePlan]:
    """The estimates to make: the one asked for, or all that the campaign plans, or one by exemplars."""
    if asked is None:
        return campaign.estimate or [EstimatePlan(name=EXEMPLAR.name, recipe=EXEMPLAR.name)]
    planned = [plan for plan in campaign.estimate if plan.name == asked]
    return planned or [EstimatePlan(name=asked, recipe=asked)]


def show(made: dict[str, Any]) -> None:
    """Prints an estimate's arithmetic, what it leaves out, what is doubtful, and how it changes."""
    for number, step in enumerate(made["steps"], start=1):
        typer.echo(f"  {number}. {step}")
    for each in made["left_out"]:
        typer.echo(f"  left out: {each}")
    for each in made.get("warnings", ()):
        typer.echo(f"  WARNING: {each}")
    for variant in made["variants"]:
        typer.echo(f"  {variant['change']}: {variant['low']:,} to {variant['high']:,}")
    typer.echo(f"kept as {made['id']}")


def _totals(work: Opened, campaign: Campaign, modality: str) -> list[Input]:
    """Of each place in the campaign's region the latest running total, each claim once, as reviewed."""
    filters = Filters(
        campaign=campaign.name, modality=(modality,), kind=("cumulative",), place=campaign.region.code
    )
    by_place: dict[str, list[Countable[Counted]]] = defaultdict(list)
    for claim in claims_for(work.engine, filters, ("place",)):
        by_place[claim.best.place_code or ""].append(claim)
    return [
        Input(item.place_code or "", item.place or "", item.count_min or 0, item.count_max or 0, item.id)
        for made in by_place.values()
        for item in latest_totals(made)
    ]


def _tell_printed(campaign: str) -> None:
    for figure in printed_figures(campaign):
        if not figure.agrees:
            typer.echo(
                f"  the study prints {' to '.join(figure.printed)} for {figure.place}; "
                f"its own numbers give {' to '.join(figure.computed)}"
            )
