"""`holdfast export sources` and `export report`: what a study publishes beside its text."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from analysis.errors import AnalysisError
from analysis.estimates.kept import kept_estimates
from analysis.labels import counted
from analysis.report.content import report_of
from analysis.report.drawing import ChartFormat
from analysis.report.rendering import files_of
from analysis.studies.source_list import REPLAY, source_list
from archive.custody import append
from archive.digest import sha256
from cli.findings import By, ModalityOption, StepOption, gathered, study
from cli.new_folder import need_free, new_folder
from cli.opened import Opened, opened
from cli.results import deliver
from cli.stamping import stamp_if_set

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
    _need_web(replay)
    work = opened()
    made = study(work, campaign, modality)
    deliver(lambda _: source_list(made, replay, unmask=unmask), None, to, limit=None, bom=True)
    _log(work, campaign, to)
    typer.echo(f"{to}: {counted(len(made.sources), 'source')}")


def report(
    campaign: CampaignArgument,
    to: Annotated[Path, typer.Option("--to", metavar="FOLDER", help="A new or empty folder.")],
    modality: ModalityOption = None,
    by: By = StepOption.QUARTER,
    replay: ReplayOption = REPLAY,
    charts: Annotated[
        list[ChartFormat] | None,
        typer.Option("--charts", help="Each chart in this form too, besides SVG; may be given twice."),
    ] = None,
    all_estimates: Annotated[
        bool, typer.Option("--all-estimates", help="Every estimate ever made; else the latest of each kind.")
    ] = False,
    unmask: UnmaskOption = False,
) -> None:
    """Writes a report on a campaign as HTML and Markdown: tables, charts, and numbered notes that end in digests.

    The HTML is one file that asks nothing of the internet; the folder also holds each chart as SVG with its data.
    """
    _need_web(replay)
    need_free(to)
    work = opened()
    made = study(work, campaign, modality)
    estimates = kept_estimates(work.engine, campaign, every=all_estimates)
    now = datetime.now(UTC)
    told = report_of(made, gathered(work, made, by), estimates, now, replay=replay, unmask=unmask)
    with new_folder(to) as part:
        for name, content in files_of(told, charts or ()).items():
            (part / name).parent.mkdir(exist_ok=True)
            (part / name).write_bytes(content)
    _log(work, campaign, to / "report.html")
    typer.echo(
        f"{to / 'report.html'}: {counted(len(told.notes), 'note')}, {counted(len(told.charts), 'chart')}"
    )


def _need_web(replay: str) -> None:
    """Raises AnalysisError for an address that readers could not, or should not, follow."""
    if not re.match(r"https?://[^/\s]", replay, re.IGNORECASE):
        raise AnalysisError(f"--replay {replay}: it should begin with http:// or https:// and name a host")


def _log(work: Opened, campaign: str, file: Path) -> None:
    """What was handed out is an act on the evidence: the custody log has its digest."""
    digest = sha256(file.read_bytes())
    append(work.workspace.custody, "export", {"campaign": campaign, "file": file.name, "sha256": digest})
    stamp_if_set(work)
