"""A database as it was, put back as often as a test likes: a file on SQLite, a schema of its own on PostgreSQL."""

import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy import Table as SqlTable

from app.database import Database, sqlite
from assessment.tables import Table

TABLES = tuple(Table.metadata.sorted_tables)
# Who was seen when and what was counted changes with every visit; of the first two it matters what has ended.
UNSTEADY = {"user_session": "ended_at", "api_token": "revoked_at", "attempt_count": None}
INSERTED = re.compile(rf'INSERT INTO "?({"|".join(UNSTEADY)})"? ')


class Kept(Protocol):
    """What is stored, and how it was when it was kept."""

    def put_back(self) -> None: ...

    def rows(self, *, then: bool = False) -> list[str]:
        """All that is stored, or was, but for who was seen when and what was counted."""

    def close(self) -> None: ...


@dataclass(frozen=True)
class KeptFile:
    """SQLite: a copy of the file."""

    file: Path

    @property
    def _as_it_was(self) -> Path:
        return self.file.with_name("as-it-was.db")

    @classmethod
    def keep(cls, file: Path) -> "KeptFile":
        kept = cls(file)
        copy(file, kept._as_it_was)
        return kept

    def put_back(self) -> None:
        copy(self._as_it_was, self.file)

    def rows(self, *, then: bool = False) -> list[str]:
        at_rest = self.file.with_name("at-rest.db")
        copy(self._as_it_was if then else self.file, at_rest)
        connection = sqlite3.connect(at_rest)
        found = [line for line in connection.iterdump() if not INSERTED.match(line)]
        for name, ends in UNSTEADY.items():
            if ends:
                found += map(repr, connection.execute(f"SELECT '{name}', id, {ends} FROM \"{name}\""))  # noqa: S608
        connection.close()
        return found

    def close(self) -> None:
        self._as_it_was.unlink()


@dataclass(frozen=True)
class KeptSchema:
    """PostgreSQL: a copy of every table, beside the database's own."""

    engine: Engine

    @classmethod
    def keep(cls, url: str) -> "KeptSchema":
        kept = cls(create_engine(url))
        with kept.engine.begin() as connection:
            connection.exec_driver_sql("CREATE SCHEMA kept")
            for table in TABLES:
                connection.exec_driver_sql(f'CREATE TABLE kept."{table.name}" AS TABLE public."{table.name}"')
        return kept

    def put_back(self) -> None:
        names = ", ".join(f'"{table.name}"' for table in TABLES)
        filled = [f'INSERT INTO public."{t.name}" SELECT * FROM kept."{t.name}"' for t in TABLES]  # noqa: S608
        with self.engine.begin() as connection:
            connection.exec_driver_sql("; ".join([f"TRUNCATE {names}", *filled]))

    def rows(self, *, then: bool = False) -> list[str]:
        with self.engine.connect() as connection:
            return [row for table in TABLES for row in _rows_of(connection, table, "kept" if then else "public")]

    def close(self) -> None:
        self.engine.dispose()


def _rows_of(connection: Connection, table: SqlTable, schema: str) -> list[str]:
    columns = "*"
    if table.name in UNSTEADY:
        ends = UNSTEADY[table.name]
        if ends is None:
            return []
        columns = f"id, {ends}"
    order = ", ".join(f'"{column.name}"' for column in table.primary_key)
    query = f'SELECT {columns} FROM {schema}."{table.name}" ORDER BY {order}'  # noqa: S608
    return [f"{table.name} {tuple(row)}" for row in connection.exec_driver_sql(query)]


def copy(source: Path, target: Path) -> None:
    """All pages of a SQLite database, through its own locks: the service may have it open."""
    # By the same SQLite as the service: two of them in one process lose each other's locks.
    here, there = sqlite.connect(source), sqlite.connect(target)
    here.backup(there)
    here.close()
    there.close()


def highest(database: Database) -> dict[str, int]:
    """The greatest number in each table that has numbers."""
    with database.reader() as session:
        return {t.name: session.scalar(text(f'SELECT coalesce(max(id), 0) FROM "{t.name}"')) or 0 for t in _numbered()}  # noqa: S608


def leave_only(url: str, after: dict[str, int], until: dict[str, int]) -> None:
    """Take away every row of the firms that came before and after, whatever the service would allow."""
    database = Database(url)
    with database.transaction() as session:
        connection = session.connection()
        _without_triggers(connection)
        for table in reversed(TABLES):
            for column, of in _numbers_in(table):
                outside = text(f'DELETE FROM "{table.name}" WHERE "{column}" <= :after OR "{column}" > :until')  # noqa: S608
                connection.execute(outside, {"after": after[of], "until": until[of]})
    database.close()


def _without_triggers(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        for table in TABLES:
            connection.exec_driver_sql(f'ALTER TABLE "{table.name}" DISABLE TRIGGER USER')
        return
    for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')


def _numbered() -> list[SqlTable]:
    return [table for table in TABLES if "id" in table.columns]


def _numbers_in(table: SqlTable) -> list[tuple[str, str]]:
    """The column by which a row belongs to a firm, and the table whose numbers those are."""
    if "id" in table.columns:
        return [("id", table.name)]
    return [(key.parent.name, key.column.table.name) for key in table.foreign_keys if key.column.name == "id"]
