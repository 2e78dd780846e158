"""Storing what a file brings: others are served meanwhile, nobody sees a part of it, and nothing is stored twice."""

import itertools
from pathlib import Path

import pytest
from sqlalchemy import Delete, delete, func, select
from sqlalchemy.orm import Session

from app.database import Database
from app.settings import Settings
from assessment import firm_duplicates, firms, waiting_firms
from assessment.case_states import ASSESSOR
from assessment.firm_storing import FirmsHaveChanged, Order
from assessment.tables import Assessment, Firm, Job, Programme, ProgrammeCall, ProgrammeCase, ProgrammeMember, User
from tests.app.taking_in import NOW, brought, seen, stored
from tests.app.test_import_job import counts, made_up, programme_id
from tests.assessment import programmes

__all__ = ["programme_id"]


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
            assert firms.search(session, "", 10) == []
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


GONE = {  # what goes, and a sheet that refers to it
    "firm": (delete(Firm).where(Firm.id == 90), "name,registration_number\nKilang,1\n"),
    "firm with a case": (
        delete(Firm).where(Firm.id == 91),
        "name,registration_number,assessed_on,machines.1\nBesar,2,2024-05-05,1\n",
    ),
    "call": (delete(ProgrammeCall), "name\nOther\n"),
    "assessor": (delete(ProgrammeMember), "name,assessor\nOther,assessor@programme.example\n"),
    "person": (delete(User), "name\nOther\n"),
    "assessments": (delete(Assessment), "name,assessed_on,machines.1\nOther,2024-05-05,1\n"),
}


@pytest.mark.parametrize(("away", "sheet"), GONE.values(), ids=list(GONE))
def test_what_is_gone_that_rows_refer_to_refuses_them_all(
    database: Database, settings: Settings, programme_id: int, tmp_path: Path, away: Delete, sheet: str
) -> None:
    """SQLite does not look for it by itself in the transaction that shows them."""
    with database.transaction() as session:
        programme = session.get_one(Programme, programme_id)
        assessor = programmes.member(session, programme, ASSESSOR)
        user_id = assessor.user_id
        session.add(Firm(id=90, name="Kilang", country="MY", registration_number="1", created_at=NOW))
        session.add(Firm(id=91, name="Besar", country="MY", registration_number="2", created_at=NOW))
        call_id = session.scalars(select(ProgrammeCall.id)).one()
        of = {"programme_id": programme_id, "call_id": call_id, "firm_id": 91, "state": "applied"}
        session.add(ProgrammeCase(**of, created_at=NOW, changed_at=NOW))
    path = tmp_path / "some.csv"
    path.write_text(sheet)
    before = seen(database)
    found = brought(database, settings, programme_id, path)

    def goes(session: Session) -> None:
        session.execute(away)

    with pytest.raises(FirmsHaveChanged):
        found.store(database, Order(1, user_id, NOW), goes, lambda _rows: None)
    found.close()
    assert seen(database) == before
