"""Reviewers' verdicts: given, listed, handed to others and taken from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Engine, func, select

from db.claims.due import mark_due
from db.errors import BadReview, UnknownId
from db.lists.filters import codes_named
from db.models import DocumentRow, ObservationRow, ReviewRow
from db.pages.altered import pages_of, settle_altered
from db.reviews.attached import correct, read_values, reattach, verdicts_on
from db.reviews.corrections import ACCEPTED, CORRECTED, amends, need_possible
from db.reviews.verdict import Review, valid
from db.session import reading
from db.upsert import chunks, insert_new


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

    A correction names what it changes; `db.reviews.corrections.standing` says what becomes of earlier ones. Raises
    UnknownId for an id that no current observation has, BadReview for a verdict that lacks what it needs or makes
    what cannot be.
    """
    if not reviewer.strip():
        raise BadReview("say who reviews: --reviewer NAME, or the line operator in holdfast.toml")
    if verdict != ACCEPTED and not reason.strip():
        raise BadReview(f"say why it is {verdict}: --reason TEXT")
    if verdict == CORRECTED and not corrected:
        raise BadReview("say what is right instead, such as --count 53 or --place 540121")
    with engine.begin() as connection:
        made = [
            _about(connection, observation, verdict, corrected or {}, reason.strip(), reviewer.strip(), now)
            for observation in dict.fromkeys(observations)
        ]
        for campaign, documents in _judged(made).items():
            mark_due(connection, campaign, documents)
        for review in made:
            insert_new(connection, ReviewRow, asdict(review))
            correct(connection, str(review.observation_id))
        for campaign, documents in _judged(made).items():
            settle_altered(connection, campaign, pages_of(connection, campaign, documents))
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
            row = asdict(valid(review)) | {"observation_id": None}
            if insert_new(connection, ReviewRow, row):
                new.append(review)
        for campaign, documents in _judged(new).items():
            reattach(connection, campaign, documents)
            settle_altered(connection, campaign, pages_of(connection, campaign, documents))
        stand = sum(
            connection.scalar(
                select(func.count()).where(ReviewRow.id.in_(chunk), ReviewRow.observation_id.is_not(None))
            )
            or 0
            for chunk in chunks(review.id for review in new)
        )
    return len(new), len(new) - stand


def _judged(given: Iterable[Review]) -> Mapping[str, list[str]]:
    """The documents that are judged in each campaign, in the order in which campaigns are held."""
    found: dict[str, list[str]] = defaultdict(list)
    for review in sorted(given, key=lambda review: review.campaign):
        found[review.campaign].append(review.document_id)
    return found


def place_named(told: str) -> str:
    """The code of a place that a reviewer names by code or name. Raises BadReview."""
    codes = (told,) if told.isdigit() else codes_named(told)
    if len(codes) != 1:
        among = f"; it may be {', '.join(codes[:5])}" if codes else ""
        raise BadReview(f"{told!r} is not the name of one place; give its division code{among}")
    return codes[0]


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
    made = valid(
        Review(
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
    )
    before = amends(verdicts_on(connection, observation), reviewer)
    need_possible({**read_values(of._mapping), **before, **made.corrected}, made.corrected)
    return made
