"""What is worked out for large programmes: dated, the same as what is counted live, and asked for once at a time."""

from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.database import Database
from app.demand_job import DemandWork
from app.figures_job import FiguresWork
from app.jobs import Work, Worker
from app.settings import Settings
from app.shelf import Shelf
from assessment import case_events, demand_standing, funnel, programme_figures, shared_demand
from assessment.case_states import APPLIED, ELIGIBLE, FIRM, FUNNEL, NOT_SELECTED, SELECTED
from assessment.shared_demand import TooFewShare
from assessment.tables import DemandFirm, Job, Mail, Outcome, Programme, ProgrammeCase, SharedDemand
from questionnaires.loader import load_definition
from tests.assessment import programmes as made
from tests.assessment.cases import add_case, new_firm, run_programme
from tests.assessment.demands import ACTION, firm, note, several
from tests.factories import NOW, started
from tests.people import sign_in

OFFICER = "officer@ministry.example"
GROUP = {"action": ACTION, "section": "C", "region": "", "text": "One offer for all."}


@pytest.fixture(autouse=True)
def three_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programme_figures, "MANY", 3)


@pytest.fixture
def of(database: Database) -> int:
    """A programme with six firms that lack the same, and a seventh that does not any more."""
    definition = load_definition("industry4-readiness")
    with database.transaction() as session:
        found = made.programme(session, made.officer(session, OFFICER), definition=definition, threshold=5)
        several(session, found, definition, 6, "Secretive")
        seventh = firm(session, found, definition, "Done", wave=2025)
        note(session, found, definition, started(session, name="Done")[0].id, seventh.id, 5, 2026)
        return found.id

    return started(session, name="again")[0].id


def work(database: Database) -> None:
    shelf = Shelf()
    works: dict[str, Work] = {
        programme_figures.JOB: FiguresWork(database, shelf),
        shared_demand.JOB: DemandWork(database, Settings(public_url="http://testserver"), shelf),
    }
    worker = Worker(database, works, timedelta(seconds=60), leave=("mail",))
    while worker.work_once():
        pass


def test_groups_of_a_large_programme_are_those_that_were_worked_out(
    client: TestClient, database: Database, of: int
) -> None:
    sign_in(client, database, OFFICER)
    path = f"/programmes/{of}/demand"
    assert "Not worked out yet." in client.get(path).text
    for _ in range(2):
        shown = client.post(f"{path}/refresh", data={"x": ""}).text
        assert "It is being worked out" in shown
    with database.reader() as session:
        assert len(session.scalars(select(Job)).all()) == 1
    work(database)
    shown = client.get(path).text
    assert "As of " in shown
    assert "It is being worked out" not in shown
    with database.reader() as session:
        programme, definition = session.get_one(Programme, of), load_definition("industry4-readiness")
        standing = demand_standing.read_few(session, programme)
        assert standing is not None
        for by in ("country", "region"):
            kept = shared_demand.find(session, programme, definition, by)
            assert list(kept.groups) == demand_standing.groups(definition, standing, by, 5)
            assert kept.groups
            assert [e.firms for e in kept.groups if e.action.id == ACTION] == [6]
            assert kept.as_of is not None


def test_reading_in_pieces_finds_what_one_statement_finds(
    database: Database, of: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demand_standing, "AT_ONCE", 2)
    with database.reader() as session:
        programme = session.get_one(Programme, of)
        pieces, whole = demand_standing.read(session, programme), demand_standing.read_few(session, programme)
        assert pieces is not None
        assert whole is not None
        assert sorted(pieces.firm.tolist()) == sorted(whole.firm.tolist())
        assert len(pieces.firm) == 7
        assert sorted(map(bytes, pieces.levels)) == sorted(map(bytes, whole.levels))


def test_a_threshold_that_is_raised_holds_at_once(database: Database, of: int) -> None:
    with database.transaction() as session:
        programme_figures.order(session, of, NOW)
    work(database)
    with database.transaction() as session:
        programme, definition = session.get_one(Programme, of), load_definition("industry4-readiness")
        programme.threshold = 7
        assert not shared_demand.find(session, programme, definition).groups
        with pytest.raises(TooFewShare):
            shared_demand.ask(session, programme, definition, ACTION, "C", "", "text", NOW)


def test_firms_of_a_large_programme_are_asked_by_a_worker_each_once(
    client: TestClient, database: Database, of: int
) -> None:
    with database.transaction() as session:
        programme_figures.order(session, of, NOW)
    work(database)
    sign_in(client, database, OFFICER)
    assert client.post(f"/programmes/{of}/demand/ask", data=GROUP).status_code == 200
    with database.transaction() as session:
        assert session.scalars(select(DemandFirm)).all() == []
        demand = session.scalars(select(SharedDemand)).one()
        numbers = shared_demand.members(session, demand.id, load_definition("industry4-readiness"))
        assert len(numbers) == 6
        shared_demand.invite(session, demand, numbers[:2])  # a worker got so far, and was lost
    work(database)
    with database.reader() as session:
        assert sorted(session.scalars(select(DemandFirm.firm_id))) == sorted(numbers)
        assert len(session.scalars(select(Mail)).all()) == 4
    assert "6 firms asked" in client.get(f"/programmes/{of}/demand").text


def test_nobody_is_asked_once_it_is_closed_or_too_few_are_left(database: Database, of: int) -> None:
    definition = load_definition("industry4-readiness")
    with database.transaction() as session:
        programme_figures.order(session, of, NOW)
    work(database)
    with database.transaction() as session:
        programme = session.get_one(Programme, of)
        shared_demand.ask(session, programme, definition, ACTION, "C", "", "text", NOW)
        shared_demand.ask(session, programme, definition, ACTION, "C", "MY-10", "text", NOW)
        closed = session.scalars(select(SharedDemand).where(SharedDemand.region == "")).one()
        shared_demand.close(session, programme, str(closed.id), shared_demand.CLOSED)
        for outcome in session.scalars(select(Outcome).limit(2)):
            outcome.levels = bytes([5]) * len(outcome.levels)
    work(database)
    with database.reader() as session:
        assert session.scalars(select(DemandFirm)).all() == []
        assert session.scalars(select(Mail)).all() == []


def test_days_of_a_large_programme_are_those_that_were_worked_out_and_numbers_are_live(database: Database) -> None:
    with database.transaction() as session:
        run = run_programme(session)
        for n in range(5):
            case = add_case(session, run, new_firm(session, f"Firm {n}", employees=60, isic_section="C"), APPLIED)
            for state, days in ((APPLIED, 0), (ELIGIBLE, 2 + n), (SELECTED, 9), (NOT_SELECTED, 12)):
                at = NOW + timedelta(days=days)
                case_events.record(session, case, case_events.MOVED, at, by=FIRM, state=state)
        session.get_one(Programme, run.programme).questionnaire_id = "industry4-readiness"
        session.get_one(Programme, run.programme).questionnaire_version = "1.0.0"
    with database.reader() as session:
        live = funnel.figures(session, run.programme, NOW.date())
        assert [each.reached for each in live] == [5, 5, 5, 0, 0, 0, 0, 0, 0]
        glance = funnel.at_a_glance(session, run.programme, NOW.date())
        assert ([each.days for each in glance.steps], glance.as_of) == ([None] * len(FUNNEL), None)
    with database.transaction() as session:
        programme_figures.order_stale(session, datetime.now(UTC))
        programme_figures.order_stale(session, datetime.now(UTC))
    work(database)
    with database.reader() as session:
        glance = funnel.at_a_glance(session, run.programme, NOW.date())
        assert glance.steps == live
        assert live[0].days == 4
        assert glance.as_of is not None
        assert set(session.scalars(select(ProgrammeCase.size))) == {"medium"}
        assert len(session.scalars(select(Job)).all()) == 1
    with database.transaction() as session:
        programme_figures.order_stale(session, datetime.now(UTC))
        assert len(session.scalars(select(Job)).all()) == 1
        programme_figures.order_stale(session, datetime.now(UTC) + timedelta(hours=21))
        assert len(session.scalars(select(Job)).all()) == 2
