"""Files of firms: every planted mistake is found at its row, and what is well is taken in whole or not at all."""

import os
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from sqlalchemy import func, select

from app import import_files
from app.database import Database
from app.import_job import KIND, Imports, ImportWork, Told
from app.jobs import Worker
from app.settings import Settings
from app.shelf import Shelf
from assessment import import_orders, outcomes
from assessment.results import wishes_for
from assessment.snapshots import Snapshot, readiness_as_json
from assessment.tables import (
    Assessment,
    CaseEvent,
    Firm,
    ImportOrder,
    Outcome,
    Programme,
    ProgrammeCase,
    RegisterCount,
    Table,
)
from questionnaires.library import Definition
from scoring.readiness import readiness
from tests import firm_sheets
from tests.assessment import programmes
from tests.factories import TINY_FOLDER, tiny

LONG = bool(os.environ.get("FOURWARD_LONG"))
WHOLE = (100_000, 500) if LONG else (2000, 100)
STORED: tuple[type[Table], ...] = (Firm, Assessment, Outcome, ProgrammeCase, CaseEvent)


@pytest.fixture
def programme_id(database: Database) -> int:
    with database.transaction() as session:
        made = programmes.programme(session)
        programmes.call(session, made)
        return made.id


def imports_of(database: Database, settings: Settings) -> Imports:
    return Imports(database, Shelf(TINY_FOLDER), import_files.import_folder(settings))


def counts(database: Database) -> dict[str, int]:
    with database.reader() as session:
        return {t.__tablename__: session.scalar(select(func.count()).select_from(t)) or 0 for t in STORED}


def look(database: Database, settings: Settings, programme_id: int, path: Path, kind: str = "firms") -> Told:
    told = Told()
    imports_of(database, settings).look(programme_id, kind, path, told, lambda _rows: None)
    return told


def sent(database: Database, settings: Settings, programme_id: int, path: Path, kind: str = "firms") -> int:
    """An order for a file that lies where it is looked for."""
    with path.open("rb") as file:
        sha256 = import_files.store(import_files.import_folder(settings), file)
    with database.transaction() as session:
        return import_orders.order(session, programme_id, kind, path.name, sha256, None, datetime.now(UTC)).id


def work(database: Database, settings: Settings) -> None:
    """Do every job that waits."""
    worker = Worker(database, {KIND: ImportWork(database, settings, Shelf(TINY_FOLDER))}, timedelta(seconds=30))
    while worker.work_once():
        pass


def wanted(database: Database, settings: Settings, programme_id: int, path: Path, kind: str = "firms") -> int:
    """Send a file, look at it, and order it to be taken in."""
    number = sent(database, settings, programme_id, path, kind)
    work(database, settings)
    with database.transaction() as session:
        found = import_orders.get_order(session, programme_id, str(number), for_change=True)
        import_orders.take(session, found, datetime.now(UTC))
    return number


def made_up(folder: Path, count: int) -> Path:
    """A file of so many firms without a problem."""
    questionnaire = tiny().questionnaire
    names, rows = firm_sheets.heads(questionnaire), firm_sheets.rows(questionnaire, count)
    return firm_sheets.write_csv(folder / "firms.csv", names, rows)


def day_of(assessment: Assessment) -> str:
    assert assessment.submitted_at is not None
    return assessment.submitted_at.date().isoformat()


def order_of(database: Database, number: int) -> ImportOrder:
    with database.reader() as session:
        return session.get_one(ImportOrder, number)


def take(database: Database, settings: Settings, programme_id: int, path: Path, kind: str = "firms") -> ImportOrder:
    """Send a file, look at it, and take it in."""
    number = wanted(database, settings, programme_id, path, kind)
    work(database, settings)
    return order_of(database, number)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_every_planted_mistake_is_found_at_its_row_and_nothing_else(
    sqlite_database: Database, settings: Settings, tmp_path: Path, ending: str
) -> None:
    with sqlite_database.transaction() as session:
        made = programmes.programme(session)
        programmes.call(session, made)
        number = made.id
    questionnaire = tiny().questionnaire
    rows, planted = firm_sheets.planted(questionnaire, *WHOLE)
    write = firm_sheets.write_csv if ending == "csv" else firm_sheets.write_xlsx
    path = write(tmp_path / f"planted.{ending}", firm_sheets.heads(questionnaire), rows)
    told = look(sqlite_database, settings, number, path)
    found = {(row, name): code for row, _, name, code, *_ in map(orjson.loads, told.lines)}
    assert found == planted
    assert told.count == len(planted) == WHOLE[1]
    assert len(set(found.values())) >= 15
    assert counts(sqlite_database)["firm"] == 0


def test_what_is_taken_in_is_what_the_firms_would_have_submitted(
    database: Database, settings: Settings, programme_id: int, tmp_path: Path
) -> None:
    definition: Definition = tiny()
    path = firm_sheets.write_csv(
        tmp_path / "firms.csv",
        firm_sheets.heads(definition.questionnaire),
        firm_sheets.rows(definition.questionnaire, 300),
    )
    order = take(database, settings, programme_id, path)
    assert (order.state, order.rows, order.found["new_firms"]) == ("done", 300, 300)
    assert set(counts(database).values()) == {300}
    with database.reader() as session:
        for each in session.scalars(select(Assessment)):
            assert each.frozen is not None
            snapshot = Snapshot.from_json(each.frozen)
            assert each.scores == readiness_as_json(readiness(definition.questionnaire, snapshot.answers))
            assert snapshot.wishes == wishes_for(definition, snapshot.answers.profile)
            assert snapshot.answers.profile == each.profile
            assert each.state == "submitted"
            assert each.submitted_at is not None
        first = session.scalars(select(Firm).order_by(Firm.id)).first()
        assert first is not None
        assert (first.name, first.country) == ("Kilang 0000000 Sdn. Bhd.", "MY")
        assert first.isic_section == "C"
        states = set(session.scalars(select(ProgrammeCase.state)))
        assert states == {"self_assessed", "endorsed"}
        verified = session.scalar(select(func.count()).select_from(Outcome).where(Outcome.is_verified)) or 0
        endorsed = select(func.count()).select_from(ProgrammeCase).where(ProgrammeCase.state == "endorsed")
        assert verified == session.scalar(endorsed)
        event = session.scalars(select(CaseEvent)).first()
        assert event is not None
        assert (event.kind, event.number, event.content) == ("imported", 1, {"import": order.id})


def test_outcomes_are_what_a_submission_would_have_noted(
    database: Database, settings: Settings, programme_id: int, tmp_path: Path
) -> None:
    definition = tiny()
    take(database, settings, programme_id, made_up(tmp_path, 40))
    names = [column.name for column in Outcome.__table__.columns]
    with database.transaction() as session:
        programme = session.get_one(Programme, programme_id)
        for number, firm_id in session.execute(select(Assessment.id, Assessment.firm_id)).all():
            imported = session.get_one(Outcome, number)
            before = [getattr(imported, name) for name in names]
            assessment, firm = session.get_one(Assessment, number), session.get_one(Firm, firm_id)
            verified = imported.is_verified
            session.expunge(imported)
            outcomes.note(session, programme, assessment, definition.questionnaire, firm, datetime.now(UTC), verified)
            again = session.get_one(Outcome, number)
            assert before == [getattr(again, name) for name in names]


def test_the_file_is_deleted_once_it_is_taken_in_or_has_problems(
    database: Database, settings: Settings, programme_id: int, tmp_path: Path
) -> None:
    folder = import_files.import_folder(settings)
    good = tmp_path / "good.csv"
    good.write_text("name\nKilang Satu\n")
    bad = tmp_path / "bad.csv"
    bad.write_text("name,founded\nKilang Dua,soon\n")
    number = sent(database, settings, programme_id, good)
    work(database, settings)
    assert import_orders.is_ready(order_of(database, number))
    assert len(list(folder.iterdir())) == 1
    with database.transaction() as session:
        import_orders.take(session, session.get_one(ImportOrder, number), datetime.now(UTC))
    work(database, settings)
    assert list(folder.iterdir()) == []
    refused = order_of(database, sent(database, settings, programme_id, bad))
    work(database, settings)
    refused = order_of(database, refused.id)
    assert (refused.state, refused.problems) == ("checked", 1)
    assert [each.name for each in folder.iterdir()] == [refused.problems_sha256]
    assert not import_orders.is_ready(refused)


def test_an_unreadable_file_fails_with_its_reason(
    database: Database, settings: Settings, programme_id: int, tmp_path: Path
) -> None:
    path = tmp_path / "x.csv"
    path.write_text('name\n"never closed\n')
    number = sent(database, settings, programme_id, path)
    work(database, settings)
    assert (order_of(database, number).state, order_of(database, number).problem) == ("failed", "quotes:2")


def test_a_programme_without_a_call_takes_no_firms(database: Database, settings: Settings, tmp_path: Path) -> None:
    with database.transaction() as session:
        number = programmes.programme(session).id
    path = tmp_path / "x.csv"
    path.write_text("name\nKilang\n")
    order = sent(database, settings, number, path)
    work(database, settings)
    assert order_of(database, order).problem == "no_call:0"


def test_the_register_takes_the_place_of_the_one_before(
    database: Database, settings: Settings, programme_id: int, tmp_path: Path
) -> None:
    path = tmp_path / "register.csv"
    for firms in (100, 250):
        path.write_text(
            f"isic;size;region;firms;employees;source;as_of\n10;small;MY-10;{firms};1200;SSM;31.12.2025\nC;;;900;;SSM;\n"
        )
        assert take(database, settings, programme_id, path, "register").state == "done"
    with database.reader() as session:
        rows = session.scalars(select(RegisterCount).order_by(RegisterCount.id)).all()
    assert [(r.isic_section, r.isic_division, r.size, r.region, r.firms, r.as_of) for r in rows] == [
        ("C", "10", "small", "MY-10", 250, "2025-12-31"),
        ("C", "", "", "", 900, ""),
    ]


def test_a_shuffled_history_of_a_firm_is_chained_by_day(
    database: Database, settings: Settings, programme_id: int, tmp_path: Path
) -> None:
    days = [f"20{year:02d}-05-01" for year in range(10, 24)]
    random.Random(3).shuffle(days)
    lines = [f"Kilang Satu,{day},1" for day in days]
    path = tmp_path / "history.csv"
    path.write_text("\n".join(["name,assessed_on,machines.1", *lines, ""]))
    take(database, settings, programme_id, path)
    assert counts(database) | {"outcome": 0} == {
        "firm": 1, "assessment": 14, "outcome": 0, "programme_case": 1, "case_event": 1,
    }  # fmt: skip
    with database.reader() as session:
        found = {a.id: a for a in session.scalars(select(Assessment))}
        newest = max(found.values(), key=day_of)
        case = session.scalars(select(ProgrammeCase)).one()
        assert case.assessment_id == newest.id
        chain = [newest]
        while chain[-1].previous_id is not None:
            chain.append(found[chain[-1].previous_id])
    assert [day_of(a) for a in reversed(chain)] == sorted(days)
