"""Last time and now: what changed, what may be chance, and what two versions have in common."""

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from app.database import Database
from assessment import assessments, last_time, progress
from assessment.comparison import Change, Comparison, LastTime, comparison
from assessment.results import wishes_for
from assessment.standing import Step
from questionnaires.answers import Answers, AnswerValue
from questionnaires.schema import Questionnaire
from scoring.readiness import NodeScore, readiness
from tests.factories import NOW, answered, started, tiny

QUESTIONNAIRE = tiny().questionnaire


def compared(
    last: Mapping[str, AnswerValue], now: Mapping[str, AnswerValue], before: Questionnaire = QUESTIONNAIRE
) -> Comparison:
    then, today = Answers({}, last), Answers({}, now)
    scores = replace(readiness(QUESTIONNAIRE, then), version=before.version)
    found = comparison(
        QUESTIONNAIRE, today, readiness(QUESTIONNAIRE, today), LastTime("2025-11-20", then, scores), before
    )
    assert found is not None
    return found


def change_of(found: Comparison, dimension: str) -> Change:
    return next(each for each in found.dimensions if each.dimension == dimension)


def test_every_dimension_is_held_beside_last_time() -> None:
    found = compared({"machines.1": 1}, {"machines.1": 2})
    change = change_of(found, "machines")

    assert change.points == pytest.approx(change.now.score - change.last.score)  # type: ignore[operator]
    assert change.points > 0  # type: ignore[operator]
    assert change_of(found, "skills").points is None


def test_a_change_within_what_missing_answers_could_change_may_be_chance() -> None:
    known, wide, far = NodeScore(2.0, 2.0, 2.0, 1.0), NodeScore(3.0, 1.5, 4.0, 0.5), NodeScore(3.0, 2.5, 4.0, 0.5)

    assert Change("a", known, wide).may_be_chance
    assert not Change("a", known, far).may_be_chance


def test_answers_that_moved_are_listed_the_furthest_first_and_new_ones_counted() -> None:
    last = {"machines.1": 1, "machines.2": 0, "skills.training": 2}
    now = {"machines.1": 2, "machines.2": 2, "machines.3": 1, "skills.training": "unknown"}
    found = compared(last, now)

    assert [each.question for each in found.moved] == ["machines.2", "machines.1"]
    assert [(each.last_level, each.now_level) for each in found.moved] == [(0, 2), (1, 2)]
    assert (found.new_answers, found.lost_answers) == (1, 1)


def test_another_version_is_compared_only_in_what_both_have_and_never_overall() -> None:
    other = QUESTIONNAIRE.model_copy(update={"version": "0.9.0"})
    found = compared({"machines.1": 1}, {"machines.1": 2}, other)

    assert not found.is_same_version
    assert found.overall is None
    assert {each.dimension for each in found.dimensions} == set(QUESTIONNAIRE.nodes)
    assert compared({"machines.1": 1}, {"machines.1": 2}).overall is not None


def test_another_questionnaire_or_scale_is_not_compared() -> None:
    answers = Answers({}, {"machines.1": 1})
    scores = readiness(QUESTIONNAIRE, answers)
    other = LastTime("", answers, replace(scores, questionnaire="other"))
    wider = QUESTIONNAIRE.model_copy(update={"scale": QUESTIONNAIRE.scale.model_copy(update={"max": 100.0})})

    assert comparison(QUESTIONNAIRE, answers, scores, other, QUESTIONNAIRE) is None
    assert comparison(QUESTIONNAIRE, answers, scores, LastTime("", answers, scores), wider) is None


def test_a_comparison_survives_its_storage() -> None:
    found = compared({"machines.1": 1}, {"machines.1": 2, "machines.2": 1})
    assert Comparison.from_json(json.loads(json.dumps(found.as_json()))) == found


def test_last_time_is_found_with_the_actions_that_were_done_since(database: Database) -> None:
    with database.transaction() as session:
        before, _ = started(session)
        answered(session, before, machines__1=1)
        assessments.submit(session, before, QUESTIONNAIRE, wishes_for(tiny(), {}), NOW)
        for name, state in (("first", "done"), ("second", "started")):
            progress.record(session, before, Step(name, state), ("first", "second"), "", "", NOW)  # type: ignore[arg-type]
        after, _ = started(session)
        assert last_time.find_previous(session, after) is None
        after.previous_id, after.firm_id = before.id, before.firm_id
        session.flush()
        found = last_time.find_previous(session, after)
        assert found is not None
        last = found.read(QUESTIONNAIRE, progress.steps_of(session, found.id)[found.id])

    assert (last.day, last.done) == ("2026-11-20", ("first",))
    assert last.answers.answers == {"machines.1": 1}


def test_last_time_is_not_one_of_another_firm_nor_one_that_is_open_again(database: Database) -> None:
    with database.transaction() as session:
        before, _ = started(session)
        answered(session, before, machines__1=1)
        after, _ = started(session)
        after.previous_id, after.firm_id = before.id, before.firm_id
        session.flush()
        assert last_time.find_previous(session, after) is None
        assessments.submit(session, before, QUESTIONNAIRE, wishes_for(tiny(), {}), NOW)
        assert last_time.find_previous(session, after) is not None
        other, _ = started(session, name="Other")
        other.previous_id = before.id
        session.flush()
        assert last_time.find_previous(session, other) is None
