"""What became of answers and assessments by JSON: histories, submissions, moves, and last time's answers."""

import pytest
from fastapi import FastAPI

from app.database import Database
from assessment import access, assessments, firms, saving, users
from assessment.access import Access
from assessment.particulars import Particulars
from assessment.saving import Operation
from questionnaires.loader import load_definition
from tests.app.api.program import PERSON, Program, program, token_for
from tests.factories import NOW, TINY_FOLDER

EARLIER = {"people.posters": 1, "plant.control": 3, "plant.tools": ["ERP", "PLM"], "people.kept": 1}


@pytest.fixture
def aisha(app: FastAPI, database: Database) -> Program:
    return program(app, token_for(database))


@pytest.fixture
def path(aisha: Program) -> str:
    return aisha.start()


@pytest.fixture
def moving(aisha: Program, database: Database) -> str:
    """An assessment on a version that there is a newer one of."""
    with database.transaction() as session:
        person = users.get(session, PERSON)
        firm = firms.register_for(session, person.id, Particulars(name="Kilang", country="MY"), NOW)
        questionnaire = load_definition("moving@1.0.0", TINY_FOLDER).questionnaire
        row, _ = assessments.start(session, firm, questionnaire, {}, NOW)
        said = [Operation(q, 0, value, "a note") for q, value in EARLIER.items()]
        saving.save(session, Access(row), questionnaire, said, NOW)
        return f"/assessments/{row.id}"


def test_every_answer_to_a_question_is_told_with_those_that_met_it(aisha: Program, path: str) -> None:
    aisha.answer(path, skills__training=1)
    aisha.answer(path, skills__training=2)  # over a version that was not seen
    [open_one] = aisha.get(f"{path}/conflicts").json()["items"]
    before = aisha.get(f"{path}/questions/skills.training/history").json()["items"]
    aisha.post(f"{path}/conflicts/{open_one['number']}", {"choice": "taken", "seen": 1})
    reply = aisha.get(f"{path}/questions/skills.training/history")
    first, met, taken = reply.json()["items"]

    assert [(each["number"], each["answer"], each["version"]) for each in before] == [(1, 1, 1), (2, 2, None)]
    assert (before[1]["met"]["settled_as"], before[1]["met"]["settled_at"]) == ("", None)
    assert (first["answer"], first["version"], first["met"], first["by"]) == (1, 1, None, "aisha@example.org")
    assert (met["answer"], met["met"]["number"], met["met"]["settled_as"]) == (2, open_one["number"], "taken")
    assert (taken["answer"], taken["version"]) == (2, 2)
    assert aisha.get(f"{path}/questions/skills.training/history?limit=1&after=1").json()["items"] == [met]
    assert aisha.get(f"{path}/questions/skills.nothing/history").status_code == 404
    again = aisha.get(f"{path}/questions/skills.training/history", if_none_match=reply.headers["etag"])
    assert again.status_code == 304


def test_a_submission_that_was_taken_back_is_told_as_it_was(aisha: Program, path: str) -> None:
    aisha.answer(path, skills__training=2)
    aisha.submit(path)
    then = aisha.get(f"{path}/results").json()["scores"]
    assert aisha.get(f"{path}/submissions").json()["items"] == []
    aisha.post(f"{path}/reopen", {"reason": "the plan was missing"})
    aisha.replace(f"{path}/profile", {"profile": {"employees": 7}})
    [row] = aisha.get(f"{path}/submissions").json()["items"]
    whole = aisha.get(f"{path}/submissions/1").json()

    assert (row["number"], row["reason"], row["version"]) == (1, "the plan was missing", "1.0.0")
    assert {name: whole[name] for name in row} == row
    assert whole["answers"] == {"skills.training": 2}
    assert whole["overall"]["score"] == then["overall"]["score"]
    assert aisha.get(f"{path}/submissions/2").status_code == 404


def test_a_move_is_shown_made_once_and_kept(aisha: Program, moving: str) -> None:
    plan = aisha.get(f"{moving}/move").json()
    fates = {each["question"]: each for each in plan["questions"]}
    assert (plan["from_version"], plan["to_version"], plan["has_way"]) == ("1.0.0", "1.1.0", True)
    assert (fates["people.kept"]["fate"], fates["people.kept"]["after"]) == ("kept", 1)
    assert fates["people.posters"]["fate"] == "left"
    assert aisha.get(f"{moving}/moves").json()["items"] == []

    done = aisha.post(f"{moving}/move", {"to": "1.1.0"})
    again = aisha.post(f"{moving}/move", {"to": "1.1.0"})
    found = aisha.get(done.headers["location"].removeprefix("/api/v1")).json()

    assert (done.status_code, again.status_code, again.json()) == (201, 201, done.json())
    assert found == done.json() == aisha.get(f"{moving}/moves").json()["items"][0]
    assert (found["moved_by"], set(found["left_behind"])) >= ("aisha@example.org", {"people.posters"})
    assert aisha.get(moving).json()["version"] == "1.1.0"
    after = aisha.get(f"{moving}/move").json()
    assert (after["to_version"], after["has_way"], after["questions"]) == (None, False, [])
    assert aisha.get(f"{moving}/moves/{found['number'] + 1}").status_code == 404


def test_a_move_to_a_version_that_was_not_shown_changes_nothing(aisha: Program, moving: str, path: str) -> None:
    assert aisha.post(f"{moving}/move", {"to": "2.0.0"}).status_code == 409
    assert aisha.post(f"{path}/move", {"to": "1.0.0"}).status_code == 409
    assert aisha.get(moving).json()["version"] == "1.0.0"


def test_last_times_answers_are_shown_and_taken_over_where_nothing_is_answered_yet(aisha: Program, path: str) -> None:
    aisha.answer(path, skills__training=2, machines__1=1)
    section = f"{path}/sections/skills/last-time"
    assert aisha.get(section).json() == {"submitted_at": None, "answers": {}, "notes": {}, "to_take_over": []}
    assert aisha.post(section).json() == {"taken": 0}
    aisha.submit(path)
    assert aisha.post(section).json() == {"taken": 0}  # there was no time before

    following = f"/assessments/{aisha.post(f'{path}/again').json()['key']}"
    told = aisha.get(f"{following}/sections/skills/last-time").json()
    assert (told["answers"], told["to_take_over"]) == ({"skills.training": 2}, ["skills.training"])
    taken = aisha.post(f"{following}/sections/skills/last-time")
    assert (taken.status_code, taken.json()) == (200, {"taken": 1})
    assert aisha.post(f"{following}/sections/skills/last-time").json() == {"taken": 0}
    answers = {each["question"]: each["answer"] for each in aisha.get(f"{following}/answers").json()["answers"]}
    assert answers == {"skills.training": 2}
    assert aisha.get(f"{following}/sections/nothing/last-time").status_code == 404

    aisha.submit(following)
    assert aisha.get(f"{following}/sections/machines~1/last-time").json()["to_take_over"] == []
    assert aisha.post(f"{following}/sections/machines~1/last-time").status_code == 409


def test_a_colleague_sees_the_history_of_their_questions_and_no_submissions(
    aisha: Program, path: str, database: Database
) -> None:
    aisha.answer(path, machines__1=1)
    key = aisha.post(f"{path}/respondents", {"name": "Amina", "sections": ["skills"]}).json()["key"]
    theirs = Program(aisha.client)
    aisha.client.headers.pop("authorization")

    with database.reader() as session:
        assert not access.open_by_key(session, key).may_manage
    assert theirs.get(f"/assessments/{key}/questions/skills.training/history").json() == {"items": []}
    assert theirs.get(f"/assessments/{key}/questions/machines.1/history").status_code == 404
    for route in ("submissions", "submissions/1", "move", "moves"):
        assert theirs.get(f"/assessments/{key}/{route}").status_code == 403, route
    assert theirs.get(f"/assessments/{key}/sections/machines~1/last-time").status_code == 404
