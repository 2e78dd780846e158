"""Tokens in use: a person's rights within the token's scopes, never in an address, ended at once."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from app.api.openapi import METHODS, describe
from app.database import Database
from assessment import roles, users
from assessment.access import RESPONDENT
from assessment.tables import ApiToken
from tests.app.api.program import PERSON, PROBLEM, V1, Program, program, token_for
from tests.people import firm_of, sign_in

OTHER = "omar@example.org"
SECRET = "x" * 43


@pytest.fixture
def aisha(app: FastAPI, database: Database) -> Program:
    return program(app, token_for(database))


def test_a_program_is_told_for_whom_it_acts(aisha: Program) -> None:
    found = aisha.get("/me").json()

    assert (found["email"], found["firms"]) == (PERSON, [])
    assert found["token"]["scopes"] == ["answer", "manage", "read"]


def test_every_route_asks_for_its_scope(app: FastAPI, database: Database) -> None:
    """Each operation of the description, with a token that has all scopes but the one it needs."""
    paths = describe(app.state.api)["paths"]
    without = {
        scope: program(app, token_for(database, f"{scope}@example.org", tuple({"read", "answer", "manage"} - {scope})))
        for scope in ("read", "answer", "manage")
    }
    tried = 0
    for path, item in paths.items():
        for method in METHODS:
            if method not in item or item[method]["tags"] == ["Questionnaires"]:
                continue
            [scope] = item[method]["security"][0]["token"]
            address = path.replace("{key}", "1").replace("{number}", "1").replace("{question}", "machines.1")
            address = address.replace("{question_id}", "machines.1").replace("{action}", "x")
            address = address.replace("{user}", "1").replace("{section}", "skills")
            reply = without[scope].client.request(method.upper(), V1 + address, **_fitting(path, method))  # type: ignore[arg-type]
            assert (reply.status_code, reply.headers["content-type"]) == (403, PROBLEM), (method, path, reply.text)
            assert f'scope="{scope}"' in reply.headers["www-authenticate"]
            tried += 1
    assert tried > 35


def _fitting(path: str, method: str) -> dict[str, object]:
    """A body that fits, so that nothing but the scope is wrong."""
    bodies: dict[str, object] = {
        "/assessments/{key}/answers:batch": {"operations": []},
        "/assessments/{key}/answers/{question}": {"id": "00000000-0000-4000-8000-000000000000", "answer": 1},
        "/assessments": {"questionnaire": "tiny"},
        "/assessments/{key}/submit": {"seen": {}},
        "/assessments/{key}/reopen": {"reason": "x"},
        "/assessments/{key}/profile": {"profile": {}},
        "/assessments/{key}/plan": {},
        "/assessments/{key}/name": {"name": "x"},
        "/assessments/{key}/respondents": {"name": "x", "sections": ["skills"]},
        "/assessments/{key}/respondents/{number}": {"sections": ["skills"]},
        "/assessments/{key}/conflicts/{number}": {"choice": "kept", "seen": 0},
        "/assessments/{key}/reports": {"language": "en"},
        "/assessments/{key}/actions/{action}": {"state": "done"},
        "/assessments/{key}/move": {"to": "2.0.0"},
        "/firms": {"name": "x"},
        "/firms/{number}/people": {"email": "a@b.example", "role": "respondent"},
        "/firms/{number}/erase": {"name": "x"},
        "/firms/{number}": {},
        "/firms/{number}/assessments": {"questionnaire": "tiny"},
    }
    if path.endswith("/evidence") and method == "post":
        return {"files": {"file": ("a.pdf", b"%PDF-1.7\n")}}
    match = {"headers": {"if-match": '"1"'}}
    return match | ({"json": bodies[path]} if method in ("post", "put", "patch") and path in bodies else {})


def test_a_token_has_no_more_rights_than_its_person(aisha: Program, app: FastAPI, database: Database) -> None:
    omar = program(app, token_for(database, OTHER))
    path, firm = aisha.start(), aisha.get("/me").json()["firms"][0]

    for address in (path, f"{path}/answers", f"{path}/results", f"/firms/{firm}", f"/firms/{firm}/assessments"):
        assert omar.get(address).status_code == 404, address
    assert omar.post(f"{path}/submit", {"seen": {}}).status_code == 404
    assert omar.get("/firms").json()["items"] == []


def test_a_respondent_answers_and_does_not_manage(aisha: Program, app: FastAPI, database: Database) -> None:
    path = aisha.start()
    firm = aisha.get("/me").json()["firms"][0]
    omar = program(app, token_for(database, OTHER))
    with database.transaction() as session:
        roles.grant(session, users.get(session, OTHER).id, RESPONDENT, firm, datetime.now(UTC))

    assert omar.answer(path, machines__1=1).json()["results"][0]["status"] == "saved"
    for reply in (
        omar.get(f"{path}/results"),
        omar.submit(path),
        omar.post(f"/firms/{firm}/assessments", {"questionnaire": "tiny"}),
    ):
        assert reply.status_code == 403


@pytest.mark.parametrize(
    "address",
    [
        f"/me?access_token=fw_1_{SECRET}",
        f"/me?x=fw_1_{SECRET}",
        f"/me?x=fw%5F1_{SECRET}",
        "/me?token=abc",
        f"/assessments/fw_1_{SECRET}/answers",
        f"/openapi.json?fw_1_{SECRET}",
    ],
)
def test_a_token_in_an_address_is_refused_and_not_logged(
    client: TestClient, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        reply = client.get(V1 + address)

    assert (reply.status_code, reply.headers["content-type"]) == (400, PROBLEM)
    assert SECRET not in reply.text
    logged = [record for record in caplog.records if record.name.startswith(("fourward", "uvicorn"))]
    assert any(record.name == "fourward.requests" for record in logged)
    assert not [record for record in logged if SECRET in str(vars(record))]


@pytest.mark.parametrize(
    "sent",
    ["Basic eDp5", "Bearer", "Bearer x", f"Bearer fw_1_{SECRET} x", f"Token fw_1_{SECRET}", f"Bearer fw_1_{SECRET}"],
)
def test_what_is_no_token_of_ours_is_refused(client: TestClient, sent: str) -> None:
    reply = client.get(f"{V1}/me", headers={"authorization": sent})

    assert (reply.status_code, reply.headers["content-type"]) == (401, PROBLEM)
    assert 'error="invalid_token"' in reply.headers["www-authenticate"]


def test_a_token_opens_no_page(client: TestClient, database: Database) -> None:
    token = token_for(database)

    reply = client.get("/account", headers={"authorization": f"Bearer {token}"}, follow_redirects=False)

    assert reply.headers["location"].startswith("/sign-in")


def test_a_token_counts_and_the_cookie_beside_it_does_not(client: TestClient, database: Database) -> None:
    token = token_for(database, OTHER)
    sign_in(client, database)

    found = client.get(f"{V1}/me", headers={"authorization": f"Bearer {token}"}).json()

    assert found["email"] == OTHER


def test_a_session_does_what_a_token_does(client: TestClient, database: Database) -> None:
    firm = firm_of(database, sign_in(client, database))

    assert client.get(f"{V1}/me").json() == {"email": PERSON, "name": "", "firms": [firm], "token": None}
    reply = client.post(f"{V1}/firms/{firm}/assessments", json={"questionnaire": "tiny"})
    assert reply.status_code == 201


def test_a_bearer_from_another_site_is_no_forgery_and_a_cookie_is(app: FastAPI, database: Database) -> None:
    token = token_for(database)
    foreign = {"origin": "https://erp.example", "sec-fetch-site": "cross-site"}
    client = TestClient(app, headers=foreign)

    started = client.post(f"{V1}/firms", json={"name": "A"}, headers={"authorization": f"Bearer {token}"})
    assert started.status_code == 201
    sign_in(client, database)
    for headers in ({}, {"authorization": f"Bearer {token}"}):
        assert client.post(f"{V1}/firms", json={"name": "B"}, headers=headers).status_code == 403


def test_a_form_without_a_body_from_an_old_browser_is_refused(app: FastAPI, database: Database) -> None:
    client = TestClient(app)
    sign_in(client, database)

    assert client.post(f"{V1}/assessments/1/again").status_code == 403


def test_a_program_ends_its_own_token(aisha: Program, client: TestClient, database: Database) -> None:
    assert aisha.send("DELETE", "/me/token").status_code == 204
    assert aisha.get("/me").status_code == 401
    sign_in(client, database)
    assert client.delete(f"{V1}/me/token").status_code == 404


def test_a_token_ends_at_once_with_the_password(aisha: Program, database: Database) -> None:
    with database.transaction() as session:
        users.set_password_hash(session, users.get(session, PERSON).id, "another", datetime.now(UTC), but=0)

    assert aisha.get("/me").status_code == 401


def test_the_last_use_is_noted_at_most_every_five_minutes(aisha: Program, database: Database) -> None:
    def used() -> datetime | None:
        with database.reader() as session:
            return session.scalars(select(ApiToken.last_used_at)).one()

    assert used() is None
    aisha.get("/me")
    first = used()
    aisha.get("/me")
    assert first is not None
    assert used() == first
    with database.transaction() as session:
        session.execute(update(ApiToken).values(last_used_at=first - timedelta(minutes=6)))
    aisha.get("/me")
    assert (used() or first) >= first
