"""The visit's pages: what the assessor sees and sends, what reaches whom, and the firm's one response."""

import re

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import artifacts
from app.database import Database
from app.main import create_app
from app.settings import Settings
from assessment import evidence, verifications
from assessment.access import Access
from assessment.case_states import ASSESSOR, COMMITTEE, FIRM, OFFICER
from assessment.tables import Assessment, ProgrammeCase, Respondent, User
from tests import people, visits
from tests.conftest import ORIGIN
from tests.factories import NOW, tiny
from tests.visits import VISIT_DAY, Visited, opened, set_up

LINK = re.compile(r"/a/[\w-]{32}")


@pytest.fixture
def there(database: Database) -> Visited:
    with database.transaction() as session:
        return set_up(session, "w")


def as_role(client: TestClient, database: Database, there: Visited, role: str) -> TestClient:
    with database.reader() as session:
        email = session.get_one(User, there.people[role]).email
    people.sign_in(client, database, email)
    return client


def press(client: TestClient, path: str, **fields: str):  # type: ignore[no-untyped-def]
    return client.post(path, data=fields or {"nothing": ""}, follow_redirects=False)


def started(client: TestClient, there: Visited) -> str:
    reply = press(client, f"/cases/{there.case}/visit")
    assert reply.status_code == 303, reply.text
    found: str = reply.headers["location"]
    assert LINK.fullmatch(found)
    return found


def test_a_visit_from_its_start_to_the_firm_s_response_without_javascript(
    client: TestClient, database: Database, there: Visited
) -> None:
    as_role(client, database, there, ASSESSOR)
    visit = f"/cases/{there.case}/visit"
    assert "Start the visit" in client.get(visit).text
    link = started(client, there)
    tasks = client.get(link).text
    assert "Verify what the firm says" in tasks
    assert "0 of 13 questions answered" in tasks
    section = client.get(f"{link}/sections/skills").text
    assert section.count("The firm says:") == 4
    assert "as we see it" in section
    assert "Add a note or evidence" not in section

    shown = {"shown": ["skills.training", "skills.languages"], "a.skills.training": "1", "a.skills.languages": "1"}
    taken = client.post(f"{link}/sections/skills", data={**shown, "same": "skills.languages"}, follow_redirects=False)
    assert taken.headers["location"] == f"{link}/sections/skills#q-skills.languages"
    on = client.post(f"{link}/sections/skills", data=shown, follow_redirects=False)
    assert on.headers["location"] == f"{link}/sections/machines~1"
    page = client.get(f"{link}/sections/skills").text
    assert re.search(r'id="why-skills.training">', page)
    assert re.search(r'id="why-skills.languages" hidden>', page)

    seen = client.get(visit).text
    assert "2 of 12 questions verified" in seen
    path = re.search(r'action="(/cases/\d+/visit/hand-in\?seen=\d+)"', seen)
    assert path is not None
    refused = press(client, path[1])
    assert refused.status_code == 422
    assert 'name="at" value="skills.training"' in refused.text
    at = press(client, visit, at="skills.training")
    assert at.headers["location"] == f"{link}/sections/skills#q-skills.training"
    client.post(f"{link}/sections/skills", data={**shown, "note.skills.training": "no plan was there"})
    assert press(client, path[1]).headers["location"] == f"/cases/{there.case}/findings"
    assert client.get(link).status_code == 404
    assert "2 questions verified" in client.get(visit).text

    as_role(client, database, there, FIRM)
    findings = client.get(f"/cases/{there.case}/findings").text
    assert "1 question with another answer" in findings
    assert "no plan was there" in findings
    path = re.search(r'action="(/cases/\d+/findings\?seen=\d+)"', findings)
    assert path is not None
    assert (
        press(client, path[1], **{"r.": "Thank you", "r.skills.training": "It was at the printer’s"}).status_code == 303
    )
    assert press(client, path[1], **{"r.": "again"}).status_code == 409
    for role in (FIRM, ASSESSOR, OFFICER, COMMITTEE):
        told = as_role(client, database, there, role).get(f"/cases/{there.case}/findings").text
        assert "It was at the printer’s" in told
        assert "Send the response" not in told


def test_one_device_has_one_link_and_another_device_another(
    client: TestClient, settings: Settings, database: Database, there: Visited
) -> None:
    as_role(client, database, there, ASSESSOR)
    first = started(client, there)
    assert started(client, there) == first
    other = TestClient(create_app(settings), base_url=ORIGIN, headers={"origin": ORIGIN})
    assert started(as_role(other, database, there, ASSESSOR), there) != first
    with database.transaction() as session:
        case = session.get_one(ProgrammeCase, there.case)
        verifications.end_links(session, case.verification_id, NOW)
    assert started(client, there) != first


@pytest.mark.parametrize("role", [OFFICER, COMMITTEE, FIRM])
def test_a_visit_is_the_assessor_s_alone_and_the_response_the_firm_s(
    client: TestClient, database: Database, there: Visited, role: str
) -> None:
    as_role(client, database, there, role)
    assert client.get(f"/cases/{there.case}/visit").status_code == 404
    assert press(client, f"/cases/{there.case}/visit").status_code == 404
    assert press(client, f"/cases/{there.case}/visit/hand-in").status_code == 404
    if role != FIRM:
        assert press(client, f"/cases/{there.case}/findings").status_code == 404


def test_a_visit_s_link_neither_submits_nor_manages_nor_is_taken_into_an_account(
    client: TestClient, database: Database, there: Visited
) -> None:
    as_role(client, database, there, ASSESSOR)
    link = started(client, there)
    assert press(client, f"{link}/submit").status_code == 403
    assert press(client, f"{link}/keep").status_code == 403
    for part in ("results", "profile", "colleagues", "check", "reopen", "move", "reports/1"):
        assert client.get(f"{link}/{part}").status_code in (403, 404), part
    assert client.get(f"{link}/visit", follow_redirects=False).headers["location"] == f"/cases/{there.case}/visit"
    # A page that only repeats the sections leads back to them.
    assert client.get(f"{link}/sections/skills/check", follow_redirects=False).status_code == 303


def test_the_firm_sees_nothing_before_the_hand_in_and_finds_no_second_assessment(
    client: TestClient, database: Database, there: Visited
) -> None:
    with database.transaction() as session:
        visits.verify(session, there, {"machines.1": 0}, "none is wired")
    as_role(client, database, there, FIRM)
    assert "none is wired" not in client.get(f"/cases/{there.case}/findings").text
    assert (
        "Nothing is handed in yet"
        in as_role(client, database, there, OFFICER).get(f"/cases/{there.case}/findings").text
    )
    as_role(client, database, there, FIRM)
    with database.reader() as session:
        number = session.get_one(ProgrammeCase, there.case).verification_id
    for path in (f"/a/{number}", f"/a/{number}/sections/machines~1", f"/api/v1/assessments/{number}"):
        assert client.get(path).status_code == 404
    account, firm = client.get("/account").text, client.get(f"/firms/{there.firm}").text
    assert f"/a/{there.said}" in firm
    assert f"/a/{number}" not in account + firm
    listed = client.get(f"/api/v1/firms/{there.firm}/assessments").json()
    assert str(number) not in [str(each.get("number")) for each in listed.get("items", [])]
    assert press(client, f"/a/{there.said}/reopen", reason="other answers").status_code == 409


def with_file(session: Session, settings: Settings, there: Visited) -> None:
    """Give the firm's submission a file."""
    own = session.get_one(Assessment, there.said)
    own.state = "open"
    sha256 = artifacts.store(settings.artifacts / "evidence", b"a plan") if hasattr(artifacts, "store") else ""
    evidence.add(
        session, Access(own), tiny().questionnaire, "skills.training", "plan.txt", "text/plain", sha256, 6, NOW
    )
    own.state = "submitted"
    filed = {"question": "skills.training", "name": "plan.txt", "size": 6, "media_type": "text/plain"}
    own.frozen = {**(own.frozen or {}), "evidence": [{**filed, "respondent": None, "by": "", "on": "2026-11-20"}]}


def test_the_firm_s_files_open_with_the_visit_s_link_only(
    client: TestClient, settings: Settings, database: Database, there: Visited
) -> None:
    with database.transaction() as session:
        with_file(session, settings, there)
    as_role(client, database, there, ASSESSOR)
    link = started(client, there)
    assert f'href="{link}/self/evidence/0"' in client.get(f"{link}/sections/skills").text
    reply = client.get(f"{link}/self/evidence/0")
    assert reply.content == b"a plan"
    assert "attachment" in reply.headers["content-disposition"]
    assert client.get(f"{link}/self/evidence/1").status_code == 404
    assert client.get(f"{link}/self/evidence/-1").status_code == 404
    as_role(client, database, there, FIRM)
    assert client.get(f"/a/{there.said}/self/evidence/0").status_code == 404
    assert client.get(f"/a/{there.said}/visit").status_code == 404


def test_what_the_firm_said_decides_which_questions_are_asked_until_the_assessor_says_otherwise(
    client: TestClient, database: Database, there: Visited
) -> None:
    link = started(as_role(client, database, there, ASSESSOR), there)
    assert "Do mentors train others?" in client.get(f"{link}/sections/skills").text
    fields = {"shown": "skills.training", "a.skills.training": "0", "note.skills.training": "none"}
    client.post(f"{link}/sections/skills", data=fields)
    assert "Do mentors train others?" not in client.get(f"{link}/sections/skills").text


def test_a_firm_s_own_section_holds_nothing_of_a_visit(client: TestClient, database: Database, there: Visited) -> None:
    client.post("/start/tiny", data={"firm": "A"})
    with database.reader() as session:
        assert session.scalars(select(Respondent)).all() == []
    link = str(client.post("/start/tiny", data={"firm": "A"}, follow_redirects=False).headers["location"]).split("?")[0]
    section = client.get(f"{link}/sections/skills").text
    assert "Add a note or evidence" in section
    for mark in ("The firm says", "data-said", "why-", 'name="same"', "Reason"):
        assert mark not in section


def test_the_programme_s_page_tells_bias_to_officers_and_the_committee_only(
    client: TestClient, database: Database, there: Visited
) -> None:
    with database.transaction() as session:
        visits.verify(session, there, {"machines.1": 0})
        verifications.hand_in(session, opened(session, there, ASSESSOR), tiny().questionnaire, VISIT_DAY)
    path = f"/programmes/{there.programme}/verification"
    for role in (OFFICER, COMMITTEE):
        text = as_role(client, database, there, role).get(path).text
        assert "Figures are shown from 10 firms on." in text
    assert as_role(client, database, there, ASSESSOR).get(path).status_code == 403
    assert as_role(client, database, there, FIRM).get(path).status_code == 404
