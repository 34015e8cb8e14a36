"""A number with a measure word and what stands around it: what rules look at to say whether it counts samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from parsers.claims.beside import is_modifier
from parsers.claims.figure import Figure, Make, Measured
from parsers.claims.governed import governing
from parsers.claims.scene import Scene
from parsers.claims.words import Token


@dataclass(frozen=True, slots=True)
class Candidate:
    """A number that may be a figure.

    `lead` is the stretch before the number that belongs to it, `trail` the one behind it, both within its `clause`;
    `verb` governs it. `earlier` are the measured numbers before it, `previous` is the figure that the last of them is,
    None when it is none. `is_part`: the lead says that it is a part of another (其中).
    """

    scene: Scene
    this: Measured
    clause: tuple[int, int]
    lead: tuple[int, int]
    trail: tuple[int, int]
    verb: Token | None
    is_part: bool
    earlier: Sequence[Measured]
    previous: Figure | None

    @property
    def is_of_people(self) -> bool:
        """Whether its measure word is one of people."""
        return self.this.sort == "people"

    @property
    def in_same_clause(self) -> bool:
        """Whether another measured number stands before it in its clause."""
        return bool(self.earlier) and self.earlier[-1].end > self.clause[0]

    @property
    def make(self) -> Make:
        """Makes the figure that it is."""
        return partial(_made, self)


def _made(each: Candidate, rule: str, found: tuple[str, ...], start: int, sort: str = "") -> Figure:
    this = each.this
    return Figure(
        this.number, this.unit, start, this.end, each.lead, each.trail, found, rule, sort, each.is_part
    )


def candidate(scene: Scene, measured: Sequence[Measured], index: int, previous: Figure | None) -> Candidate:
    """The measured number at `index`; `previous` is the figure that the one before it is, None when it is none."""
    this = measured[index]
    clause = first, last = scene.where.clause(this.number.start)
    before = measured[index - 1] if index else None
    if before is not None and before.end > first:
        over = previous is None and is_modifier(scene, before, first, this.number.start)
        first = first if over else before.end
    if index + 1 < len(measured):
        last = min(last, measured[index + 1].number.start)
    lead, trail = (first, this.number.start), (this.end, last)
    verb, is_part = governing(scene, lead), scene.words.any_within("part", *lead)
    return Candidate(scene, this, clause, lead, trail, verb, is_part, measured[:index], previous)
