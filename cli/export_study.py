"""`holdfast export sources` and `export report`: what a study publishes beside its text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analysis.errors import AnalysisError
from analysis.source_list import REPLAY, source_list
from cli.findings import ModalityOption, study
from cli.opened import opened
from cli.results import deliver

CampaignArgument = Annotated[str, typer.Argument(help="A campaign: holdfast doctor lists them.")]
ReplayOption = Annotated[
    str, typer.Option(metavar="URL", help="Where your archived pages can be seen; archived links lead there.")
]
UnmaskOption = Annotated[
    bool, typer.Option("--unmask", help="Leave ID-card and telephone numbers in titles and quotes.")
]


def sources(
    campaign: CampaignArgument,
    to: Annotated[Path, typer.Option("--to", metavar="FILE", help="A new file: .xlsx or .csv.")],
    modality: ModalityOption = None,
    replay: ReplayOption = REPLAY,
    unmask: UnmaskOption = False,
) -> None:
    """Writes the numbered list of a campaign's sources: title, publisher, date, places, figures, links, digest."""
    if to.suffix.lower() not in (".xlsx", ".csv"):
        raise AnalysisError(f"{to} should end in .xlsx or .csv; a list of sources is written as one of these")
    if to.exists():
        raise AnalysisError(f"{to} is there already; name another file with --to")
    made = study(opened(), campaign, modality)
    deliver(lambda _: source_list(made, replay, unmask=unmask), None, to, limit=None, bom=True)
    typer.echo(f"{to}: {len(made.sources)} sources")
