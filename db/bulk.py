"""Many rows into one table at the speed of the driver: on SQLite as plain tuples, on PostgreSQL by COPY.

SQLAlchemy makes the statements and turns values into what the driver takes, a column at a time. Its own way of a
list of dictionaries goes through each row anew, which takes longer than SQLite needs to write it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, Table, column, delete, select, table
from sqlalchemy.sql.dml import Insert
from sqlalchemy.types import Date, DateTime, TypeDecorator, TypeEngine

Values = dict[str, Any]

FEW = 20
"""Fewer rows than these are not worth a COPY."""

MEMORY = 4096
"""How many days and moments are remembered as the driver takes them: a document's observations share theirs."""


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns of a statement in its order, and what makes a value of some of them the driver's."""

    names: tuple[str, ...]
    processors: tuple[tuple[int, Callable[[Any], Any]], ...]

    def tuples(self, rows: Sequence[Values]) -> list[tuple[Any, ...]]:
        """The values of `rows`, one tuple each."""
        columns: list[Sequence[Any]] = list(zip(*map(itemgetter(*self.names), rows), strict=True))
        for position, processor in self.processors:
            columns[position] = _processed(columns[position], processor)
        return list(zip(*columns, strict=True))


def _processed(values: Sequence[Any], processor: Callable[[Any], Any]) -> Sequence[Any]:
    """The driver's values of a column. One that has nothing in any row, such as flags, is worked out once."""
    if not any(values) and len(set(map(type, values))) == 1:
        return [processor(values[0])] * len(values)
    return list(map(processor, values))


def execute_many(connection: Connection, statement: Insert, rows: Sequence[Values]) -> None:
    """Runs an INSERT for all `rows`, which have the same two or more keys, as `connection.execute` would."""
    names = tuple(rows[0])
    if connection.dialect.name == "sqlite":
        sql, columns = _plain(connection.dialect, statement, names)
        connection.exec_driver_sql(sql, columns.tuples(rows))
    elif len(rows) < FEW:
        connection.execute(statement, rows)
    else:
        _copy(connection, statement, names, rows)


@lru_cache(256)
def _plain(dialect: Dialect, statement: Insert, names: tuple[str, ...]) -> tuple[str, _Columns]:
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    order = tuple(compiled.positiontup or ())
    return str(compiled), _columns(dialect, statement.table, order)


def _copy(connection: Connection, statement: Insert, names: tuple[str, ...], rows: Sequence[Values]) -> None:
    """Copies the rows to a table of this connection's own, and inserts them from there in the order they came."""
    target = statement.table
    incoming = f"incoming_{target.name}"
    connection.exec_driver_sql(
        f"CREATE TEMPORARY TABLE IF NOT EXISTS {incoming} (LIKE {target.name}) ON COMMIT DELETE ROWS"
    )
    quoted = ", ".join(f'"{name}"' for name in names)
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {incoming} ({quoted}) FROM STDIN") as copy:
        for each in _columns(connection.dialect, target, names).tuples(rows):
            copy.write_row(each)
    arrived: Any = select(*(column(name) for name in names)).select_from(table(incoming))
    connection.execute(statement.from_select(names, arrived))
    connection.execute(delete(table(incoming)))


@lru_cache(256)
def _columns(dialect: Dialect, target: Table, names: tuple[str, ...]) -> _Columns:
    processors = ((at, _processor(dialect, target.c[name].type)) for at, name in enumerate(names))
    return _Columns(names, tuple((at, found) for at, found in processors if found))


def _processor(dialect: Dialect, kind: TypeEngine[Any]) -> Callable[[Any], Any] | None:
    processor = kind.dialect_impl(dialect).bind_processor(dialect)
    stored = kind.impl_instance if isinstance(kind, TypeDecorator) else kind
    return lru_cache(MEMORY)(processor) if processor and isinstance(stored, Date | DateTime) else processor
