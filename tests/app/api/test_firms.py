"""Firms by JSON: registered, listed page by page, corrected by whoever has seen them."""

import pytest
from fastapi import FastAPI

from app.database import Database
from assessment import roles, users
from assessment.access import RESPONDENT
from tests.app.api.program import Program, program, token_for
from tests.factories import NOW

KILANG = {
    "name": " Kilang  Mesin ",
    "country": "MY",
    "region": "MY-07",
    "isic_division": "25",
    "employees": 42,
    "turnover": 1.5e6,
    "turnover_currency": "MYR",
    "ownership": "local",
    "is_exporter": False,
    "founded": 1998,
}


@pytest.fixture
def aisha(app: FastAPI, database: Database) -> Program:
    return program(app, token_for(database))


def test_a_firm_is_registered_and_found_again(aisha: Program) -> None:
    made = aisha.post("/firms", KILANG)

    assert made.status_code == 201
    firm = made.json()
    assert made.headers["location"] == f"/api/v1/firms/{firm['number']}"
    assert aisha.get(f"/firms/{firm['number']}").json() == firm
    assert {name: firm[name] for name in KILANG} == KILANG | {"name": "Kilang Mesin"}
    assert (firm["isic_section"], firm["may_manage"]) == ("C", True)


def test_each_particular_that_cannot_be_used_is_named(aisha: Program) -> None:
    reply = aisha.post(
        "/firms", {"name": "A", "country": "MY", "region": "FR-75", "isic_division": "04", "founded": 2999}
    )

    assert reply.status_code == 422
    assert {each["place"] for each in reply.json()["problems"]} == {"body/region", "body/industry", "body/founded"}


def test_a_firm_that_is_there_already_is_a_conflict_unless_it_is_another(aisha: Program) -> None:
    first = aisha.post("/firms", KILANG).json()["number"]

    again = aisha.post("/firms", {"name": "KILANG MESIN SDN BHD", "country": "MY"})

    assert again.status_code == 409
    assert again.json()["firms"] == [{"number": first, "name": "Kilang Mesin"}]
    assert aisha.post("/firms", {"name": "Kilang Mesin", "country": "MY", "another": True}).status_code == 201


def test_a_list_comes_page_by_page(aisha: Program) -> None:
    numbers = [aisha.post("/firms", {"name": f"Firm {n}"}).json()["number"] for n in range(5)]

    found, path = [], "/firms?limit=2"
    while path:
        reply = aisha.get(path)
        found += [row["number"] for row in reply.json()["items"]]
        link = reply.headers.get("link", "")
        assert not link or link.endswith('>; rel="next"')
        path = link.partition(">")[0].removeprefix("</api/v1")

    assert found == numbers


def test_a_firm_is_corrected_only_by_who_has_seen_it(aisha: Program) -> None:
    path = f"/firms/{aisha.post('/firms', KILANG).json()['number']}"
    seen = aisha.get(path).headers["etag"]

    blind = aisha.send("PATCH", path, {"employees": 50})
    done = aisha.send("PATCH", path, {"employees": 50, "turnover": None}, if_match=f'"x", {seen}')
    late = aisha.send("PATCH", path, {"employees": 60}, if_match=seen)
    any_ = aisha.send("PATCH", path, {"employees": 60}, if_match="*")

    assert [blind.status_code, done.status_code, late.status_code, any_.status_code] == [428, 200, 412, 412]
    now = aisha.get(path)
    assert (now.headers["etag"], now.json()) == (done.headers["etag"], done.json())
    assert (now.json()["employees"], now.json()["turnover"], now.json()["turnover_currency"]) == (50, None, "")
    assert now.json()["founded"] == 1998


def test_another_section_takes_the_division_along(aisha: Program) -> None:
    path = f"/firms/{aisha.post('/firms', KILANG).json()['number']}"

    firm = aisha.replace(path, {"isic_section": "J"}, "PATCH").json()

    assert (firm["isic_section"], firm["isic_division"]) == ("J", "")


def test_a_reader_who_has_it_already_gets_nothing(aisha: Program) -> None:
    aisha.post("/firms", KILANG)
    for path in ("/firms", "/firms/1", "/questionnaires", "/questionnaires/tiny", "/me"):
        first = aisha.get(path)
        again = aisha.get(path, if_none_match=f'"other", W/{first.headers["etag"]}')
        assert (again.status_code, again.content) == (304, b"")
        assert first.headers["cache-control"] == again.headers["cache-control"] == "no-store"


def test_a_respondent_sees_the_firm_and_does_not_correct_it(aisha: Program, app: FastAPI, database: Database) -> None:
    aisha.post("/firms", KILANG)
    omar = program(app, token_for(database, "omar@example.org"))
    with database.transaction() as session:
        roles.grant(session, users.get(session, "omar@example.org").id, RESPONDENT, 1, NOW)

    firm = omar.get("/firms/1")

    assert firm.json()["may_manage"] is False
    assert omar.replace("/firms/1", {"employees": 1}, "PATCH").status_code == 403


def test_who_owns_a_firm_is_said_by_its_managers_and_seen_by_them_alone(
    aisha: Program, app: FastAPI, database: Database
) -> None:
    path = f"/firms/{aisha.post('/firms', KILANG | {'enterprise_group': ' Besar  Holding '}).json()['number']}"
    assert aisha.get(path).json()["enterprise_group"] == "Besar Holding"
    assert aisha.replace(path, {"employees": 43}, "PATCH").json()["enterprise_group"] == "Besar Holding"
    omar = program(app, token_for(database, "omar@example.org"))
    with database.transaction() as session:
        roles.grant(session, users.get(session, "omar@example.org").id, RESPONDENT, 1, NOW)
    assert omar.get(path).json()["enterprise_group"] is None
    assert aisha.replace(path, {"enterprise_group": ""}, "PATCH").json()["enterprise_group"] == ""
    assert aisha.post("/firms", KILANG | {"enterprise_group": "x" * 201}).status_code == 422
