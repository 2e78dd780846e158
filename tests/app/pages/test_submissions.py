"""Reopening by page: a reason, the earlier results, their reports."""

from concurrent.futures import ThreadPoolExecutor

from fastapi.testclient import TestClient
from sqlalchemy import select

from app.database import Database
from assessment.tables import PastSubmission
from tests.app.pages.test_colleagues import ask
from tests.app.walk import finished, start


def test_the_results_offer_to_reopen_and_a_reason_is_asked_for(client: TestClient) -> None:
    visit = finished(client)
    assert f'href="{visit.link}/reopen"' in visit.get("/results").text
    assert "Why is it reopened?" in visit.get("/reopen").text

    refused = visit.post("/reopen", {"reason": " ", "name": "Amina"})
    assert refused.status_code == 422
    assert "Say in a few words why" in refused.text
    assert 'value="Amina"' in refused.text
    long = visit.post("/reopen", {"reason": "x" * 501})
    assert long.status_code == 422
    assert "longer than 500" in long.text


def test_reopened_answers_can_change_and_the_earlier_scores_stay_readable(client: TestClient) -> None:
    visit = finished(client)
    visit.post("/reports", {"language": "en"})
    sent = visit.post("/reopen", {"reason": "<b>wrong</b> plan", "name": "Amina"})
    assert sent.headers["location"] == visit.link

    visit.answer("skills", skills__training="3", skills__languages=["0", "1"])
    visit.submit()
    listed = visit.get("/submissions").text
    page = visit.get("/submissions/1").text

    assert f'href="{visit.link}/submissions/1"' in listed
    assert "&lt;b&gt;wrong&lt;/b&gt; plan" in page
    assert "Amina" in page
    assert "Machines" in page
    assert f'href="{visit.link}/reports/1"' in page
    assert visit.get("/reports/1").status_code == 200
    assert visit.get("/submissions/2").status_code == 404
    assert "reports/1" not in visit.get("/results").text


def test_pressing_twice_at_once_reopens_once(client: TestClient, database: Database) -> None:
    visit = finished(client)
    with ThreadPoolExecutor(4) as pool:
        sent = list(pool.map(lambda _: visit.post("/reopen", {"reason": "at once"}).status_code, range(4)))

    assert sorted(sent) == [303, 409, 409, 409]
    with database.reader() as session:
        assert len(session.scalars(select(PastSubmission)).all()) == 1


def test_only_a_manager_reopens_and_only_what_is_submitted(client: TestClient) -> None:
    visit = start(client)
    colleague = ask(visit, "Amina", "skills")
    assert visit.post("/reopen", {"reason": "why"}).status_code == 409
    assert visit.get("/submissions").status_code == 200
    visit.answer("skills", skills__training="1")
    visit.submit()

    assert colleague.post("/reopen", {"reason": "why"}).status_code == 403
    assert colleague.get("/submissions").status_code == 403
    assert colleague.get("/submissions/1").status_code == 403
    assert colleague.post("/again").status_code == 403


def test_a_colleague_answers_again_after_the_reopening(client: TestClient) -> None:
    visit = start(client)
    colleague = ask(visit, "Amina", "skills")
    visit.answer("skills", skills__training="1")
    visit.submit()
    visit.post("/reopen", {"reason": "why"})

    assert colleague.answer("skills", skills__training="2").status_code == 303
