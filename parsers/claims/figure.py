"""A number that counts samples or people sampled, and what such a number is made of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from parsers.claims.scene import Scene
from parsers.observation import CountRange
from parsers.span import Span

OF_A_TASK = re.compile("的?(?:总|全年|年度|既定|下达)?(?:采集|采血)?(?:任务|目标|指标)")
"""What follows a number that is a task's: 距6.8万份的总任务."""
RESPECTIVELY = "分别"
"""Figures of a clause with this word are of the kinds of data named before, in their order."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of samples or of people sampled.

    `start` is where the words begin that make it one, `lead` the stretch before the number that belongs to it, `trail`
    the one after it. `modalities` are the kinds of data named beside it, possibly none. `verb` is the sort of the
    governing verb (`take`, `enter` …). `rule` says how it was recognised.
    """

    number: Span[CountRange]
    unit: str
    start: int
    end: int
    lead: tuple[int, int]
    trail: tuple[int, int]
    modalities: tuple[str, ...]
    rule: str
    verb: str = ""
    is_part: bool = False

    @property
    def at(self) -> int:
        """Where the number begins."""
        return self.number.start


@dataclass(frozen=True, slots=True)
class Measured:
    """A number with its measure word; `sort` is `sample`, `people`, `loose` or `none`."""

    number: Span[CountRange]
    unit: str
    end: int
    sort: str


class Make(Protocol):
    """Makes the figure of the number at hand."""

    def __call__(self, rule: str, found: tuple[str, ...], start: int, sort: str = "") -> Figure:
        """The figure that begins at `start`, by `rule`, of the kinds of data `found`, under a verb of `sort`."""
        ...


def by_clause(scene: Scene, figures: Sequence[Figure]) -> dict[tuple[int, int], list[int]]:
    """The indexes of the figures of each clause."""
    clauses: dict[tuple[int, int], list[int]] = {}
    for index, figure in enumerate(figures):
        clauses.setdefault(scene.where.clause(figure.at), []).append(index)
    return clauses
