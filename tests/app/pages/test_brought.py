"""A firm brings its assessment to a workshop, and who leads takes in five or more: at the pages of both."""

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.database import Database
from assessment.tables import Workshop, WorkshopFirm
from tests.app.held_workshops import PEOPLE, Q, held, seen
from tests.app.walk import Visit, finished, start


def code_of(database: Database) -> str:
    with database.reader() as session:
        return session.query(Workshop).order_by(Workshop.id.desc()).first().code or ""  # type: ignore[union-attr]


def firm(client: TestClient) -> Visit:
    client.cookies.clear()
    return finished(client)


def bring(visit: Visit, code: str, **data: Any) -> Any:
    path = f"{visit.link}/workshop"
    return visit.client.post(path, data={"code": code, "agreed": "1"} | data, follow_redirects=False)


def rows(database: Database) -> int:
    with database.reader() as session:
        return session.query(WorkshopFirm).count()


def take_in(client: TestClient, link: str) -> Any:
    where = _newest(client, link)
    return client.post(f"{link}/firms?seen={where}", data={"x": ""}, follow_redirects=False)


def _newest(client: TestClient, link: str) -> str:
    return seen(client.get(f"{link}/questions"))


def test_a_firm_agrees_before_anything_is_brought_and_takes_it_back(client: TestClient, database: Database) -> None:
    held(database, PEOPLE)
    visit, code = firm(client), code_of(database)
    page = visit.get("/workshop").text
    assert "Fewer than 5 firms are never shown" in page
    refused = bring(visit, code, agreed="")
    assert refused.status_code == 422
    assert "Tick that you agree" in refused.text
    assert f'value="{code}"' in refused.text
    assert rows(database) == 0
    assert bring(visit, f" {code[:2]}-{code[2:].lower()} ").status_code == 303
    assert bring(visit, code).status_code == 303
    assert rows(database) == 1
    assert "Harbour round" in visit.get("/workshop").text
    number = re.search(r"/workshop/(\d+)/back", visit.get("/workshop").text)
    assert number
    assert visit.client.post(f"{visit.link}/workshop/{number[1]}/back", data={"x": ""}).status_code == 200
    assert rows(database) == 0


def test_a_wrong_code_is_counted_and_soon_refused(client: TestClient, database: Database) -> None:
    held(database, PEOPLE)
    visit = firm(client)
    found = [bring(visit, "ZZZZZ").status_code for _ in range(31)]
    assert found == [404] * 30 + [429]
    assert bring(visit, code_of(database)).status_code == 429
    assert rows(database) == 0


def test_what_is_not_submitted_is_not_brought(client: TestClient, database: Database) -> None:
    held(database, PEOPLE)
    visit = start(client)
    assert "Submit the assessment first" in visit.get("/workshop").text
    assert bring(visit, code_of(database)).status_code == 409
    assert rows(database) == 0


@pytest.mark.parametrize("count", [4, 5])
def test_who_leads_sees_how_many_firms_there_are_and_their_answers_from_five_on(
    client: TestClient, database: Database, count: int
) -> None:
    link = held(database, PEOPLE)
    code = code_of(database)
    for _ in range(count):
        assert bring(firm(client), code).status_code == 303
    shown = client.get(f"{link}/firms").text
    assert f"{count} firms have brought an assessment." in shown
    assert "Acme" not in shown
    assert "Firms assessed" not in client.get(f"{link}/questions/{Q}").text
    taken = take_in(client, link)
    question = client.get(f"{link}/questions/{Q}").text
    if count < 5:
        assert taken.status_code == 409
        assert "once 5 firms have brought them" in taken.text
        assert "Firms assessed" not in question
        return
    assert taken.status_code == 303
    assert "Firms assessed" in question
    assert "the median of the firms that were assessed" in question
    assert "Firms assessed: median" in client.get(f"{link}/questions").text
    assert "Acme" not in question


def test_a_page_that_was_open_for_long_takes_nothing_in(client: TestClient, database: Database) -> None:
    link = held(database, PEOPLE)
    stale = client.post(f"{link}/firms?seen=1", data={"x": ""})
    assert stale.status_code == 409
    assert "moved on" in stale.text


def test_what_the_workshop_settled_comes_back_to_the_firm(client: TestClient, database: Database) -> None:
    link = held(database, PEOPLE, {Q: [3] * 11})
    visit = firm(client)
    assert bring(visit, code_of(database)).status_code == 303
    settled = client.post(f"{link}/questions/{Q}?seen={_newest(client, link)}", data={"level": "3"})
    assert settled.status_code == 200
    assert "What the workshop settled" not in visit.get("/results").text
    assert client.post(f"{link}/end?seen={_newest(client, link)}", data={"x": ""}).status_code == 200
    told = visit.get("/results").text
    assert "What the workshop settled" in told
    assert re.search(r"How are operators trained[^<]*</th><td class=\"n\">3</td><td class=\"n\">2</td>", told)
    number = re.search(r"/workshop/(\d+)/back", visit.get("/workshop").text)
    assert number is None
