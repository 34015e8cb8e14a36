"""`holdfast observations`, `documents`, `pages`, `captures`, `search` and `trace`: looking at what there is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from enum import StrEnum
from functools import partial
from inspect import Parameter, Signature
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text
from sqlalchemy import Engine

from analysis.claims.shown import claims_shown
from analysis.listing import Listing, listing
from analysis.masking import masked
from analysis.summing.dimensions import DIMENSIONS
from analysis.summing.question import sums_by
from cli.opened import opened
from cli.results import Format, deliver
from cli.traced import show_estimate, show_trace
from db.errors import BadFilter
from db.lists import queries
from db.lists.filters import Filters
from db.lists.items import CaptureItem, DocumentItem, NotKeptItem, ObservationItem, PageItem
from db.lists.search import Hit
from db.lists.search import search as find
from db.lists.sense import need_sense
from db.rows import SHANGHAI
from parsers.availability.states import Availability
from parsers.observation import Kind, Modality
from parsers.script import Language
from workspace.campaign import campaign_names


class Verdict(StrEnum):
    """What `--review` asks for."""

    ACCEPTED = "accepted"
    CORRECTED = "corrected"
    REJECTED = "rejected"
    NONE = "none"


MOST = 10**15
"""No count and no limit is higher than this, and a database takes it."""

JsonOption = Annotated[bool, typer.Option("--json", help="JSON lines; the same as --format jsonl.")]
UnmaskOption = Annotated[
    bool, typer.Option("--unmask", help="Show ID-card and telephone numbers, which are hidden otherwise.")
]
CampaignOption = Annotated[str | None, typer.Option(help="Only this campaign.")]
SinceOption = Annotated[
    str | None, typer.Option("--from", metavar="DAY", help="First day, such as 2021-05-12.")
]
UntilOption = Annotated[
    str | None, typer.Option("--to", metavar="DAY", help="Last day; a running total is of its own last day.")
]
SourceOption = Annotated[
    str | None, typer.Option("--source", "--account", help="Publisher: name, account id or host.")
]

FILTERS: dict[str, Any] = {
    "campaign": CampaignOption,
    "place": Annotated[
        str | None,
        typer.Option(help="A place and all below it: division code or name, such as 5403 or 昌都."),
    ],
    "since": SinceOption,
    "until": UntilOption,
    "modality": Annotated[list[Modality] | None, typer.Option(help="Kind of data; may be repeated.")],
    "kind": Annotated[list[Kind] | None, typer.Option(help="Kind of figure; may be repeated.")],
    "source": SourceOption,
    "review": Annotated[Verdict | None, typer.Option(help="What reviewers said; none for unreviewed.")],
    "min_count": Annotated[
        int | None, typer.Option(min=0, max=MOST, help="The count may be this high or higher.")
    ],
    "max_count": Annotated[
        int | None, typer.Option(min=0, max=MOST, help="The count may be this low or lower.")
    ],
    "text": Annotated[str | None, typer.Option(help="Words that the document holds; quote phrases.")],
}
"""Options of every list, named as the fields of `db.lists.filters.Filters`."""

RELEVANT: dict[str, Any] = {
    "relevant": Annotated[
        bool | None, typer.Option("--relevant/--irrelevant", help="Those that report collection, or not.")
    ],
    "language": Annotated[Language | None, typer.Option(help="zh; or bo: Tibetan, for people to read.")],
}
AVAILABILITY: dict[str, Any] = {
    "availability": Annotated[
        list[Availability] | None, typer.Option(help="How the page was found; may be repeated.")
    ]
}

BY = Annotated[
    str | None,
    typer.Option(
        metavar="NAMES",
        help=f"Sums instead of a list, by one or more of: {', '.join(DIMENSIONS)}; such as county,month.",
    ),
]

CLAIMS = Annotated[
    bool,
    typer.Option(
        "--claims",
        help="What sums count once: observations that say the same together, each with its claim.",
    ),
]

OUTPUT: dict[str, tuple[Any, Any]] = {
    "form": (
        Annotated[
            Format | None, typer.Option("--format", help="Else by the ending of --output, else a table.")
        ],
        None,
    ),
    "output": (
        Annotated[
            Path | None,
            typer.Option("--output", "-o", metavar="FILE", help="Where to write; else the screen."),
        ],
        None,
    ),
    "as_json": (JsonOption, False),
    "limit": (
        Annotated[
            int | None,
            typer.Option(
                min=1,
                max=MOST,
                help="At most this many rows; a table on screen has 50, and all totals of sums.",
            ),
        ],
        None,
    ),
    "unmask": (UnmaskOption, False),
    "bom": (
        Annotated[bool, typer.Option("--bom/--no-bom", help="CSV with a byte order mark, as Excel needs.")],
        True,
    ),
}
"""Options that say how a list leaves, with their defaults."""


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command()(
        _lister(
            "observations",
            "Lists what documents say was collected: how much of what, where and when.",
            ObservationItem,
            queries.observations,
            {},
            count=queries.count_observations,
            grouped=True,
        )
    )
    app.command()(
        _lister("documents", "Lists the articles that were read.", DocumentItem, queries.documents, RELEVANT)
    )
    app.command()(
        _lister(
            "pages",
            "Lists pages and how they were found at the last look.",
            PageItem,
            queries.pages,
            AVAILABILITY,
        )
    )
    app.command()(
        _lister(
            "captures",
            "Lists responses and where each is in the archive.",
            CaptureItem,
            queries.captures,
            AVAILABILITY,
        )
    )
    app.command()(
        _lister(
            "not-kept",
            "Lists pages that were fetched and not kept, each with its digest and the reason.",
            NotKeptItem,
            queries.not_kept,
            {},
        )
    )
    app.command()(search)
    app.command()(trace)


def _lister(
    name: str,
    about: str,
    item: type[Any],
    query: Callable[..., Iterator[Any]],
    more: dict[str, Any],
    *,
    count: Callable[[Engine, Filters], int] | None = None,
    grouped: bool = False,
) -> Callable[..., None]:
    """A command that lists `item`s, with the options of every list and `more` filters; `count` tells how many there
    are in all; `grouped` ones have --by and --claims.
    """
    filters = FILTERS | more

    def command(**given: Any) -> None:
        wanted = filters_of(**{option: given[option] for option in filters})
        by = _dimensions(given.get("by"))
        if by and given.get("claims"):
            raise BadFilter("--by and --claims ask for two lists; leave one out")
        form = _format(given["as_json"], given["form"])
        work = opened()
        engine = work.engine
        need_sense(engine, wanted, campaign_names(work.workspace))

        def rows(limit: int | None) -> Listing:
            if by:
                sums = sums_by(engine, wanted, by)
                return replace(sums, rows=islice(sums.rows, limit))
            if given.get("claims"):
                shown = claims_shown(query(engine, wanted), unmask=given["unmask"])
                return replace(shown, rows=islice(shown.rows, limit))
            return listing(name, item, query(engine, wanted, limit=limit), unmask=given["unmask"])

        whole = bool(by or given.get("claims"))
        in_all = partial(count, engine, wanted) if count is not None and not whole else None
        deliver(
            rows, form, given["output"], limit=given["limit"], bom=given["bom"], count=in_all, whole=whole
        )

    options: list[tuple[str, Any, Any]] = [(option, kind, None) for option, kind in filters.items()]
    options += [("by", BY, None), ("claims", CLAIMS, False)] if grouped else []
    options += [(option, kind, default) for option, (kind, default) in OUTPUT.items()]
    command.__name__, command.__doc__ = name, about
    command.__annotations__ = {option: kind for option, kind, _ in options}
    setattr(  # noqa: B010  # mypy knows no signature on a function
        command,
        "__signature__",
        Signature(
            [
                Parameter(option, Parameter.KEYWORD_ONLY, default=default, annotation=kind)
                for option, kind, default in options
            ]
        ),
    )
    return command


def search(
    words: Annotated[
        list[str], typer.Argument(metavar="QUERY...", help="Words; all must occur. Quote phrases.")
    ],
    campaign: CampaignOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    source: SourceOption = None,
    as_json: JsonOption = False,
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="At most this many documents.")] = 50,
    unmask: UnmaskOption = False,
) -> None:
    """Finds documents by the words in their title and text."""
    filters = filters_of(since, until, campaign=campaign, source=source)
    work = opened()
    need_sense(work.engine, filters, campaign_names(work.workspace))
    hits = find(work.engine, _query(words), filters, limit=limit)
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
    """Follows an observation, a document or an estimate down to its bytes in the archive, and hashes them again."""
    if identifier.startswith("est-"):
        if not show_estimate(opened(), identifier, as_json=as_json, unmask=unmask):
            raise typer.Exit(1)
        return
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


def filters_of(since: str | None = None, until: str | None = None, **given: Any) -> Filters:
    """The filters that options ask for. Raises BadFilter for a day that is none."""
    told = {name: _plain(value) for name, value in given.items() if value is not None}
    return Filters(since=_day("--from", since), until=_day("--to", until), **told)


def _dimensions(told: str | None) -> list[str]:
    """What to sum by. Raises BadFilter when it is given and empty."""
    if told is None:
        return []
    if not told.strip():
        raise BadFilter(f"--by is empty; leave it out, or name some of: {', '.join(DIMENSIONS)}")
    return [name.strip() for name in told.split(",")]


def _format(as_json: bool, form: Format | None) -> Format | None:
    """The format that two options ask for. Raises BadFilter when they ask for two."""
    if as_json and form not in (None, Format.JSONL):
        raise BadFilter(f"--json and --format {form} ask for two formats; leave one out")
    return Format.JSONL if as_json else form


def _plain(value: Any) -> Any:
    """An option's value as filters have it: several as a tuple, members of an enumeration as text."""
    if isinstance(value, list):
        return tuple(map(_plain, value))
    return value.value if isinstance(value, StrEnum) else value


def _day(option: str, told: str | None) -> date | None:
    if told is None:
        return None
    try:
        return date.fromisoformat(told)
    except ValueError as error:
        raise BadFilter(f"{option} {told!r} is no day; write it as 2021-05-12") from error
