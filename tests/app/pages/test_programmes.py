"""An officer opens a programme, says who may take part, sets up a call; a firm applies and is told why."""

from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.database import Database
from assessment.tables import Programme, ProgrammeCall, ProgrammeCase
from tests.assessment import programmes as made
from tests.people import firm_of, sign_in

NOW = datetime.now(UTC)
TINY = "tiny@1.0.0"
NEW = {"name": "Ready 2027", "country": "MY", "questionnaire": TINY, "about": "For makers of things."}
SETUP = NEW | {"how": "plain", "size_scheme": "eu", "threshold": "10", "response_days": "14"}


def day(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def as_officer(client: TestClient, database: Database, email: str = "officer@ministry.example") -> int:
    with database.transaction() as session:
        made.officer(session, email, NOW)
    return sign_in(client, database, email)


def programme_of(database: Database) -> Programme:
    with database.reader() as session:
        return session.scalars(select(Programme)).one()


def test_a_programme_is_opened_set_up_called_and_a_firm_applies_and_is_eligible(
    client: TestClient, database: Database
) -> None:
    as_officer(client, database)
    assert "Set-up" in client.post("/programmes/new", data=NEW).text
    statements = {"in.sector": "manufacturing", "low.employees": "10", "high.employees": "250"}
    assert client.post("/programmes/1/setup", data=SETUP | statements).status_code == 200
    client.post("/programmes/1/state", data={"state": "open"})
    client.post("/programmes/1/calls", data={"title": "First call", "opens_on": day(0), "closes_on": day(0)})

    assert programme_of(database).eligibility == {
        "all": [{"field": "sector", "in": ["manufacturing"]}, {"field": "employees", "at_least": 10, "at_most": 250}]
    }
    person = sign_in(client, database, "aisha@example.org")
    firm = firm_of(database, person, isic_division="26", employees=42)
    assert "First call" in client.get("/calls").text
    assert f"/firms/{firm}/apply/1" in client.get("/calls/1").text
    form = client.get(f"/firms/{firm}/apply/1").text
    assert "your firm may take part" in form
    assert "From your firm&#39;s particulars." in form or "From your firm's particulars." in form
    answer = client.post(f"/firms/{firm}/apply/1", data={"p.sector": "manufacturing", "p.employees": "42"})
    assert "Your firm may take part" in answer.text
    with database.reader() as session:
        case = session.scalars(select(ProgrammeCase)).one()
        assert (case.state, case.firm_id, case.profile["employees"]) == ("eligible", firm, 42.0)


@pytest.fixture
def call(database: Database) -> int:
    with database.transaction() as session:
        return made.call(session, made.programme(session, now=NOW), NOW).id


def test_a_firm_that_does_not_fit_reads_what_it_said_and_what_was_needed(
    client: TestClient, database: Database, call: int
) -> None:
    firm = firm_of(database, sign_in(client, database))
    answer = client.post(f"/firms/{firm}/apply/{call}", data={"p.sector": "services", "p.employees": "3"})

    assert "Your firm may not take part" in answer.text
    assert "10 to 250" in " ".join(answer.text.replace("<bdi>", "").replace("</bdi>", "").split())
    with database.reader() as session:
        assert session.scalars(select(ProgrammeCase.state)).one() == "ineligible"


def test_looking_applies_for_nothing_and_what_decides_must_be_said(
    client: TestClient, database: Database, call: int
) -> None:
    firm = firm_of(database, sign_in(client, database))
    looked = client.post(f"/firms/{firm}/apply/{call}", data={"p.sector": "manufacturing", "look": "1"})
    sent = client.post(f"/firms/{firm}/apply/{call}", data={"p.sector": "manufacturing"})

    assert looked.status_code == 200
    assert "hangs on what you have not said yet" in looked.text
    assert sent.status_code == 422
    assert 'href="#p.employees"' in sent.text
    with database.reader() as session:
        assert not session.scalars(select(ProgrammeCase)).all()


def test_applying_again_and_after_the_last_day_is_refused_in_words(
    client: TestClient, database: Database, call: int
) -> None:
    person = sign_in(client, database)
    firm, late = firm_of(database, person), firm_of(database, person, name="Late")
    data = {"p.sector": "manufacturing", "p.employees": "42"}
    client.post(f"/firms/{firm}/apply/{call}", data=data)
    again = client.post(f"/firms/{firm}/apply/{call}", data=data)
    with database.transaction() as session:
        session.get_one(ProgrammeCall, call).closes_on = day(-1)
    closed = client.post(f"/firms/{late}/apply/{call}", data=data)

    assert (again.status_code, closed.status_code) == (409, 409)
    assert "has applied to this call already" in again.text
    assert "This call closed on" in closed.text


def test_a_stranger_reads_a_call_and_is_led_to_sign_in_and_drafts_are_nobodys(
    client: TestClient, database: Database, call: int
) -> None:
    shown = client.get(f"/calls/{call}").text
    assert "Sign in" in shown
    assert "10 to 250" in shown.replace("<bdi>", "").replace("</bdi>", "")
    with database.transaction() as session:
        session.scalars(select(Programme)).one().state = "draft"

    assert client.get(f"/calls/{call}").status_code == 404
    assert "First call" not in client.get("/calls").text


def test_who_is_no_officer_opens_no_programme(client: TestClient, database: Database) -> None:
    sign_in(client, database)

    assert client.get("/programmes/new").status_code == 403
    assert {client.post("/programmes/new", data=sent).status_code for sent in (NEW, {"name": ""})} == {403}
    assert "no programme yet" in client.get("/programmes").text


@pytest.mark.parametrize("role", ["assessor", "committee", "analyst"])
def test_others_in_a_programme_see_its_home_and_set_nothing_up(
    client: TestClient, database: Database, call: int, role: str
) -> None:
    with database.transaction() as session:
        of = session.scalars(select(Programme)).one()
        made.member(session, of, role, now=NOW)
        made.applied(session, session.get_one(ProgrammeCall, call), now=NOW)
    sign_in(client, database, f"{role}@programme.example")

    home = client.get("/programmes/1")
    assert home.status_code == 200
    assert ("Where the cases stand" in home.text) == (role != "analyst")
    for path in ("setup", "calls", f"calls/{call}"):
        assert client.get(f"/programmes/1/{path}").status_code == 403, path
    assert client.post("/programmes/1/state", data={"state": "closed"}).status_code == 403


def test_somebody_else_does_not_learn_that_a_programme_is_there(
    client: TestClient, database: Database, call: int
) -> None:
    sign_in(client, database, "stranger@else.example")
    there, nowhere = client.get("/programmes/1"), client.get("/programmes/999")

    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert "Ready 2027" not in there.text
    assert len(there.text) == len(nowhere.text) - 2 * there.text.count("/programmes/1")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", " ", "Enter a name that firms recognise"),
        ("country", "XX", "Choose the country"),
        ("threshold", "4", "from 5 to 1,000"),
        ("threshold", "many", "Enter a number"),
        ("response_days", "0", "from 1 to 90"),
        ("target.selected", "-3", "from 1 to"),
        ("low.employees", "300", "The highest is below the lowest"),
    ],
)
def test_what_does_not_fit_in_the_set_up_is_told_at_its_field_and_nothing_is_saved(
    client: TestClient, database: Database, call: int, field: str, value: str, words: str
) -> None:
    as_officer(client, database)
    data = SETUP | {"low.employees": "10", "high.employees": "250", "name": "Another name"}
    answer = client.post("/programmes/1/setup", data=data | {field: value})

    assert answer.status_code == 422
    assert words in answer.text
    assert programme_of(database).name == "Ready 2027"


def test_a_condition_can_be_written_and_its_mistakes_are_told_by_line(
    client: TestClient, database: Database, call: int
) -> None:
    as_officer(client, database)
    right = "applies_if:\n  not: {field: sector, in: [services]}\n"
    wrong = "applies_if:\n  any:\n    - {field: sectr, in: [x]}\n"
    refused = client.post("/programmes/1/setup", data=SETUP | {"how": "written", "applies_if": wrong})
    client.post("/programmes/1/setup", data=SETUP | {"how": "written", "applies_if": right})

    assert refused.status_code == 422
    assert "line 3" in refused.text
    assert programme_of(database).eligibility == {"not": {"field": "sector", "in": ["services"]}}
    assert "not:\n" in client.get("/programmes/1/setup").text


def test_the_questionnaire_is_fixed_once_a_firm_has_applied(client: TestClient, database: Database, call: int) -> None:
    with database.transaction() as session:
        made.applied(session, session.get_one(ProgrammeCall, call), now=NOW)
    as_officer(client, database)
    other = client.post("/programmes/1/setup", data=SETUP | {"questionnaire": "industry4-readiness@1.0.0"})
    same = client.post("/programmes/1/setup", data=SETUP | {"name": "New name"})

    assert (other.status_code, same.status_code) == (409, 200)
    assert programme_of(database).name == "New name"
    assert "so it stays" in client.get("/programmes/1/setup").text


def test_a_call_with_firms_stays_and_one_without_can_go(client: TestClient, database: Database, call: int) -> None:
    as_officer(client, database)
    with database.transaction() as session:
        made.applied(session, session.get_one(ProgrammeCall, call), now=NOW)
        empty = made.call(session, session.scalars(select(Programme)).one(), NOW).id

    assert "Remove the call" not in client.get(f"/programmes/1/calls/{call}").text
    assert "Remove the call" in client.get(f"/programmes/1/calls/{empty}").text
    assert client.post(f"/programmes/1/calls/{call}/remove", data={"sure": "1"}).status_code == 409
    assert client.post(f"/programmes/1/calls/{empty}/remove", data={"sure": "1"}).status_code == 200
    with database.reader() as session:
        assert session.scalars(select(ProgrammeCall.id)).all() == [call]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"title": "", "opens_on": "2026-12-01", "closes_on": "2026-12-31"}, "Enter a title"),
        ({"title": "A", "opens_on": "1.12.2026", "closes_on": "2026-12-31"}, "Write the day as"),
        ({"title": "A", "opens_on": "2026-12-31", "closes_on": "2026-12-01"}, "The last day comes before"),
        ({"title": "A", "opens_on": "2026-12-01", "closes_on": "2026-12-31", "places": "0"}, "how many firms"),
    ],
)
def test_a_call_that_does_not_fit_is_refused(
    client: TestClient, database: Database, call: int, sent: dict[str, str], words: str
) -> None:
    as_officer(client, database)
    answers = client.post("/programmes/1/calls", data=sent), client.post(f"/programmes/1/calls/{call}", data=sent)

    assert {answer.status_code for answer in answers} == {422}
    assert all(words in answer.text for answer in answers)


def test_open_calls_are_chosen_by_country(client: TestClient, database: Database, call: int) -> None:
    with database.transaction() as session:
        of = made.programme(session, country="KE", name="Kenya ready", eligibility=None, now=NOW)
        made.call(session, of, NOW)

    assert "Kenya ready" in client.get("/calls").text
    assert "Kenya ready" not in client.get("/calls?country=MY").text
    assert "Kenya ready" in client.get("/calls?country=KE").text


def test_targets_stand_beside_what_is_reached(client: TestClient, database: Database, call: int) -> None:
    as_officer(client, database)
    client.post("/programmes/1/setup", data=SETUP | {"target.selected": "150"})

    assert "of 150 wished for" in client.get("/programmes/1").text
