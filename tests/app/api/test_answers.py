"""Answers by JSON: saved once however often they are sent, never over an answer that was not seen."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import func, select

from app.database import Database
from app.pace import Pace, SavesTooFast
from assessment import access, assessments
from assessment.tables import AnswerConflict, AnswerOperation, AnswerRevision, Table
from tests.app.walk import start

PROBLEM = "application/problem+json"


class Device:
    """A program that saves answers of one assessment."""

    def __init__(self, client: TestClient, link: str = "") -> None:
        self.client = client
        self.link = link or start(client).link
        self.path = f"/api/v1/assessments/{self.link.rpartition('/')[2]}/answers"

    def send(self, *operations: dict[str, Any]) -> Response:
        return self.client.post(f"{self.path}:batch", json={"operations": list(operations)})

    def save(self, question: str, answer: Any, base: int = 0, **more: Any) -> dict[str, Any]:
        reply = self.send(operation(question, answer, base, **more))
        assert reply.status_code == 200, reply.text
        [result] = reply.json()["results"]
        assert isinstance(result, dict)
        return result

    def put(self, question: str, answer: Any, match: str | None, **more: Any) -> Response:
        headers = {} if match is None else {"if-match": match}
        content = {"id": str(uuid.uuid4()), "answer": answer, **more}
        return self.client.put(f"{self.path}/{question}", json=content, headers=headers)


def operation(question: str, answer: Any, base: int = 0, **more: Any) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "question": question, "base": base, "answer": answer, **more}


@pytest.fixture
def device(client: TestClient) -> Device:
    return Device(client)


def count(database: Database, table: type[Table]) -> int:
    with database.reader() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_saves_are_stored_and_each_has_its_result_in_order(device: Device) -> None:
    sent = [
        operation("machines.1", 2, note="all lathes"),
        operation("skills.languages", ["ERP", "CAD"]),
        operation("skills.share", 12.5),
        operation("machines.2", "unknown"),
    ]
    results = device.send(*sent).json()["results"]

    assert [r["id"] for r in results] == [o["id"] for o in sent]
    assert [r["status"] for r in results] == ["saved"] * 4
    assert [r["answer"] for r in results] == [2, ["ERP", "CAD"], 12.5, "unknown"]
    assert [r["version"] for r in results] == [1] * 4
    assert results[0]["note"] == "all lathes"
    assert all("problem" not in r for r in results)


def test_one_that_is_refused_does_not_stop_the_others(device: Device) -> None:
    results = device.send(
        operation("machines.1", 9),
        operation("strategy.vision", 1),
        operation("machines.2", 1, note="x" * 2001),
        operation("machines.3", 1, note="a\x00b"),
        operation("machines.4", 1),
    ).json()["results"]

    assert [r["status"] for r in results] == ["refused"] * 4 + ["saved"]
    assert [r["problem"]["status"] for r in results[:4]] == [422, 404, 422, 422]
    assert all(r["version"] == 0 for r in results[:4])


def test_the_same_save_again_gets_the_same_reply_and_changes_nothing(device: Device, database: Database) -> None:
    first = operation("machines.1", 1)
    reply = device.send(first).json()
    device.save("machines.1", 2, base=1)

    assert device.send(first).json() == reply
    assert count(database, AnswerRevision) == 2
    assert count(database, AnswerOperation) == 2


def test_a_hundred_equal_saves_at_once_are_one(device: Device, database: Database) -> None:
    sent = operation("machines.1", 1)
    with ThreadPoolExecutor(10) as threads:
        replies = list(threads.map(lambda _: device.send(sent), range(100)))

    assert {r.status_code for r in replies} == {200}
    assert len({r.text for r in replies}) == 1
    assert count(database, AnswerRevision) == 1


def test_the_same_id_with_other_content_is_refused(device: Device) -> None:
    first = operation("machines.1", 1)
    device.send(first)

    [result] = device.send(first | {"answer": 2}).json()["results"]

    assert result["status"] == "refused"
    assert result["problem"]["status"] == 422
    assert result["answer"] == 1


def test_an_answer_that_was_not_seen_is_never_overwritten(device: Device, database: Database) -> None:
    device.save("machines.1", 1)
    device.save("machines.1", 2, base=1)

    late = device.save("machines.1", 0, base=1, note="from the tram")

    assert (late["status"], late["answer"], late["version"]) == ("conflict", 2, 2)
    with database.reader() as session:
        kept = session.scalars(select(AnswerConflict)).one()
        assert (kept.value, kept.note, kept.base_version, kept.met_version) == (0, "from the tram", 1, 2)
        assert kept.settled_at is None


def test_two_who_say_the_same_are_not_in_conflict(device: Device, database: Database) -> None:
    device.save("skills.languages", ["ERP", "CAD"])

    again = device.save("skills.languages", ["CAD", "ERP"])

    assert (again["status"], again["version"]) == ("same", 1)
    assert count(database, AnswerConflict) == 0


def test_saves_of_one_batch_have_seen_those_before_them(device: Device) -> None:
    lost = operation("machines.1", 1)
    device.send(lost)

    results = device.send(lost, operation("machines.1", 2), operation("machines.1", 0)).json()["results"]

    assert [r["status"] for r in results] == ["saved"] * 3
    assert [r["version"] for r in results] == [1, 2, 3]


def test_an_answer_is_cleared_by_null_and_its_note_stays(device: Device) -> None:
    device.save("machines.1", 1, note="all lathes")

    cleared = device.save("machines.1", None, base=1)

    assert (cleared["answer"], cleared["note"], cleared["version"]) == (None, "all lathes", 2)


def test_after_the_submission_nothing_is_saved_and_old_saves_get_their_reply(
    device: Device, client: TestClient, database: Database
) -> None:
    first = operation("machines.1", 1)
    reply = device.send(first).json()
    with database.transaction() as session:
        opened = access.open_by_link(session, device.link.rpartition("/")[2])
        opened.state = "submitted"

    refused = device.send(operation("machines.2", 1))

    assert (refused.status_code, refused.headers["content-type"]) == (409, PROBLEM)
    assert "no longer change" in refused.json()["detail"]
    assert device.send(first).json() == reply


@pytest.mark.parametrize(
    "body",
    [
        b'{"operations": [{"id": "1", "id": "2"}]}',
        b'{"operations": [' + b"[" * 50_000 + b"]" * 50_000 + b"]}",
        b'{"operations": [], "n": NaN}',
        b'{"operations": [], "n": 1e400}',
        b'{"operations": [], "n": ' + b"9" * 5000 + b"}",
        b'{"operations": "\xff"}',
        b'{"operations": "\\ud800"}',
        b"{",
    ],
)
def test_json_that_can_be_read_in_two_ways_is_refused(client: TestClient, device: Device, body: bytes) -> None:
    reply = client.post(f"{device.path}:batch", content=body, headers={"content-type": "application/json"})

    assert (reply.status_code, reply.headers["content-type"]) == (400, PROBLEM)
    assert reply.json()["status"] == 400


@pytest.mark.parametrize(
    "change",
    [
        {"role": "admin"}, {"id": "1"}, {"base": -1}, {"base": "1"}, {"base": 1.5}, {"base": True}, {"base": 2**31},
        {"base": None}, {"question": 1}, {"note": 5}, {"section": 1},
    ],
)  # fmt: skip
def test_an_operation_of_another_shape_is_refused(device: Device, change: dict[str, Any]) -> None:
    reply = device.send(operation("machines.1", 1) | change)

    assert (reply.status_code, reply.headers["content-type"]) == (422, PROBLEM)
    assert next(iter(change)) in reply.json()["problems"][0]["place"]


@pytest.mark.parametrize("left_out", ["id", "question", "base", "answer"])
def test_an_operation_says_all_that_is_needed(device: Device, left_out: str) -> None:
    sent = operation("machines.1", 1)
    del sent[left_out]

    assert device.send(sent).status_code == 422


@pytest.mark.parametrize(
    "value", [4, -1, 2**31, 2**63, 4.0000001, True, "3", "none", [0], ["ERP"], {}, {"a": 1}, [[]], "a\x00", "x" * 9999]
)
def test_a_value_that_is_no_level_is_refused_and_nothing_is_stored(
    device: Device, database: Database, value: object
) -> None:
    assert device.save("machines.1", value)["problem"]["status"] == 422
    assert device.save("skills.languages", value if value != ["ERP"] else ["X"])["problem"]["status"] == 422
    assert count(database, AnswerRevision) == 0


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonx"])
def test_another_content_type_is_refused(client: TestClient, device: Device, kind: str) -> None:
    headers = {"content-type": kind} if kind else {}
    reply = client.post(f"{device.path}:batch", content=b'{"operations": []}', headers=headers)

    assert (reply.status_code, reply.headers["content-type"]) == (415, PROBLEM)


def test_a_body_that_is_too_large_is_refused(client: TestClient, device: Device) -> None:
    headers = {"content-type": "application/json"}
    long = client.post(f"{device.path}:batch", content=b" " * 600_000, headers=headers)
    chunked = client.post(f"{device.path}:batch", content=iter([b" " * 300_000] * 3), headers=headers)

    assert [long.status_code, chunked.status_code] == [413, 413]
    assert long.headers["content-type"] == PROBLEM
    assert device.send(*[operation("machines.1", 1) for _ in range(201)]).status_code == 422


def test_another_sites_page_saves_nothing(device: Device, database: Database) -> None:
    content = {"operations": [operation("machines.1", 1)]}
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        reply = device.client.post(f"{device.path}:batch", json=content, headers=headers)
        assert (reply.status_code, reply.headers["content-type"]) == (403, PROBLEM)

    assert count(database, AnswerRevision) == 0


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/assessments/x/answers"])
def test_what_is_not_there_is_told_as_problem_details(client: TestClient, path: str) -> None:
    reply = client.get(path)

    assert (reply.status_code, reply.headers["content-type"]) == (404, PROBLEM)


def test_a_method_that_is_not_offered_is_refused(client: TestClient, device: Device) -> None:
    reply = client.delete(device.path)

    assert (reply.status_code, reply.headers["content-type"]) == (405, PROBLEM)
    assert "GET" in reply.headers["allow"]


def test_a_replacement_names_the_version_it_replaces(device: Device, database: Database) -> None:
    assert device.put("machines.1", 1, None).status_code == 428
    assert device.put("machines.1", 1, "3").status_code == 400
    assert device.put("machines.1", 9, '"0"').status_code == 422
    assert device.put("strategy.vision", 1, '"0"').status_code == 404

    first = device.put("machines.1", 1, '"0"', note="all lathes")
    assert (first.status_code, first.headers["etag"]) == (200, '"1"')
    stale = device.put("machines.1", 2, '"0"')

    assert (stale.status_code, stale.headers["content-type"]) == (412, PROBLEM)
    assert (stale.json()["answer"], stale.json()["note"], stale.json()["version"]) == (1, "all lathes", 1)
    assert count(database, AnswerConflict) == 1
    assert device.put("machines.1", 2, '"1"').headers["etag"] == '"2"'


def test_the_answers_as_they_stand_have_an_etag(device: Device) -> None:
    device.save("machines.1", 1, note="all lathes")
    device.save("skills.training", 2)

    reply = device.client.get(device.path)
    again = device.client.get(device.path, headers={"if-none-match": reply.headers["etag"]})
    device.save("machines.1", 2, base=1)

    assert [a["question"] for a in reply.json()["answers"]] == ["skills.training", "machines.1"]
    assert reply.json()["answers"][1]["note"] == "all lathes"
    assert (again.status_code, again.content) == (304, b"")
    changed = device.client.get(device.path, headers={"if-none-match": reply.headers["etag"]})
    assert changed.status_code == 200


def test_the_section_last_worked_on_is_remembered(device: Device, database: Database) -> None:
    device.save("machines.9", 1, section="machines~2")
    device.save("machines.1", 1, section="nowhere")

    with database.reader() as session:
        opened = access.open_by_link(session, device.link.rpartition("/")[2])
        assert opened.last_section == "machines~2"
        assert assessments.sheet_of(session, opened).answers.answers == {"machines.9": 1, "machines.1": 1}


def test_a_number_opens_nothing_without_signing_in(client: TestClient) -> None:
    reply = client.get("/api/v1/assessments/1/answers")

    assert (reply.status_code, reply.headers["content-type"]) == (401, PROBLEM)


def test_a_flood_of_saves_is_told_to_wait(device: Device, app: FastAPI, database: Database) -> None:
    app.state.save_rate = Pace(250, SavesTooFast)
    for _ in range(2):
        reply = device.send(*[operation("machines.1", 1) for _ in range(200)])

    assert (reply.status_code, reply.headers["content-type"]) == (429, PROBLEM)
    assert 0 < int(reply.headers["retry-after"]) <= 60
    assert count(database, AnswerOperation) == 200
