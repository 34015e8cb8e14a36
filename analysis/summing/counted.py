"""What sums are made of: claims, each with the observation that stands for it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Protocol, TypeVar

from analysis.listing import SHANGHAI
from analysis.summing.nesting import Increment

INCREMENT, CUMULATIVE = "increment", "cumulative"


class Counted(Increment, Protocol):
    """Of the observation that stands for a claim what sums are made of and grouped by."""

    @property
    def campaign(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def count_min(self) -> int | None: ...  # noqa: D102
    @property
    def published_at(self) -> datetime | None: ...  # noqa: D102
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
    def purposes(self) -> list[str]: ...  # noqa: D102


T_co = TypeVar("T_co", bound=Counted, covariant=True)
T = TypeVar("T", bound=Counted)


class Countable(Protocol[T_co]):
    """A claim: the observation that stands for it, and the documents that make it."""

    @property
    def best(self) -> T_co: ...  # noqa: D102
    @property
    def documents(self) -> Collection[str]: ...  # noqa: D102


def day_of(item: Counted) -> date | None:
    """The day in Shanghai that an observation is put under: its last, its first, or that of its publication."""
    if day := item.date_end or item.date_start:
        return day
    return item.published_at.astimezone(SHANGHAI).date() if item.published_at else None
