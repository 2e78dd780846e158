"""The way back without an account: on the page, as a picture, by mail."""

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from app.database import Database
from app.main import create_app
from app.return_links import OF_ASSESSMENT
from app.settings import Settings
from assessment import mails
from tests.app.walk import start
from tests.conftest import ORIGIN


@pytest.fixture
def mailing(settings: Settings, database: Database) -> Iterator[TestClient]:
    app = create_app(settings.model_copy(update={"smtp_host": "127.0.0.1"}))
    with TestClient(app, headers={"origin": ORIGIN}, raise_server_exceptions=False) as client:
        yield client
    app.state.database.close()


def test_a_new_assessment_shows_its_link_as_text_and_as_a_picture(mailing: TestClient) -> None:
    visit = start(mailing)
    shown = mailing.get(f"{visit.link}?new=1").text

    assert f'value="http://testserver{visit.link}"' in shown
    assert re.search(r'role="img" aria-label="QR code that opens this link"><svg', shown)


def test_the_link_is_mailed_to_the_address_that_is_typed(mailing: TestClient, database: Database) -> None:
    visit = start(mailing)
    sent = visit.post("/return-link", {"email": " Amina@Firm.example "})

    assert sent.headers["location"] == f"{visit.link}?mailed=1"
    assert "The link is on its way" in mailing.get(sent.headers["location"]).text
    with database.reader() as session:
        (letter,) = mails.newest(session, 5)
    assert letter.recipient == "amina@firm.example"
    assert f"http://testserver{visit.link}\n" in letter.body


def test_an_address_that_is_none_is_said_at_the_field_and_nothing_is_sent(
    mailing: TestClient, database: Database
) -> None:
    visit = start(mailing)
    refused = visit.post("/return-link", {"email": "amina"})

    assert refused.status_code == 422
    assert 'value="amina"' in refused.text
    assert 'aria-describedby="email-problem"' in refused.text
    with database.reader() as session:
        assert list(mails.newest(session, 5)) == []


def test_nobody_is_flooded_with_links(mailing: TestClient) -> None:
    visit = start(mailing)
    statuses = [
        visit.post("/return-link", {"email": f"somebody{n}@firm.example"}).status_code
        for n in range(OF_ASSESSMENT.most + 1)
    ]

    assert statuses == [303] * OF_ASSESSMENT.most + [429]


def test_without_a_mail_server_nothing_is_promised(client: TestClient) -> None:
    visit = start(client)

    assert "/return-link" not in client.get(f"{visit.link}?new=1").text
    refused = visit.post("/return-link", {"email": "amina@firm.example"})
    assert refused.status_code == 404
    assert "Check the address" in refused.text
