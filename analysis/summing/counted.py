"""What sums are made of: claims, each with the observation that stands for it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

from db.pages.altered import LATER
from db.rows import SHANGHAI

INCREMENT, CUMULATIVE = "increment", "cumulative"


class Counted(Protocol):
    """Of the observation that stands for a claim what sums are made of and grouped by."""

    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def campaign(self) -> str: ...  # noqa: D102
    @property
    def modality(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def count_min(self) -> int | None: ...  # noqa: D102
    @property
    def count_max(self) -> int | None: ...  # noqa: D102
    @property
    def date_start(self) -> date | None: ...  # noqa: D102
    @property
    def date_end(self) -> date | None: ...  # noqa: D102
    @property
    def published_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def place_code(self) -> str | None: ...  # noqa: D102
    @property
    def place(self) -> str | None: ...  # noqa: D102
    @property
    def account(self) -> str | None: ...  # noqa: D102
    @property
    def publisher(self) -> str | None: ...  # noqa: D102
    @property
    def organ(self) -> str | None: ...  # noqa: D102
    @property
    def venue(self) -> list[str]: ...  # noqa: D102
    @property
    def targets(self) -> list[str]: ...  # noqa: D102
    @property
    def purposes(self) -> list[str]: ...  # noqa: D102


T_co = TypeVar("T_co", bound=Counted, covariant=True)
T = TypeVar("T", bound=Counted)


class Countable(Protocol[T_co]):
    """A claim: the observation that stands for it, the documents that make it, and the flags of all its members."""

    @property
    def best(self) -> T_co: ...  # noqa: D102
    @property
    def documents(self) -> Collection[str]: ...  # noqa: D102
    @property
    def flags(self) -> Collection[str]: ...  # noqa: D102


C = TypeVar("C", bound=Countable[Any])


def has_figure(item: Counted, kind: str) -> bool:
    """Whether an observation is of this kind and has a number."""
    return item.kind == kind and item.count_min is not None and item.count_max is not None


def counts(claim: Countable[Any], kind: str) -> bool:
    """Whether a claim is of this kind, has a number, and is not of a text that its page has since altered in this."""
    return has_figure(claim.best, kind) and not (
        claim.flags and any(flag.startswith(LATER) for flag in claim.flags)
    )


def day_of(item: Counted) -> date | None:
    """The day in Shanghai that an observation is put under: its last, its first, or that of its publication."""
    if day := item.date_end or item.date_start:
        return day
    return item.published_at.astimezone(SHANGHAI).date() if item.published_at else None
