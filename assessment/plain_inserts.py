"""Very many rows into a table at once: what is JSON already goes in as it is, numbers of rows are known beforehand."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import JSON, Dialect, func, select, text
from sqlalchemy import Table as Columns
from sqlalchemy.orm import Session

from assessment.tables import Table

Convert = Callable[[Any], Any]


def insert_many(
    session: Session,
    of: type[Table],
    same: Mapping[str, Any],
    names: Sequence[str],
    rows: Sequence[Sequence[Any]],
    into: str = "",
) -> None:
    """Insert rows of these columns; `same` is alike in all of them, and other columns have their defaults.

    `into` is another table with the columns of this one. JSON is given as text.

    The rows go to the driver as they are: making statements of them takes longer than storing.
    """
    if not rows:
        return
    connection = session.connection()
    dialect = connection.dialect
    alike = {**_defaults(of, frozenset((*same, *names))), **same}
    first = tuple(_converter(of, name, dialect)(value) for name, value in alike.items())
    changed = {place: _converter(of, name, dialect) for place, name in enumerate(names) if _needs(of, name, dialect)}
    known: dict[Any, Any] = {}

    def converted(row: Sequence[Any]) -> tuple[Any, ...]:
        found = list(row)
        for place, convert in changed.items():
            value = found[place]
            if value not in known:
                known[value] = convert(value)
            found[place] = known[value]
        return (*first, *found)

    statement = _statement(of, (*alike, *names), dialect, into or of.__tablename__)
    connection.exec_driver_sql(statement, [converted(row) if changed else (*first, *row) for row in rows])


def _statement(of: type[Table], names: Sequence[str], dialect: Dialect, into: str) -> str:
    columns = cast(Columns, of.__table__).columns
    is_sqlite = dialect.name == "sqlite"
    places = ["?" if is_sqlite else "%s::json" if isinstance(columns[n].type, JSON) else "%s" for n in names]
    return f"INSERT INTO {into} ({', '.join(names)}) VALUES ({', '.join(places)})"  # noqa: S608  our names


@lru_cache
def _defaults(of: type[Table], given: frozenset[str]) -> dict[str, Any]:
    """What a column that is not given holds, where that is a plain value; the others become NULL."""
    found: dict[str, Any] = {}
    for each in cast(Columns, of.__table__).columns:
        default: Any = each.default
        if each.name in given or default is None:
            continue
        value = default.arg if default.is_scalar else default.arg(None)
        found[each.name] = "[]" if value == [] else "{}" if value == {} else value
    return found


@lru_cache
def _needs(of: type[Table], name: str, dialect: Dialect) -> bool:
    kind = cast(Columns, of.__table__).columns[name].type
    return not isinstance(kind, JSON) and kind.dialect_impl(dialect).bind_processor(dialect) is not None


@lru_cache
def _converter(of: type[Table], name: str, dialect: Dialect) -> Convert:
    if not _needs(of, name, dialect):
        return _as_is
    kind = cast(Columns, of.__table__).columns[name].type
    return cast(Convert, kind.dialect_impl(dialect).bind_processor(dialect))


def _as_is(value: Any) -> Any:
    return value


def reserve(session: Session, of: type[Table], count: int) -> NDArray[np.int64]:
    """Numbers for so many new rows, which nobody else will get. On SQLite the caller holds the one writer."""
    mapped = cast(Columns, of.__table__)
    if session.get_bind().dialect.name == "sqlite":
        newest = session.scalar(select(func.max(mapped.c.id))) or 0
        return np.arange(newest + 1, newest + 1 + count, dtype=np.int64)
    sequence = session.scalar(select(func.pg_get_serial_sequence(mapped.name, "id")))
    taken = text("SELECT nextval(:sequence) FROM generate_series(1, :count)")
    return np.fromiter(session.scalars(taken, {"sequence": sequence, "count": count}), dtype=np.int64, count=count)
