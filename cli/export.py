"""`holdfast export`: packages for others."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from analysis.masking import masked
from archive.collection import Collection
from archive.custody import PackedRecord, append, package_key, proof_files
from archive.finding import Finding, Grade
from archive.noted.rendition import asked_for
from archive.wacz import Package, WaczPage, write_wacz
from cli.export_datasette import datasette
from cli.export_study import report, sources
from cli.opened import Opened, opened
from cli.stamping import stamp_if_set
from crawler.collecting import SOFTWARE
from crawler.errors import UnusableFile, UnusableInput
from db.estimates import frozen
from db.evidence.packing import Selection, select_campaign, select_observations, select_pages, with_asked_for


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(help="Packages for others.")
    group.command("wacz")(wacz)
    group.command("sources")(sources)
    group.command("report")(report)
    group.command("datasette")(datasette)
    app.add_typer(group, name="export")


def wacz(
    campaign: Annotated[str | None, typer.Option(help="Everything of a campaign.")] = None,
    source: Annotated[
        str | None, typer.Option(help="Only one publisher of it: name, account or host.")
    ] = None,
    page: Annotated[list[str] | None, typer.Option(help="One page; may be repeated.")] = None,
    observation: Annotated[
        list[str] | None, typer.Option(help="What one claim rests on; may be repeated.")
    ] = None,
    estimate: Annotated[
        str | None, typer.Option(help="What an estimate rests on, with the estimate itself.", metavar="ID")
    ] = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="The package to write.")
    ] = Path("evidence.wacz"),
    unmask: Annotated[
        bool, typer.Option("--unmask", help="Leave ID-card and telephone numbers in the page texts.")
    ] = False,
) -> None:
    """Packs records, pictures, texts and custody proofs into one WACZ file that others can check and replay.

    What is damaged is left out and named, exit code 1. Files of which the custody log proves nothing yet are named.
    """
    if output.exists():
        raise UnusableFile(f"{output} is there already; name another file with --output")
    if not output.parent.is_dir():
        raise UnusableFile(f"there is no folder {output.parent}")
    work = opened()
    kept = frozen(work.engine, estimate) if estimate else None
    rests_on = [*(observation or []), *(_rests_on(kept) if kept else ())]
    selection = _selected(work, campaign, source, page or [], rests_on)
    collection = Collection(work.workspace.collection(selection.campaign))
    selection = with_asked_for(work.engine, selection, asked_for(collection, selection.captures))
    custody = work.workspace.custody
    unproved: list[Finding] = []

    def proofs(records: Sequence[PackedRecord]) -> Mapping[str, bytes]:
        files = proof_files(custody, collection, records, on_unproved=unproved.append)
        packed = {f"custody/{name}": content for name, content in files.items()}
        if kept:
            packed[f"estimate/{estimate}.json"] = json.dumps(
                kept, ensure_ascii=False, indent=1, default=str
            ).encode()
        return packed

    package = Package(
        title=f"holdfast: {selection.campaign}",
        description=f"{len(selection.pages)} pages with what they show; how to check them: docs/verify-by-hand.md",
        software=SOFTWARE,
        created=datetime.now(UTC),
        pages=tuple(
            WaczPage(
                id=each.capture.record_id,
                url=each.capture.url,
                time=each.capture.time,
                title=each.title,
                text=each.text if unmask else masked(each.text),
            )
            for each in selection.pages
        ),
        extras=proofs,
    )
    written = write_wacz(output, package, selection.captures, collection, package_key(custody))
    subject = {"campaign": selection.campaign, "file": output.name, "sha256": written.digest}
    try:
        append(custody, "export", subject)
    except Exception:  # what the log does not know of is not handed on
        output.unlink()
        raise
    typer.echo(f"{written.path}: {written.pages} pages, {written.records} records, {written.bytes} bytes")
    typer.echo(f"{written.digest}")
    stamp_if_set(work)
    for finding in written.left_out:
        typer.echo(f"left out: {finding}; run: holdfast verify", err=True)
    for finding in unproved:
        typer.echo(f"{finding.grade.value.upper()}  {finding}", err=True)
    if any(finding.grade is Grade.DAMAGED for finding in (*written.left_out, *unproved)):
        raise typer.Exit(1)


def _rests_on(estimate: Mapping[str, Any]) -> list[str]:
    """The observations among an estimate's inputs. Raises UnusableInput when it has none."""
    traces = [str(each["trace"]) for each in estimate["inputs"]]
    found = [trace for trace in traces if trace.startswith("obs-")]
    if not found:
        raise UnusableInput(
            f"{estimate['id']} rests on figures of a study and not on archived pages; there is nothing to pack"
        )
    return found


def _selected(
    work: Opened, campaign: str | None, source: str | None, pages: list[str], observations: list[str]
) -> Selection:
    if observations:
        return select_observations(work.engine, observations)
    if pages:
        return select_pages(work.engine, campaign or "default", pages)
    if campaign:
        return select_campaign(work.engine, campaign, source)
    raise UnusableInput("say what to export: --campaign NAME, --page URL, --observation ID or --estimate ID")
