"""A phone in the room: questions of its group, best-worst choices, ratings; by form and as its script sends them."""

import re
from datetime import datetime
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assessment import rounds, votes
from tests.app.workshop import RunningWorkshop, a_workshop, phone
from tests.factories import tiny

QUESTIONS = [q.id for q in tiny().questionnaire.questions.values() if q.levels]


def ask(there: RunningWorkshop, kind: str = "levels", subjects: list[str] | None = None) -> None:
    def command(session: Any, row: Any, now: datetime) -> None:
        rounds.open_round(session, row, kind, subjects or QUESTIONS[:2], now)  # type: ignore[arg-type]

    there.lead(command)


def recorded(there: RunningWorkshop) -> dict[str, Any]:
    """All votes of the first person, by subject."""
    with there.database.reader() as session:
        asked = rounds.current(session, there.id)
        assert asked is not None
        return dict(votes.votes_of(session, asked, 1))


def send(client: TestClient, path: str, *given: dict[str, Any]) -> list[dict[str, Any]]:
    reply = client.post(f"{path}/votes", json=list(given))
    assert reply.status_code == 200, reply.text
    results: list[dict[str, Any]] = reply.json()["results"]
    return results


def test_before_the_first_question_the_phone_waits_and_says_so(app: FastAPI) -> None:
    client, path = a_workshop(app).join()
    shown = client.get(path).text
    assert re.search(r'<section data-when="lobby">\s*<h1>You are in', shown)
    assert 'id="votes"' not in shown


def test_levels_are_answered_by_form_without_script_and_stay_marked(app: FastAPI) -> None:
    there = a_workshop(app)
    client, path = there.join()
    ask(there)
    sent = {"round": "1", f"a.{QUESTIONS[0]}": "2", f"a.{QUESTIONS[1]}": "unknown"}
    shown = client.post(path, data=sent)
    assert recorded(there) == {QUESTIONS[0]: 2, QUESTIONS[1]: "unknown"}
    assert f'name="a.{QUESTIONS[0]}" value="2" checked' in shown.text


def test_a_vote_sent_twice_or_changed_counts_once(app: FastAPI) -> None:
    there = a_workshop(app)
    client, path = there.join()
    ask(there)
    vote = {"round": 1, "subject": QUESTIONS[0], "value": 1}
    assert send(client, path, vote, vote) == [{"subject": QUESTIONS[0], "status": "saved"}] * 2
    send(client, path, vote | {"value": 2})
    assert recorded(there) == {QUESTIONS[0]: 2}


def test_one_refused_vote_does_not_stop_the_others(app: FastAPI) -> None:
    there = a_workshop(app)
    client, path = there.join()
    ask(there)
    results = send(
        client,
        path,
        {"round": 1, "subject": "nothing", "value": 1},
        {"round": 1, "subject": QUESTIONS[0], "value": 99},
        {"round": 9, "subject": QUESTIONS[0], "value": 1},
        {"round": 1, "subject": QUESTIONS[0], "value": 1},
    )
    assert [each["status"] for each in results] == ["refused", "refused", "refused", "saved"]
    assert recorded(there) == {QUESTIONS[0]: 1}


def test_after_the_result_is_shown_a_vote_is_told_that_it_came_too_late(app: FastAPI) -> None:
    there = a_workshop(app)
    client, path = there.join()
    ask(there)
    there.lead(rounds.reveal_round)
    [result] = send(client, path, {"round": 1, "subject": QUESTIONS[0], "value": 1})
    assert (result["status"], "closed" in result["detail"]) == ("over", True)
    late = client.post(path, data={"round": "1", f"a.{QUESTIONS[0]}": "2"})
    assert late.status_code == 409
    assert recorded(there) == {}


def test_best_and_worst_are_chosen_on_screens_of_ones_own_or_skipped(app: FastAPI) -> None:
    there = a_workshop(app)
    client, path = there.join()
    ask(there, "best_worst", QUESTIONS)
    shown = client.get(path).text
    screens: dict[str, list[str]] = {}
    for number, gap in re.findall(r'name="best\.(\d+)" value="([^"]+)"', shown):
        screens.setdefault(number, []).append(gap)
    first, second = list(screens)[:2]
    client.post(
        path,
        data={
            "round": "1",
            f"best.{first}": screens[first][0],
            f"worst.{first}": screens[first][1],
            f"skip.{second}": "1",
        },
    )
    assert recorded(there) == {
        first: {"best": screens[first][0], "worst": screens[first][1]},
        second: {"best": None, "worst": None},
    }
    same = client.post(
        path, data={"round": "1", f"best.{first}": screens[first][0], f"worst.{first}": screens[first][0]}
    )
    assert same.status_code == 409


def test_urgency_and_feasibility_are_rated_from_one_to_five(app: FastAPI) -> None:
    there = a_workshop(app)
    client, path = there.join()
    ask(there, "rating")
    gap = QUESTIONS[0]
    client.post(path, data={"round": "1", f"urgency.{gap}": "5", f"feasibility.{gap}": "2"})
    assert recorded(there) == {gap: {"urgency": 5, "feasibility": 2}}
    [result] = send(client, path, {"round": 1, "subject": gap, "value": {"urgency": 6, "feasibility": 1}})
    assert result["status"] == "refused"


def test_each_group_is_asked_what_it_can_know(app: FastAPI) -> None:
    """The small questionnaire names no groups: all are asked. Of qi4tf see tests/assessment/test_qi4tf_rooms.py."""
    there = a_workshop(app)
    ask(there, "levels", QUESTIONS)
    for group in ("industry", "government"):
        client, path = there.join(group)
        assert client.get(path).text.count('class="question"') == len(QUESTIONS)


@pytest.mark.parametrize(
    "body", ["[", "{}", '[{"round":1}]', '[{"round":"1","subject":"a","value":1}]', "[" + "1," * 300 + "1]"]
)
def test_what_no_phone_sends_is_refused_and_changes_nothing(app: FastAPI, body: str) -> None:
    there = a_workshop(app)
    client, path = there.join()
    ask(there)
    reply = client.post(f"{path}/votes", content=body, headers={"content-type": "application/json"})
    assert reply.status_code == 422
    assert recorded(there) == {}


def test_a_new_personal_code_is_shown_and_the_old_one_ends(app: FastAPI) -> None:
    there = a_workshop(app)
    client, path = there.join()
    shown = client.post(f"{path}/code", data={"go": ""}).text
    code = re.search(r'class="code" dir="ltr">(\w{6})<', shown)
    assert code
    moved = phone(app).post(f"{there.join_path}/return", data={"p": there.proof, "personal_code": code[1]})
    assert "You are in" in moved.text


def test_a_seat_is_the_page_of_nobody_else(app: FastAPI) -> None:
    client, path = a_workshop(app).join()
    assert client.get(path[:-1] + ("A" if path[-1] != "A" else "B")).status_code == 404
    assert client.post("/r/" + "A" * 32 + "/votes", json=[]).status_code == 404
