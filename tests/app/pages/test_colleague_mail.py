"""The mail that brings a colleague their link: only from who has signed in, and never as a way to spam."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient

from app.colleague_mail import ASKED
from app.database import Database
from app.main import create_app
from app.settings import Settings
from assessment import assessments, firms, mails, roles, sessions, users
from tests.app.walk import Visit, start
from tests.conftest import ORIGIN
from tests.factories import tiny


@pytest.fixture
def mailing(settings: Settings, database: Database) -> Iterator[TestClient]:
    app = create_app(settings.model_copy(update={"smtp_host": "127.0.0.1"}))
    with TestClient(app, headers={"origin": ORIGIN}, raise_server_exceptions=False) as client:
        yield client
    app.state.database.close()


def managed(client: TestClient, database: Database) -> Visit:
    """The assessment of a firm that a signed-in person keeps, by its number."""
    now = datetime.now(UTC)
    with database.transaction() as session:
        person = users.register(session, "siti@firm.example", now, "Siti")
        token, _ = sessions.start(session, person.id, now, "", "")
        firm = firms.register(session, "Acme\u2028Works", "MY", now)
        roles.keep_firm(session, person.id, firm.id, now)
        found, _ = assessments.start(session, firm, tiny().questionnaire, {}, now)
        number = found.id
    client.cookies.set("session", token)
    return Visit(client, f"/a/{number}")


def test_the_mail_holds_the_link_and_says_who_asks(mailing: TestClient, database: Database) -> None:
    visit = managed(mailing, database)
    sent = visit.post("/colleagues", {"name": "Amina", "sections": ["skills"], "email": " Amina@Firm.example "})
    shown = re.search(r'value="(http://testserver/a/[\w-]{32})"', mailing.get(sent.headers["location"]).text)

    with database.reader() as session:
        (letter,) = mails.newest(session, 5)
    assert letter.recipient == "amina@firm.example"
    assert letter.subject == "You are asked to answer some questions at Fourward"
    assert shown
    assert shown[1] in letter.body
    assert "Asked by: Siti (siti@firm.example)" in letter.body


def test_an_address_that_is_none_is_said_and_asks_nobody(mailing: TestClient, database: Database) -> None:
    visit = managed(mailing, database)
    refused = visit.post("/colleagues", {"name": "Amina", "sections": ["skills"], "email": "amina"})

    assert refused.status_code == 422
    assert "Enter an e-mail address in full" in refused.text
    assert "Who was asked" not in visit.get("/colleagues").text


def test_who_holds_only_a_link_has_no_mails_sent(mailing: TestClient, database: Database) -> None:
    visit = start(mailing)
    assert "e-mail" not in visit.get("/colleagues").text
    sent = visit.post("/colleagues", {"name": "Amina", "sections": ["skills"], "email": "amina@firm.example"})

    assert sent.status_code == 303
    with database.reader() as session:
        assert not mails.newest(session, 5)


def test_a_person_has_a_bounded_number_of_mails_sent_in_a_day(mailing: TestClient, database: Database) -> None:
    visit = managed(mailing, database)
    given = {"name": "Amina", "sections": ["skills"], "email": "amina@firm.example"}
    statuses = [visit.post("/colleagues", given).status_code for _ in range(ASKED.most + 1)]

    assert statuses == [303] * ASKED.most + [429]
    with database.reader() as session:
        assert len(mails.newest(session, 100)) == ASKED.most
