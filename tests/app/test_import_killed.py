"""An import that is killed: nothing of it is seen, what it left is deleted, and it is done again."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app import import_storing
from app.database import Database
from app.settings import Settings
from assessment import firm_storing, job_queue, waiting_firms
from assessment.firm_storing import FirmsHaveChanged, Order
from assessment.tables import Firm
from tests.app.taking_in import NOW, brought, die_at, end_leases, leave, seen
from tests.app.test_import_job import counts, made_up, order_of, programme_id, wanted, work

__all__ = ["programme_id"]


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


def test_killed_at_three_places_nothing_is_seen_and_the_job_is_done_again(
    database: Database, settings: Settings, programme_id: int, tmp_path: Path
) -> None:
    number = wanted(database, settings, programme_id, made_up(tmp_path, 200))
    for step, calls, waiting in STEPS.values():
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
