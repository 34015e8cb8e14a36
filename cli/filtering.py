"""What lists are narrowed to on the command line: the options, and the filters that they ask for."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Any

import typer

from db.errors import BadFilter
from db.lists.filters import Filters
from parsers.availability.states import Availability
from parsers.observation import Kind, Modality
from parsers.script import Language


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


def filters_of(since: str | None = None, until: str | None = None, **given: Any) -> Filters:
    """The filters that options ask for. Raises BadFilter for a day that is none."""
    told = {name: _plain(value) for name, value in given.items() if value is not None}
    return Filters(since=_day("--from", since), until=_day("--to", until), **told)


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
