"""Storing what a file brings: others are served meanwhile, nobody sees a part of it, and it survives any end."""

import itertools
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, func, select, update
from sqlalchemy.orm import Session

from app import import_storing
from app.database import Database
from app.import_job import Told
from app.import_storing import Brought
from app.settings import Settings
from assessment import firm_duplicates, firm_storing, firms, job_queue, waiting_firms
from assessment.firm_storing import FirmsHaveChanged, Order
from assessment.particulars import WAITING
from assessment.tables import Assessment, CaseEvent, Firm, Job, Outcome, ProgrammeCase
from tests.app.test_import_job import counts, imports_of, made_up, order_of, programme_id, wanted, work
from tests.factories import TINY_FOLDER

__all__ = ["programme_id"]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

TAKE_AND_DIE = """
import os, signal, sys
from datetime import timedelta
from pathlib import Path
from app.database import Database
from app.import_job import KIND, ImportWork
from app.jobs import Worker
from app.settings import Settings
from app.shelf import Shelf
from assessment import firm_storing, import_orders, job_queue, waiting_firms
url, artifacts, shelf, step, before = sys.argv[1:]
waiting_firms.MOST_AT_ONCE = 50
modules = {"waiting": waiting_firms.Waiting, "storing": firm_storing, "orders": import_orders, "queue": job_queue}
of, name = step.split(".")
real, left = getattr(modules[of], name), int(before)
def die(*arguments, **named):
    global left
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1
    return real(*arguments, **named)
setattr(modules[of], name, die)
settings = Settings(database_url=url, artifacts=Path(artifacts), workers=0)
work = ImportWork(Database(url), settings, Shelf(Path(shelf)))
Worker(work.database, {KIND: work}, timedelta(seconds=1)).work_once()
"""


def die_at(database: Database, settings: Settings, step: str, calls: int) -> None:
    """Take in what waits, in a process that is killed at this step when it was called so often."""
    url = str(database.url.render_as_string(hide_password=False))
    arguments = [url, str(settings.artifacts), str(TINY_FOLDER), step, str(calls)]
    killed = subprocess.run([sys.executable, "-c", TAKE_AND_DIE, *arguments], check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr


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


def test_large_rows_are_stored_in_small_transactions_and_none_in_the_last(
    database: Database, settings: Settings, programme_id: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting_firms, "MOST_AT_ONCE", 40)
    monkeypatch.setattr(waiting_firms, "BYTES_AT_ONCE", 50_000)
    monkeypatch.setattr(waiting_firms, "FIRMS_AT_ONCE", 100)
    *before, last, figures = stored(database, settings, programme_id, made_up(tmp_path, 300)).all
    assert any("INTO programme_figures" in statement for statement, *_ in figures)
    assert set(counts(database).values()) == set(seen(database).values()) == {300}
    with_assessments = [each for each in before if any("INTO assessment" in statement for statement, *_ in each)]
    assert len(with_assessments) >= 8
    for each in before:
        assert sum(rows for _, rows, _ in each) <= 100
    for each in with_assessments:
        assert sum(rows for _, rows, _ in each) <= 40
        assert sum(size for *_, size in each) <= 60_000
    assert not any("INTO assessment" in statement for statement, *_ in last)


def test_the_last_transaction_has_as_many_statements_for_many_firms_as_for_few(
    database: Database, settings: Settings, programme_id: int, tmp_path: Path
) -> None:
    last = stored(database, settings, programme_id, made_up(tmp_path, 20)).showing()
    with database.transaction() as session:
        for one in session.scalars(select(Firm)):
            session.delete(one)
    larger = stored(database, settings, programme_id, made_up(tmp_path, 400)).showing()
    assert [statement for statement, *_ in larger] == [statement for statement, *_ in last]
    assert len(last) <= 8
    assert max(rows for _, rows, _ in larger) <= 1  # none is told row by row


def test_others_save_between_two_steps_and_see_nothing_of_it(
    database: Database, settings: Settings, programme_id: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting_firms, "MOST_AT_ONCE", 30)
    found = brought(database, settings, programme_id, made_up(tmp_path, 200))
    had: list[int] = []

    def save(rows: int) -> None:
        had.append(rows)
        with database.transaction() as session:  # it has no turn to wait for
            assert firms.search(session, "") == []
            assert firm_duplicates.list_alike(session) == []
            session.add(Job(kind="none", key=str(rows), state="done", run_at=NOW, created_at=NOW))
        assert set(seen(database).values()) == {0}

    found.store(database, Order(1, None, NOW), lambda _session: None, save)
    found.close()
    assert max(later - earlier for earlier, later in itertools.pairwise(had)) == 30
    assert had[-1] == 200
    assert set(seen(database).values()) == {200}


def test_what_a_firm_gets_that_is_here_is_seen_with_all_the_rest(
    database: Database, settings: Settings, programme_id: int, tmp_path: Path
) -> None:
    with database.transaction() as session:
        for number in range(1, 6):
            session.add(Firm(id=number * 90, name=f"Firm {number}", country="MY", created_at=NOW))
    lines = ["name,assessed_on,machines.1", *(f"Firm {number},2023-05-0{number},1" for number in range(1, 8)), ""]
    path = tmp_path / "some.csv"
    path.write_text("\n".join(lines))
    found = brought(database, settings, programme_id, path)
    told: list[dict[str, int]] = []
    found.store(database, Order(1, None, NOW), lambda _session: None, lambda _rows: told.append(seen(database)))
    found.close()
    assert all((each["firm"], each["assessment"]) == (5, 0) for each in told)
    assert seen(database) == {"firm": 7, "assessment": 7, "outcome": 7, "programme_case": 7, "case_event": 7}
    with database.reader() as session:
        of_firms = select(Firm.id, Assessment.submitted_at, ProgrammeCase.assessment_id == Assessment.id)
        rows = session.execute(
            of_firms.join(Assessment, Assessment.firm_id == Firm.id)
            .join(ProgrammeCase, ProgrammeCase.firm_id == Firm.id)
            .order_by(Firm.id)
        ).all()
        days = {firm: day.day for firm, day, _ in rows if day is not None}
        assert {firm: days.pop(firm) for firm in (90, 180, 270, 360, 450)} == {90: 1, 180: 2, 270: 3, 360: 4, 450: 5}
        assert sorted(days.values()) == [6, 7]
        assert all(is_of_case for *_, is_of_case in rows)
        assert (session.scalar(select(func.min(Firm.id))) or 0) > 0  # with whom they waited is gone


def test_what_a_killed_import_left_is_deleted_and_what_is_worked_on_stays(
    database: Database, settings: Settings, programme_id: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting_firms, "MOST_AT_ONCE", 30)
    with database.transaction() as session:
        session.add(Firm(name="Kilang", country="MY", registration_number="201900000003", created_at=NOW))
    number = wanted(database, settings, programme_id, made_up(tmp_path, 100))
    with monkeypatch.context() as patched:
        patched.setattr(firm_storing, "make_ready", leave)
        with pytest.raises(SystemExit):
            work(database, settings)
    assert counts(database)["assessment"] == 100
    import_storing.clear(database)  # its lease is not over: another may be at work
    assert counts(database)["assessment"] == 100
    end_leases(database)
    import_storing.clear(database)
    assert seen(database)["firm"] == counts(database)["firm"] == 1
    assert counts(database)["assessment"] == 0
    assert order_of(database, number).state == "taking"


def test_an_import_that_was_taken_away_shows_nothing(
    database: Database, settings: Settings, programme_id: int, tmp_path: Path
) -> None:
    found = brought(database, settings, programme_id, made_up(tmp_path, 30))

    def another_begins(session: Session) -> None:
        while waiting_firms.clear(session, NOW, own=1):
            pass

    with pytest.raises(FirmsHaveChanged):
        found.store(database, Order(1, None, NOW), another_begins, lambda _rows: None)
    found.close()
    assert set(seen(database).values()) == {0}


STEPS = {  # where it is killed, after how many calls, and how many assessments wait then
    "in the middle": ("waiting._store_assessments", 2, 100),
    "all is ready": ("orders.note_done", 0, 200),
    "all but committed": ("storing._note_old_cases", 0, 200),
}


@pytest.mark.parametrize(("step", "calls", "waiting"), STEPS.values(), ids=list(STEPS))
def test_killed_anywhere_nothing_is_seen_and_the_job_is_done_again(
    database: Database, settings: Settings, programme_id: int, tmp_path: Path, step: str, calls: int, waiting: int
) -> None:
    number = wanted(database, settings, programme_id, made_up(tmp_path, 200))
    die_at(database, settings, step, calls)
    assert seen(database) == dict.fromkeys(counts(database), 0)
    assert counts(database)["assessment"] == waiting
    assert order_of(database, number).state == "taking"
    end_leases(database)
    work(database, settings)
    assert order_of(database, number).state == "done"
    assert set(counts(database).values()) == set(seen(database).values()) == {200}


def test_ended_once_all_is_shown_it_is_not_done_twice(
    database: Database, settings: Settings, programme_id: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = wanted(database, settings, programme_id, made_up(tmp_path, 20))
    with monkeypatch.context() as patched:
        patched.setattr(job_queue, "finish", leave)
        with pytest.raises(SystemExit):
            work(database, settings)
    assert order_of(database, number).state == "done"
    assert set(seen(database).values()) == {20}
    end_leases(database)
    work(database, settings)
    assert set(counts(database).values()) == {20}


def test_a_firm_that_registers_meanwhile_is_not_taken_in_twice(
    database: Database, settings: Settings, programme_id: int, tmp_path: Path
) -> None:
    path = tmp_path / "one.csv"
    path.write_text("name,registration_number\nKilang Satu,20190001\n")
    found = brought(database, settings, programme_id, path)
    with database.transaction() as session:
        session.add(Firm(name="Kilang Satu", country="MY", registration_number="2019-0001", created_at=NOW))
    with pytest.raises(FirmsHaveChanged):
        found.store(database, Order(1, None, NOW), lambda _session: None, lambda _rows: None)
    found.close()
    assert seen(database)["firm"] == 1
