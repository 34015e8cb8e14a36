"""Sums that were answered, kept until anything changes that they rest on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, select

from db.models import AnswerRow
from db.upsert import upsert

MOST = 16
"""How many answers are kept of one campaign, or of all campaigns together."""

Line = Sequence[Any]


def kept_answer(connection: Connection, question: str, state: str) -> Iterator[Line] | None:
    """The rows of an answer that was given in this very state, if one was."""
    query = select(AnswerRow.rows).where(AnswerRow.question == question, AnswerRow.state == state)
    told = connection.scalar(query)
    return map(json.loads, told.split("\n") if told else ()) if told is not None else None


def keep_answer(engine: Engine, question: str, scope: str, state: str, rows: Iterable[Line]) -> None:
    """Keeps an answer and drops those of its scope that were given in another state, or all when there are many."""
    told = "\n".join(map(json.dumps, rows))
    of_scope = AnswerRow.scope == scope
    with engine.begin() as connection:
        connection.execute(delete(AnswerRow).where(of_scope, AnswerRow.state != state))
        if (connection.scalar(select(func.count()).select_from(AnswerRow).where(of_scope)) or 0) >= MOST:
            connection.execute(delete(AnswerRow).where(of_scope))
        row = {"question": question, "scope": scope, "state": state, "rows": told}
        upsert(connection, AnswerRow, [row], replace=["state", "rows"])
