"""Many cases at once: the number is confirmed on a page, a worker does it, firms are told as by single moves."""

import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.case_order_job import KIND, CaseOrderWork
from app.database import Database
from app.jobs import Worker
from app.settings import Settings
from assessment import case_orders, case_queues, programme_access, roles
from assessment.access import MANAGER
from assessment.case_bulk import Order
from assessment.case_states import ELIGIBLE, OFFICER, SELECTED
from assessment.tables import CaseOrder, Job, Mail, ProgrammeCase
from tests.assessment.cases import Run, add_case, case_in, new_firm
from tests.factories import NOW
from tests.people import sign_in

SETTINGS = Settings(public_url="http://testserver")


@pytest.fixture
def run(database: Database) -> Run:
    """One firm with a manager, and as many more that a page does not hold all."""
    with database.transaction() as session:
        made = case_in(session, ELIGIBLE)
        for n in range(case_queues.ON_A_PAGE + 10):
            add_case(session, made, new_firm(session, f"Mill {n:03}"), ELIGIBLE)
    return made


def do_all(database: Database) -> None:
    worker = Worker(database, {KIND: CaseOrderWork(database, SETTINGS)}, timedelta(seconds=60), leave=("mail",))
    while worker.work_once():
        pass


def in_state(session: Session, state: str) -> int:
    return len(session.scalars(select(ProgrammeCase.id).where(ProgrammeCase.state == state)).all())


def test_all_that_the_filter_finds_is_confirmed_and_done(client: TestClient, database: Database, run: Run) -> None:
    sign_in(client, database, "officer-p@example.org")
    path = f"/programmes/{run.programme}/cases"
    assert 'name="found"' in client.get(path).text
    assert 'name="found"' not in client.get(f"{path}?words=Mill 00").text

    asked = client.post(f"{path}?state={ELIGIBLE}", data={"found": "1", "action": "select"})
    total = case_queues.ON_A_PAGE + 11
    assert f"The filter finds {total} cases." in asked.text
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', asked.text))
    assert fields["confirmed"] == str(total)

    with database.transaction() as session:
        session.get_one(ProgrammeCase, run.case + 1).state = SELECTED
    again = client.post(f"{path}?state={ELIGIBLE}", data=fields)
    assert "The number has changed meanwhile." in again.text
    assert f"The filter finds {total - 1} cases." in again.text
    placed = client.post(
        f"{path}?state={ELIGIBLE}", data=fields | {"confirmed": str(total - 1)}, follow_redirects=False
    )
    assert placed.status_code == 303
    assert f"0 of {total - 1} cases have had their turn." in client.get(placed.headers["location"]).text

    do_all(database)
    shown = client.get(placed.headers["location"]).text
    assert f"{total - 1} cases are done." in shown
    with database.reader() as session:
        assert in_state(session, SELECTED) == total
        assert session.scalars(select(Mail.recipient)).all() == ["firm-p@example.org"]


def test_refusals_are_listed_by_case(client: TestClient, database: Database, run: Run) -> None:
    with database.transaction() as session:
        roles.grant(session, run.people[OFFICER], MANAGER, run.firm, NOW)
    sign_in(client, database, "officer-p@example.org")
    path = f"/programmes/{run.programme}/cases?words=Acme"
    fields = {"found": "1", "confirmed": "1", "action": "select"}
    placed = client.post(path, data=fields, follow_redirects=False).headers["location"]
    do_all(database)
    shown = client.get(placed).text
    assert "0 cases are done." in shown
    assert f'<a href="/cases/{run.case}"><bdi>Acme p</bdi></a>: You have a part in this firm' in shown


def test_more_than_can_be_looked_through_is_refused(
    client: TestClient, database: Database, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_orders, "MOST", 20)
    sign_in(client, database, "officer-p@example.org")
    reply = client.post(f"/programmes/{run.programme}/cases", data={"found": "1", "action": "own"})
    assert reply.status_code == 422
    assert "The filter finds more than 20 cases." in reply.text
    nothing = client.post(f"/programmes/{run.programme}/cases?words=nobody", data={"found": "1", "action": "own"})
    assert nothing.status_code == 422


def test_a_worker_that_is_lost_is_followed_by_one_that_goes_on(database: Database, run: Run) -> None:
    with database.transaction() as session:
        officer = programme_access.open_programme(session, run.programme, run.people[OFFICER])
        chosen = [f"{n}:{v}" for n, v in session.execute(select(ProgrammeCase.id, ProgrammeCase.version))]
        row = case_orders.place(session, officer, chosen, Order("own"), NOW)
    with database.transaction() as session:
        assert case_orders.do_some(session, row.id, NOW) is not None
    do_all(database)
    with database.reader() as session:
        there = session.get_one(CaseOrder, row.id)
        assert (there.place, there.state, there.not_done) == (len(chosen), case_orders.DONE, [])
        versions = {v for (v,) in session.execute(select(ProgrammeCase.version).where(ProgrammeCase.id != run.case))}
        assert versions == {2}
        assert session.scalars(select(Job.state).where(Job.kind == KIND)).all() == ["done"]
