"""A file without problems becomes part of the service: little by little out of sight, then all of it in an instant."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.database import Database
from assessment import firm_storing, programme_figures, register_counts, waiting_firms
from assessment.firm_imports import Found
from assessment.firm_intake import Intake
from assessment.firm_storing import Order
from assessment.register_counts import RegisterSheet

PAGES_IN_MEMORY_KIB = 64 * 1024
READY = "ready"  # on SQLite the database beside ours in which rows lie until they are shown
Said = Callable[[int], None]
Finish = Callable[[Session], None]  # notes that the import is in; raises where it is not ours any more


class Brought(Protocol):
    """A file without problems, ready to be stored."""

    found: Found

    def store(self, database: Database, order: Order, finish: Finish, said: Said) -> None: ...

    def close(self) -> None: ...


@dataclass(slots=True)
class BroughtFirms:
    """Firms with their assessments, scored and staged."""

    intake: Intake
    found: Found

    def store(self, database: Database, order: Order, finish: Finish, said: Said) -> None:
        clear(database, order.order_id)
        waiting = firm_storing.store_waiting(self.intake, order, database.transaction, said)
        with _connection_of_its_own(database, self.intake.staged.folder) as connection:
            with Session(connection) as session, session.begin():
                firm_storing.make_ready(session, waiting, order, READY if database.is_sqlite else "")
            connection.execution_options(writing=True)
            with Session(connection) as session, session.begin():
                finish(session)
                firm_storing.show(session, waiting, order)
        # Ended before this, they are worked out within the day.
        with database.transaction() as session:
            programme_figures.order_of_grown(session, self.intake.sheet.setting.programme_id, order.now)

    def close(self) -> None:
        self.intake.staged.close()


@dataclass(slots=True)
class BroughtRegister:
    """The rows of a register."""

    programme_id: int
    sheet: RegisterSheet
    found: Found

    def store(self, database: Database, order: Order, finish: Finish, said: Said) -> None:
        with database.transaction() as session:
            finish(session)
            register_counts.replace(session, self.programme_id, self.sheet)

    def close(self) -> None:
        return


def clear(database: Database, own: int = 0) -> None:
    """Delete what imports have left that were killed, in small steps with as long a pause after each."""
    more = True
    while more:
        with database.transaction() as session:
            begun = time.monotonic()
            more = waiting_firms.clear(session, datetime.now(UTC), own)
        if more:
            time.sleep(time.monotonic() - begun)


@contextmanager
def _connection_of_its_own(database: Database, folder: Path) -> Iterator[Connection]:
    """A connection that ends here, and with it the tables that are ready on it.

    SQLite looks for what each new row refers to, and for that reads every page of assessments once more: three quarters
    of the time that everybody waits. So it leaves that, and `firm_storing.show` asks itself, by an index.
    """
    with database.engine.connect() as connection:
        connection.detach()
        own: Any = connection.connection.dbapi_connection  # no transaction is begun: these have no effect in one
        if database.is_sqlite:
            own.execute("PRAGMA foreign_keys = OFF")
            own.execute(f"PRAGMA cache_size = -{PAGES_IN_MEMORY_KIB}")
            _attach(own, folder)
        yield connection


def _attach(own: Any, folder: Path) -> None:
    """Put a database beside ours, in a file without a name: SQLite as we have it keeps temporary tables in memory."""
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".ready-") as file:
        own.execute(f"ATTACH ? AS {READY}", (file.name,))
        own.execute(f"PRAGMA {READY}.journal_mode = OFF")
        own.execute(f"PRAGMA {READY}.synchronous = OFF")
        own.execute(f"PRAGMA {READY}.locking_mode = EXCLUSIVE")
        own.execute(f"CREATE TABLE {READY}.begun (at)")
