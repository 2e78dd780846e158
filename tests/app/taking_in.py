"""Taking in a file, watched: what each transaction did, what others see meanwhile, and how it is killed in between."""

import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, func, select, update

from app.database import Database
from app.import_job import KIND, ImportWork, Told
from app.import_storing import Brought
from app.jobs import Worker
from app.settings import Settings
from app.shelf import Shelf
from assessment import firm_storing, import_orders, waiting_firms
from assessment.firm_storing import Order
from assessment.particulars import WAITING
from assessment.tables import Assessment, CaseEvent, Firm, Job, Outcome, ProgrammeCase
from tests.app.test_import_job import imports_of
from tests.factories import TINY_FOLDER

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
OWNERS: dict[str, Any] = {"waiting": waiting_firms.Waiting, "storing": firm_storing, "orders": import_orders}
# A process of it has all modules from the beginning: to be killed three times takes three seconds less.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([__name__])


def die_at(database: Database, settings: Settings, step: str, calls: int) -> None:
    """Take in what waits, in a process that is killed at this step when it was called so often."""
    url = str(database.url.render_as_string(hide_password=False))
    process = FORKS.Process(target=_take_and_die, args=(url, str(settings.artifacts), step, calls))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL


def _take_and_die(url: str, artifacts: str, step: str, left: int) -> None:
    waiting_firms.MOST_AT_ONCE = 50
    of, name = step.split(".")
    real = getattr(OWNERS[of], name)

    def die(*arguments: Any, **named: Any) -> Any:
        nonlocal left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
        return real(*arguments, **named)

    setattr(OWNERS[of], name, die)
    settings = Settings(database_url=url, artifacts=Path(artifacts), workers=0)
    work = ImportWork(Database(url), settings, Shelf(TINY_FOLDER))
    Worker(work.database, {KIND: work}, timedelta(seconds=1)).work_once()


def leave(*_arguments: object) -> None:
    raise SystemExit


def end_leases(database: Database) -> None:
    with database.transaction() as session:
        session.execute(update(Job).values(lease_until=datetime.now(UTC) - timedelta(seconds=1)))


def seen(database: Database) -> dict[str, int]:
    """What there is of firms that anybody can know."""
    known = select(Firm.id).where(Firm.country != WAITING)
    of_firms = {
        "firm": select(func.count()).select_from(Firm).where(Firm.id.in_(known)),
        "assessment": select(func.count()).select_from(Assessment).where(Assessment.firm_id.in_(known)),
    }
    others = {of.__tablename__: select(func.count()).select_from(of) for of in (Outcome, ProgrammeCase, CaseEvent)}
    with database.reader() as session:
        return {name: session.scalar(query) or 0 for name, query in (of_firms | others).items()}


def brought(database: Database, settings: Settings, programme_id: int, path: Path) -> Brought:
    found, _ = imports_of(database, settings).bring(programme_id, "firms", path, Told(), lambda _rows: None)
    return found


class Transactions:
    """What was done in each transaction that wrote: statements, how many rows were handed over, how many characters."""

    def __init__(self) -> None:
        self.all: list[list[tuple[str, int, int]]] = []
        self._now: dict[int, list[tuple[str, int, int]]] = {}

    @contextmanager
    def of(self, database: Database) -> Iterator[None]:
        listeners = (("before_cursor_execute", self._heard), ("commit", self._committed), ("rollback", self._dropped))
        for name, listener in listeners:
            event.listen(database.engine, name, listener)
        yield
        for name, listener in listeners:
            event.remove(database.engine, name, listener)

    def _heard(
        self, connection: Connection, _cursor: Any, statement: str, given: Any, _context: Any, _many: bool
    ) -> None:
        if "coming_" in statement and statement.startswith(("CREATE", "DROP", "INSERT INTO coming_")):
            return  # temporary tables are this connection's own
        rows = given if isinstance(given, list) else []
        size = sum(len(cell) for row in rows for cell in row if isinstance(cell, str | bytes))
        if statement.split()[0] in {"INSERT", "UPDATE", "DELETE"}:
            self._now.setdefault(id(connection), []).append((statement, len(rows), size))

    def _committed(self, connection: Connection) -> None:
        if done := self._now.pop(id(connection), None):
            self.all.append(done)

    def showing(self) -> list[tuple[str, int, int]]:
        """The one in which what lies ready is shown."""
        return next(each for each in self.all if any("coming_" in statement for statement, *_ in each))

    def _dropped(self, connection: Connection) -> None:
        self._now.pop(id(connection), None)


def stored(database: Database, settings: Settings, programme_id: int, path: Path) -> Transactions:
    """What taking in this file did."""
    found = brought(database, settings, programme_id, path)
    done = Transactions()
    with done.of(database):
        found.store(database, Order(1, None, NOW), lambda _session: None, lambda _rows: None)
    found.close()
    return done
