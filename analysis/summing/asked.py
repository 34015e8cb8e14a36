"""What sums are asked for, and how the claims that they are made of are looked up a few at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection

from analysis.summing.dimensions import Key, keys_by
from analysis.summing.kept_claims import KeptClaim, claim_of, some_claims
from analysis.summing.tallies import rows_of
from db.claims.changes import Members
from db.claims.stated import Stated
from db.lists.filters import Filters, takes

Rows = Mapping[Key, Sequence[KeptClaim]]
"""The claims in each row of sums."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Sums by `dimensions`, one of which is the modality, of what `filters` select.

    `fields` are those of `Stated` that the dimensions need, beyond the ones always told; observations that `new` names
    are left out of what is looked up.
    """

    connection: Connection
    filters: Filters
    dimensions: Sequence[str]
    fields: Collection[str]
    new: set[str] = field(default_factory=set)

    def keys(self, item: Stated) -> list[Key]:
        """The rows that an observation's claim is in."""
        return list(rows_of(item, keys_by(self.dimensions), self.dimensions))

    def rows(self, claims: Iterable[KeptClaim]) -> Rows:
        """What is in each row."""
        found: dict[Key, list[KeptClaim]] = defaultdict(list)
        for claim in claims:
            for row in self.keys(claim.best):
                found[row].append(claim)
        return found

    def selected(self, claims: Iterable[Members]) -> list[KeptClaim]:
        """What the filters leave of claims."""
        left = ([each for each in members if self._takes(each)] for members in claims)
        return [claim_of(members) for members in left if members]

    def _takes(self, each: Stated) -> bool:
        figure = (each.count_min, each.count_max)
        return takes(self.filters, each.place_code, each.modality, each.kind, figure)

    def claims(self, *only: ColumnElement[bool]) -> Iterator[KeptClaim]:
        """The claims that are there now, are not new, and have a member that meets these conditions."""
        for claim in some_claims(self.connection, self.filters, self.fields, *only):
            if claim.best.id not in self.new:
                yield claim
