"""The page of a case and the queues, as each role sees and uses them."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import Database
from assessment import case_events, case_moves, cases
from assessment.case_states import (
    ACTION_DONE,
    ASSESSOR,
    COMMITTEE,
    ELIGIBLE,
    ENDORSED,
    FIRM,
    NOT_SELECTED,
    OFFICER,
    ON_SITE,
    REASSESSED,
    SELECTED,
    SELF_ASSESSED,
    STATES,
    WITHDRAWN,
)
from assessment.tables import Assessment, CaseEvent, Firm, Mail, ProgrammeCase
from tests import visits
from tests.app.api.program import program, token_for
from tests.assessment.cases import Run, add_case, case_in, new_firm, opened, submitted
from tests.factories import NOW, answered, tiny
from tests.people import sign_in

MAIL_OF = {role: f"{role}-p@example.org" for role in (FIRM, OFFICER, ASSESSOR, COMMITTEE)}


@pytest.fixture
def there(database: Database) -> Callable[[str], Run]:
    def make(state: str) -> Run:
        with database.transaction() as session:
            return case_in(session, state)

    return make


def enter(client: TestClient, database: Database, role: str) -> TestClient:
    sign_in(client, database, MAIL_OF[role])
    return client


def look(client: TestClient, run: Run, status: int = 200) -> str:
    reply = client.get(f"/cases/{run.case}")
    assert reply.status_code == status, reply.text
    return reply.text


def press(client: TestClient, run: Run, part: str, seen: int | None = None, **fields: str) -> int:
    """What comes of a form of the page, with the version that the page shows."""
    if seen is None:
        found = re.search(rf"/cases/{run.case}/\w+\?seen=(\d+)", look(client, run))
        seen = int(found[1]) if found else 1
    return client.post(
        f"/cases/{run.case}/{part}?seen={seen}", data={"x": "", **fields}, follow_redirects=False
    ).status_code


def case_of(database: Database, run: Run) -> ProgrammeCase:
    with database.reader() as session:
        return session.get_one(ProgrammeCase, run.case)


@pytest.mark.parametrize("state", STATES)
def test_every_role_opens_the_page_in_every_state(
    client: TestClient, database: Database, there: Callable[[str], Run], state: str
) -> None:
    run = there(state)
    with database.transaction() as session:
        session.get_one(ProgrammeCase, run.case).assessor_id = run.members[ASSESSOR]
    for role in MAIL_OF:
        text = look(enter(client, database, role), run)
        assert "Acme p" in text
        assert "History" in text


def test_a_case_is_there_for_nobody_else(client: TestClient, database: Database, there: Callable[[str], Run]) -> None:
    run = there(SELF_ASSESSED)
    assert client.get(f"/cases/{run.case}", follow_redirects=False).status_code == 303  # asked to sign in
    sign_in(client, database, "stranger@example.org")
    look(client, run, 404)
    assert client.post(f"/cases/{run.case}/move", data={"to": WITHDRAWN, "reason": "x"}).status_code == 404
    look(enter(client, database, ASSESSOR), run, 404)  # not assigned to them
    for path in (f"/programmes/{run.programme}/cases", f"/programmes/{run.programme + 1}/cases"):
        sign_in(client, database, MAIL_OF[FIRM])
        assert client.get(path).status_code == 404


def test_the_firm_reads_no_note_and_no_name_of_those_who_decide(
    client: TestClient, database: Database, there: Callable[[str], Run]
) -> None:
    run = there(ELIGIBLE)
    officer = enter(client, database, OFFICER)
    assert press(officer, run, "note", note="Their director is difficult") == 303
    assert press(officer, run, "move", to=NOT_SELECTED, reason="Only 508 places") == 303
    assert "Their director is difficult" in look(officer, run)
    text = look(enter(client, database, FIRM), run)
    assert "difficult" not in text
    assert MAIL_OF[OFFICER] not in text
    assert "Only 508 places" in text
    assert press(client, run, "note", note="We too") == 403


def test_selecting_tells_the_firm_by_mail(client: TestClient, database: Database, there: Callable[[str], Run]) -> None:
    run = there(ELIGIBLE)
    assert press(enter(client, database, OFFICER), run, "move", to=SELECTED) == 303
    assert case_of(database, run).state == SELECTED
    with database.reader() as session:
        mail = session.scalars(select(Mail)).one()
    assert (mail.recipient, mail.subject) == (MAIL_OF[FIRM], "Your firm is selected")
    assert f"/cases/{run.case}" in mail.body


def test_not_selecting_asks_why_and_tells_the_firm(
    client: TestClient, database: Database, there: Callable[[str], Run]
) -> None:
    run = there(ELIGIBLE)
    officer = enter(client, database, OFFICER)
    reply = officer.post(f"/cases/{run.case}/move?seen=2", data={"to": NOT_SELECTED, "reason": " "})
    assert reply.status_code == 422
    assert 'id="f-reason-problem"' in reply.text
    assert press(officer, run, "move", to=NOT_SELECTED, reason="Too far away") == 303
    with database.reader() as session:
        assert "Too far away" in session.scalars(select(Mail.body)).one()


def test_a_page_that_is_out_of_date_is_refused(
    client: TestClient, database: Database, there: Callable[[str], Run]
) -> None:
    run = there(ELIGIBLE)
    officer = enter(client, database, OFFICER)
    assert press(officer, run, "note", seen=2, note="one") == 303
    assert press(officer, run, "move", seen=2, to=SELECTED) == 409
    assert case_of(database, run).state == ELIGIBLE


def test_assigning_with_the_day_of_the_visit(
    client: TestClient, database: Database, there: Callable[[str], Run]
) -> None:
    run = there(SELF_ASSESSED)
    officer = enter(client, database, OFFICER)
    member = str(run.members[ASSESSOR])
    assert press(officer, run, "assign", assessor="", visit_on="") == 422
    assert press(officer, run, "assign", assessor=member, visit_on="soon") == 422
    assert press(officer, run, "assign", assessor=member, visit_on="2027-03-01") == 303
    assert case_of(database, run).state == ON_SITE
    assert f"/cases/{run.case}/visit" in look(enter(client, database, ASSESSOR), run)
    with database.reader() as session:
        assert "An assessor comes on March 1, 2027." in session.scalars(select(Mail.body)).one()


def test_the_committee_endorses(client: TestClient, database: Database, there: Callable[[str], Run]) -> None:
    run = there(ON_SITE)
    assert press(enter(client, database, OFFICER), run, "move", to=ENDORSED) == 403
    assert press(enter(client, database, ASSESSOR), run, "move", to=ENDORSED) == 403
    assert press(enter(client, database, COMMITTEE), run, "move", to=ENDORSED) == 303
    assert case_of(database, run).state == ENDORSED


def test_the_committee_sends_back_with_a_reason(
    client: TestClient, database: Database, there: Callable[[str], Run]
) -> None:
    run = there(ON_SITE)
    committee = enter(client, database, COMMITTEE)
    assert press(committee, run, "send-back", back="") == 422
    assert press(enter(client, database, OFFICER), run, "send-back", back="Look again") == 403
    committee = enter(client, database, COMMITTEE)
    assert press(committee, run, "send-back", back="Look at the machines again") == 303
    assert case_of(database, run).handed_in_at is None
    assert "Look at the machines again" in look(enter(client, database, ASSESSOR), run)
    assert "machines again" not in look(enter(client, database, FIRM), run)


def test_the_firm_starts_the_assessment_of_its_case_and_submits_it(
    client: TestClient, database: Database, there: Callable[[str], Run]
) -> None:
    run = there(SELECTED)
    firm = enter(client, database, FIRM)
    assert press(firm, run, "assessment") == 303
    number = case_of(database, run).assessment_id
    assert press(firm, run, "assessment") == 303  # the other tab
    assert case_of(database, run).assessment_id == number
    with database.transaction() as session:
        answered(session, session.get_one(Assessment, number), skills__training=2)
    check = firm.get(f"/a/{number}/check").text
    seen = re.search(r'name="seen" value="([^"]*)"', check)
    assert seen is not None
    assert firm.post(f"/a/{number}/submit", data={"seen": seen[1]}, follow_redirects=False).status_code == 303
    assert case_of(database, run).state == SELF_ASSESSED
    assert f"/a/{number}/results" in look(firm, run)
    assert "Skills" in look(enter(client, database, OFFICER), run)  # scores by dimension


def test_a_program_that_submits_moves_the_case_as_well(
    app: FastAPI, database: Database, there: Callable[[str], Run]
) -> None:
    run = there(SELECTED)
    with database.transaction() as session:
        hands = opened(session, run, FIRM)
        number = cases.start_assessment(session, hands, tiny().questionnaire, NOW).id
    api = program(app, token_for(database, MAIL_OF[FIRM]))
    api.answer(f"/assessments/{number}", skills__training=2)
    assert api.submit(f"/assessments/{number}").status_code == 200
    assert case_of(database, run).state == SELF_ASSESSED


def test_the_firm_brings_an_assessment_that_it_has_already(
    client: TestClient, database: Database, there: Callable[[str], Run]
) -> None:
    run = there(SELECTED)
    with database.transaction() as session:
        number = submitted(session, session.get_one(Firm, run.firm)).id
        foreign = submitted(session, new_firm(session, "Other")).id
    firm = enter(client, database, FIRM)
    assert f'value="{number}"' in look(firm, run)
    assert press(firm, run, "assessment", bring=str(foreign)) == 422
    assert press(firm, run, "assessment", bring=str(number)) == 303
    case = case_of(database, run)
    assert (case.state, case.assessment_id) == (SELF_ASSESSED, number)


def test_support_and_actions(client: TestClient, database: Database, there: Callable[[str], Run]) -> None:
    run = there(ENDORSED)
    firm = enter(client, database, FIRM)
    assert press(firm, run, "mark", what=ACTION_DONE, action="", day="2027-01-01") == 422
    assert press(firm, run, "mark", what=ACTION_DONE, action="Sensors", day="") == 422
    assert press(firm, run, "mark", what="reassessed", action="Sensors", day="2027-01-01") == 409
    assert press(firm, run, "mark", what=ACTION_DONE, action="Sensors", day="2027-01-01") == 303
    assert case_of(database, run).state == ACTION_DONE
    assert "Sensors" in look(firm, run)


def test_the_firm_withdraws_with_a_reason(client: TestClient, database: Database, there: Callable[[str], Run]) -> None:
    run = there(SELECTED)
    firm = enter(client, database, FIRM)
    assert press(firm, run, "move", to=WITHDRAWN) == 422
    assert press(firm, run, "move", to=WITHDRAWN, reason="No time") == 303
    assert "No time" in look(enter(client, database, OFFICER), run)


def test_due_day_owner_and_reminder_by_hand(
    client: TestClient, database: Database, there: Callable[[str], Run]
) -> None:
    run = there(SELECTED)
    officer = enter(client, database, OFFICER)
    assert press(officer, run, "due", due_on="") == 422
    assert press(officer, run, "due", due_on="2027-05-05") == 303
    assert press(officer, run, "own") == 303
    assert press(officer, run, "remind") == 303
    assert press(officer, run, "remind") == 409
    case = case_of(database, run)
    assert (case.due_on, case.owner_id) == ("2027-05-05", run.members[OFFICER])
    with database.reader() as session:
        assert session.scalars(select(Mail.recipient)).all() == [MAIL_OF[FIRM]]
    assert "A reminder went out" not in look(enter(client, database, FIRM), run)


def test_an_assessment_on_which_a_visit_rests_is_not_reopened(
    client: TestClient, database: Database, there: Callable[[str], Run]
) -> None:
    run = there(ON_SITE)
    case = case_of(database, run)
    firm = enter(client, database, FIRM)
    with database.transaction() as session:  # planned, and not begun: nobody verifies it yet
        session.get_one(ProgrammeCase, run.case).verification_id = None
        session.delete(session.get_one(Assessment, case.verification_id))
    reply = firm.post(f"/a/{case.assessment_id}/reopen", data={"reason": "A mistake"})
    assert reply.status_code == 409


def test_a_later_submission_is_the_re_assessment(
    client: TestClient, database: Database, there: Callable[[str], Run]
) -> None:
    run = there(ACTION_DONE)
    first = case_of(database, run).assessment_id
    firm = enter(client, database, FIRM)
    begun = firm.post(f"/a/{first}/again", data={"x": ""}, follow_redirects=False).headers["location"]
    number = int(begun.split("?")[0].split("/")[-1])
    with database.transaction() as session:
        answered(session, session.get_one(Assessment, number), skills__training=3)
    seen = re.search(r'name="seen" value="([^"]*)"', firm.get(f"/a/{number}/check").text)
    assert seen is not None
    firm.post(f"/a/{number}/submit", data={"seen": seen[1]})
    case = case_of(database, run)
    assert (case.state, case.again_id, case.assessment_id) == (REASSESSED, number, first)


def test_the_firm_hears_of_the_findings_and_the_committee_has_days_once_it_has_responded(
    client: TestClient, database: Database
) -> None:
    with database.transaction() as session:
        there = visits.set_up(session)
        visits.verify(session, there, {"skills.training": 1})
    sign_in(client, database, "assessor-v@example.org")
    handed = client.post(f"/cases/{there.case}/visit/hand-in", data={"x": ""}, follow_redirects=False)
    assert handed.status_code == 303, handed.text
    with database.reader() as session:
        mail = session.scalars(select(Mail)).one()
        case = session.get_one(ProgrammeCase, there.case)
    assert (mail.recipient, mail.subject) == ("firm-v@example.org", "What was found at your firm can be read")
    assert case.handed_in_at is not None
    assert case.due_on == (case.handed_in_at.date() + timedelta(days=14)).isoformat()
    sign_in(client, database, "firm-v@example.org")
    assert (
        client.post(f"/cases/{there.case}/findings", data={"r.": "Agreed"}, follow_redirects=False).status_code == 303
    )
    with database.reader() as session:
        case = session.get_one(ProgrammeCase, there.case)
    assert case.responded_at is not None
    assert case.due_on == (case.responded_at.date() + timedelta(days=14)).isoformat()


def queue(client: TestClient, run: Run, query: str = "") -> str:
    reply = client.get(f"/programmes/{run.programme}/cases{query}")
    assert reply.status_code == 200, reply.text
    return reply.text


def test_queues_per_role(client: TestClient, database: Database, there: Callable[[str], Run]) -> None:
    run = there(ON_SITE)
    with database.transaction() as session:
        add_case(session, run, new_firm(session, "<b>Mill</b>"), ELIGIBLE, due_on="2026-01-01")
    text = queue(enter(client, database, OFFICER), run)
    assert text.index("&lt;b&gt;Mill") < text.index("Acme p")
    assert "overdue" in text
    assert "Acme p" not in queue(client, run, "?state=eligible")
    assert "No case is like that." in queue(client, run, "?words=nobody")
    for role in (ASSESSOR, COMMITTEE):
        text = queue(enter(client, database, role), run)
        assert "Acme p" in text
        assert "Mill" not in text
        assert "With all that are ticked" not in text
        assert "Mill" not in queue(client, run, "?as=officer&state=eligible")


def test_many_at_once(client: TestClient, database: Database, there: Callable[[str], Run]) -> None:
    run = there(ELIGIBLE)
    with database.transaction() as session:
        other = add_case(session, run, new_firm(session, "Mill"), SELECTED).id
    officer = enter(client, database, OFFICER)
    ticked = re.findall(r'name="case" value="([^"]+)"', queue(officer, run))
    assert len(ticked) == 2
    path = f"/programmes/{run.programme}/cases?words="
    reply = officer.post(path, data={"shown": ticked, "all": "1", "case": ticked[:1], "action": "select"})
    assert reply.status_code == 200
    assert "1 case is done." in reply.text
    assert f'<a href="/cases/{other}"><bdi>Mill</bdi></a>: This case cannot take that step' in reply.text
    assert case_of(database, run).state == SELECTED
    assert officer.post(path, data={"action": "select"}).status_code == 422
    assert enter(client, database, COMMITTEE).post(path, data={"case": ticked, "action": "own"}).status_code == 403
    with database.reader() as session:
        assert session.scalars(select(Mail.recipient)).all() == [MAIL_OF[FIRM]]


def test_the_history_tells_who_did_what(client: TestClient, database: Database, there: Callable[[str], Run]) -> None:
    run = there(SELF_ASSESSED)

    def act(session: Session) -> None:
        member = str(run.members[ASSESSOR])
        case_moves.assign(session, opened(session, run, OFFICER), member, "2027-03-01", NOW)

    with database.transaction() as session:
        act(session)
        kinds = [event.kind for event in session.scalars(select(CaseEvent).order_by(CaseEvent.number))]
    assert kinds == [case_events.MOVED, case_events.ASSIGNED, case_events.MOVED]
    text = look(enter(client, database, COMMITTEE), run)
    history = text[text.index('id="history"') :]
    assert "Assessor Person" in history
    assert "Officer · <bdi>Omar Officer</bdi>" in history
    assert "visit on March 1, 2027" in history
