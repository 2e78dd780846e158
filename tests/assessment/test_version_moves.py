"""Moving to a newer version: everything said has a place or is on record, and it happens once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import Database
from assessment import access, answer_rows, assessments, evidence, respondents, saving, version_moves
from assessment.access import Access
from assessment.assessments import AssessmentSubmitted
from assessment.conflicts import list_open
from assessment.move_plans import NoWayThere, plan_move
from assessment.saving import Operation
from assessment.tables import Answer, AnswerRevision, Assessment
from questionnaires.loader import load_definition
from scoring.readiness import readiness
from scoring.roadmap import Wishes
from tests.factories import NOW, TINY_FOLDER, started, tiny

EARLIER = load_definition("moving@1.0.0", TINY_FOLDER)
LATER = load_definition("moving@1.1.0", TINY_FOLDER)
THEN = EARLIER.questionnaire
SAID: dict[str, Any] = {
    "people.kept": 2,
    "people.courses": 1,
    "people.reworded": 1,
    "people.posters": 1,
    "plant.control": 3,
    "plant.tools": ["ERP", "PLM"],
    "plant.share": 80.0,
}


def answered(session: Session, values: dict[str, Any], notes: dict[str, str] | None = None) -> tuple[Assessment, str]:
    found, token = started(session, EARLIER)
    operations = [Operation(q, 0, v, (notes or {}).get(q)) for q, v in values.items()]
    outcomes = saving.save(session, Access(found), THEN, operations, NOW)
    assert {o.status for o in outcomes} <= {"saved"}
    return found, token


def move(session: Session, found: Assessment) -> version_moves.PastMove:
    number = version_moves.move(session, found, THEN, LATER, "Amina", NOW)
    return version_moves.get_move(session, found, number)


def test_answers_are_rewritten_and_what_has_no_place_is_on_record_with_its_note(database: Database) -> None:
    with database.transaction() as session:
        found, _ = answered(session, SAID, {"people.posters": "in the hall", "plant.control": "since May"})
        found.profile = {"sector": "services", "employees": 12}
        made = move(session, found)

        sheet = assessments.sheet_of(session, found)
        assert found.questionnaire_version == "1.1.0"
        assert sheet.answers.answers == {
            "people.kept": 2,
            "people.training": 1,
            "people.reworded": 1,
            "plant.control": "unknown",
            "plant.tools": ("ERP",),
        }
        assert sheet.answers.profile == {"employees": 12}
        assert sheet.notes == {"plant.control": "since May"}
        left = made.left_behind
        assert {q: what["answer"] for q, what in left.items()} == {
            "people.posters": 1,
            "plant.control": 3,
            "plant.tools": ["PLM"],
            "plant.share": 80.0,
            "profile.sector": "services",
        }
        assert left["people.posters"]["note"] == "in the hall"
        assert left["people.posters"]["reason"] == "Posters say little about what people can do."
        assert left["plant.control"]["level"] == "By data."
        assert (made.from_version, made.to_version, made.moved_by) == ("1.0.0", "1.1.0", "Amina")
        assert readiness(LATER.questionnaire, sheet.answers).overall.score is not None


def test_each_change_is_a_new_revision_and_the_old_ones_stay(database: Database) -> None:
    with database.transaction() as session:
        found, _ = answered(session, {"people.kept": 2, "people.courses": 1, "plant.control": 2})
        move(session, found)

        rows = session.execute(
            select(AnswerRevision.question_id, AnswerRevision.version, AnswerRevision.value).order_by(
                AnswerRevision.question_id, AnswerRevision.version
            )
        ).all()
        assert [tuple(row) for row in rows] == [
            ("people.courses", 1, 1),
            ("people.courses", 2, None),
            ("people.kept", 1, 2),  # nothing changed, nothing written
            ("people.training", 1, 1),
            ("plant.control", 1, 2),
            ("plant.control", 2, 1),
        ]


def test_a_moved_answer_is_still_that_of_whoever_gave_it(database: Database) -> None:
    with database.transaction() as session:
        found, _ = started(session, EARLIER)
        number, secret = respondents.ask(session, found, "Amina", ["people"], ["people", "plant"], NOW)
        hers = access.open_by_key(session, secret)
        saving.save(session, hers, THEN, [Operation("people.courses", 0, 1)], NOW)
        move(session, found)

        moved = answer_rows.present_answers(session, found.id)["people.training"]
        assert (moved.by, moved.at, moved.value) == ("Amina", NOW, 1)
        assert respondents.get_colleague(session, found, number).sections == {"people"}


def test_evidence_and_answers_that_differ_come_along_and_those_without_a_place_are_on_record(
    database: Database,
) -> None:
    with database.transaction() as session:
        found, _ = answered(session, {"people.courses": 1, "people.posters": 1, "plant.control": 0})
        stale = [Operation("people.courses", 0, 0), Operation("people.posters", 0, 0), Operation("plant.control", 0, 3)]
        assert {o.status for o in saving.save(session, Access(found), THEN, stale, NOW)} == {"conflict"}
        for question in ("people.courses", "people.posters"):
            evidence.add(session, Access(found), THEN, question, f"{question}.pdf", "application/pdf", "0" * 64, 9, NOW)
        made = move(session, found)

        assert [(d.question_id, d.value) for d in list_open(session, found)] == [
            ("people.training", 0),
            ("plant.control", "unknown"),
        ]
        assert [f.question_id for f in evidence.list_files(session, found)] == ["people.training", "people.posters"]
        assert made.left_behind["people.posters"]["files"] == ["people.posters.pdf"]
        assert made.left_behind["people.posters"]["differing"] == [0]
        assert made.left_behind["plant.control"]["differing"] == [3]


def test_an_assessment_without_answers_moves_and_leaves_nothing(database: Database) -> None:
    with database.transaction() as session:
        found, _ = started(session, EARLIER)
        assert move(session, found).left_behind == {}


def test_what_is_submitted_or_has_no_way_does_not_move(database: Database) -> None:
    with database.transaction() as session:
        found, _ = answered(session, {"people.kept": 1})
        other, _ = started(session)
        with pytest.raises(NoWayThere):
            version_moves.move(session, other, tiny().questionnaire, LATER, "", NOW)
        with pytest.raises(NoWayThere):
            version_moves.move(session, found, THEN, EARLIER, "", NOW)
        assessments.submit(session, found, THEN, Wishes(), NOW)
        with pytest.raises(AssessmentSubmitted):
            move(session, found)


def test_two_who_move_at_once_move_once(database: Database) -> None:
    with database.transaction() as session:
        _, token = answered(session, SAID)

    def once(_: int) -> bool:
        with database.transaction() as session:
            found = access.open_by_key(session, token, for_change=True).assessment
            try:
                version_moves.move(session, found, THEN, LATER, "", NOW)
            except NoWayThere:
                return False
            return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(once, range(4))) == 1


def values_of(question: str) -> st.SearchStrategy[Any]:
    asked = THEN.questions[question]
    words = st.sampled_from(["unknown", "not_applicable"])
    if asked.levels:
        return st.integers(0, len(asked.levels) - 1) | words
    if asked.options:
        return st.lists(st.sampled_from(asked.options.of), unique=True) | words
    return st.integers(0, 100).map(float) | words


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.fixed_dictionaries({}, optional={q: values_of(q) for q in THEN.questions}), st.sets(st.sampled_from(list(SAID)))
)
def test_whatever_was_said_is_in_an_answer_or_on_record(
    sqlite_database: Database, said: dict[str, Any], noted: set[str]
) -> None:
    with sqlite_database.transaction() as session:
        notes = {q: f"about {q}" for q in noted & set(said)}
        found, _ = answered(session, said, notes)
        goals = {p.step.old.id: p.step.new.id for p in plan_move(session, found, THEN, LATER).passages if p.step.new}
        left = move(session, found).left_behind
        after = {a.question_id: a for a in session.scalars(select(Answer).where(Answer.assessment_id == found.id))}

        for question, value in said.items():
            kept, now = left.get(question), after.get(goals.get(question, ""))
            where_it_went = [now.value if now else None, kept["answer"] if kept else None]
            if isinstance(value, list) and value:
                said_now = [x for part in where_it_went if isinstance(part, list) for x in part]
                assert sorted(said_now) == sorted(value)
            elif question == "plant.control" and value in (1, 2):
                assert where_it_went == [1, None]
            else:
                assert value in where_it_went
            if question in notes:
                assert notes[question] in [now.note if now else "", kept["note"] if kept else ""]
