"""The claims that are kept of a campaign: what they are found from, what they lack, and how they are renewed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple, Protocol
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Engine, Select, delete, insert, or_, select, update

from db.claims.changes import Change, keep_change
from db.claims.due import hold
from db.lists.filters import latest_verdict
from db.models import ClaimRow, DueRow, KeptRow, ObservationRow
from db.upsert import chunks, upsert

FETCH = 1000
"""Rows fetched at a time."""

MANY_FIGURES = 5000
"""From here on all observations are gone through: a statement has a limit to its parameters."""

Block = tuple[str, str, int | None, int | None, float | None]
"""Modality, kind, lowest and highest count and, where there is no count, the share: only observations that agree in
these can be one claim.
"""


class Figured(Protocol):
    """What has a figure."""

    @property
    def modality(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def count_min(self) -> int | None: ...  # noqa: D102
    @property
    def count_max(self) -> int | None: ...  # noqa: D102
    @property
    def rate(self) -> float | None: ...  # noqa: D102


def block_of(item: Figured) -> Block:
    """What any observation that says the same has in common with it.

    A share beside a count (500份，采集率92%) is no part of the figure: a repost may leave it out.
    """
    uncounted = item.count_min is None and item.count_max is None
    return item.modality, item.kind, item.count_min, item.count_max, item.rate if uncounted else None


class Said(NamedTuple):
    """Of a current observation what decides which others say the same."""

    id: str
    campaign: str
    document_id: str
    modality: str
    kind: str
    count_min: int | None
    count_max: int | None
    rate: float | None
    place_code: str | None
    date_start: date | None
    date_end: date | None
    date_relative: bool
    published_at: datetime | None
    quote: str
    confidence: float
    review: str | None

    @property
    def block(self) -> Block:
        """What any observation that says the same has in common with it."""
        return block_of(self)


@dataclass(frozen=True, slots=True)
class Member:
    """An observation of a claim; the lowest `rank` stands for it."""

    observation_id: str
    claim: str
    rank: int


@dataclass(frozen=True, slots=True)
class Keeping:
    """How a campaign's claims are kept: `whole`, or not yet; the marks of documents that they do not know, and what
    they know of these, as JSON (`db.claims.due`).
    """

    method: str
    whole: bool
    state: str
    due: Mapping[str, str]
    before: Mapping[str, str | None]


def begin_keeping(engine: Engine, campaign: str, method: str) -> None:
    """Sees to it that from now on every change is marked; claims that another method found are not `whole`."""
    with engine.begin() as connection:
        hold(connection, campaign)
        found = connection.scalar(select(KeptRow.method).where(KeptRow.campaign == campaign))
        if found != method:
            row = {"campaign": campaign, "method": method, "whole": False, "state": uuid4().hex}
            upsert(connection, KeptRow, [row], replace=["method", "whole", "state"])


def keeping(connection: Connection, campaign: str) -> Keeping | None:
    """How the campaign's claims are kept, if they are."""
    query = select(KeptRow.method, KeptRow.whole, KeptRow.state).where(KeptRow.campaign == campaign)
    row = connection.execute(query).one_or_none()
    due = connection.execute(
        select(DueRow.document_id, DueRow.mark, DueRow.before).where(DueRow.campaign == campaign)
    ).all()
    if row is None:
        return None
    marks = {each.document_id: each.mark for each in due}
    return Keeping(*row, due=marks, before={each.document_id: each.before for each in due})


def touched_blocks(connection: Connection, documents: Iterable[str]) -> set[Block]:
    """The blocks in which changes to these documents can change claims.

    Those are the blocks of all that was ever read in them, and of what was kept as saying the same: a corrected figure
    leaves its former block, where others may stand without it now.
    """
    table = ObservationRow
    blocks: set[Block] = set()
    every = select(table.modality, table.kind, table.count_min, table.count_max, table.rate).distinct()
    for chunk in chunks(sorted(documents)):
        shared = _claims_of(ClaimRow.observation_id.in_(_ids_in(chunk)))
        fellows = select(ClaimRow.observation_id).where(ClaimRow.claim.in_(shared))
        for those in (table.document_id.in_(chunk), table.id.in_(fellows)):
            blocks.update(block_of(row) for row in connection.execute(every.where(those)))
    return blocks


def _ids_in(documents: Sequence[str]) -> Select[str]:
    return select(ObservationRow.id).where(ObservationRow.document_id.in_(documents))


def said(
    connection: Connection, campaign: str | None, blocks: Collection[Block] | None = None
) -> Iterator[Said]:
    """Current observations of one campaign or of every one, those of one block together; all, or of some blocks."""
    table = ObservationRow
    only: list[ColumnElement[bool]] = []
    if blocks is not None:
        figures = {figure for _, _, _, figure, _ in blocks}
        if len(figures) < MANY_FIGURES:
            counted = table.count_max.in_(sorted(figure for figure in figures if figure is not None))
            only = [or_(counted, table.count_max.is_(None)) if None in figures else counted]
    for each in said_by(connection, campaign, *only):
        if blocks is None or each.block in blocks:
            yield each


def said_by(connection: Connection, campaign: str | None, *only: ColumnElement[bool]) -> Iterator[Said]:
    """Current observations of one campaign or of every one that meet some conditions, those of one block together."""
    table = ObservationRow
    of_campaign = [table.campaign == campaign] if campaign else []
    query = (
        select(
            table.id, table.campaign, table.document_id, table.modality, table.kind, table.count_min,
            table.count_max, table.rate, table.place_code, table.date_start, table.date_end, table.date_relative,
            table.published_at, table.quote, table.confidence, latest_verdict(),
        )
        .where(*of_campaign, table.superseded.is_(False), *only)
        .order_by(table.modality, table.kind, table.count_min, table.count_max, table.rate)
    )  # fmt: skip
    yield from map(Said._make, connection.execute(query, execution_options={"yield_per": FETCH}))


def claims_with(connection: Connection, observations: Iterable[str], documents: Iterable[str]) -> set[str]:
    """The kept claims that any of these observations, or one that was ever read in these documents, is a member of."""
    found: set[str] = set()
    for ids in chunks(observations):
        found |= set(connection.scalars(_claims_of(ClaimRow.observation_id.in_(ids))))
    for some in chunks(documents):
        found |= set(connection.scalars(_claims_of(ClaimRow.observation_id.in_(_ids_in(some)))))
    return found


def _claims_of(condition: ColumnElement[bool]) -> Select[str]:
    return select(ClaimRow.claim).where(condition).distinct()


def renew(
    engine: Engine,
    campaign: str,
    seen: Keeping,
    dropped: Iterable[str] | None,
    members: Iterable[Member],
    change: Change | None = None,
) -> bool:
    """Puts `members` in the place of the `dropped` claims, or of all; what was `seen` is not due any more.

    Keeps the `change` that this is to the claims, where it is known.
    Does nothing, and says so, when the claims are not as they were seen: somebody else has renewed or dropped them.
    """
    with engine.begin() as connection:
        hold(connection, campaign)
        if connection.scalar(select(KeptRow.state).where(KeptRow.campaign == campaign)) != seen.state:
            return False
        if dropped is None:
            connection.execute(delete(ClaimRow).where(ClaimRow.campaign == campaign))
        else:
            for chunk in chunks(sorted(dropped)):
                connection.execute(delete(ClaimRow).where(ClaimRow.claim.in_(chunk)))
        for some in chunks(members, FETCH):
            rows = [
                {
                    "observation_id": each.observation_id,
                    "campaign": campaign,
                    "claim": each.claim,
                    "rank": each.rank,
                }
                for each in some
            ]
            connection.execute(insert(ClaimRow), rows)
        for pairs in chunks(seen.due.items()):
            # A document that was marked again meanwhile has another mark, and stays due.
            marks = {mark for _, mark in pairs}
            known = DueRow.document_id.in_([document for document, _ in pairs]) & DueRow.mark.in_(marks)
            connection.execute(delete(DueRow).where(known))
            # What was noted of it is what the claims knew until now.
            again = DueRow.document_id.in_([document for document, _ in pairs])
            connection.execute(update(DueRow).where(again).values(before=None))
        state = uuid4().hex
        row = {"campaign": campaign, "method": seen.method, "whole": True, "state": state}
        upsert(connection, KeptRow, [row], replace=["whole", "state"])
        if change is not None:
            keep_change(connection, campaign, seen.state, state, change)
    return True


def kept_members(connection: Connection, campaigns: Collection[str]) -> dict[str, Member]:
    """The members of these campaigns' kept claims, by observation."""
    return _members(connection, ClaimRow.campaign.in_(campaigns))


def memberships(connection: Connection, observations: Iterable[str]) -> dict[str, Member]:
    """Those of these observations that are members of kept claims."""
    found: dict[str, Member] = {}
    for some in chunks(observations):
        found |= _members(connection, ClaimRow.observation_id.in_(some))
    return found


def members_of(connection: Connection, claims: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The observations of each of these kept claims, the one that stands for it first."""
    found: dict[str, tuple[str, ...]] = {}
    for some in chunks(claims):
        every = sorted(_members(connection, ClaimRow.claim.in_(some)).values(), key=_place)
        for claim, members in groupby(every, key=lambda each: each.claim):
            found[claim] = tuple(each.observation_id for each in members)
    return found


def _place(member: Member) -> tuple[str, int]:
    return member.claim, member.rank


def _members(connection: Connection, condition: ColumnElement[bool]) -> dict[str, Member]:
    query = select(ClaimRow.observation_id, ClaimRow.claim, ClaimRow.rank).where(condition)
    return {row.observation_id: Member(*row) for row in connection.execute(query)}
