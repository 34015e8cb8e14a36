"""Reviews stay with the quotes they judge, whatever readings come and go, and correct what is read there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, RowMapping, exists, select, update

from db.claims.due import mark_due
from db.models import DocumentRow, ObservationRow, ReviewRow
from db.reviews.corrections import HELD, Verdict, amended, standing
from db.upsert import chunks


def reattach(connection: Connection, campaign: str, documents: Sequence[str]) -> None:
    """Ties the reviews of these documents to the observations that now stand at their quotes.

    The observation is the current one of the same modality whose quote equals the review's and
    begins nearest to it; when the document's text has changed, that of another document of the same page. A
    review whose quote nobody reads any more keeps its verdict and stands alone (`observation_id` None).
    """
    if not connection.scalar(select(exists().where(ReviewRow.campaign == campaign))):
        return
    for chunk in chunks(documents):
        urls = select(DocumentRow.url).where(DocumentRow.id.in_(chunk))
        reviews = (
            connection.execute(
                select(ReviewRow.__table__).where(
                    ReviewRow.campaign == campaign, ReviewRow.document_id.in_(chunk) | ReviewRow.url.in_(urls)
                )
            )
            .mappings()
            .all()
        )
        found = {review["id"]: _standing(connection, campaign, review) for review in reviews}
        touched = [
            each for each in (*found.values(), *(review["observation_id"] for review in reviews)) if each
        ]
        mark_due(connection, campaign, _documents_of(connection, touched))
        for review in reviews:
            standing = found[review["id"]]
            connection.execute(
                update(ReviewRow).where(ReviewRow.id == review["id"]).values(observation_id=standing)
            )
            if standing:
                correct(connection, standing)


def _documents_of(connection: Connection, observations: Sequence[str]) -> list[str]:
    documents: list[str] = []
    for chunk in chunks(observations):
        query = select(ObservationRow.document_id).where(ObservationRow.id.in_(chunk))
        documents += connection.scalars(query)
    return documents


def _standing(connection: Connection, campaign: str, review: RowMapping) -> str | None:
    candidates = connection.execute(
        select(ObservationRow.id, ObservationRow.document_id, ObservationRow.quote_start)
        .join(DocumentRow, DocumentRow.id == ObservationRow.document_id)
        .where(
            (DocumentRow.id == review["document_id"])
            | ((DocumentRow.campaign == campaign) & (DocumentRow.url == review["url"])),
            ObservationRow.modality == review["modality"],
            ObservationRow.quote == review["quote"],
            ~ObservationRow.superseded,
        )
    ).all()
    if not candidates:
        return None
    best = min(
        candidates,
        key=lambda found: (
            found.document_id != review["document_id"],
            abs(found.quote_start - review["quote_start"]),
            found.id,
        ),
    )
    return str(best.id)


def correct(connection: Connection, observation: str) -> None:
    """Gives an observation the values that hold after its reviews (`db.reviews.corrections.standing`): those that
    were read, where none corrects them.
    """
    table = ObservationRow.__table__
    row = connection.execute(select(table).where(ObservationRow.id == observation)).mappings().one()
    corrected = standing(verdicts_on(connection, observation))
    if not corrected and not row["original"]:
        return
    read = read_values(row)
    made = amended(read, corrected)
    differing = {*corrected, *(name for name in made if made[name] != read[name])}
    connection.execute(
        update(ObservationRow)
        .where(ObservationRow.id == observation)
        .values(
            original={name: read[name] for name in differing},
            **{name: _value(name, made[name]) for name in {*differing, *row["original"]}},
        )
    )


def read_values(row: Mapping[Any, Any]) -> dict[str, Any]:
    """What was read in an observation, of the fields that can be corrected; days in ISO 8601."""
    return {**{name: _stored(row[name]) for name in HELD}, **row["original"]}


def verdicts_on(connection: Connection, observation: str) -> list[Verdict]:
    """The verdicts on an observation, the first given first."""
    given = connection.execute(
        select(ReviewRow.verdict, ReviewRow.corrected, ReviewRow.reviewer)
        .where(ReviewRow.observation_id == observation)
        .order_by(ReviewRow.made_at, ReviewRow.id)
    )
    return [Verdict(*row) for row in given]


def _stored(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _value(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if value and name in ("date_start", "date_end") else value
