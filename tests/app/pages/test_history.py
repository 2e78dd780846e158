"""Answers that differ, on every page where they matter, and how people choose between them."""

import re

from fastapi.testclient import TestClient

from app.database import Database
from assessment import access, saving
from assessment.saving import Operation
from tests.app.pages.test_colleagues import ask
from tests.app.walk import Visit, start
from tests.factories import NOW, tiny


def differing(client: TestClient, database: Database) -> tuple[Visit, Visit]:
    """The manager said 1, Amina 2 without having seen it."""
    visit = start(client)
    visit.answer("skills", skills__training="1")
    colleague = ask(visit, "Amina", "skills")
    with database.transaction() as session:
        hers = access.open_by_key(session, colleague.link.rpartition("/")[2], for_change=True)
        saving.save(session, hers, tiny().questionnaire, [Operation("skills.training", 0, 2, "a <b>note</b>")], NOW)
    return visit, colleague


def test_both_answers_are_shown_in_words_at_the_question(client: TestClient, database: Database) -> None:
    visit, colleague = differing(client, database)

    for page in (visit.get("/sections/~people").text, colleague.get("/sections/skills").text):
        panel = page[page.index("Two answers differ") : page.index("Take this")]
        assert "Training happens when a machine arrives." in panel
        assert "A yearly plan covers the main tools." in panel
        assert "a &lt;b&gt;note&lt;/b&gt;" in panel
        assert "<bdi>Amina</bdi>" in panel
        assert "Return link" in panel
        assert '<time class="moment" datetime="2026-11-20T14:02:00+00:00">' in panel


def test_the_task_list_and_the_check_page_say_that_answers_differ(client: TestClient, database: Database) -> None:
    visit, colleague = differing(client, database)

    for link in (visit, colleague):
        page = link.get().text
        assert "1 question has two answers" in page
        assert f'href="{link.link}/sections/skills#q-skills.training"' in page
    check = visit.get("/check").text
    assert "1 question has two answers" in check
    assert "Keep this" in check
    assert "Submit and see the results" in check


def form_of(page: str) -> dict[str, str]:
    form = re.search(r'<form method="post" action="[^"]*/differences/\d+".*?</form>', page, re.DOTALL)
    assert form
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0]))


def test_taking_goes_back_to_the_question_and_keeping_on_the_check_page_back_there(
    client: TestClient, database: Database
) -> None:
    visit, _ = differing(client, database)
    sent = visit.post("/differences/1", {**form_of(visit.get("/sections/skills").text), "choice": "taken"})

    assert sent.headers["location"] == f"{visit.link}/sections/skills#q-skills.training"
    page = visit.get("/sections/skills").text
    assert "Two answers differ" not in page
    assert re.search(r'name="a.skills.training" value="2" checked', page)

    other, _ = differing(client, database)
    sent = other.post("/differences/2", {**form_of(other.get("/check").text), "choice": "kept"})
    assert sent.headers["location"] == f"{other.link}/check"
    assert "has two answers" not in other.get("/check").text


def test_a_choice_that_is_none_is_refused(client: TestClient, database: Database) -> None:
    visit, _ = differing(client, database)

    assert visit.post("/differences/1", {"choice": "both", "seen": "1"}).status_code == 422
    assert visit.post("/differences/1", {"choice": "taken", "seen": "x"}).status_code == 422
    assert visit.post("/differences/1", {"choice": "taken", "seen": "7"}).status_code == 409
    assert visit.post("/differences/99", {"choice": "taken", "seen": "1"}).status_code == 404


def test_a_colleague_of_other_sections_neither_sees_nor_settles(client: TestClient, database: Database) -> None:
    visit, _ = differing(client, database)
    other = ask(visit, "Bao", "machines~1")

    assert "has two answers" not in other.get().text
    assert other.post("/differences/1", {"choice": "taken", "seen": "1"}).status_code == 404


def test_answers_that_differ_are_no_barrier_to_submitting(client: TestClient, database: Database) -> None:
    visit, _ = differing(client, database)

    assert visit.submit().status_code == 303
    assert visit.post("/differences/1", {"choice": "taken", "seen": "1"}).status_code == 409


def test_each_answer_says_who_gave_it_and_when(client: TestClient) -> None:
    visit = start(client)
    visit.answer("skills", skills__languages=["0"])
    ask(visit, "Amina", "skills").answer("skills", skills__training="2", skills__languages=["0"])
    check = visit.get("/sections/skills/check").text

    amina = check[check.index("How are operators trained") : check.index("Which of these does the firm use?")]
    assert re.search(r'<bdi>Amina</bdi>, <bdi><time class="moment" datetime="[\d-]+T[\d:]+\+00:00">', amina)
    assert f'href="{visit.link}/history/skills.training"' in amina
    assert check.count("Return link, ") == 1
    assert check.count("<time") == 2  # what nobody has answered says nothing


def test_times_are_written_in_the_language_of_the_reader(client: TestClient, database: Database) -> None:
    visit, _ = differing(client, database)
    client.cookies.set("language", "fr")

    assert "20 nov. 2026, 14:02 UTC" in visit.get("/sections/skills").text


def test_the_history_tells_every_answer_and_what_was_chosen(client: TestClient, database: Database) -> None:
    visit, colleague = differing(client, database)
    colleague.post("/differences/1", {"choice": "taken", "seen": "1"})
    visit.answer("skills", skills__training="3")
    visit.post("/sections/skills", {"shown": ["skills.training"], "clear": "skills.training"})
    page = visit.get("/history/skills.training").text

    told = [
        "No answer: a note, or the answer was taken back",
        "Needs are reviewed each quarter.",
        "A yearly plan covers the main tools.",
        "Training happens when a machine arrives.",
    ]
    places = [page.index(text) for text in told]
    assert places == sorted(places)
    assert page.count("A yearly plan covers the main tools.") == 2  # as it came, and as it was taken
    assert "It differed, and was taken:" in page
    assert "a &lt;b&gt;note&lt;/b&gt;" in page
    assert "Nobody has answered yet" in visit.get("/history/machines.1").text


def test_a_colleague_reads_the_history_of_their_questions_only(client: TestClient) -> None:
    visit = start(client)
    colleague = ask(visit, "Amina", "skills")

    assert colleague.get("/history/skills.training").status_code == 200
    assert colleague.get("/history/machines.1").status_code == 404
    assert visit.get("/history/nothing").status_code == 404
