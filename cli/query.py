"""`holdfast observations`, `documents`, `pages`, `captures`, `search` and `trace`: looking at what there is."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text
from sqlalchemy import Engine

from analysis.listing import listing
from analysis.masking import masked
from cli.opened import opened
from cli.results import Format, deliver
from cli.traced import show_trace
from db import queries
from db.errors import BadFilter
from db.filters import Filters
from db.items import CaptureItem, DocumentItem, ObservationItem, PageItem
from db.rows import SHANGHAI
from db.search import Hit
from db.search import search as find
from parsers.availability import Availability
from parsers.observation import Kind, Modality


class Verdict(StrEnum):
    """What `--review` asks for."""

    ACCEPTED = "accepted"
    CORRECTED = "corrected"
    REJECTED = "rejected"
    NONE = "none"


CampaignOption = Annotated[str | None, typer.Option(help="Only this campaign.")]
PlaceOption = Annotated[
    str | None, typer.Option(help="A place and all below it: division code or name, such as 5403 or 昌都.")
]
SinceOption = Annotated[
    str | None, typer.Option("--from", metavar="DAY", help="First day, such as 2021-05-12.")
]
UntilOption = Annotated[str | None, typer.Option("--to", metavar="DAY", help="Last day.")]
ModalityOption = Annotated[list[Modality] | None, typer.Option(help="Kind of data; may be repeated.")]
KindOption = Annotated[list[Kind] | None, typer.Option(help="Kind of figure; may be repeated.")]
SourceOption = Annotated[
    str | None, typer.Option("--source", "--account", help="Publisher: name, account id or host.")
]
ReviewOption = Annotated[Verdict | None, typer.Option(help="What reviewers said; none for unreviewed.")]
MinCountOption = Annotated[int | None, typer.Option(help="The count may be this high or higher.")]
MaxCountOption = Annotated[int | None, typer.Option(help="The count may be this low or lower.")]
TextOption = Annotated[str | None, typer.Option(help="Words that the document holds; quote phrases.")]
AvailabilityOption = Annotated[
    list[Availability] | None, typer.Option(help="How the page was found; may be repeated.")
]
FormatOption = Annotated[
    Format | None, typer.Option("--format", help="Else by the ending of --output, else a table.")
]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to write; else the screen.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON lines; the same as --format jsonl.")]
LimitOption = Annotated[
    int | None, typer.Option(min=1, help="At most this many rows; a table on screen has 50.")
]
UnmaskOption = Annotated[
    bool, typer.Option("--unmask", help="Show ID-card and telephone numbers, which are hidden otherwise.")
]
BomOption = Annotated[
    bool, typer.Option("--bom/--no-bom", help="CSV with a byte order mark, as Excel needs.")
]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    for command in (observations, documents, pages, captures, search, trace):
        app.command()(command)


def observations(
    campaign: CampaignOption = None,
    place: PlaceOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    modality: ModalityOption = None,
    kind: KindOption = None,
    source: SourceOption = None,
    review: ReviewOption = None,
    min_count: MinCountOption = None,
    max_count: MaxCountOption = None,
    text: TextOption = None,
    form: FormatOption = None,
    output: OutputOption = None,
    as_json: JsonOption = False,
    limit: LimitOption = None,
    unmask: UnmaskOption = False,
    bom: BomOption = True,
) -> None:
    """Lists what documents say was collected: how much of what, where and when."""
    filters = _filters(
        campaign, place, since, until, modality, kind, source, review, min_count, max_count, text
    )
    _list(
        "observations",
        ObservationItem,
        queries.observations,
        filters,
        form,
        output,
        as_json,
        limit,
        unmask,
        bom,
    )


def documents(
    campaign: CampaignOption = None,
    place: PlaceOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    modality: ModalityOption = None,
    kind: KindOption = None,
    source: SourceOption = None,
    review: ReviewOption = None,
    min_count: MinCountOption = None,
    max_count: MaxCountOption = None,
    text: TextOption = None,
    relevant: Annotated[
        bool | None,
        typer.Option("--relevant/--irrelevant", help="Only those that report collection, or not."),
    ] = None,
    form: FormatOption = None,
    output: OutputOption = None,
    as_json: JsonOption = False,
    limit: LimitOption = None,
    unmask: UnmaskOption = False,
    bom: BomOption = True,
) -> None:
    """Lists the articles that were read."""
    filters = _filters(
        campaign, place, since, until, modality, kind, source, review, min_count, max_count, text
    )
    filters = dataclasses.replace(filters, relevant=relevant)
    _list("documents", DocumentItem, queries.documents, filters, form, output, as_json, limit, unmask, bom)


def pages(
    campaign: CampaignOption = None,
    place: PlaceOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    modality: ModalityOption = None,
    kind: KindOption = None,
    source: SourceOption = None,
    review: ReviewOption = None,
    min_count: MinCountOption = None,
    max_count: MaxCountOption = None,
    text: TextOption = None,
    availability: AvailabilityOption = None,
    form: FormatOption = None,
    output: OutputOption = None,
    as_json: JsonOption = False,
    limit: LimitOption = None,
    unmask: UnmaskOption = False,
    bom: BomOption = True,
) -> None:
    """Lists pages and how they were found at the last look."""
    filters = _filters(
        campaign,
        place,
        since,
        until,
        modality,
        kind,
        source,
        review,
        min_count,
        max_count,
        text,
        availability,
    )
    _list("pages", PageItem, queries.pages, filters, form, output, as_json, limit, unmask, bom)


def captures(
    campaign: CampaignOption = None,
    place: PlaceOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    modality: ModalityOption = None,
    kind: KindOption = None,
    source: SourceOption = None,
    review: ReviewOption = None,
    min_count: MinCountOption = None,
    max_count: MaxCountOption = None,
    text: TextOption = None,
    availability: AvailabilityOption = None,
    form: FormatOption = None,
    output: OutputOption = None,
    as_json: JsonOption = False,
    limit: LimitOption = None,
    unmask: UnmaskOption = False,
    bom: BomOption = True,
) -> None:
    """Lists responses and where each is in the archive."""
    filters = _filters(
        campaign,
        place,
        since,
        until,
        modality,
        kind,
        source,
        review,
        min_count,
        max_count,
        text,
        availability,
    )
    _list("captures", CaptureItem, queries.captures, filters, form, output, as_json, limit, unmask, bom)


def search(
    words: Annotated[
        list[str], typer.Argument(metavar="QUERY...", help="Words; all must occur. Quote phrases.")
    ],
    campaign: CampaignOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    source: SourceOption = None,
    as_json: JsonOption = False,
    limit: Annotated[int, typer.Option(min=1, help="At most this many documents.")] = 50,
    unmask: UnmaskOption = False,
) -> None:
    """Finds documents by the words in their title and text."""
    filters = _filters(campaign, None, since, until, None, None, source, None, None, None, None)
    hits = find(opened().engine, _query(words), filters, limit=limit)
    tell = (lambda text: text) if unmask else masked
    console = Console(soft_wrap=True, highlight=False)
    count = 0
    for hit in hits:
        count += 1
        if as_json:
            typer.echo(json.dumps(_told(hit, tell), ensure_ascii=False))
        else:
            _show(console, hit, tell)
    if not as_json:
        typer.echo(
            f"{count} documents" + (f"; more with --limit {limit * 10}" if count == limit else ""), err=True
        )


def trace(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="An id that a list shows.")],
    as_json: JsonOption = False,
    unmask: UnmaskOption = False,
) -> None:
    """Follows an observation or a document down to its bytes in the archive, and hashes them again."""
    if not show_trace(opened(), identifier, as_json=as_json, unmask=unmask):
        raise typer.Exit(1)


def _query(words: list[str]) -> str:
    """The words as one query; a word with a space in it was quoted in the shell and is a phrase."""
    if len(words) == 1:
        return words[0]
    return " ".join(f'"{word}"' if any(map(str.isspace, word)) else word for word in words)


def _told(hit: Hit, tell: Callable[[str], str]) -> dict[str, Any]:
    published = hit.published_at.astimezone(SHANGHAI).isoformat() if hit.published_at else None
    return {
        "id": hit.id,
        "url": hit.url,
        "title": tell(hit.title),
        "account": hit.account,
        "publisher": hit.publisher,
        "published_at": published,
        "snippet": tell(hit.snippet.text),
        "matches": [list(span) for span in hit.snippet.matches],
    }


def _show(console: Console, hit: Hit, tell: Callable[[str], str]) -> None:
    published = f"{hit.published_at.astimezone(SHANGHAI):%Y-%m-%d}" if hit.published_at else "no date"
    console.print(Text(tell(hit.title) or "(no title)", style="bold"))
    console.print(
        Text(f"  {hit.id}  {published}  {hit.publisher or hit.account or ''}  {hit.url}", style="dim")
    )
    piece = Text("  " + tell(hit.snippet.text))
    for start, end in hit.snippet.matches:
        piece.stylize("bold reverse", start + 2, end + 2)
    console.print(piece)


def _list(
    name: str,
    item: type[Any],
    query: Callable[..., Iterator[Any]],
    filters: Filters,
    form: Format | None,
    output: Path | None,
    as_json: bool,
    limit: int | None,
    unmask: bool,
    bom: bool,
) -> None:
    engine: Engine = opened().engine

    def rows(at_most: int | None) -> Any:
        return listing(name, item, query(engine, filters, limit=at_most), unmask=unmask)

    deliver(rows, Format.JSONL if as_json else form, output, limit=limit, bom=bom)


def _filters(
    campaign: str | None,
    place: str | None,
    since: str | None,
    until: str | None,
    modality: list[Modality] | None,
    kind: list[Kind] | None,
    source: str | None,
    review: Verdict | None,
    min_count: int | None,
    max_count: int | None,
    text: str | None,
    availability: list[Availability] | None = None,
) -> Filters:
    return Filters(
        campaign=campaign,
        place=place,
        since=_day("--from", since),
        until=_day("--to", until),
        modality=tuple(each.value for each in modality or ()),
        kind=tuple(each.value for each in kind or ()),
        source=source,
        review=review.value if review else None,
        min_count=min_count,
        max_count=max_count,
        text=text,
        availability=tuple(each.value for each in availability or ()),
    )


def _day(option: str, told: str | None) -> date | None:
    if told is None:
        return None
    try:
        return date.fromisoformat(told)
    except ValueError as error:
        raise BadFilter(f"{option} {told!r} is no day; write it as 2021-05-12") from error
