"""Reviewers' verdicts: given, listed, handed to others and taken from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Engine, select

from db.due import mark_due
from db.errors import BadReview, UnknownId
from db.filters import codes_named
from db.models import DocumentRow, ObservationRow, ReviewRow
from db.reviews import CORRECTED, correct, reattach
from db.session import reading
from db.upsert import insert_new
from parsers.observation import Kind, Qualifier
from parsers.places.gazetteer import reference

ACCEPTED, REJECTED = "accepted", "rejected"
VERDICTS = (ACCEPTED, CORRECTED, REJECTED)
CORRECTABLE = (
    "count_min",
    "count_max",
    "count_qualifier",
    "kind",
    "unit",
    "rate",
    "date_start",
    "date_end",
    "place_code",
    "place",
    "place_level",
    "organ",
)


@dataclass(frozen=True, slots=True)
class Review:
    """One reviewer's verdict on what stands at a quote; `corrected` holds only the fields that it changes."""

    id: str
    campaign: str
    observation_id: str | None
    document_id: str
    url: str
    modality: str
    quote: str
    quote_start: int
    verdict: str
    corrected: Mapping[str, Any]
    reason: str
    reviewer: str
    made_at: datetime


def judge(
    engine: Engine,
    observations: Iterable[str],
    verdict: str,
    *,
    reviewer: str,
    reason: str,
    now: datetime,
    corrected: Mapping[str, Any] | None = None,
) -> list[Review]:
    """Gives a verdict on each observation; all of them or, when one cannot be judged, none.

    Raises UnknownId for an id that no current observation has, BadReview for a verdict that lacks what it needs.
    """
    if not reviewer.strip():
        raise BadReview("say who reviews: --reviewer NAME, or the line operator in holdfast.toml")
    if verdict != ACCEPTED and not reason.strip():
        raise BadReview(f"say why it is {verdict}: --reason TEXT")
    given = checked(corrected or {})
    if (verdict == CORRECTED) != bool(given):
        raise BadReview("say what is right instead, such as --count 53 or --place 540121")
    with engine.begin() as connection:
        made = [
            _about(connection, observation, verdict, given, reason.strip(), reviewer.strip(), now)
            for observation in observations
        ]
        for campaign in sorted({review.campaign for review in made}):
            judged = [review.document_id for review in made if review.campaign == campaign]
            mark_due(connection, campaign, judged)
        for review in made:
            insert_new(connection, ReviewRow, asdict(review))
            correct(connection, str(review.observation_id))
    return made


def reviews(engine: Engine, campaign: str | None = None) -> Iterator[Review]:
    """All verdicts, the first given first."""
    query = select(ReviewRow.__table__).order_by(ReviewRow.made_at, ReviewRow.id)
    with reading(engine) as connection:
        for row in connection.execute(
            query.where(ReviewRow.campaign == campaign) if campaign else query
        ).mappings():
            yield Review(**row)


def take_in(engine: Engine, given: Iterable[Review]) -> tuple[int, int]:
    """Adds verdicts of others; gives how many were new, and how many of these stand at no quote here.

    Verdicts that are here already change nothing. Raises BadReview for one that cannot be.
    """
    new: list[Review] = []
    with engine.begin() as connection:
        for review in given:
            if review.verdict not in VERDICTS:
                raise BadReview(
                    f"review {review.id}: {review.verdict!r} is no verdict; it is one of {VERDICTS}"
                )
            row = asdict(review) | {"corrected": checked(review.corrected), "observation_id": None}
            if insert_new(connection, ReviewRow, row):
                new.append(review)
        for campaign in {review.campaign for review in new}:
            reattach(connection, campaign, [each.document_id for each in new if each.campaign == campaign])
        ids = [review.id for review in new]
        standing = select(ReviewRow.id).where(ReviewRow.id.in_(ids), ReviewRow.observation_id.is_not(None))
        stand = len(connection.scalars(standing).all())
    return len(new), len(new) - stand


def checked(corrected: Mapping[str, Any]) -> dict[str, Any]:
    """Corrected fields as they are stored; a place is completed from its code or name. Raises BadReview."""
    told = dict(corrected)
    if unknown := told.keys() - set(CORRECTABLE):
        raise BadReview(f"{min(unknown)} cannot be corrected; these can: {', '.join(CORRECTABLE)}")
    if told.get("kind") not in (None, *Kind):
        raise BadReview(f"{told['kind']!r} is no kind of figure; it is one of {', '.join(Kind)}")
    if told.get("count_qualifier") not in (None, *Qualifier):
        raise BadReview(f"{told['count_qualifier']!r} is no qualifier; it is one of {', '.join(Qualifier)}")
    for name in ("date_start", "date_end"):
        try:
            told |= {name: date.fromisoformat(told[name]).isoformat()} if told.get(name) else {}
        except ValueError as error:
            raise BadReview(f"{told[name]!r} is no day; write it as 2021-05-12") from error
    low, high = told.get("count_min"), told.get("count_max")
    if low is not None and high is not None and not 0 <= low <= high:
        raise BadReview(f"a count from {low} to {high} cannot be")
    return told | (_place(told["place_code"]) if told.get("place_code") else {})


def place_named(told: str) -> str:
    """The code of a place that a reviewer names by code or name. Raises BadReview."""
    codes = (told,) if told.isdigit() else codes_named(told)
    if len(codes) != 1:
        among = f"; it may be {', '.join(codes[:5])}" if codes else ""
        raise BadReview(f"{told!r} is not the name of one place; give its division code{among}")
    return codes[0]


def _place(code: str) -> dict[str, Any]:
    try:
        found = reference(code)
    except KeyError as error:
        raise BadReview(f"{code} is no division code of the gazetteer") from error
    return {"place_code": found.code, "place": found.name, "place_level": found.level}


def _about(
    connection: Connection,
    observation: str,
    verdict: str,
    corrected: Mapping[str, Any],
    reason: str,
    reviewer: str,
    now: datetime,
) -> Review:
    of = connection.execute(
        select(ObservationRow.__table__, DocumentRow.url)
        .join(DocumentRow, DocumentRow.id == ObservationRow.document_id)
        .where(ObservationRow.id == observation, ~ObservationRow.superseded)
    ).first()
    if of is None:
        raise UnknownId(f"there is no current observation {observation}; holdfast observations lists them")
    return Review(
        id=f"rev-{uuid4().hex[:16]}",
        campaign=of.campaign,
        observation_id=observation,
        document_id=of.document_id,
        url=of.url,
        modality=of.modality,
        quote=of.quote,
        quote_start=of.quote_start,
        verdict=verdict,
        corrected=corrected,
        reason=reason,
        reviewer=reviewer,
        made_at=now,
    )
