"""Assessments by JSON, from the start to next year: the same rules as on the pages."""

from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.database import Database
from app.templating import STATIC
from assessment.tables import Mail
from tests.app.api.program import V1, Program, program, token_for

PICTURE = (STATIC / "icon-192.png").read_bytes()


@pytest.fixture
def aisha(app: FastAPI, database: Database) -> Program:
    return program(app, token_for(database))


@pytest.fixture
def path(aisha: Program) -> str:
    """An assessment with three answers."""
    found = aisha.start()
    aisha.answer(found, skills__training=2, machines__1=1, machines__2=0)
    return found


def test_questionnaires_are_told_with_all_that_an_answer_needs(client: TestClient) -> None:
    rows = client.get(f"{V1}/questionnaires").json()["items"]
    found = client.get(f"{V1}/questionnaires/tiny").json()

    assert "tiny" in [row["id"] for row in rows]
    question = next(each for each in found["items"] if each["id"] == "machines.1")
    assert [level["level"] for level in question["levels"]] == list(range(len(question["levels"])))
    assert {q for section in found["sections"] for q in section["questions"]} == {each["id"] for each in found["items"]}
    assert client.get(f"{V1}/questionnaires/tiny?version=9.9.9").status_code == 404


def test_a_questionnaire_is_told_in_the_readers_language(client: TestClient) -> None:
    titles = {
        code: client.get(f"{V1}/questionnaires/industry4-readiness", headers={"accept-language": code}).json()[
            "language"
        ]
        for code in ("en", "fr")
    }

    assert titles["en"] == "en"
    assert titles["fr"] in ("fr", "en")


def test_whoever_starts_without_a_token_holds_the_secret(client: TestClient) -> None:
    started = client.post(f"{V1}/assessments", json={"questionnaire": "tiny", "firm": "Acme"}).json()

    assert len(started["key"]) == 32
    assert client.get(f"{V1}/assessments/{started['key']}").json()["may_manage"] is True
    assert client.get(f"{V1}/assessments/{started['number']}").status_code == 401
    assert client.get(f"/a/{started['key']}").status_code == 200


def test_the_progress_is_told_by_section(aisha: Program, path: str) -> None:
    found = aisha.get(path).json()

    sections = {each["id"]: each for each in found["sections"]}
    assert (found["state"], found["progress"]["answered"]) == ("open", 3)
    assert (sections["machines~1"]["answered"], sections["skills"]["answered"]) == (2, 1)
    assert "machines.1" in sections["machines~1"]["questions"]


def test_a_profile_is_replaced_by_who_has_seen_it(aisha: Program, path: str) -> None:
    assert aisha.replace(f"{path}/profile", {"profile": {"employees": 42}}).json() == {"profile": {"employees": 42.0}}
    assert aisha.send("PUT", f"{path}/profile", {"profile": {}}).status_code == 428
    assert aisha.replace(f"{path}/profile", {"profile": {"nothing": 1}}).status_code == 422
    assert aisha.replace(f"{path}/profile", {"profile": {"employees": True}}).status_code == 422
    assert aisha.get("/firms/1").json()["employees"] == 42


def test_only_what_was_seen_is_submitted_and_then_stays(aisha: Program, path: str) -> None:
    assert aisha.post(f"{path}/submit", {"seen": {"machines.1": 1}}).status_code == 409
    assert aisha.submit(path).json()["state"] == "submitted"
    assert aisha.submit(path).status_code == 200
    assert aisha.answer(path, machines__3=1).status_code == 409
    assert aisha.replace(f"{path}/profile", {"profile": {}}).status_code == 409


def test_what_stands_in_the_way_goes_with_the_submission(aisha: Program, path: str) -> None:
    seen = {each["question"]: each["version"] for each in aisha.get(f"{path}/answers").json()["answers"]}
    for strange in (["moon"], ["funds", "people", "time", "rules"], "funds"):
        assert aisha.post(f"{path}/submit", {"seen": seen, "hindrances": strange}).status_code == 422
    assert aisha.get(f"{path}/results").json()["hindrances"] is None
    assert aisha.post(f"{path}/submit", {"seen": seen, "hindrances": ["people", "funds"]}).status_code == 200
    assert aisha.get(f"{path}/results").json()["hindrances"] == ["funds", "people"]


def test_an_empty_assessment_has_no_results_and_is_not_submitted(aisha: Program) -> None:
    path = aisha.start()

    assert aisha.get(f"{path}/results").status_code == 422
    assert aisha.post(f"{path}/submit", {"seen": {}}).status_code == 422


def test_it_is_reopened_with_a_reason_and_started_again_next_year(aisha: Program, path: str) -> None:
    assert aisha.post(f"{path}/again").status_code == 409
    aisha.submit(path)
    assert aisha.post(f"{path}/reopen", {"reason": ""}).status_code == 422
    assert aisha.post(f"{path}/reopen", {"reason": "A new line"}).json()["state"] == "open"
    assert aisha.post(f"{path}/reopen", {"reason": "A new line"}).status_code == 409
    aisha.submit(path)
    following = aisha.post(f"{path}/again")
    assert (following.status_code, aisha.post(f"{path}/again").json()) == (201, following.json())
    listed = aisha.get("/firms/1/assessments").json()["items"]
    assert [row["number"] for row in listed] == [1, following.json()["number"]]
    assert [row["state"] for row in listed] == ["submitted", "open"]


def test_a_colleague_answers_their_sections_and_no_more(aisha: Program, path: str, client: TestClient) -> None:
    asked = aisha.post(f"{path}/respondents", {"name": "Amina", "sections": ["skills"]}).json()
    theirs = f"{V1}/assessments/{asked['key']}"

    assert asked["link"].endswith(f"/a/{asked['key']}")
    assert [each["id"] for each in client.get(theirs).json()["sections"]] == ["skills"]
    assert client.put(f"{theirs}/name", json={"name": "Amina B."}).status_code == 204
    results = Program(client).answer(f"/assessments/{asked['key']}", skills__languages=["CAD"], machines__3=1).json()
    assert [each["status"] for each in results["results"]] == ["saved", "refused"]
    assert client.get(f"{theirs}/results").status_code == 403
    assert client.get(f"{theirs}/respondents").status_code == 403
    row = aisha.get(f"{path}/respondents").json()["items"][0]
    assert (row["name"], row["has_opened"], row["sections"]) == ("Amina B.", True, ["skills"])
    one = f"{path}/respondents/{asked['number']}"
    assert aisha.replace(one, {"sections": ["machines~1"]}).json()["sections"] == ["machines~1"]
    assert aisha.replace(one, {"sections": ["nowhere"]}).status_code == 422
    renewed = aisha.post(f"{one}/link").json()["key"]
    assert [client.get(f"{V1}/assessments/{key}").status_code for key in (asked["key"], renewed)] == [404, 200]
    assert aisha.send("DELETE", one).status_code == 204
    assert client.get(f"{V1}/assessments/{renewed}").status_code == 404
    assert aisha.send("PUT", f"{path}/name", {"name": "x"}).status_code == 403


def test_a_link_is_mailed_for_who_has_an_address_where_mails_are_sent(
    aisha: Program, path: str, client: TestClient, app: FastAPI, database: Database
) -> None:
    asks = {"name": "Amina", "sections": ["skills"], "email": "amina@firm.example"}
    secret = client.post(f"{V1}/assessments", json={"questionnaire": "tiny"}).json()["key"]

    assert aisha.post(f"{path}/respondents", asks).status_code == 403
    app.state.settings = app.state.settings.model_copy(update={"demo": True})
    assert client.post(f"{V1}/assessments/{secret}/respondents", json=asks).status_code == 403
    assert aisha.post(f"{path}/respondents", asks | {"email": "nobody"}).status_code == 422
    key = aisha.post(f"{path}/respondents", asks).json()["key"]

    with database.reader() as session:
        mail = session.scalars(select(Mail)).one()
        assert mail.recipient == "amina@firm.example"
        assert f"/a/{key}" in mail.body


@pytest.mark.parametrize(("choice", "holds"), [("kept", 1), ("taken", 2)])
def test_two_answers_that_differ_are_settled(aisha: Program, path: str, choice: str, holds: int) -> None:
    aisha.answer(path, machines__1=2)

    [conflict] = aisha.get(f"{path}/conflicts").json()["items"]

    assert (conflict["there"]["answer"], conflict["other"]["answer"]) == (1, 2)
    assert aisha.get(path).json()["open_conflicts"] == 1
    one = f"{path}/conflicts/{conflict['number']}"
    assert aisha.post(one, {"choice": choice, "seen": 9}).status_code == 409
    settled = aisha.post(one, {"choice": choice, "seen": conflict["there"]["version"]}).json()
    assert settled["there"]["answer"] == holds
    assert aisha.get(f"{path}/conflicts").json()["items"] == []
    assert aisha.post(f"{path}/conflicts/99", {"choice": choice, "seen": 1}).status_code == 404


def test_evidence_is_sent_listed_taken_home_and_removed(aisha: Program, path: str) -> None:
    sent = aisha.client.post(f"{V1}{path}/questions/machines.1/evidence", files={"file": ("Plan.png", PICTURE)})

    assert sent.status_code == 201
    assert aisha.get(f"{path}/evidence?question=machines.1").json()["items"] == [sent.json()]
    assert aisha.get(f"{path}/evidence?question=machines.2").json()["items"] == []
    one = sent.headers["location"].removeprefix(V1)
    file = aisha.get(one)
    assert (file.headers["content-type"], len(file.content)) == ("image/png", sent.json()["size"])
    assert "sandbox" in file.headers["content-security-policy"]
    assert file.headers["content-disposition"].startswith("attachment")
    assert aisha.get(one, if_none_match=file.headers["etag"]).status_code == 304
    assert aisha.send("DELETE", one).status_code == 204
    assert aisha.get(one).status_code == 404
    nowhere = aisha.client.post(f"{V1}{path}/questions/nothing/evidence", files={"file": ("a.png", PICTURE)})
    assert nowhere.status_code == 404


def scored(reply: dict[str, Any]) -> Any:
    return reply["overall"]["score"]


def test_results_hold_scores_gaps_and_what_would_be(aisha: Program, path: str) -> None:
    found = aisha.get(f"{path}/results?try_level=machines.1:2").json()

    assert found["scores"]["overall"]["low"] <= scored(found["scores"]) <= found["scores"]["overall"]["high"]
    assert scored(found["what_if"]) > scored(found["scores"])
    assert [each["rank"] for each in found["priorities"]] == list(range(1, len(found["priorities"]) + 1))
    assert {each["question"] for each in found["gaps"]} == {each["question"] for each in found["priorities"]}
    assert aisha.get(f"{path}/results").json()["what_if"] is None


@pytest.mark.parametrize(
    "query",
    [
        "try_level=machines.1:99",
        "try_level=nothing:1",
        "try_level=x",
        "budget=-1",
        "budget=nan",
        "budget=inf",
        "must=nothing",
        "currency=ZZZ",
        "target=people:99",
        "target=nothing:1",
        "goal=nothing",
        "balance=1",
        "budget=1&budget=2",
        "&".join(["phase_budget=1"] * 4),
        "&".join(["try_level=machines.1:1"] * 21),
    ],
)
def test_what_results_cannot_be_asked_for_is_refused(aisha: Program, path: str, query: str) -> None:
    assert aisha.get(f"{path}/results?{query}").status_code == 422


@pytest.fixture
def real(aisha: Program) -> str:
    """A submitted assessment on the questionnaire that has actions."""
    found = aisha.start("industry4-readiness")
    items = aisha.get("/questionnaires/industry4-readiness").json()["items"]
    aisha.answer(found, **{each["id"]: 1 for each in items if each["levels"]})
    assert aisha.submit(found).status_code == 200
    return found


def test_a_roadmap_keeps_to_the_wishes(aisha: Program, real: str) -> None:
    free = aisha.get(f"{real}/results").json()["roadmap"]
    tight = aisha.get(f"{real}/results?budget=20000").json()
    first = free["actions"][0]["action"]
    without = aisha.get(f"{real}/results?must_not={first}").json()["roadmap"]

    assert sum(phase["planned"] for phase in tight["roadmap"]["phases"]) <= 20_000
    assert tight["wishes"]["budget"] == 20_000
    assert first not in [each["action"] for each in without["actions"]]
    dear = max(free["actions"], key=lambda each: each["cost_low"])["action"]
    impossible = aisha.get(f"{real}/results?budget=1&must={dear}").json()
    assert (impossible["roadmap"], impossible["infeasible"]["reason"]) == (None, "budget")


def test_plans_are_worked_out_twenty_times_a_minute(aisha: Program, real: str) -> None:
    replies = [aisha.get(f"{real}/results?budget={n}") for n in range(1, 25)]

    assert [each.status_code for each in replies].count(429) >= 4
    assert int(replies[-1].headers["retry-after"]) > 0


def test_a_plan_is_kept_by_who_has_seen_it(aisha: Program, real: str, path: str) -> None:
    kept = aisha.replace(f"{real}/plan", {"budget": 30_000, "goals": ["efficiency"]})

    assert kept.json()["wishes"]["budget"] == 30_000
    assert kept.json()["kept_by"] == "aisha@example.org"
    assert aisha.get(f"{real}/results").json()["wishes"]["budget"] == 30_000
    assert aisha.send("PUT", f"{real}/plan", {"budget": 1}).status_code == 428
    assert aisha.replace(f"{real}/plan", {"must": ["nothing"]}).status_code == 422
    assert aisha.replace(f"{real}/plan", {}).json()["kept_at"] is None
    assert aisha.replace(f"{path}/plan", {"budget": 1}).status_code == 409


def test_where_an_action_stands_is_said_once_seen(aisha: Program, real: str, path: str) -> None:
    first = aisha.get(f"{real}/actions").json()["items"][0]
    one = f"{real}/actions/{first['action']}"

    said = aisha.replace(one, {"state": "done", "day": "2026-11-01", "owner": "Amina", "note": "two lines\nof it"})

    assert (said.status_code, said.json()["state"], said.json()["changed_by"]) == (200, "done", "aisha@example.org")
    assert aisha.get(f"{real}/actions").json()["items"][0] == first | said.json()
    assert aisha.send("PUT", one, {"state": "started"}).status_code == 428
    assert aisha.replace(one, {"state": "done", "day": "2999-01-01"}).status_code == 422
    assert aisha.get(f"{real}/actions/nothing").status_code == 404
    assert aisha.get(f"{path}/actions").json()["items"] == []


def test_a_report_is_ordered_once(aisha: Program, path: str) -> None:
    assert aisha.post(f"{path}/reports", {"language": "en"}).status_code == 409
    aisha.submit(path)

    ordered = aisha.post(f"{path}/reports", {"language": "en"})
    again = aisha.post(f"{path}/reports", {"language": "en"})

    assert (ordered.status_code, again.json()) == (201, ordered.json())
    assert (ordered.json()["state"], ordered.json()["is_ready"]) == ("queued", False)
    assert aisha.get(ordered.headers["location"].removeprefix(V1)).json() == ordered.json()
    assert aisha.get(f"{path}/reports").json()["items"] == [ordered.json()]
    assert aisha.get(f"{path}/reports/{ordered.json()['number']}/file").status_code == 404
    assert aisha.post(f"{path}/reports", {"language": "xx"}).status_code == 422
