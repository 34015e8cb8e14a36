"""`holdfast observations`, `documents`, `pages`, `captures` and `trace`: looking at what there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from inspect import Parameter, Signature
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Engine

from analysis.claims.shown import claims_shown
from analysis.listing import Listing, listing
from analysis.summing.dimensions import DIMENSIONS
from analysis.summing.question import sums_by
from cli.filtering import AVAILABILITY, FILTERS, MOST, RELEVANT, JsonOption, UnmaskOption, filters_of
from cli.opened import opened
from cli.results import Format, deliver
from cli.traced import show_estimate, show_trace
from db.errors import BadFilter
from db.lists import queries
from db.lists.filters import Filters
from db.lists.items import CaptureItem, DocumentItem, NotKeptItem, ObservationItem, PageItem
from db.lists.sense import need_sense
from workspace.campaign import campaign_names

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
