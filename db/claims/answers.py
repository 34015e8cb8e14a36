"""Sums that were answered, and what they rest on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, delete, func, select

from db.models import AnswerRow
from db.upsert import upsert

MOST = 16
"""How many answers are kept of one campaign, or of all campaigns together."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The lines of an answer, and the state of each campaign's claims when it was given."""

    states: Mapping[str, str]
    lines: Sequence[str]


def kept_answer(connection: Connection, question: str, code: str) -> Answer | None:
    """The answer that this code last gave to a question, if it is kept."""
    query = select(AnswerRow.states, AnswerRow.rows).where(
        AnswerRow.question == question, AnswerRow.code == code
    )
    row = connection.execute(query).one_or_none()
    return Answer(json.loads(row.states), row.rows.split("\n") if row.rows else []) if row else None


def keep_answer(engine: Engine, question: str, scope: str, code: str, answer: Answer) -> None:
    """Keeps an answer instead of the former one; drops those of its scope that other code gave, or all when there are
    many.
    """
    of_scope = AnswerRow.scope == scope
    others = AnswerRow.question != question
    with engine.begin() as connection:
        connection.execute(delete(AnswerRow).where(of_scope, AnswerRow.code != code))
        count = select(func.count()).select_from(AnswerRow).where(of_scope, others)
        if (connection.scalar(count) or 0) >= MOST:
            connection.execute(delete(AnswerRow).where(of_scope))
        row = {
            "question": question, "scope": scope, "code": code,
            "states": json.dumps(answer.states), "rows": "\n".join(answer.lines),
        }  # fmt: skip
        upsert(connection, AnswerRow, [row], replace=["code", "states", "rows"])
