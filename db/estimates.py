"""Estimates, frozen: what was reckoned once stays as it was, whatever is collected later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, select

from db.errors import UnknownId
from db.lists.filters import latest_verdict
from db.models import EstimateRow, ObservationRow
from db.session import reading
from db.upsert import chunks, insert_new


def freeze(engine: Engine, campaign: str, made: dict[str, Any], now: datetime) -> bool:
    """Keeps an estimate under its id; False when it is kept already, as it was."""
    row = {
        "id": made["id"],
        "campaign": campaign,
        "recipe": made["recipe"],
        "parameters": {"region": made["region"], "year": made["year"]},
        "inputs": [dict(each) for each in made["inputs"]],
        "result": {name: value for name, value in made.items() if name != "inputs"},
        "made_at": now,
    }
    with engine.begin() as connection:
        return insert_new(connection, EstimateRow, row)


def estimates_of(engine: Engine, campaign: str) -> list[dict[str, Any]]:
    """The estimates kept for a campaign, as `frozen` gives them, the latest first."""
    table = EstimateRow.__table__
    query = (
        select(table)
        .where(EstimateRow.campaign == campaign)
        .order_by(EstimateRow.made_at.desc(), EstimateRow.id)
    )
    with reading(engine) as connection:
        return [_told(row) for row in connection.execute(query).mappings()]


def frozen(engine: Engine, identifier: str) -> dict[str, Any]:
    """The estimate with this id, its fields as they were made. Raises UnknownId."""
    with reading(engine) as connection:
        row = (
            connection.execute(select(EstimateRow.__table__).where(EstimateRow.id == identifier))
            .mappings()
            .first()
        )
    if row is None:
        raise UnknownId(f"there is no estimate {identifier}; holdfast estimate CAMPAIGN makes one")
    return _told(row)


@dataclass(frozen=True, slots=True)
class InputNow:
    """How a reading that an estimate rests on stands by now. `verdict` is the latest reviewer's, if there is one."""

    count_min: int | None
    count_max: int | None
    kind: str
    modality: str
    place_code: str | None
    place: str | None
    superseded: bool
    verdict: str | None


def inputs_now(engine: Engine, observations: Sequence[str]) -> dict[str, InputNow]:
    """These readings by id; one that is not in the store any more is not in the result."""
    row = ObservationRow
    found: dict[str, InputNow] = {}
    with reading(engine) as connection:
        for chunk in chunks(observations):
            query = select(
                row.id, row.count_min, row.count_max, row.kind, row.modality, row.place_code, row.place,
                row.superseded, latest_verdict(),
            ).where(row.id.in_(chunk))  # fmt: skip
            for each in connection.execute(query):
                found[each[0]] = InputNow(*each[1:])
    return found


def _told(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {**row["result"], "inputs": row["inputs"], "made_at": row["made_at"]}
