"""A file without problems becomes part of the service: little by little out of sight, then all of it in an instant."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.database import Database
from assessment import firm_storing, programme_figures, register_counts, waiting_firms
from assessment.firm_imports import Found
from assessment.firm_intake import Intake
from assessment.firm_storing import Order
from assessment.register_counts import RegisterSheet

PAGES_IN_MEMORY_KIB = 128 * 1024  # what 100,000 firms change at the last; more is written twice, and takes longer
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
        with _connection_of_its_own(database) as connection:
            with Session(connection) as session, session.begin():
                firm_storing.make_ready(session, waiting, order)
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
def _connection_of_its_own(database: Database) -> Iterator[Connection]:
    """A connection that ends here, and with it the temporary tables that are ready on it."""
    with database.engine.connect() as connection:
        connection.detach()
        if database.is_sqlite:
            connection.exec_driver_sql(f"PRAGMA cache_size = -{PAGES_IN_MEMORY_KIB}")
            connection.rollback()
        yield connection
