"""What is kept of answers, so that a question need not read every observation again: claims, what they lack, sums."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from db.models.types import Row


class ClaimRow(Row):
    """An observation that says what others say, and the claim that they make together; one that stands alone has no
    row. `rank` counts from 0: of several members, the one with the lowest stands for them.
    """

    __tablename__ = "claim"

    observation_id: Mapped[str] = mapped_column(ForeignKey("observation.id"), primary_key=True)
    campaign: Mapped[str] = mapped_column(index=True)
    claim: Mapped[str] = mapped_column(index=True)
    rank: Mapped[int]


class KeptRow(Row):
    """How a campaign's claims are kept: by which `method` they were found (`analysis.claims.keeping`), whether they are
    `whole`, and their `state`, another word after every change to them. Without this row none are kept.
    """

    __tablename__ = "kept"

    campaign: Mapped[str] = mapped_column(primary_key=True)
    method: Mapped[str]
    whole: Mapped[bool]
    state: Mapped[str]


class AnswerRow(Row):
    """Sums as some `code` answered them when the claims of each campaign were in the state that `states` names.

    `question` is a digest of what was asked, `scope` the campaign it was asked of, empty for all, `states` a JSON
    object. `rows` has a row on each line (`db.claims.answers`).
    """

    __tablename__ = "answer"

    question: Mapped[str] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(index=True)
    code: Mapped[str]
    states: Mapped[str]
    rows: Mapped[str]


class ChangeRow(Row):
    """What made the claims of a campaign that were in the `former` state be in this `state`: those that are gone and
    those that have come, as JSON lists of claims, each a list of its members as sums need them (`db.claims.changes`).
    """

    __tablename__ = "change"

    state: Mapped[str] = mapped_column(primary_key=True)
    campaign: Mapped[str] = mapped_column(index=True)
    former: Mapped[str]
    gone: Mapped[str]
    come: Mapped[str]


class DueRow(Row):
    """A document whose observations or reviews have changed since its campaign's claims were kept. `mark` is another
    word at each change, so that one which comes while claims are being found is not taken for done. `before` has, as a
    JSON list, the observations that counted when the claims were kept; NULL where that is not known.
    """

    __tablename__ = "due"

    document_id: Mapped[str] = mapped_column(primary_key=True)
    campaign: Mapped[str] = mapped_column(index=True)
    mark: Mapped[str]
    before: Mapped[str | None]
