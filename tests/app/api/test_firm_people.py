"""A firm's people and its data by JSON: as on its pages, for its managers alone."""

import io
import json
import zipfile

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.database import Database
from app.firm_data import ONE_AT_A_TIME
from app.firm_mail import INVITATIONS
from assessment.tables import Firm, Mail
from tests.app.api.program import PERSON, Program, program, token_for

AMINA = {"email": " Amina@Example.org", "role": "respondent"}


@pytest.fixture
def aisha(app: FastAPI, database: Database) -> Program:
    return program(app, token_for(database))


@pytest.fixture
def firm(aisha: Program) -> str:
    return f"/firms/{aisha.post('/firms', {'name': 'Kilang Mesin', 'country': 'MY'}).json()['number']}"


def test_people_are_added_listed_given_another_role_and_taken_out(
    aisha: Program, firm: str, database: Database
) -> None:
    added = aisha.post(f"{firm}/people", AMINA)
    amina = added.json()
    place = added.headers["location"].removeprefix("/api/v1")

    assert (added.status_code, amina["email"], amina["role"]) == (201, "amina@example.org", "respondent")
    assert aisha.get(place).json() == amina
    first = aisha.get(f"{firm}/people?limit=1")
    assert [row["email"] for row in first.json()["items"]] == [PERSON]
    following = first.headers["link"].partition(">")[0].removeprefix("</api/v1")
    assert aisha.get(following).json()["items"] == [amina]
    assert aisha.get(place, if_none_match=aisha.get(place).headers["etag"]).status_code == 304

    assert aisha.post(f"{firm}/people", {**AMINA, "role": "manager"}).json()["role"] == "manager"
    assert aisha.send("DELETE", place).status_code == 204
    assert (aisha.get(place).status_code, aisha.send("DELETE", place).status_code) == (404, 404)
    with database.reader() as session:
        assert [mail.recipient for mail in session.scalars(select(Mail))] == ["amina@example.org"] * 2


def test_one_manager_always_stays(aisha: Program, firm: str) -> None:
    [me] = aisha.get(f"{firm}/people").json()["items"]

    assert aisha.send("DELETE", f"{firm}/people/{me['number']}").status_code == 409
    assert aisha.post(f"{firm}/people", {"email": PERSON, "role": "respondent"}).status_code == 409
    assert aisha.get(f"{firm}/people").json()["items"] == [me]


@pytest.mark.parametrize(
    "body", [{"email": "amina"}, {"email": "amina", "role": "manager"}, {**AMINA, "role": "admin"}, {**AMINA, "x": 1}]
)
def test_what_does_not_fit_adds_nobody(aisha: Program, firm: str, body: dict[str, object]) -> None:
    assert aisha.post(f"{firm}/people", body).status_code == 422
    assert len(aisha.get(f"{firm}/people").json()["items"]) == 1


def test_page_and_program_share_how_many_are_added_in_a_day(aisha: Program, firm: str) -> None:
    replies = [aisha.post(f"{firm}/people", AMINA) for _ in range(INVITATIONS.most + 1)]

    assert [reply.status_code for reply in replies] == [201] * INVITATIONS.most + [429]
    assert int(replies[-1].headers["retry-after"]) > 0


def test_who_answers_for_a_firm_neither_sees_its_people_nor_takes_its_data(
    aisha: Program, firm: str, app: FastAPI, database: Database
) -> None:
    aisha.post(f"{firm}/people", AMINA)
    amina = program(app, token_for(database, "amina@example.org"))

    for method, path, body in (
        ("GET", "/people", None),
        ("GET", "/people/1", None),
        ("POST", "/people", AMINA),
        ("DELETE", "/people/1", None),
        ("GET", "/export", None),
        ("POST", "/erase", {"name": "Kilang Mesin"}),
    ):
        assert amina.send(method, firm + path, body).status_code == 403, path
    stranger = program(app, token_for(database, "bao@example.org"))
    assert stranger.get(f"{firm}/people").status_code == stranger.get(f"{firm}/export").status_code == 404


def test_a_firm_takes_everything_along(aisha: Program, firm: str) -> None:
    path = f"/assessments/{aisha.post(f'{firm}/assessments', {'questionnaire': 'tiny'}).json()['number']}"
    aisha.answer(path, skills__training=2)
    reply = aisha.get(f"{firm}/export")

    assert (reply.status_code, reply.headers["content-type"]) == (200, "application/zip")
    assert reply.headers["content-disposition"].startswith('attachment; filename="firm-1-')
    assert len(reply.headers["etag"]) == 66
    assert int(reply.headers["content-length"]) == len(reply.content)
    archive = zipfile.ZipFile(io.BytesIO(reply.content))
    content = "".join(archive.read(n).decode() for n in archive.namelist() if n.endswith((".json", ".csv")))
    assert "skills.training" in content
    assert "Kilang Mesin" in json.dumps(content)


def test_one_export_at_a_time(aisha: Program, firm: str) -> None:
    with ONE_AT_A_TIME:
        assert aisha.get(f"{firm}/export").status_code == 409
    assert aisha.get(f"{firm}/export").status_code == 200


def test_a_firm_is_erased_once_its_name_is_sent(aisha: Program, firm: str, database: Database) -> None:
    aisha.post("/firms", {"name": "Another"})  # whoever has no firm left and never signed in goes with the last one
    assert aisha.post(f"{firm}/erase", {"name": "Kilang Kayu"}).status_code == 422
    assert aisha.get(firm).status_code == 200
    assert aisha.post(f"{firm}/erase", {"name": "kilang  mesin"}).status_code == 204
    assert aisha.get(firm).status_code == 404
    with database.reader() as session:
        assert session.scalars(select(Firm.name)).all() == ["Another"]


def test_a_program_that_only_reads_or_answers_erases_nothing(firm: str, app: FastAPI, database: Database) -> None:
    reader = program(app, token_for(database, scopes=("read", "answer")))

    assert reader.post(f"{firm}/erase", {"name": "Kilang Mesin"}).status_code == 403
    assert reader.post(f"{firm}/people", AMINA).status_code == 403
    assert reader.get(f"{firm}/people").status_code == 200
