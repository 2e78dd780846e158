"""A person's firms: particulars, size classes, assessments, and what is filled in for them."""

import io
import re
import zipfile
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event, select

from app.database import Database
from app.firm_mail import INVITATIONS
from app.settings import Settings
from assessment import assessments
from assessment.access import RESPONDENT
from assessment.tables import Assessment, Firm, Mail, Role, User
from tests.everything import dumped, files_in, fill
from tests.factories import NOW, tiny
from tests.people import firm_of, sign_in

FILLED = {
    "name": "Kilang Padi Sdn Bhd",
    "country": "MY",
    "region": "MY-07",
    "registration_number": "201901000001 (1312525-A)",
    "industry": "26",
    "employees": "60",
    "turnover": "12 000 000",
    "turnover_currency": "MYR",
    "ownership": "joint",
    "exporter": "no",
    "founded": "1998",
}


def test_a_stranger_is_shown_the_way_to_sign_in(client: TestClient) -> None:
    assert client.get("/firms", follow_redirects=False).headers["location"] == "/sign-in?next=%2Ffirms"


def test_a_person_registers_a_firm_and_manages_it(client: TestClient, database: Database) -> None:
    person = sign_in(client, database)
    answer = client.post("/firms/new", data=FILLED)
    assert answer.status_code == 200
    for text in (
        "Kilang Padi Sdn Bhd",
        "Pulau Pinang",
        "201901000001 (1312525-A)",
        "26 Manufacture of computer",
        "MYR",
    ):
        assert text in answer.text
    with database.reader() as session:
        firm = session.scalars(select(Firm)).one()
        assert (firm.isic_section, firm.isic_division, firm.turnover, firm.is_exporter) == ("C", "26", 12e6, False)
        assert session.scalars(select(Role)).one().user_id == person
    assert "Kilang Padi" in client.get("/firms").text


def test_a_region_is_of_its_country_and_is_offered_once_the_country_is_chosen(
    client: TestClient, database: Database
) -> None:
    sign_in(client, database)
    assert "Pulau Pinang" not in client.get("/firms/new").text
    shown = client.post("/firms/new", data={"name": "A", "country": "MY", "regions": "1"})
    assert shown.status_code == 200
    assert "Pulau Pinang" in shown.text
    assert "<option selected>MYR</option>" in shown.text
    refused = client.post("/firms/new", data={"name": "A", "country": "MY", "region": "MA-06"})
    assert refused.status_code == 422
    assert "Choose a region of that country." in refused.text


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "Enter the name of the firm."),
        ("name", "x" * 300, "longer than 200 characters"),
        ("name", "Ac\x00me", "cannot be stored"),
        ("country", "XX", "Choose a country"),
        ("registration_number", "?" * 9, "as the register writes it"),
        ("registration_number", "9" * 65, "as the register writes it"),
        ("industry", "34", "Choose an industry"),
        ("industry", "Z", "Choose an industry"),
        ("employees", "-1", "from 0 to"),
        ("employees", "12.5", "Enter a whole number"),
        ("employees", str(2**63), "number"),
        ("employees", "many", "Enter a number"),
        ("turnover", "1e400", "Enter a number"),
        ("turnover_currency", "XXX", "Choose the currency."),
        ("ownership", "ours", "Choose one of the answers."),
        ("founded", "2999", "Enter a year from 1000"),
        ("founded", "-5", "Enter a year from 1000"),
        ("turnover", "-1", "a number of 0 or more"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field_and_nothing_is_lost(
    client: TestClient, database: Database, field: str, value: str, message: str
) -> None:
    sign_in(client, database)
    answer = client.post("/firms/new", data={**FILLED, field: value})
    assert answer.status_code == 422
    assert message in answer.text
    assert f'id="f-{field}-problem"' in answer.text
    assert 'value="1998"' in answer.text or field == "founded"
    with database.reader() as session:
        assert not session.scalars(select(Firm)).all()


def test_marks_that_turn_the_reading_direction_do_not_stay_in_a_name(client: TestClient, database: Database) -> None:
    sign_in(client, database)
    assert client.post("/firms/new", data={"name": "\u202eemca\u202c Ltd"}).status_code == 200
    with database.reader() as session:
        assert session.scalars(select(Firm)).one().name == "emca Ltd"


def test_a_firm_is_not_there_for_who_has_no_role_in_it(client: TestClient, database: Database) -> None:
    other = firm_of(database, sign_in(client, database, "other@example.org"), name="Secret Works")
    sign_in(client, database)
    for number in (str(other), "999", "0", "-1", "x", str(2**63), "1" * 40):
        for place in ("", "/particulars"):
            answer = client.get(f"/firms/{number}{place}")
            assert answer.status_code == 404, (number, place)
            assert "Secret" not in answer.text
        assert client.post(f"/firms/{number}/particulars", data=FILLED).status_code == 404
        assert client.get(f"/start/tiny?firm={number}").status_code == 404
        assert client.post("/start/tiny", data={"firm_id": number}).status_code == 404


def test_a_respondent_sees_the_firm_and_changes_nothing(client: TestClient, database: Database) -> None:
    person = sign_in(client, database)
    firm = firm_of(database, person, RESPONDENT)
    page = client.get(f"/firms/{firm}")
    assert page.status_code == 200
    assert "particulars" not in page.text.partition("<main")[2].replace('id="particulars"', "").replace(
        'aria-labelledby="particulars"', ""
    )
    assert client.get(f"/firms/{firm}/particulars").status_code == 403
    assert client.post(f"/firms/{firm}/particulars", data=FILLED).status_code == 403
    assert client.get(f"/start/tiny?firm={firm}").status_code == 403


def test_three_schemes_stand_side_by_side_with_their_sources(client: TestClient, database: Database) -> None:
    person = sign_in(client, database)
    firm = firm_of(
        database, person, employees=60, turnover=12e6, turnover_currency="MYR", isic_section="C", isic_division="26"
    )
    page = client.get(f"/firms/{firm}").text
    for text in ("2003/361/EC, 2003", "World Bank Enterprise Surveys, 2009", "SME Corporation Malaysia"):
        assert text in page
    assert page.count("<strong>Medium</strong>") == 2
    assert page.count("<strong>Small</strong>") == 1


def test_a_turnover_without_a_rate_is_not_guessed(client: TestClient, database: Database) -> None:
    person = sign_in(client, database)
    firm = firm_of(database, person, turnover=5e6, turnover_currency="ISK", isic_section="C")
    page = client.get(f"/firms/{firm}").text
    assert "Cannot be said without a rate for the currency of the turnover." in page
    assert page.count("Cannot be said without the number of employees.") == 2


def test_a_questionnaire_starts_with_what_the_firm_has_said_and_is_linked_to_the_last_one(
    client: TestClient, database: Database
) -> None:
    person = sign_in(client, database)
    firm = firm_of(database, person, employees=42)
    shown = client.get(f"/start/tiny?firm={firm}").text
    assert 'value="42"' in shown
    assert "From your firm&#39;s particulars." in shown or "From your firm's particulars." in shown
    assert 'name="country"' not in shown
    first = client.post("/start/tiny", data={"firm_id": str(firm), "p.employees": "42"})
    assert first.status_code == 200
    with database.transaction() as session:
        one = session.scalars(select(Assessment)).one()
        one.state = "submitted"
        one.submitted_at = one.created_at
        number = one.id
    client.post("/start/tiny", data={"firm_id": str(firm), "p.employees": "50"})
    with database.reader() as session:
        newest = session.scalars(select(Assessment).order_by(Assessment.id.desc()).limit(1)).one()
        assert (newest.previous_id, newest.profile) == (number, {"employees": 50.0})
        assert session.scalars(select(Firm)).one().employees == 42  # what was said is not overwritten
    page = client.get(f"/firms/{firm}").text
    assert f'href="/a/{number}/results"' in page
    assert f'href="/a/{newest.id}"' in page


def test_what_is_entered_in_a_questionnaire_fills_an_empty_particular(client: TestClient, database: Database) -> None:
    person = sign_in(client, database)
    firm = firm_of(database, person)
    client.post("/start/tiny", data={"firm_id": str(firm), "p.employees": "17"})
    with database.reader() as session:
        assert session.scalars(select(Firm)).one().employees == 17


def test_a_new_firm_started_by_a_signed_in_person_is_in_their_account(client: TestClient, database: Database) -> None:
    sign_in(client, database)
    client.post("/start/tiny", data={"firm": "Fresh", "p.employees": "8"})
    assert "Fresh" in client.get("/firms").text
    assert "/start/tiny?firm=" in client.get("/start/tiny").text


def test_the_profile_of_an_open_assessment_is_filled_from_the_particulars(
    client: TestClient, database: Database
) -> None:
    person = sign_in(client, database)
    firm = firm_of(database, person)
    client.post("/start/tiny", data={"firm_id": str(firm)})
    with database.transaction() as session:
        session.scalars(select(Firm)).one().employees = 33
        number = session.scalars(select(Assessment)).one().id
    page = client.get(f"/a/{number}/profile").text
    assert 'value="33"' in page
    assert 'name="country"' not in page
    assert client.post(f"/a/{number}/profile", data={"p.employees": "33"}).status_code == 200
    with database.reader() as session:
        assert session.scalars(select(Firm)).one().name == "Acme Sdn Bhd"


def test_the_firm_page_asks_the_database_at_most_six_times(client: TestClient, database: Database) -> None:
    person = sign_in(client, database)
    firm = firm_of(database, person)
    client.post("/start/tiny", data={"firm_id": str(firm)})
    engine = client.app.state.database.engine  # type: ignore[attr-defined]
    for path in ("/firms", f"/firms/{firm}", f"/start/tiny?firm={firm}", f"/firms/{firm}/particulars"):
        seen: list[str] = []

        def note(_c: object, _cur: object, statement: str, *_rest: object, seen: list[str] = seen) -> None:
            seen.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        assert client.get(path).status_code == 200
        event.remove(engine, "before_cursor_execute", note)
        assert 1 <= len([s for s in seen if s.startswith("SELECT")]) <= 6, (path, seen)


def test_a_firm_that_is_there_already_is_warned_of_before_anything_is_saved(
    client: TestClient, database: Database
) -> None:
    firm_of(
        database,
        sign_in(client, database, "other@example.org"),
        name="Secret Works",
        registration_number="201901000001",
    )
    sign_in(client, database)
    given = {**FILLED, "registration_number": "2019-0100-0001"}
    warned = client.post("/firms/new", data=given)
    assert warned.status_code == 200
    assert "A firm with this registration number is already registered." in warned.text
    assert "Nothing is saved yet." in warned.text
    assert "Secret" not in warned.text
    assert "other@" not in warned.text
    assert "Kilang Padi" not in client.get("/firms").text
    assert client.post("/firms/new", data={**given, "another": "1"}).status_code == 200
    assert "Kilang Padi" in client.get("/firms").text
    own = client.post("/firms/new", data={"name": "Kilang Padi Berhad", "country": "MY"})
    assert "In your account there is a firm with the same name or number:" in own.text
    assert "Kilang Padi Sdn Bhd" in own.text


def test_a_manager_adds_people_who_are_told_by_mail_and_removes_them(client: TestClient, database: Database) -> None:
    person = sign_in(client, database)
    firm = firm_of(database, person)
    for email in ("", "nobody", "a@b", "x@example.org\nBcc: y@example.org"):
        refused = client.post(f"/firms/{firm}/people", data={"email": email, "role": "respondent"})
        assert refused.status_code == 422, email
        assert "Enter an e-mail address" in refused.text
    assert client.post(f"/firms/{firm}/people", data={"email": "c@example.org", "role": "admin"}).status_code == 422
    added = client.post(f"/firms/{firm}/people", data={"email": "Colleague@Example.org", "role": "respondent"})
    assert "colleague@example.org" in added.text
    with database.reader() as session:
        letter = session.scalars(select(Mail)).one()
        assert letter.recipient == "colleague@example.org"
        assert "Acme Sdn Bhd" in letter.body
        assert f"/firms/{firm}" in letter.body
        assert "Acme" not in letter.subject  # the subject is kept after sending
        colleague = session.scalars(select(User).where(User.email == "colleague@example.org")).one().id
    sign_in(client, database, "colleague@example.org")
    assert client.get(f"/firms/{firm}").status_code == 200
    assert client.post(f"/firms/{firm}/people", data={"email": "d@example.org", "role": "manager"}).status_code == 403
    assert client.post(f"/firms/{firm}/people/remove", data={"user": str(person)}).status_code == 403
    sign_in(client, database)
    client.post(f"/firms/{firm}/people/remove", data={"user": str(colleague)})
    assert "colleague@example.org" not in client.get(f"/firms/{firm}").text
    sign_in(client, database, "colleague@example.org")
    assert client.get(f"/firms/{firm}").status_code == 404


def test_the_last_manager_stays(client: TestClient, database: Database) -> None:
    person = sign_in(client, database)
    firm = firm_of(database, person)
    refused = client.post(f"/firms/{firm}/people/remove", data={"user": str(person)})
    assert refused.status_code == 409
    assert "only manager" in refused.text
    own = client.post(f"/firms/{firm}/people", data={"email": "aisha@example.org", "role": "respondent"})
    assert own.status_code == 409
    client.post(f"/firms/{firm}/people", data={"email": "b@example.org", "role": "manager"})
    gone = client.post(f"/firms/{firm}/people/remove", data={"user": str(person)})
    assert gone.status_code == 200
    assert "Acme" not in gone.text
    for user in ("0", "x", str(2**63), str(person)):
        assert client.post(f"/firms/{firm}/people/remove", data={"user": user}).status_code == 404


def test_a_person_is_not_made_to_mail_many(client: TestClient, database: Database) -> None:
    firm = firm_of(database, sign_in(client, database))
    for n in range(INVITATIONS.most):
        assert client.post(f"/firms/{firm}/people", data={"email": f"p{n}@example.org"}).status_code == 422
    answer = client.post(f"/firms/{firm}/people", data={"email": "last@example.org", "role": "respondent"})
    assert answer.status_code == 429


def test_a_manager_takes_everything_along_and_nobody_else_does(
    client: TestClient, database: Database, settings: Settings
) -> None:
    with database.transaction() as session:
        firm = fill(session, "Zq7x", settings.artifacts)
    sign_in(client, database)
    assert client.get(f"/firms/{firm}/export").status_code == 404
    sign_in(client, database, "guest@zq7x.example")
    assert client.get(f"/firms/{firm}/export").status_code == 403
    sign_in(client, database, "zq7x@zq7x.example")
    answer = client.get(f"/firms/{firm}/export")
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["cache-control"] == "no-store"
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert "firm.json" in zipfile.ZipFile(io.BytesIO(answer.content)).namelist()


def test_a_firm_is_erased_once_its_name_is_typed(client: TestClient, database: Database, settings: Settings) -> None:
    with database.transaction() as session:
        firm = fill(session, "Zq7x", settings.artifacts)
    for email, status in (("stranger@example.org", 404), ("guest@zq7x.example", 403)):
        sign_in(client, database, email)
        assert client.get(f"/firms/{firm}/erase").status_code == status
        assert client.post(f"/firms/{firm}/erase", data={"name": "Zq7x Works"}).status_code == status
    sign_in(client, database, "zq7x@zq7x.example")
    assert "2 files and reports" in client.get(f"/firms/{firm}/erase").text
    wrong = client.post(f"/firms/{firm}/erase", data={"name": "Zq7x"})
    assert wrong.status_code == 422
    assert "This is not the name of the firm." in wrong.text
    done = client.post(f"/firms/{firm}/erase", data={"name": "Zq7x Works"})
    assert "The firm and all its data are erased." in done.text
    assert client.get(f"/firms/{firm}").status_code == 404
    assert not files_in(settings.artifacts)
    with database.reader() as session:
        assert "Zq7x Works" not in dumped(session)


def started_many(database: Database, firm: int, count: int) -> None:
    """Several begin in the same moment, and a later one has no greater number: their order must hold all the same."""
    with database.transaction() as session:
        owner = session.get_one(Firm, firm)
        for number in range(count):
            row, _ = assessments.start(session, owner, tiny().questionnaire, {}, NOW)
            row.created_at = NOW - timedelta(days=number // 4 * 7 % 90)


def test_every_assessment_is_on_a_page_of_the_list_once_and_the_newest_first(
    client: TestClient, database: Database
) -> None:
    firm = firm_of(database, sign_in(client, database), name="Kilang")
    started_many(database, firm, 123)
    path: str | None = f"/firms/{firm}"
    pages = []
    while path:
        text = client.get(path).text
        pages.append([int(number) for number in re.findall(r'<li><a href="/a/(\d+)', text)])
        found = re.search(r'href="([^"]*)">Earlier assessments', text)
        path = found[1] if found else None
        assert ("Newest assessments" in text) == (len(pages) > 1)

    assert [len(page) for page in pages] == [50, 50, 23]
    with database.reader() as session:
        order = select(Assessment.id).order_by(Assessment.created_at.desc(), Assessment.id.desc())
        assert [number for page in pages for number in page] == session.scalars(order).all()


@pytest.mark.parametrize("before", ["0", "-1", "999999999", "99999999999999999999"])
def test_a_page_that_is_asked_for_from_nowhere_begins_with_the_newest(
    client: TestClient, database: Database, before: str
) -> None:
    firm = firm_of(database, sign_in(client, database), name="Kilang")
    started_many(database, firm, 1)

    assert '<li><a href="/a/1' in client.get(f"/firms/{firm}", params={"before": before}).text


def test_the_api_lists_every_assessment_of_a_firm(client: TestClient, database: Database) -> None:
    firm = firm_of(database, sign_in(client, database), name="Kilang")
    started_many(database, firm, 230)
    path, found = f"/api/v1/firms/{firm}/assessments?limit=100", []
    while path:
        reply = client.get(path)
        found += [row["number"] for row in reply.json()["items"]]
        path = reply.headers.get("link", "").partition(">")[0].removeprefix("<")

    assert found == list(range(1, 231))


def test_the_owner_of_a_firm_is_kept_for_its_managers_alone(client: TestClient, database: Database) -> None:
    sign_in(client, database)
    owner = {"enterprise_group": "Besar Holding"}
    shown = client.post("/firms/new", data=FILLED | owner)
    assert "Besar Holding" not in shown.text
    with database.reader() as session:
        firm = session.scalars(select(Firm)).one()
        assert firm.enterprise_group == "Besar Holding"
    link = f"/firms/{firm.id}/particulars"
    assert 'value="Besar Holding"' in client.get(link).text
    refused = client.post(link, data=FILLED | {"enterprise_group": "x" * 300})
    assert refused.status_code == 422
    assert "longer than 200 characters" in refused.text
    client.post(link, data=FILLED)
    assert 'value="Besar Holding"' not in client.get(link).text
