"""The walk of an assessment, page by page, without JavaScript."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient

from app.database import Database
from assessment import access, assessments
from assessment.assessments import Sheet
from tests.app.walk import finished, shown_on, start


def sheet_behind(database: Database, link: str) -> Sheet:
    with database.reader() as session:
        return assessments.sheet_of(session, access.open_by_link(session, link.rpartition("/")[2]))


def test_starting_shows_the_return_link_once_and_keeps_it_within_reach(client: TestClient) -> None:
    visit = start(client)

    first, later = visit.get("?new=1"), visit.get()

    assert "Keep your return link" in first.text
    assert f"http://testserver{visit.link}" in first.text
    assert "Keep your return link" not in later.text
    assert f"http://testserver{visit.link}" in later.text


def test_the_task_list_says_how_far_each_section_is(client: TestClient) -> None:
    visit = start(client)
    visit.answer("machines~1", machines__1="1", machines__2="0")
    visit.answer("~people", skills__training="1", skills__languages=["0"])

    rows = re.findall(r"<li>\n<a href=.*?</li>", visit.get().text, re.DOTALL)
    found = (re.search(r'/sections/([^"]+)".*class="status [^"]*">([^<]+)<', row, re.DOTALL) for row in rows)
    statuses = {match[1]: match[2] for match in found if match}

    assert statuses["~people"] == "Completed"
    assert statuses["skills"] == "2 of 3"
    assert statuses["machines~1"] == "2 of 4"
    assert statuses["machines~2"] == "Not started"
    assert "services" not in statuses  # none of its questions applies


def test_continuing_goes_to_the_section_last_worked_on_or_the_first_that_is_open(client: TestClient) -> None:
    visit = start(client)
    assert f'class="button" href="{visit.link}/sections/~people"' in visit.get().text

    visit.answer("machines~2", machines__5="1")
    assert f'class="button" href="{visit.link}/sections/machines~2"' in visit.get().text


def test_answers_of_a_section_are_stored_and_its_check_page_shows_them(client: TestClient, database: Database) -> None:
    visit = start(client)
    sent = visit.answer("skills", skills__training="1", skills__languages=["2", "0"])

    assert sent.headers["location"] == f"{visit.link}/sections/skills/check"
    check = client.get(sent.headers["location"]).text
    assert "Training happens when a machine arrives." in check
    assert "Not answered" in check
    assert sheet_behind(database, visit.link).answers.answers == {
        "skills.training": 1,
        "skills.languages": ("ERP", "PLM"),
    }


def test_i_do_not_know_and_does_not_apply_are_answers_of_their_own(client: TestClient, database: Database) -> None:
    visit = start(client)
    visit.answer("machines~1", machines__1="unknown", machines__2="not_applicable")
    visit.answer("skills", skills__languages="none", skills__share="unknown")

    assert sheet_behind(database, visit.link).answers.answers == {
        "machines.1": "unknown",
        "machines.2": "not_applicable",
        "skills.languages": (),
        "skills.share": "unknown",
    }


def test_an_answer_can_be_cleared_and_the_others_on_the_page_are_saved(client: TestClient, database: Database) -> None:
    visit = start(client)
    visit.answer("machines~1", machines__1="2", machines__2="1")

    page = visit.get("/sections/machines~1")
    sent = visit.post(
        "/sections/machines~1",
        {"shown": shown_on(page), "a.machines.1": "2", "a.machines.3": "0", "clear": "machines.1"},
    )

    assert sent.headers["location"].endswith("/sections/machines~1#q-machines.1")
    assert sheet_behind(database, visit.link).answers.answers == {"machines.2": 1, "machines.3": 0}


def test_a_stored_answer_is_chosen_when_the_page_comes_back(client: TestClient) -> None:
    visit = start(client)
    visit.answer("machines~1", machines__1="2")

    page = visit.get("/sections/machines~1").text

    assert re.search(r'name="a.machines.1" value="2" checked', page)
    assert page.count(" checked") == 1


def test_nothing_is_chosen_before_the_first_answer(client: TestClient) -> None:
    visit = start(client)

    assert " checked" not in visit.get("/sections/skills").text + visit.get("/sections/machines~1").text


def test_an_answer_that_makes_another_question_apply_shows_it(client: TestClient) -> None:
    visit = start(client)
    assert "skills.mentors" not in shown_on(visit.get("/sections/skills"))

    sent = visit.answer("skills", skills__training="2")

    assert sent.headers["location"] == f"{visit.link}/sections/skills#q-skills.mentors"
    assert "skills.mentors" in shown_on(visit.get("/sections/skills"))


def test_the_profile_decides_which_questions_apply(client: TestClient) -> None:
    visit = start(client, **{"p.sector": "services"})
    assert shown_on(visit.get("/sections/services")) == ["services.portal"]

    visit.post("/profile", {"firm": "Acme", "p.sector": "manufacturing"})
    assert shown_on(visit.get("/sections/services")) == []


def test_the_firm_describes_itself_once_and_can_correct_it(client: TestClient) -> None:
    visit = start(client, country="MA", **{"p.sector": "services", "p.employees": "1 250"})

    page = visit.get("/profile").text
    assert 'value="Acme"' in page
    assert '<option value="MA" selected>' in page
    assert re.search(r'name="p.employees"[^>]*value="1250"', page)

    assert visit.post("/profile", {"firm": "Acme Ltd", "p.employees": "12,5"}).status_code == 303
    assert "Acme Ltd" in visit.get().text


@pytest.mark.parametrize(
    ("typed", "stored"), [("12.5", 12.5), ("12,5", 12.5), (" 7 ", 7.0), ("٤٢", 42.0), ("0", 0.0), ("1\u202f0", 10.0)]
)
def test_a_number_may_be_typed_as_people_type_it(
    client: TestClient, database: Database, typed: str, stored: float
) -> None:
    visit = start(client)
    visit.post("/sections/skills", {"shown": ["skills.share"], "n.skills.share": typed})

    assert sheet_behind(database, visit.link).answers.answers == {"skills.share": stored}


@pytest.mark.parametrize("typed", ["abc", "101", "-1", "1e400", "NaN", "Infinity", "9" * 5000, "12.5.1", "²"])
def test_a_number_that_does_not_fit_is_shown_again_and_the_rest_is_saved(
    client: TestClient, database: Database, typed: str
) -> None:
    visit = start(client)
    sent = visit.post(
        "/sections/skills",
        {"shown": ["skills.training", "skills.share"], "a.skills.training": "1", "n.skills.share": typed},
    )

    if typed == "²":  # a superscript two is a two
        assert sheet_behind(database, visit.link).answers.answers["skills.share"] == 2
        return
    assert sent.status_code == 422
    assert "There is a problem" in sent.text
    assert f'value="{typed}"' in sent.text
    assert sheet_behind(database, visit.link).answers.answers == {"skills.training": 1}


def test_an_option_and_i_do_not_know_together_are_shown_again(client: TestClient, database: Database) -> None:
    visit = start(client)
    sent = visit.answer("skills", skills__languages=["0", "unknown"])

    assert sent.status_code == 422
    assert "Choose either from the list" in sent.text
    assert sheet_behind(database, visit.link).answers.answers == {}


def test_a_note_goes_with_its_question_and_comes_back(client: TestClient) -> None:
    visit = start(client)
    visit.post("/sections/skills", {"shown": ["skills.training"], "note.skills.training": "  see the plan\r\n2026 "})

    assert ">see the plan\n2026</textarea>" in visit.get("/sections/skills").text
    assert "see the plan" in visit.get("/sections/skills/check").text


def test_change_on_the_overall_check_returns_to_it(client: TestClient) -> None:
    visit = start(client)
    page = visit.get("/check").text
    change = re.search(r'href="([^"]+machines~2\?back=check#q-machines.9)"', page)
    assert change is not None

    sent = visit.post("/sections/machines~2", {"shown": ["machines.9"], "a.machines.9": "1", "back": "check"})

    assert sent.headers["location"] == f"{visit.link}/check"


def test_the_overall_check_warns_of_what_is_open_and_lets_one_submit(client: TestClient) -> None:
    visit = start(client)
    visit.answer("machines~1", machines__1="unknown", machines__2="1")

    page = visit.get("/check").text
    assert "10 questions are not answered" in page
    assert "1 question is answered" in page

    assert visit.submit().headers["location"] == f"{visit.link}/results"


def test_what_was_submitted_leads_to_its_results_and_takes_no_answers(client: TestClient, database: Database) -> None:
    visit = finished(client)
    before = sheet_behind(database, visit.link)

    for path in ("", "/sections/skills", "/check", "/sections/skills/check"):
        assert client.get(visit.link + path, follow_redirects=False).headers["location"] == f"{visit.link}/results"
    refused = visit.post("/sections/skills", {"shown": ["skills.training"], "a.skills.training": "0"})

    assert refused.status_code == 409
    assert "no longer change" in refused.text
    assert sheet_behind(database, visit.link) == before


def test_nothing_answered_cannot_be_submitted_and_the_page_says_so(client: TestClient) -> None:
    visit = start(client)

    refused = visit.submit()

    assert refused.status_code == 422
    assert "No question is answered yet" in refused.text


def test_a_level_that_is_sent_twice_is_refused(client: TestClient, database: Database) -> None:
    visit = start(client)

    assert visit.answer("skills", skills__training=["0", "3"]).status_code == 422
    assert sheet_behind(database, visit.link).answers.answers == {}


def test_submitting_twice_at_once_freezes_once(client: TestClient, database: Database) -> None:
    visit = start(client)
    visit.answer("skills", skills__training="2")

    with ThreadPoolExecutor(6) as threads:
        statuses = [sent.status_code for sent in threads.map(lambda _: visit.submit(), range(6))]

    assert statuses == [303] * 6
    with database.reader() as session:
        assert access.open_by_link(session, visit.link.rpartition("/")[2]).state == "submitted"


def test_a_form_that_shows_one_question_of_a_section_saves_that_one_alone(
    client: TestClient, database: Database
) -> None:
    visit = start(client)
    visit.answer("skills", skills__languages=["0"])
    before = sheet_behind(database, visit.link).answers.answers

    sent = visit.post("/sections/skills", {"shown": "skills.training", "a.skills.training": "2"})

    assert (sent.status_code, sent.content) == (303, b"")
    assert before
    assert sheet_behind(database, visit.link).answers.answers == {**before, "skills.training": 2}


@pytest.mark.parametrize("value", ["4", "-1", "2147483648", "9223372036854775808", "4.0000001", "true", "", "two", "२"])
def test_a_level_that_is_not_offered_is_refused_and_nothing_is_stored(
    client: TestClient, database: Database, value: str
) -> None:
    visit = start(client)

    sent = visit.post("/sections/skills", {"shown": "skills.training", "a.skills.training": value})

    assert sent.status_code == 422
    assert sheet_behind(database, visit.link).answers.answers == {}


def test_a_question_or_a_section_of_another_questionnaire_is_not_found(client: TestClient) -> None:
    visit = start(client)

    assert visit.get("/history/strategy.vision").status_code == 404
    assert visit.get("/sections/strategy").status_code == 404
    assert visit.post("/sections/strategy", {"shown": "x"}).status_code == 404


def test_a_wrong_link_opens_nothing_and_says_what_to_do(client: TestClient) -> None:
    visit = start(client)

    for wrong in ("/a/" + "A" * 32, visit.link[:-1], "/a/x", "/a/%00", "/a/" + "A" * 5000):
        page = client.get(wrong)
        assert page.status_code == 404
        assert "Check" in page.text
