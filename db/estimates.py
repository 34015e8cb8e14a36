"""Estimates, frozen: what was reckoned once stays as it was, whatever is collected later."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, select

from db.errors import UnknownId
from db.models import EstimateRow
from db.session import reading
from db.upsert import insert_new


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


def _told(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {**row["result"], "inputs": row["inputs"], "made_at": row["made_at"]}
