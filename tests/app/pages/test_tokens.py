"""Tokens on the account: made when one has just signed in, shown once, listed, and ended."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import update

from app.database import Database
from assessment.tables import UserSession
from tests.app.api.program import program
from tests.people import sign_in

FORM = {"name": "Nightly import", "scope": ["read", "answer"], "days": "30"}


def made(client: TestClient) -> str:
    page = client.post("/account/tokens", data=FORM)
    assert page.status_code == 200
    return re.search(r'value="(fw_[^"]+)"', page.text)[1]  # type: ignore[index]


def test_the_account_leads_to_the_tokens(client: TestClient, database: Database) -> None:
    sign_in(client, database)

    assert 'href="/account/tokens"' in client.get("/account").text
    assert 'href="/api"' in client.get("/account/tokens").text


def test_a_token_is_shown_once_and_works(client: TestClient, app: FastAPI, database: Database) -> None:
    sign_in(client, database)
    token = made(client)

    assert program(app, token).get("/me").json()["token"]["scopes"] == ["answer", "read"]
    page = client.get("/account/tokens").text
    assert "Nightly import" in page
    assert token.split("_", 2)[2] not in page


def test_a_token_is_ended_here_and_not_by_others(client: TestClient, app: FastAPI, database: Database) -> None:
    sign_in(client, database, "omar@example.org")
    made(client)
    sign_in(client, database)
    token = made(client)

    assert client.post("/account/tokens/1/end", data={"x": ""}).status_code == 404
    assert program(app, token).get("/me").status_code == 200
    client.post("/account/tokens/2/end", data={"x": ""})
    assert program(app, token).get("/me").status_code == 401
    assert "Tokens that are over" in client.get("/account/tokens").text


@pytest.mark.parametrize(
    "change", [{"scope": []}, {"scope": ["admin"]}, {"days": "366"}, {"days": "x"}, {"name": "a\0b"}]
)
def test_what_no_token_can_be_is_said_beside_its_field(
    client: TestClient, database: Database, change: dict[str, object]
) -> None:
    sign_in(client, database)

    page = client.post("/account/tokens", data=FORM | change)

    assert page.status_code == 422
    assert f'id="{next(iter(change))}-problem"' in page.text


def test_no_token_is_made_on_a_screen_that_was_left_open(client: TestClient, database: Database) -> None:
    sign_in(client, database)
    with database.transaction() as session:
        session.execute(update(UserSession).values(created_at=datetime.now(UTC) - timedelta(minutes=16)))

    assert client.post("/account/tokens", data=FORM).status_code == 409
    assert 'name="scope"' not in client.get("/account/tokens").text


def test_the_page_is_for_people_who_are_signed_in(client: TestClient) -> None:
    assert client.get("/account/tokens", follow_redirects=False).headers["location"].startswith("/sign-in")
