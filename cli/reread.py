"""Reading what is archived again, for `holdfast extract`."""

from __future__ import annotations

import typer

from archive.collection import Collection
from cli.opened import Opened, opened
from db.campaigns import known_terms, remember, terms_in
from db.ingest.reread import reread
from workspace.campaign import load_campaign
from workspace.errors import UnknownCampaign


def read_again(everything: bool) -> None:
    """Reads captures that an older version read, or all, and prints how many; exit code 1 when some cannot be."""
    work = opened()
    _take_up_terms(work)
    report = reread(
        work.engine, lambda campaign: Collection(work.workspace.collection(campaign)), everything=everything
    )
    typer.echo(
        f"read {report.captures} captures again: {report.documents} documents, {report.observations} observations"
    )
    for url, reason in report.failures:
        typer.echo(f"not read: {url}: {reason}", err=True)
    if report.failures:
        raise typer.Exit(1)


def _take_up_terms(work: Opened) -> None:
    """Writes regions and words of campaign files down: what other words have read is read again."""
    for name in known_terms(work.engine):
        try:
            terms = terms_in(load_campaign(name, work.workspace))
        except UnknownCampaign:
            continue
        with work.engine.begin() as connection:
            remember(connection, name, terms)
