"""An officer asks firms that lack the same thing; each says yes or no; only who says yes is named."""

import html
import io
import json
import re
import zipfile

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from app.database import Database
from assessment import demand_standing, firm_export
from assessment.demand_rows import PAGE
from assessment.tables import Firm, Mail, Outcome, Programme
from questionnaires.loader import load_definition
from tests.assessment import programmes as made
from tests.assessment.demands import ACTION, several
from tests.factories import NOW
from tests.people import sign_in

TITLE = load_definition("industry4-readiness").action[ACTION].title
OFFICER = "officer@ministry.example"
GROUP = {"action": ACTION, "section": "C", "region": ""}


def prepared(database: Database, firms: int) -> tuple[int, list[int]]:
    """A programme with so many firms that lack the same, named Secretive0 and so on; returns their numbers."""
    definition = load_definition("industry4-readiness")
    with database.transaction() as session:
        of = made.programme(session, made.officer(session, OFFICER), definition=definition, threshold=5)
        return of.id, [firm.id for firm in several(session, of, definition, firms, "Secretive")]


@pytest.fixture
def sharing(database: Database) -> tuple[int, list[int]]:
    return prepared(database, 6)


def as_manager(client: TestClient, database: Database, place: int) -> None:
    sign_in(client, database, f"secretive{place}@firm.example")


def test_firms_are_asked_and_named_as_long_as_they_say_yes(
    client: TestClient, database: Database, sharing: tuple[int, list[int]]
) -> None:
    programme, firms = sharing
    sign_in(client, database, OFFICER)
    assert TITLE in client.get(f"/programmes/{programme}/demand").text
    draft = client.get(f"/programmes/{programme}/demand/ask", params=GROUP)
    assert "6 firms look for one offer" in draft.text
    answer = client.post(f"/programmes/{programme}/demand/ask", data=GROUP | {"text": "One offer for all."})
    assert "Secretive" not in draft.text + answer.text
    assert "6 firms asked" in answer.text
    assert "Being asked" in answer.text
    with database.reader() as session:
        mails = session.scalars(select(Mail)).all()
        assert {mail.recipient for mail in mails} == {f"secretive{place}@firm.example" for place in range(6)}
        assert all(sum(f"Secretive{place}" in mail.body for place in range(6)) == 1 for mail in mails)

    as_manager(client, database, 0)
    page = client.get(f"/firms/{firms[0]}/demand").text
    assert "One offer for all." in page
    assert "6 firms are asked" in page
    assert not [place for place in range(1, 6) if f"Secretive{place}" in page]
    assert "You have said yes." in client.post(f"/firms/{firms[0]}/demand/1", data={"says": "yes"}).text

    sign_in(client, database, OFFICER)
    page = client.get(f"/programmes/{programme}/demand").text
    assert "Secretive0" in page
    assert not [place for place in range(1, 6) if f"Secretive{place}" in page]

    as_manager(client, database, 0)
    client.post(f"/firms/{firms[0]}/demand/1", data={"says": "no"})
    sign_in(client, database, OFFICER)
    assert "Secretive" not in client.get(f"/programmes/{programme}/demand").text


def test_counts_below_the_threshold_are_on_no_page(client: TestClient, database: Database) -> None:
    programme, _ = prepared(database, 4)
    sign_in(client, database, OFFICER)

    assert TITLE not in client.get(f"/programmes/{programme}/demand").text
    assert TITLE not in client.get(f"/programmes/{programme}/demand?by=region").text
    assert client.get(f"/programmes/{programme}/demand/ask", params=GROUP).status_code == 422
    assert client.post(f"/programmes/{programme}/demand/ask", data=GROUP | {"text": "x"}).status_code == 422


def test_only_officers_ask_and_only_managers_of_the_firm_answer(
    client: TestClient, database: Database, sharing: tuple[int, list[int]]
) -> None:
    programme, firms = sharing
    with database.transaction() as session:
        for role in ("analyst", "assessor", "committee"):
            made.member(session, session.get_one(Programme, programme), role)
    for role in ("analyst", "assessor", "committee"):
        sign_in(client, database, f"{role}@programme.example")
        assert client.get(f"/programmes/{programme}/demand").status_code == 403
        assert client.post(f"/programmes/{programme}/demand/ask", data=GROUP).status_code == 403
    as_manager(client, database, 1)
    assert client.get(f"/programmes/{programme}/demand").status_code == 404
    assert client.get(f"/firms/{firms[0]}/demand").status_code == 404
    assert client.post(f"/firms/{firms[0]}/demand/1", data={"says": "yes"}).status_code == 404


def test_a_draft_that_is_too_long_is_kept_with_its_problem(
    client: TestClient, database: Database, sharing: tuple[int, list[int]]
) -> None:
    sign_in(client, database, OFFICER)
    answer = client.post(f"/programmes/{sharing[0]}/demand/ask", data=GROUP | {"text": "long " * 500})

    assert answer.status_code == 422
    assert "long long" in answer.text
    with database.reader() as session:
        assert session.scalars(select(Mail)).all() == []


def test_every_draft_is_short_enough_to_be_sent(
    client: TestClient, database: Database, sharing: tuple[int, list[int]]
) -> None:
    sign_in(client, database, OFFICER)
    draft = client.get(f"/programmes/{sharing[0]}/demand/ask", params=GROUP).text
    text = draft.partition("<textarea")[2].partition(">")[2].partition("</textarea>")[0]

    assert 200 < len(text) < 1600


def test_after_the_call_a_firm_can_take_its_yes_back(
    client: TestClient, database: Database, sharing: tuple[int, list[int]]
) -> None:
    programme, firms = sharing
    sign_in(client, database, OFFICER)
    client.post(f"/programmes/{programme}/demand/ask", data=GROUP | {"text": "Text"})
    as_manager(client, database, 0)
    client.post(f"/firms/{firms[0]}/demand/1", data={"says": "yes"})
    sign_in(client, database, OFFICER)
    assert (
        "The call has gone out."
        in client.post(f"/programmes/{programme}/demand/1/close", data={"state": "called"}).text
    )
    as_manager(client, database, 0)
    assert "Take the yes back" in client.get(f"/firms/{firms[0]}/demand").text
    client.post(f"/firms/{firms[0]}/demand/1", data={"says": "no"})
    assert client.post(f"/firms/{firms[0]}/demand/1", data={"says": "yes"}).status_code == 409


def test_an_erased_firm_is_in_no_demand(client: TestClient, database: Database, sharing: tuple[int, list[int]]) -> None:
    programme, firms = sharing
    sign_in(client, database, OFFICER)
    client.post(f"/programmes/{programme}/demand/ask", data=GROUP | {"text": "Text"})
    with database.transaction() as session:
        session.delete(session.get_one(Firm, firms[5]))

    assert "5 firms asked" in client.get(f"/programmes/{programme}/demand").text


def test_a_firm_takes_along_what_it_was_asked_and_said(
    client: TestClient, database: Database, sharing: tuple[int, list[int]]
) -> None:
    programme, firms = sharing
    sign_in(client, database, OFFICER)
    client.post(f"/programmes/{programme}/demand/ask", data=GROUP | {"text": "One offer for all."})
    as_manager(client, database, 0)
    client.post(f"/firms/{firms[0]}/demand/1", data={"says": "yes"})
    target = io.BytesIO()
    with database.reader() as session:
        firm_export.write_export(session, session.get_one(Firm, firms[0]), (), {}, "", NOW, target)
    told = json.loads(zipfile.ZipFile(target).read("firm.json"))["demand_firm"]

    assert [(row["action_id"], row["text"], row["says"]) for row in told] == [(ACTION, "One offer for all.", "yes")]


def test_groups_beyond_the_first_page_are_on_the_next_and_found_by_industry_and_region(
    client: TestClient, database: Database
) -> None:
    definition = load_definition("industry4-readiness")
    with database.transaction() as session:
        of = made.programme(session, made.officer(session, OFFICER), definition=definition, threshold=5)
        several(session, of, definition, 5, "C", isic_section="C", region="MY-01")
        several(session, of, definition, 6, "H", isic_section="H", region="MY-02")
        session.execute(update(Outcome).values(levels=bytes(len(definition.questionnaire.questions))))
        standing = demand_standing.read_few(session, of)
        assert standing is not None
        every = demand_standing.groups(definition, standing, "country", 5)
        path = f"/programmes/{of.id}/demand"
    assert PAGE < len(every) <= 4 * PAGE
    sign_in(client, database, OFFICER)
    shown, pages = client.get(path).text, []
    while link := re.search(r'href="([^"]+)">Next page', shown):
        pages.append(shown)
        shown = client.get(html.unescape(link[1])).text
    pages.append(shown)
    assert f"Groups 1 to {PAGE} of {len(every)}, the largest first" in pages[0]
    assert f"to {len(every)} of {len(every)}" in pages[-1]
    drafts = [html.unescape(link) for page in pages for link in re.findall(r"demand/(ask[^\"]+)", page)]
    assert len(set(drafts)) == len(drafts) == len(every)
    assert client.get(f"{path}/{drafts[-1]}").status_code == 200

    here = client.get(path, params={"by": "region", "section": "C", "region": "MY-01"}).text
    assert set(re.findall(r"demand/ask[^\"]+section=(.)&amp;region=([^\"]+)", here)) == {("C", "MY-01")}
    assert re.search(r'value="C" selected', here)
    assert re.search(r'value="MY-01" selected', here)
    assert "No group is like that." in client.get(path, params={"section": "Z"}).text
    assert "No group is like that." in client.get(path, params={"after": "999999"}).text
    assert client.get(path, params={"after": "-1"}).status_code == 200
