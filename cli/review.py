"""`holdfast review`: what people say of what was read."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from analysis.claims.fellows import fellows
from analysis.formats.jsonl import write_jsonl
from analysis.listing import listing
from analysis.masking import masked
from archive.custody import append
from cli.opened import Opened, opened
from cli.review_files import read_reviews, told, write_reviews
from db.errors import BadReview
from db.lists.filters import Filters
from db.lists.items import ObservationItem
from db.lists.queries import observations
from db.reviews import judging
from db.reviews.answers import answers
from db.reviews.corrections import ACCEPTED, CORRECTED, REJECTED
from db.reviews.verdict import Review
from parsers.document import Precision
from parsers.observation import Kind, Qualifier

AsJson = Annotated[bool, typer.Option("--json", help="JSON lines.")]
Ids = Annotated[list[str], typer.Argument(metavar="ID...", help="Ids that holdfast observations shows.")]
Reviewer = Annotated[str | None, typer.Option(help="Your name; else the operator in holdfast.toml.")]
Reason = Annotated[str, typer.Option(help="Why; it is kept with the verdict.")]
UnmaskOption = Annotated[
    bool, typer.Option("--unmask", help="Show ID-card and telephone numbers, which are hidden otherwise.")
]
CampaignOption = Annotated[str | None, typer.Option(help="Only this campaign.")]
Reposts = Annotated[
    bool,
    typer.Option("--reposts", help="The same verdict on all other observations that make the same claim."),
]

ID_WIDTH = 20
"""Characters of an observation's id."""


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(help="What people say of what was read: accepted, corrected or rejected.")
    group.command("list")(list_)
    group.command("accept")(accept)
    group.command("reject")(reject)
    group.command("correct")(correct)
    group.command("agreement")(agreement_)
    group.command("export")(export)
    group.command("import")(import_)
    app.add_typer(group, name="review")


def list_(
    campaign: CampaignOption = None,
    done: Annotated[
        bool, typer.Option("--done", help="Verdicts given, instead of what waits for one.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1)] = 50,
    as_json: AsJson = False,
    unmask: UnmaskOption = False,
) -> None:
    """Lists what nobody has judged yet, least certain first; with --done the verdicts given."""
    work = opened()
    if done:
        _tell_reviews(judging.reviews(work.engine, campaign), as_json, limit, unmask)
        return
    waiting = sorted(
        observations(work.engine, Filters(campaign=campaign, review="none")),
        key=lambda o: (o.confidence, o.id),
    )
    if as_json:
        sys.stdout.flush()
        write_jsonl(
            listing("observations", ObservationItem, waiting[:limit], unmask=unmask), sys.stdout.buffer
        )
        sys.stdout.buffer.flush()
        return
    table = _table("id", "sure", "modality", "kind", "count", "place", "quote")
    for each in waiting[:limit]:
        count = (
            str(each.count_max) if each.count_min == each.count_max else f"{each.count_min}-{each.count_max}"
        )
        quote = each.quote if unmask else masked(each.quote)
        cells = (f"{each.confidence:.2f}", each.modality, each.kind, count, each.place or "", quote)
        table.add_row(each.id, *map(Text, cells))
    Console().print(table)
    typer.echo(f"{len(waiting)} observations wait for a verdict", err=True)


def accept(ids: Ids, reviewer: Reviewer = None, reason: Reason = "", reposts: Reposts = False) -> None:
    """Says that observations were read right."""
    _judge(ids, ACCEPTED, reviewer, reason, reposts)


def reject(ids: Ids, reason: Reason, reviewer: Reviewer = None, reposts: Reposts = False) -> None:
    """Says that observations are none: they count in no sum and no estimate.

    Others that make the same claim (reposts) still count; they are named, and --reposts rejects them too.
    """
    _judge(ids, REJECTED, reviewer, reason, reposts)


def correct(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="An id that holdfast observations shows.")],
    reason: Reason,
    reviewer: Reviewer = None,
    count: Annotated[int | None, typer.Option(min=0, help="The exact number.")] = None,
    count_min: Annotated[int | None, typer.Option(min=0, help="The lowest it may be.")] = None,
    count_max: Annotated[int | None, typer.Option(min=0, help="The highest it may be.")] = None,
    qualifier: Annotated[Qualifier | None, typer.Option(help="How the words hedge the number.")] = None,
    kind: Annotated[Kind | None, typer.Option(help="The kind of figure.")] = None,
    unit: Annotated[str | None, typer.Option(help="The measure word.")] = None,
    date_start: Annotated[str | None, typer.Option(help="First day, such as 2021-05-12.")] = None,
    date_end: Annotated[str | None, typer.Option(help="Last day.")] = None,
    date_precision: Annotated[
        Precision | None, typer.Option(help="How exact the days are; day, unless you say otherwise.")
    ] = None,
    place: Annotated[
        str | None, typer.Option(help="Division code, or a name that only one place has.")
    ] = None,
    organ: Annotated[str | None, typer.Option(help="The police body.")] = None,
    reposts: Reposts = False,
) -> None:
    """Says what is right instead. Lists, sums and estimates use it from then on; what was read is kept.

    What you do not name stays as it was corrected before: by the latest verdict, else by your own last one.
    Others that make the same claim (reposts) keep what was read in them and then count as a claim of their own; they
    are named, and --reposts corrects them too.
    """
    if count is not None and (count_min is not None or count_max is not None):
        raise BadReview("give --count, the exact number, or --count-min and --count-max, not both")
    values: dict[str, Any] = {
        "count_min": count if count is not None else count_min,
        "count_max": count if count is not None else count_max,
        "count_qualifier": qualifier.value if qualifier else ("exact" if count is not None else None),
        "kind": kind.value if kind else None,
        "unit": unit,
        "date_start": date_start,
        "date_end": date_end,
        "date_precision": date_precision.value if date_precision else None,
        "place_code": judging.place_named(place) if place is not None else None,
        "organ": organ,
    }
    given = {name: value for name, value in values.items() if value is not None}
    _judge([identifier], CORRECTED, reviewer, reason, reposts, given)


def agreement_(campaign: CampaignOption = None, as_json: AsJson = False) -> None:
    """Says how far reviewers of the same observations agree: Krippendorff's alpha, Cohen's kappa.

    Two agree when the same is right by both, to the last corrected value, or when both reject.
    """
    from analysis.agreement import agreement  # its library takes a second to load

    found = agreement(answers(opened().engine, campaign))
    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False))
        return
    typer.echo(
        f"{found.observations} observations were judged by two or more; alpha {_coefficient(found.alpha)}"
    )
    typer.echo(
        f"of {found.figures} two or more say a figure; alpha of ratios {_coefficient(found.alpha_figures)}"
    )
    for pair in found.pairs:
        typer.echo(
            f"{pair.first} and {pair.second}: {pair.both} in common, {pair.same:.0%} the same, "
            f"kappa {_coefficient(pair.kappa)}"
        )


def export(
    output: Annotated[Path, typer.Argument(metavar="FILE", help="A .jsonl or .csv file.")],
    campaign: CampaignOption = None,
) -> None:
    """Writes all verdicts to a file, for others to take in."""
    if output.exists():
        raise BadReview(f"{output} is there already; name another file")
    count = write_reviews(output, judging.reviews(opened().engine, campaign))
    typer.echo(f"{count} verdicts written to {output}")


def import_(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="A file that review export wrote.")],
) -> None:
    """Takes in verdicts of others; those that are here already change nothing."""
    work = opened()
    new, homeless = judging.take_in(work.engine, list(read_reviews(source)))
    if new:
        append(work.workspace.custody, "review", {"verdicts": new, "from": source.name})
    typer.echo(
        f"{new} verdicts taken in" + (f"; {homeless} of them stand at no quote here" if homeless else "")
    )


def _judge(
    ids: list[str],
    verdict: str,
    reviewer: str | None,
    reason: str,
    reposts: bool,
    given: dict[str, Any] | None = None,
) -> None:
    work: Opened = opened()
    who = reviewer or work.settings.operator or ""
    others = fellows(work.engine, ids)
    judged = [*ids, *others] if reposts else ids
    made = judging.judge(
        work.engine, judged, verdict, reviewer=who, reason=reason, now=datetime.now(UTC), corrected=given
    )
    append(work.workspace.custody, "review", {"verdicts": len(made), "verdict": verdict, "reviewer": who})
    typer.echo(f"{len(made)} {verdict} by {who}")
    if others:
        _tell_fellows(others, verdict, judged_too=reposts)


def _tell_fellows(others: Sequence[str], verdict: str, *, judged_too: bool) -> None:
    """Names the observations that made the same claim, on a line of their own for the next command."""
    count = "1 other observation" if len(others) == 1 else f"{len(others)} other observations"
    if judged_too:
        typer.echo(f"among them {count} of the same claim:")
    else:
        typer.echo(f"not {verdict}: {count} of the same claim; --reposts gives all the same verdict:")
    typer.echo(f"  {' '.join(others)}")


def _tell_reviews(given: Iterator[Review], as_json: bool, limit: int, unmask: bool) -> None:
    table = _table("when", "who", "verdict", "observation", "corrected", "why")
    for each in list(given)[-limit:]:
        if as_json:
            row = told(each)
            quote = each.quote if unmask else masked(each.quote)
            typer.echo(json.dumps(row | {"quote": quote}, ensure_ascii=False))
        else:
            changed = ", ".join(f"{name} {value}" for name, value in each.corrected.items())
            stands = each.observation_id or "(no longer read)"
            cells = (f"{each.made_at:%Y-%m-%d}", each.reviewer, each.verdict, stands, changed, each.reason)
            table.add_row(*map(Text, cells))
    if not as_json:
        Console().print(table)


def _table(*names: str) -> Table:
    """A table whose ids are whole at any width: the next step is to type one."""
    table = Table(box=None)
    for name in names:
        table.add_column(name, overflow="fold", min_width=ID_WIDTH if name in ("id", "observation") else None)
    return table


def _coefficient(value: float | None) -> str:
    return "not defined" if value is None else f"{value:.3f}"
