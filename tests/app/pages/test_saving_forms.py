"""Forms save over the version that their page had shown; nobody's answer is overwritten unseen."""

import re

from fastapi.testclient import TestClient
from sqlalchemy import select

from app.database import Database
from assessment.tables import Answer, AnswerConflict
from tests.app.walk import Visit, shown_on, start


def hidden(page: str) -> dict[str, object]:
    return dict(re.findall(r'name="(version\.[^"]+|seen)" value="([^"]*)"', page))


def opened_form(visit: Visit, section: str) -> dict[str, object]:
    """What a browser sends when the form is sent as it came."""
    page = visit.get(f"/sections/{section}")
    chosen = dict(re.findall(r'name="(a\.[^"]+)" value="([^"]+)" checked', page.text))
    notes = dict(re.findall(r'name="(note\.[^"]+)"[^>]*>([^<]*)</textarea>', page.text))
    return {"shown": shown_on(page), **hidden(page.text), **chosen, **notes}


def present(database: Database) -> dict[str, object]:
    with database.reader() as session:
        return {row.question_id: row.value for row in session.execute(select(Answer.question_id, Answer.value))}


def conflicts(database: Database) -> list[tuple[str, object, str]]:
    with database.reader() as session:
        rows = session.scalars(select(AnswerConflict))
        return [(c.question_id, c.value, c.note) for c in rows]


def test_an_answer_given_meanwhile_is_not_overwritten_and_the_page_shows_both(
    client: TestClient, database: Database
) -> None:
    visit = start(client)
    stale = opened_form(visit, "machines~1")
    visit.answer("machines~1", machines__1="2")

    sent = visit.post("/sections/machines~1", {**stale, "a.machines.1": "0", "a.machines.2": "1"})

    assert sent.headers["location"] == f"{visit.link}/sections/machines~1#q-machines.1"
    assert present(database) == {"machines.1": 2, "machines.2": 1}
    assert conflicts(database) == [("machines.1", 0, "")]


def test_what_was_not_touched_on_a_stale_page_changes_nothing(client: TestClient, database: Database) -> None:
    visit = start(client)
    visit.post("/sections/machines~1", {"shown": "machines.1", "a.machines.1": "1", "note.machines.1": "lathes"})
    stale = opened_form(visit, "machines~1")
    visit.post("/sections/machines~1", {"shown": "machines.1", "a.machines.1": "2", "note.machines.1": "all"})

    sent = visit.post("/sections/machines~1", {**stale, "a.machines.2": "0"})

    assert sent.headers["location"].endswith("/check")
    assert present(database) == {"machines.1": 2, "machines.2": 0}
    assert conflicts(database) == []


def test_the_same_form_sent_twice_is_no_conflict(client: TestClient, database: Database) -> None:
    visit = start(client)
    form = opened_form(visit, "machines~1") | {"a.machines.1": "1", "note.machines.1": "lathes"}

    locations = [visit.post("/sections/machines~1", form).headers["location"] for _ in range(2)]

    assert locations == [f"{visit.link}/sections/machines~1/check"] * 2
    assert conflicts(database) == []


def test_a_form_that_does_not_say_what_it_has_seen_is_taken_as_it_is(client: TestClient, database: Database) -> None:
    visit = start(client)
    for version in ("", "x", "-1", "9" * 40, "²"):
        form = {"shown": "machines.1", "a.machines.1": "1", "version.machines.1": version}
        assert visit.post("/sections/machines~1", form).status_code == 303

    assert present(database) == {"machines.1": 1}


def test_one_submits_what_one_has_seen(client: TestClient) -> None:
    visit = start(client)
    visit.answer("machines~1", machines__1="1")
    seen = hidden(visit.get("/check").text)
    visit.answer("machines~1", machines__1="2", machines__2="0")

    refused = visit.post("/submit", seen)

    assert refused.status_code == 409
    assert "changed since you looked at them: 2" in refused.text
    assert visit.post("/submit", hidden(visit.get("/check").text)).status_code == 303
