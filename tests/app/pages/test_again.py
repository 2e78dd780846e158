"""The next year: last time's answers beside the ladder, never chosen beforehand, taken over by one button."""

import re
from concurrent.futures import ThreadPoolExecutor

from fastapi.testclient import TestClient
from sqlalchemy import select

from app.database import Database
from assessment import access
from assessment.tables import AnswerRevision, Assessment
from tests.app.pages.test_colleagues import ask
from tests.app.walk import Visit, finished, start
from tests.people import sign_in


def again(client: TestClient) -> tuple[Visit, Visit]:
    """Last year's assessment with a profile and a note, and this year's."""
    last = start(client, **{"p.sector": "services", "p.employees": "42"})
    last.answer("skills", skills__training="2", skills__languages=["0", "1"])
    last.answer("skills", skills__training="2", skills__languages=["0", "1"], skills__mentors="1")
    last.post("/sections/skills", {"shown": ["skills.training"], "note.skills.training": "the plan of 2026"})
    last.answer("machines~1", machines__1="1", machines__2="unknown")
    last.submit()
    assert f'href="{last.link}/again"' in last.get("/results").text
    assert "Start the new assessment" in last.get("/again").text
    sent = last.post("/again")
    assert sent.status_code == 303
    return last, Visit(client, sent.headers["location"].partition("?")[0])


def test_starting_again_is_a_new_assessment_of_the_same_firm_with_the_profile_it_had(
    client: TestClient, database: Database
) -> None:
    last, now = again(client)

    assert "Keep your return link" in now.get("?new=1").text
    with database.reader() as session:
        one, other = (access.open_by_link(session, v.link.rpartition("/")[2]) for v in (last, now))
        assert (other.firm_id, other.previous_id) == (one.firm_id, one.id)
        assert other.profile == {"sector": "services", "employees": 42}
        assert one.state == "submitted"


def test_each_question_shows_what_was_said_last_time_and_nothing_is_chosen(client: TestClient) -> None:
    _, now = again(client)
    page = now.get("/sections/skills").text

    assert re.search(r'Last time: <b class="digit">2</b> A yearly plan covers the main tools\.', page)
    assert "Last time: ERP · MES" in page
    assert " checked" not in page
    assert "Last time: <span" in now.get("/sections/machines~1").text  # I do not know
    assert "Last time" not in now.get("/sections/machines~2").text


def test_one_button_takes_over_a_section_as_answers_given_now(client: TestClient, database: Database) -> None:
    _, now = again(client)
    assert "Nothing has changed in this section" in now.get("/sections/skills").text
    sent = now.post("/sections/skills/last-time")

    assert sent.headers["location"] == f"{now.link}/sections/skills/check"
    page = now.get("/sections/skills").text
    assert re.search(r'name="a.skills.training" value="2" checked', page)
    assert re.search(r'name="a.skills.mentors" value="1" checked', page)  # it applies because of the first
    assert "the plan of 2026" in page
    assert "Nothing has changed in this section" not in page
    with database.reader() as session:
        found = access.open_by_link(session, now.link.rpartition("/")[2])
        taken = session.scalars(select(AnswerRevision.question_id).where(AnswerRevision.assessment_id == found.id))
        assert sorted(taken) == ["skills.languages", "skills.mentors", "skills.training"]


def test_what_is_answered_by_now_stays(client: TestClient) -> None:
    _, now = again(client)
    now.answer("skills", skills__training="0")
    now.post("/sections/skills/last-time")

    page = now.get("/sections/skills").text
    assert re.search(r'name="a.skills.training" value="0" checked', page)
    assert "skills.mentors" not in page  # it no longer applies


def test_taking_over_twice_at_once_records_once(client: TestClient, database: Database) -> None:
    _, now = again(client)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: now.post("/sections/skills/last-time"), range(4)))

    with database.reader() as session:
        found = access.open_by_link(session, now.link.rpartition("/")[2])
        versions = session.scalars(select(AnswerRevision.version).where(AnswerRevision.assessment_id == found.id))
        assert set(versions) == {1}


def test_a_colleague_takes_over_only_their_sections(client: TestClient, database: Database) -> None:
    _, now = again(client)
    colleague = ask(now, "Amina", "machines~1")

    assert "Last time" in colleague.get("/sections/machines~1").text
    assert colleague.post("/sections/skills/last-time").status_code == 404
    assert colleague.post("/sections/machines~1/last-time").status_code == 303


def test_the_first_time_nothing_is_said_of_a_last_one(client: TestClient) -> None:
    visit = start(client)

    assert "Last time" not in visit.get("/sections/skills").text
    assert visit.post("/sections/skills/last-time").status_code == 303
    assert visit.post("/again").status_code == 409


def test_an_open_next_assessment_is_pointed_out(client: TestClient, database: Database) -> None:
    last, _ = again(client)

    assert "started already and is still open" in last.get("/again").text
    assert last.post("/again").status_code == 303
    with database.reader() as session:
        assert len(session.scalars(select(Assessment)).all()) == 3


def test_while_the_last_one_is_reopened_nothing_is_shown_of_it(client: TestClient) -> None:
    last, now = again(client)
    last.post("/reopen", {"reason": "a mistake"})

    assert "Last time" not in now.get("/sections/skills").text


def test_a_submitted_next_assessment_takes_nothing_over(client: TestClient) -> None:
    _, now = again(client)
    now.answer("skills", skills__training="1")
    now.submit()

    assert now.post("/sections/machines~1/last-time").status_code == 409


def test_finished_assessments_start_again_too(client: TestClient) -> None:
    assert finished(client).post("/again").status_code == 303


def test_who_signs_in_and_follows_the_link_sees_this_years_results_in_few_statements(
    client: TestClient, database: Database
) -> None:
    _, now = again(client)
    now.answer("skills", skills__training="3")
    now.submit()
    sign_in(client, database, "stranger@example.org")

    assert now.get("/results").status_code == 200  # the client counts them
