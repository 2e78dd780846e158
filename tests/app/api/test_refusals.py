"""What is sent to the API and does not fit: told as problem details, and nothing is stored."""

import time
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from app.database import Database
from assessment.tables import Answer, Firm
from tests.app.api.program import PROBLEM, V1, Program, program, token_for

JSON = {"content-type": "application/json"}


@pytest.fixture
def aisha(app: FastAPI, database: Database) -> Program:
    return program(app, token_for(database))


def firms_stored(database: Database) -> int:
    with database.reader() as session:
        return session.scalar(select(func.count()).select_from(Firm)) or 0


@pytest.mark.parametrize("value", ["3", "3.5", 4.0000001, True, -1, 2**31, 2**63, [3], {"n": 3}])
def test_a_number_of_people_is_a_whole_number_and_nothing_else(aisha: Program, database: Database, value: Any) -> None:
    reply = aisha.post("/firms", {"name": "A", "employees": value})

    assert (reply.status_code, reply.headers["content-type"]) == (422, PROBLEM)
    assert reply.json()["problems"][0]["place"].startswith("body/employees")
    assert firms_stored(database) == 0


@pytest.mark.parametrize("value", [2**63, 2**31, -1, 4.0000001, "3", True])
def test_a_level_is_a_whole_number_of_the_ladder(aisha: Program, database: Database, value: Any) -> None:
    path = aisha.start()

    [result] = aisha.answer(path, machines__1=value).json()["results"]

    assert (result["status"], result["problem"]["status"]) == ("refused", 422)
    with database.reader() as session:
        assert session.scalar(select(func.count()).select_from(Answer)) == 0


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"name":"A","turnover":NaN}', 400),
        (b'{"name":"A","turnover":Infinity}', 400),
        (b'{"name":"A","turnover":1e400}', 400),
        (b'{"name":"A","employees":' + b"9" * 5000 + b"}", 400),
        (b"[" * 50_000, 400),
        (b'{"name":"A","name":"B"}', 400),
        (b'{"name":"\xff"}', 400),
        (b'{"name":"\\ud800"}', 400),
        (b'{"name":"A', 400),
        (b'{"name":"a\\u0000b"}', 422),
        (b'{"name":"a\\u0007b"}', 422),
        (b'{"name":"' + b"x" * 201 + b'"}', 422),
        (b'{"name":"A","role":"admin"}', 422),
        (b'{"name":"A","id":2}', 422),
        (b'{"name":null}', 422),
        (b"[]", 422),
        (b"null", 422),
        (b"", 422),
        (b'{"name":"' + b"x" * 10_000_000 + b'"}', 413),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_body_that_does_not_fit_is_refused_quickly(
    aisha: Program, database: Database, body: bytes, status: int
) -> None:
    begun = time.perf_counter()
    reply = aisha.client.post(f"{V1}/firms", content=body, headers=JSON)

    assert (reply.status_code, reply.headers["content-type"]) == (status, PROBLEM)
    assert reply.json()["status"] == status
    assert time.perf_counter() - begun < 30  # a busy machine takes less, a bomb far more
    assert firms_stored(database) == 0


@pytest.mark.parametrize(
    "kind", ["text/plain", "", "application/x-www-form-urlencoded", "application/json; charset=latin-1"]
)
def test_only_json_is_taken(aisha: Program, kind: str) -> None:
    reply = aisha.client.post(f"{V1}/firms", content=b'{"name":"A"}', headers={"content-type": kind})

    assert (reply.status_code, reply.headers["content-type"]) == (415, PROBLEM)


def test_a_body_in_pieces_is_cut_off_at_the_limit(aisha: Program) -> None:
    reply = aisha.client.post(f"{V1}/firms", content=iter([b" " * 300_000] * 5), headers=JSON)

    assert (reply.status_code, reply.headers["connection"]) == (413, "close")


def test_a_text_is_kept_composed_and_whole(aisha: Program) -> None:
    name = "Cafe\u0301 \U0001f3ed " + "w" * 150

    reply = aisha.post("/firms", {"name": name})

    assert reply.json()["name"] == "Café \U0001f3ed " + "w" * 150


def test_marks_that_turn_the_direction_are_not_kept_in_a_name(aisha: Program) -> None:
    assert aisha.post("/firms", {"name": "Acme\u202etxt"}).json()["name"] == "Acmetxt"


@pytest.mark.parametrize(
    "query",
    [
        "?sort=1;drop",
        "?q=x",
        "?limit=0",
        "?limit=201",
        "?limit=x",
        "?limit=1&limit=2",
        "?after=-1",
        "?after=2147483648",
        "?after=1.5",
    ],
)
def test_a_parameter_that_is_not_known_or_does_not_fit_is_refused(aisha: Program, query: str) -> None:
    reply = aisha.get(f"/firms{query}")

    assert (reply.status_code, reply.headers["content-type"]) == (422, PROBLEM)


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/api/v2/me", 404),
        ("GET", "/api/v1/", 404),
        ("GET", "/api/v1/firms/", 404),
        ("GET", "/api/v1/firms/0", 422),
        ("GET", "/api/v1/firms/2147483648", 422),
        ("GET", "/api/v1/firms/1%0a", 404),
        ("GET", "/api/v1/%0a", 404),
        ("GET", "/api/v1/questionnaires/nothing", 404),
        ("GET", "/api/v1/assessments/" + "x" * 5000, 404),
        ("GET", "/api/v1/assessments/..%2f..%2fetc/results", 404),
        ("DELETE", "/api/v1/firms", 405),
        ("TRACE", "/api/v1/me", 405),
    ],
)
def test_what_is_not_there_is_told_as_problem_details(aisha: Program, method: str, address: str, status: int) -> None:
    reply = aisha.client.request(method, address)

    assert (reply.status_code, reply.headers["content-type"]) == (status, PROBLEM)
    assert reply.headers["cache-control"] == "no-store"
    if status == 405:
        assert reply.headers["allow"] in ("GET, POST", "GET")


def test_many_fields_many_files_and_long_headers_break_nothing(aisha: Program) -> None:
    path = aisha.start()
    url = f"{V1}{path}/questions/machines.1/evidence"

    fields = aisha.client.post(url, data={f"f{n}": "x" for n in range(2000)}, files={"file": ("a.png", b"x")})
    files = aisha.client.post(url, files=[("file", (f"{n}.png", b"x")) for n in range(1000)])
    header = aisha.client.get(f"{V1}/me", headers={"x" * 8192: "1"})

    assert [fields.status_code, files.status_code, header.status_code] == [400, 400, 200]
    assert fields.headers["content-type"] == files.headers["content-type"] == PROBLEM


def test_a_file_that_is_too_large_or_of_another_kind_is_refused(aisha: Program) -> None:
    path = aisha.start()
    url = f"{V1}{path}/questions/machines.1/evidence"

    large = aisha.client.post(url, files={"file": ("a.pdf", b"%PDF-" + b"x" * 10_600_000)})
    other = aisha.client.post(url, files={"file": ("a.png", b"<svg/>")})
    none = aisha.client.post(url, files={"other": ("a.png", b"x")})
    plain = aisha.client.post(url, content=b"x", headers={"content-type": "application/pdf"})

    assert [each.status_code for each in (large, other, none, plain)] == [413, 422, 422, 415]
    assert {each.headers["content-type"] for each in (large, other, none, plain)} == {PROBLEM}


def test_a_refusal_speaks_the_readers_language(client: TestClient) -> None:
    english, french = (
        client.get(f"{V1}/me", headers={"accept-language": code}).json()["title"] for code in ("en", "fr")
    )

    assert english == "Sign in first"
    assert isinstance(french, str)


def test_our_own_fault_is_told_as_problem_details(
    app: FastAPI, aisha: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(app.state.shelf, "newest", broken)

    reply = aisha.get("/questionnaires")

    assert (reply.status_code, reply.headers["content-type"]) == (500, PROBLEM)
    assert "ZeroDivision" not in reply.text
