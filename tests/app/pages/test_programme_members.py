"""Officers add people by their address, who are told by mail; and list support with the day it was checked."""

from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.database import Database
from assessment import support_offers
from assessment.snapshots import Snapshot
from assessment.support_offers import OfferPlan
from assessment.tables import AssessingBody, Mail, Programme, ProgrammeMember, SupportOffer
from questionnaires.answers import Answers
from questionnaires.loader import load_definition
from tests.assessment import programmes as made
from tests.factories import started
from tests.people import sign_in

NOW = datetime.now(UTC)
TODAY = NOW.date().isoformat()
OFFER = {"kind": "grant", "name": "Digital grant", "enablers": ["technology", "skills"], "rate": "40", "cap": "50 000"}
OFFER |= {"currency": "MYR", "checked_on": TODAY, "link": "https://grants.example/digital"}


@pytest.fixture
def officer(client: TestClient, database: Database) -> int:
    with database.transaction() as session:
        made.call(session, made.programme(session, now=NOW), NOW)
    return sign_in(client, database, "officer@ministry.example")


def test_somebody_is_added_told_by_mail_once_and_removed(client: TestClient, database: Database, officer: int) -> None:
    client.post("/programmes/1/members/bodies", data={"name": "Institute", "contact": "info@institute.example"})
    sent = {"email": "a@body.example", "role": "assessor", "body": "1"}
    for _ in range(2):
        shown = client.post("/programmes/1/members", data=sent)
    assert "a@body.example" in shown.text
    with database.reader() as session:
        mail = session.scalars(select(Mail)).one()
        number = session.scalars(select(ProgrammeMember.id).where(ProgrammeMember.role == "assessor")).one()
    assert mail.recipient == "a@body.example"
    assert "Ready 2027" in mail.body
    assert "/programmes/1" in mail.body
    client.post("/programmes/1/members/remove", data={"member": str(number)})
    assert "a@body.example" not in client.get("/programmes/1/members").text


def test_an_assessor_needs_a_body_and_an_address_is_checked_at_its_field(client: TestClient, officer: int) -> None:
    lacking = client.post("/programmes/1/members", data={"email": "a@body.example", "role": "assessor"})
    wrong = client.post("/programmes/1/members", data={"email": "a", "role": "committee"})

    assert (lacking.status_code, wrong.status_code) == (422, 422)
    assert 'href="#f-body"' in lacking.text
    assert 'href="#f-email"' in wrong.text


def test_the_last_officer_cannot_leave(client: TestClient, officer: int) -> None:
    answer = client.post("/programmes/1/members/remove", data={"member": "1"})

    assert answer.status_code == 409
    assert "only officer" in answer.text


def test_a_body_is_removed(client: TestClient, database: Database, officer: int) -> None:
    client.post("/programmes/1/members/bodies", data={"name": "Institute"})
    assert client.post("/programmes/1/members/bodies", data={"name": "Institute"}).status_code == 422
    client.post("/programmes/1/members/bodies/remove", data={"number": "1"})

    with database.reader() as session:
        assert session.scalars(select(AssessingBody)).all() == []


def test_support_is_added_changed_shown_to_firms_and_removed(
    client: TestClient, database: Database, officer: int
) -> None:
    listed = client.post("/programmes/1/offers/new", data=OFFER).text
    assert "Digital grant" in listed
    with database.reader() as session:
        offer = session.scalars(select(SupportOffer)).one()
        assert (offer.rate, offer.cap, offer.currency, offer.enablers) == (0.4, 50_000, "MYR", ["skills", "technology"])
    form = client.get("/programmes/1/offers/1").text
    assert 'value="40"' in form
    assert 'value="50000"' in form
    call = client.get("/calls/1").text
    assert 'href="https://grants.example/digital"' in call
    assert "MYR" in call
    client.post("/programmes/1/offers/1", data=OFFER | {"name": "Renamed"})
    assert "Renamed" in client.get("/programmes/1/offers").text
    client.post("/programmes/1/offers/1/remove", data={"sure": "1"})
    assert "Renamed" not in client.get("/programmes/1/offers").text


def test_what_nobody_has_checked_for_180_days_is_marked(client: TestClient, officer: int) -> None:
    client.post("/programmes/1/offers/new", data=OFFER)
    assert "Check again" not in client.get("/programmes/1/offers").text
    long_ago = (NOW - timedelta(days=200)).date().isoformat()
    client.post("/programmes/1/offers/1", data=OFFER | {"checked_on": long_ago})

    assert "Check again" in client.get("/programmes/1/offers").text
    assert "More than 180 days ago" in client.get("/calls/1").text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"name": ""}, "name"), ({"rate": "140"}, "rate"), ({"cap": "x"}, "cap"), ({"link": "javascript:1"}, "link")],
)
def test_support_that_does_not_fit_is_refused_at_its_field(
    client: TestClient, database: Database, officer: int, wrong: dict[str, str], field: str
) -> None:
    answer = client.post("/programmes/1/offers/new", data=OFFER | wrong)

    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text
    with database.reader() as session:
        assert not session.scalars(select(SupportOffer)).all()


@pytest.mark.parametrize("role", ["assessor", "committee", "analyst"])
def test_only_officers_see_and_change_people_and_support(
    client: TestClient, database: Database, officer: int, role: str
) -> None:
    with database.transaction() as session:
        made.member(session, session.get_one(Programme, 1), role, now=NOW)
    sign_in(client, database, f"{role}@programme.example")

    for path in ("members", "offers", "offers/new"):
        assert client.get(f"/programmes/1/{path}").status_code == 403, path
    for path in ("members", "members/remove", "members/bodies", "members/bodies/remove", "offers/new"):
        assert client.post(f"/programmes/1/{path}", data=OFFER).status_code == 403, path


def test_a_firm_and_its_officer_see_support_for_its_next_actions_and_nobody_else_does(
    client: TestClient, database: Database
) -> None:
    definition = load_definition("industry4-readiness")
    with database.transaction() as session:
        of = made.programme(session, definition=definition, eligibility=None, now=NOW)
        support_offers.add(session, of, OfferPlan("grant", "Half of it", TODAY, rate=0.5), TODAY)
        case = made.applied(session, made.call(session, of, NOW), definition=definition, now=NOW)
        said, _ = started(session, definition)
        levels = {q.id: 0 for q in definition.questionnaire.questions.values() if q.levels is not None}
        said.frozen = Snapshot(Answers({"employees": 42.0}, dict(levels))).as_json()
        case.assessment_id = said.id
        made.member(session, of, "analyst", now=NOW)
        number = case.id
    for email in ("officer@ministry.example", "manager@firm.example"):
        sign_in(client, database, email)
        shown = client.get(f"/cases/{number}/support")
        assert shown.status_code == 200
        assert "largest gaps" in shown.text
        assert "may bring" in shown.text
    for email in ("analyst@programme.example", "stranger@else.example"):
        sign_in(client, database, email)
        assert client.get(f"/cases/{number}/support").status_code == 404
