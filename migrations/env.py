"""How migrations run: in one transaction, with foreign keys that cannot delete, and every row counted."""

from collections.abc import Mapping
from typing import Any

from alembic import context
from sqlalchemy import Connection, Engine, inspect, text

from app.database import make_engine
from app.settings import Settings
from assessment.tables import Moment, Table

LOCK = 7_309_110  # any number, the same for all instances: they migrate one after the other


def connectable() -> Engine:
    given = context.config.attributes.get("connection")
    return given if isinstance(given, Engine) else make_engine(Settings().database_url)


def row_counts(connection: Connection) -> dict[str, int]:
    quote = connection.dialect.identifier_preparer.quote
    names = [n for n in inspect(connection).get_table_names() if n != "alembic_version"]
    return {n: connection.execute(text(f"SELECT count(*) FROM {quote(n)}")).scalar_one() for n in names}  # noqa: S608


def check_rows(connection: Connection, before: Mapping[str, int], may_lose: set[str]) -> None:
    after = row_counts(connection)
    lost = {n: (rows, after[n]) for n, rows in before.items() if n in after and after[n] < rows and n not in may_lose}
    if lost:
        raise RuntimeError(f"rows were lost, nothing is changed: {lost}")
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"rows point nowhere, nothing is changed: {broken[:5]}")


def write_plain_types(kind: str, item: Any, _context: object) -> str | bool:
    # A migration imports nothing of ours: what it did must not change when our types do.
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


def run(connection: Connection) -> None:
    may_lose: set[str] = set()

    def note_what_it_may_lose(step: Any, **_: object) -> None:
        # A downgrade drops what its revision made; an upgrade has to name the tables it takes rows from.
        if step.is_upgrade:
            may_lose.update(getattr(step.up_revision.module, "TAKES_ROWS_FROM", ()))

    context.configure(
        connection=connection,
        target_metadata=Table.metadata,
        render_as_batch=True,
        transactional_ddl=True,
        render_item=write_plain_types,
        on_version_apply=note_what_it_may_lose,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL lock_timeout = '5s'"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        before = row_counts(connection)
        context.run_migrations()
        check_rows(connection, before, may_lose)


def main() -> None:
    engine = connectable().execution_options(writing=True)
    with engine.connect() as connection:
        sqlite = connection.connection.driver_connection if connection.dialect.name == "sqlite" else None
        if sqlite is not None:
            # Before BEGIN, where it still counts: rebuilding a parent table would delete its children by cascade.
            sqlite.execute("PRAGMA foreign_keys = OFF")
        try:
            run(connection)
        finally:
            if sqlite is not None:
                connection.rollback()
                sqlite.execute("PRAGMA foreign_keys = ON")


main()
