"""`holdfast export sources` and `export report`: what a study publishes beside its text."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Annotated

import typer

from analysis.errors import AnalysisError
from analysis.labels import counted
from analysis.report.content import report_of
from analysis.report.rendering import files_of
from analysis.source_list import REPLAY, source_list
from cli.findings import By, ModalityOption, StepOption, gathered, study
from cli.opened import opened
from cli.results import deliver
from db.estimates import estimates_of

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
    typer.echo(f"{to}: {counted(len(made.sources), 'source')}")


def report(
    campaign: CampaignArgument,
    to: Annotated[Path, typer.Option("--to", metavar="FOLDER", help="A new or empty folder.")],
    modality: ModalityOption = None,
    by: By = StepOption.QUARTER,
    replay: ReplayOption = REPLAY,
    unmask: UnmaskOption = False,
) -> None:
    """Writes a report on a campaign as HTML and Markdown: tables, charts, and numbered notes that end in digests.

    The HTML is one file that asks nothing of the internet; the folder also holds each chart as SVG with its data.
    """
    _is_free(to)
    work = opened()
    made = study(work, campaign, modality)
    estimates = estimates_of(work.engine, campaign)
    now = datetime.now(UTC)
    told = report_of(made, gathered(work, made, by), estimates, now, replay=replay, unmask=unmask)
    _write(to, files_of(told))
    typer.echo(
        f"{to / 'report.html'}: {counted(len(told.notes), 'note')}, {counted(len(told.charts), 'chart')}"
    )


def _is_free(folder: Path) -> None:
    """Raises AnalysisError when a report cannot go there, before any work is done."""
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise AnalysisError(f"{folder} is there already and not empty; name another folder with --to")
    except OSError as error:
        raise AnalysisError(f"cannot look into {folder}: {error.strerror}") from error


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes all files, or none: the folder appears when it is complete."""
    try:
        part = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise AnalysisError(f"cannot write {folder}: {error.strerror}") from error
    try:
        for name, content in files.items():
            target = part / name
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(content)
        part.chmod(0o755)
        part.replace(folder)
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        raise AnalysisError(f"cannot write {folder}: {error.strerror}") from error
