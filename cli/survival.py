"""`holdfast survival`: how long the pages of a campaign stay online."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from analysis.labels import percent_of
from analysis.survival import Curve, Point, curves
from cli.opened import opened
from crawler.errors import UnusableInput
from db.pages.lifetimes import page_lives
from workspace.campaign import load_campaign

AGES = {30: "30 days", 180: "180 days", 365: "1 year", 1095: "3 years"}
"""Ages, in days, at which the table tells the share; --json has every step of the curve."""


class GroupOption(StrEnum):
    """What curves are told apart by."""

    ALL = "all"
    SOURCE = "source"
    FAMILY = "family"
    REGION = "region"
    YEAR = "year"


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(survival)


def survival(
    campaign: Annotated[str, typer.Argument(help="A campaign: holdfast doctor lists them.")],
    by: Annotated[GroupOption, typer.Option("--by", help="A curve for each of these.")] = GroupOption.ALL,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON line for each curve, with every step.")
    ] = False,
) -> None:
    """Tells how long pages stay online, and what is only in the archive by now.

    Shares are Kaplan–Meier estimates with 95 % intervals: pages that are still there count for as long as they were
    watched. A page counts as gone when two looks at different times agree that it is.
    """
    work = opened()
    if campaign != "default":
        load_campaign(campaign, work.workspace)
    lives = page_lives(work.engine, campaign)
    if not lives:
        raise UnusableInput(
            f"the campaign {campaign!r} has no articles yet; crawl it first: holdfast crawl {campaign}"
        )
    made = curves(lives, by.value)
    if as_json:
        for curve in made:
            typer.echo(json.dumps(asdict(curve), ensure_ascii=False))
        return
    gone = sum(life.gone is not None for life in lives)
    typer.echo(
        f"{campaign}: {len(lives)} pages, {gone} of them ({percent_of(gone, len(lives))}) are confirmed to be gone and "
        "only in the archive now"
    )
    show(made, Console())


def show(made: Sequence[Curve], console: Console) -> None:
    """Prints the curves as a table, in which no figure is cut on a screen of 80 columns."""
    table = Table(header_style="bold", box=None, pad_edge=False)
    table.add_column("", overflow="fold")
    for name in ("pages", "gone", *(f"after\n{name}" for name in AGES.values()), "half gone\nafter"):
        table.add_column(name, no_wrap=True, justify="right")
    for curve in made:
        half = "" if curve.median is None else f"{curve.median:,.0f} days"
        shares = [_share(curve.at(age)) for age in AGES]
        table.add_row(Text(curve.name), str(curve.pages), str(curve.gone), *shares, half)
    console.print(table)
    console.print(
        "after …: the share still there at that age and its 95 % interval; empty: no page was watched at that age"
    )


def _share(point: Point | None) -> str:
    return "" if point is None else f"{point.share:.0%}\n{100 * point.low:.0f}–{point.high:.0%}"
