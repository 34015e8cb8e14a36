"""What each reviewer says of a quote in the end, whatever others have said of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, select

from db.models import ObservationRow, ReviewRow
from db.reviews.attached import read_values
from db.reviews.corrections import Verdict, amended, standing
from db.session import reading
from db.upsert import chunks

Values = Mapping[str, Any]
"""Fields that can be corrected, days in ISO 8601."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A reviewer's last verdict on the quote that `about` names; `read` is what was read there, without values where
    nobody reads it any more, and `says` what is right by all corrections of this reviewer that stand.
    """

    reviewer: str
    about: str
    verdict: str
    read: Values
    says: Values


def answers(engine: Engine, campaign: str | None = None) -> Iterator[Answer]:
    """The answers of all reviewers, in no order."""
    query = select(ReviewRow.__table__).order_by(ReviewRow.made_at, ReviewRow.id)
    given: dict[tuple[str, str], list[Verdict]] = defaultdict(list)
    stands_at: dict[str, str] = {}
    with reading(engine) as connection:
        for row in connection.execute(query.where(ReviewRow.campaign == campaign) if campaign else query):
            about = f"{row.document_id} {row.modality} {row.quote_start}"
            given[row.reviewer, about].append(Verdict(row.verdict, row.corrected, row.reviewer))
            if row.observation_id:
                stands_at[about] = row.observation_id
        read = _read(connection, sorted(set(stands_at.values())))
    for (reviewer, about), verdicts in given.items():
        values = read.get(stands_at.get(about, ""), {})
        says = amended(values, standing(verdicts))
        yield Answer(reviewer, about, verdicts[-1].verdict, values, says)


def _read(connection: Connection, observations: list[str]) -> dict[str, Values]:
    found: dict[str, Values] = {}
    for some in chunks(observations):
        rows = connection.execute(select(ObservationRow.__table__).where(ObservationRow.id.in_(some)))
        found |= {row["id"]: read_values(row) for row in rows.mappings()}
    return found
