"""Asking colleagues: a link of their own, only their sections, and what it never opens."""

import re

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.database import Database
from assessment import access, assessments, respondents
from assessment.tables import Answer, AnswerRevision, Respondent
from tests.app.walk import Visit, start


def ask(visit: Visit, name: str = "Amina", *sections: str) -> Visit:
    """A colleague who has opened their link and confirmed their name."""
    invited = Visit(visit.client, link_of(visit, name, *sections))
    invited.post("/name", {"name": name})
    return invited


def link_of(visit: Visit, name: str, *sections: str) -> str:
    sent = visit.post("/colleagues", {"name": name, "sections": list(sections or ("skills",))})
    assert sent.status_code == 303, sent.text
    return shown_link(visit.client, sent.headers["location"])


def shown_link(client: TestClient, place: str) -> str:
    found = re.search(r'value="http://testserver(/a/[\w-]{32})"', client.get(place).text)
    assert found
    return found[1]


def test_a_link_is_shown_once_as_text_and_as_a_picture_and_is_stored_nowhere(
    client: TestClient, database: Database
) -> None:
    visit = start(client)
    sent = visit.post("/colleagues", {"name": "Amina", "sections": ["skills"]})
    place = sent.headers["location"]

    first = client.get(place).text
    link = shown_link(client, place)
    client.cookies.clear()
    later = client.get(place).text

    assert 'role="img" aria-label="QR code that opens this link"><svg' in first
    assert link not in later
    assert "Make a new link" in later
    with database.reader() as session:
        stored = session.scalars(select(Respondent)).one()
        assert stored.token_sha256 == access.token_sha256(link.rpartition("/")[2])


def test_reloading_after_asking_asks_nobody_twice(client: TestClient, database: Database) -> None:
    visit = start(client)
    place = visit.post("/colleagues", {"name": "Amina", "sections": ["skills"]}).headers["location"]
    assert shown_link(client, place) == shown_link(client, place)

    with database.reader() as session:
        assert len(session.scalars(select(Respondent)).all()) == 1


def test_nobody_else_is_asked_for_a_name_and_page_and_program_say_what_to_do(client: TestClient) -> None:
    visit = start(client)
    page = visit.post("/name", {"name": "Bao"})
    program = client.put(f"/api/v1/assessments/{visit.link.split('/')[2]}/name", json={"name": "Bao"})

    assert (page.status_code, program.status_code) == (403, 403)
    assert "Go on answering; sign in first" in page.text
    assert "Go on answering; sign in first" in program.json()["detail"]


def test_a_colleague_confirms_their_name_on_first_opening_and_their_answers_carry_it(
    client: TestClient, database: Database
) -> None:
    visit = start(client)
    colleague = Visit(client, link_of(visit, "Amina"))

    asked = colleague.get()
    assert "You are asked to answer some questions" in asked.text
    assert 'value="Amina"' in asked.text
    assert colleague.post("/name", {"name": " "}).status_code == 422
    assert colleague.post("/name", {"name": "Amina B."}).status_code == 303
    assert "Your sections" in colleague.get().text
    colleague.answer("skills", skills__training="2")

    with database.reader() as session:
        given = session.execute(select(Respondent.name, AnswerRevision.question_id).join(AnswerRevision)).all()
        assert given == [("Amina B.", "skills.training")]


def test_the_list_says_who_was_asked_what_how_far_they_are_and_when_they_answered(client: TestClient) -> None:
    visit = start(client)
    assert "Who was asked" not in visit.get("/colleagues").text
    link = link_of(visit, "Amina", "skills", "~people")
    assert "Not opened yet" in visit.get("/colleagues").text

    colleague = Visit(client, link)
    colleague.post("/name", {"name": "Amina"})
    assert "Opened, nothing answered yet" in visit.get("/colleagues").text

    colleague.answer("skills", skills__training="1")
    page = visit.get("/colleagues").text
    assert "Last answered:" in page
    assert '<time class="moment"' in page
    assert "1 of 3" in page  # the core questions stand in both sections and count once
    assert "Amina" in page


def test_a_colleague_sees_only_their_sections_and_is_thanked_at_the_end(client: TestClient) -> None:
    visit = start(client)
    colleague = ask(visit, "Amina", "skills")

    page = colleague.get().text
    assert f"{colleague.link}/sections/skills" in page
    assert "machines" not in page
    assert "/check" not in page
    assert "Your return link" not in page
    assert "Thank you" not in page

    colleague.post(
        "/sections/skills",
        {
            "shown": ["skills.training", "skills.languages", "skills.share"],
            "a.skills.training": "1",
            "a.skills.languages": ["none"],
            "n.skills.share": "5",
        },
    )
    check = colleague.get("/sections/skills/check").text
    assert "Back to your sections" in check
    assert "/results" not in check
    assert "Thank you: all your questions are answered" in colleague.get().text


@pytest.mark.parametrize(
    "path",
    ["/sections/machines~1", "/sections/~technology", "/sections/machines~1/check", "/sections/services"],
)
def test_other_sections_are_not_there_for_a_colleague(client: TestClient, path: str) -> None:
    colleague = ask(start(client), "Amina", "skills")

    assert colleague.get(path).status_code == 404
    assert colleague.post(path, {"shown": ["machines.1"], "a.machines.1": "1"}).status_code in (404, 405)


@pytest.mark.parametrize("path", ["/results", "/check", "/profile", "/colleagues", "/colleagues/1", "/reports/1"])
def test_pages_of_managers_tell_a_colleague_whom_to_ask(client: TestClient, path: str) -> None:
    colleague = ask(start(client), "Amina", "skills")

    found = colleague.get(path)
    assert found.status_code == 403
    assert "Ask whoever sent it to you" in found.text


@pytest.mark.parametrize(
    "path",
    ["/submit", "/profile", "/reports", "/colleagues", "/colleagues/1/link", "/colleagues/1/sections",
     "/colleagues/1/take-back"],
)  # fmt: skip
def test_a_colleague_does_nothing_that_is_for_managers(client: TestClient, database: Database, path: str) -> None:
    visit = start(client)
    visit.answer("skills", skills__training="1")
    colleague = ask(visit, "Amina", "skills")

    sent = {"sections": ["machines~1", "skills"], "name": "Eve", "firm": "Evil", "language": "en"}
    assert colleague.post(path, sent).status_code == 403

    with database.reader() as session:
        found = access.open_by_link(session, visit.link.rpartition("/")[2])
        assert (found.state, found.firm.name) == ("open", "Acme")
        assert [c.sections for c in respondents.list_colleagues(session, found)] == [{"skills"}]


def test_a_body_with_questions_of_other_sections_stores_nothing_of_them(client: TestClient, database: Database) -> None:
    visit = start(client)
    colleague = ask(visit, "Amina", "skills")

    smuggled = {"shown": ["skills.training", "machines.1"], "a.skills.training": "1", "a.machines.1": "2"}
    colleague.post("/sections/skills", {**smuggled, "note.machines.1": "mine"})
    refused = colleague.post("/sections/machines~1", {"shown": ["machines.1"], "a.machines.1": "2"})

    assert refused.status_code == 404
    with database.reader() as session:
        assert session.scalars(select(Answer.question_id)).all() == ["skills.training"]


def test_a_colleagues_place_is_not_where_the_manager_left_off(client: TestClient) -> None:
    visit = start(client)
    visit.answer("machines~2", machines__5="1")
    ask(visit, "Amina", "skills").answer("skills", skills__training="1")

    assert f'class="button" href="{visit.link}/sections/machines~2"' in visit.get().text


def test_a_link_that_was_taken_back_leads_nowhere_and_the_answers_stay(client: TestClient, database: Database) -> None:
    visit = start(client)
    colleague = ask(visit, "Amina", "skills")
    colleague.answer("skills", skills__training="1")

    assert visit.post("/colleagues/1/take-back").status_code == 303

    assert colleague.get().status_code == 404
    assert colleague.get("/sections/skills").status_code == 404
    assert colleague.post("/sections/skills", {"shown": ["skills.training"]}).status_code == 404
    assert "Link taken back" in visit.get("/colleagues").text
    with database.reader() as session:
        assert session.scalars(select(Answer.value)).all() == [1]


def test_a_new_link_ends_the_old_one(client: TestClient) -> None:
    visit = start(client)
    colleague = ask(visit, "Amina", "skills")

    renewed = visit.post("/colleagues/1/link")
    link = shown_link(client, renewed.headers["location"])

    assert colleague.get().status_code == 404
    assert "Your sections" in client.get(link).text  # they have said their name already


def test_sections_can_be_changed_and_the_link_stays(client: TestClient) -> None:
    visit = start(client)
    colleague = ask(visit, "Amina", "skills")

    assert visit.post("/colleagues/1/sections", {"sections": ["machines~1"]}).status_code == 303
    assert colleague.get("/sections/skills").status_code == 404
    assert colleague.get("/sections/machines~1").status_code == 200
    assert visit.post("/colleagues/1/sections", {}).status_code == 422


def test_colleagues_of_another_assessment_are_not_there(client: TestClient) -> None:
    theirs, mine = start(client), start(client)
    ask(theirs, "Amina", "skills")

    assert mine.get("/colleagues/1").status_code == 404
    assert mine.post("/colleagues/1/link").status_code == 404
    assert mine.get(f"/colleagues/{2**40}").status_code == 404


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"name": "", "sections": ["skills"]}, "Enter a name"),
        ({"name": "Amina"}, "Choose at least one section"),
        ({"name": "Amina", "sections": ["of another questionnaire"]}, "Choose at least one section"),
        ({"name": "x" * 201, "sections": ["skills"]}, "longer than 200"),
    ],
)
def test_what_is_missing_is_said_and_what_was_entered_stays(
    client: TestClient, sent: dict[str, object], said: str
) -> None:
    visit = start(client)
    refused = visit.post("/colleagues", sent)

    assert refused.status_code == 422
    assert said in refused.text
    if "skills" in sent.get("sections", ()):
        assert re.search(r'value="skills" checked', refused.text)
    assert "Who was asked" not in visit.get("/colleagues").text


def test_a_name_is_shown_as_text(client: TestClient) -> None:
    visit = start(client)
    link_of(visit, "<script>alert(1)</script>{{7*7}}")

    page = visit.get("/colleagues").text
    assert "<bdi>&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}</bdi>" in page


def test_the_list_of_colleagues_is_bounded(database: Database, client: TestClient) -> None:
    visit = start(client)
    with database.transaction() as session:
        found = access.open_by_link(session, visit.link.rpartition("/")[2])
        for _ in range(respondents.MOST_COLLEAGUES):
            respondents.ask(session, found, "Amina", ["skills"], ["skills"], found.created_at)

    refused = visit.post("/colleagues", {"name": "One more", "sections": ["skills"]})
    assert refused.status_code == 409
    assert "at most 50 colleagues" in refused.text


def test_a_section_offers_to_ask_a_colleague_for_it(client: TestClient) -> None:
    visit = start(client)
    assert f'href="{visit.link}/colleagues?section=skills"' in visit.get("/sections/skills").text
    assert re.search(r'value="skills" checked', visit.get("/colleagues?section=skills").text)
    assert "colleagues" not in ask(visit, "Amina", "skills").get("/sections/skills").text


def test_a_submitted_assessment_thanks_the_colleague(client: TestClient, database: Database) -> None:
    visit = start(client)
    colleague = ask(visit, "Amina", "skills")
    visit.answer("skills", skills__training="1")
    visit.submit()

    assert "Whoever invited you can show you the results" in colleague.get().text
    late = colleague.post("/sections/skills", {"shown": ["skills.training"], "a.skills.training": "2"})
    assert late.status_code == 409
    with database.reader() as session:
        found = access.open_by_link(session, visit.link.rpartition("/")[2])
        assert assessments.sheet_of(session, found).answers.answers == {"skills.training": 1}
