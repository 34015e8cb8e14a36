"""Leases: one holder at a time for a name, until a moment; a holder that dies loses it by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, update

from db.models import LeaseRow
from db.upsert import insert_new


def take(connection: Connection, name: str, holder: str, seconds: float, now: datetime) -> bool:
    """Gives `holder` the lease for `seconds`; False while somebody else has it."""
    until = now + timedelta(seconds=seconds)
    free = update(LeaseRow).where(LeaseRow.name == name, LeaseRow.until <= now)
    if connection.execute(free.values(holder=holder, until=until)).rowcount:
        return True
    return insert_new(connection, LeaseRow, {"name": name, "holder": holder, "until": until})


def renew(connection: Connection, name: str, holder: str, seconds: float, now: datetime) -> bool:
    """Lengthens a lease; False when `holder` has lost it."""
    mine = update(LeaseRow).where(LeaseRow.name == name, LeaseRow.holder == holder)
    return bool(connection.execute(mine.values(until=now + timedelta(seconds=seconds))).rowcount)


def give_back(connection: Connection, name: str, holder: str) -> None:
    """Ends a lease."""
    connection.execute(delete(LeaseRow).where(LeaseRow.name == name, LeaseRow.holder == holder))
