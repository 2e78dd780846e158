"""An assessment is answered in any order and several sittings; nothing said is lost, a submitted one stays."""

import pytest
from sqlalchemy import select

from app.database import Database
from assessment import access, assessments, firms
from assessment.assessments import AssessmentSubmitted, NothingAnswered
from assessment.errors import Invalid
from assessment.saving import QuestionNotFound
from assessment.snapshots import Snapshot, readiness_from_json
from assessment.tables import Answer, AnswerRevision, Assessment
from questionnaires.problems import InvalidAnswers
from scoring.readiness import readiness
from scoring.roadmap import Wishes
from tests.factories import NOW, answered, save_answers, started, tiny


def test_a_return_link_opens_its_assessment_and_no_other(database: Database) -> None:
    with database.transaction() as session:
        first, token = started(session, name="First")
        started(session, name="Second")

        assert access.open_by_link(session, token).id == first.id
        for wrong in (token[:-1], token[:-1] + ("A" if token[-1] != "A" else "B"), "", "x" * 10_000, "../" * 10 + "ab"):
            with pytest.raises(access.AssessmentNotFound):
                access.open_by_link(session, wrong)


def test_the_token_has_at_least_128_bits_and_is_not_stored(database: Database) -> None:
    with database.transaction() as session:
        _, token = started(session)
        stored = session.scalars(select(Assessment)).one()

        assert len(token) * 6 >= 128
        assert token not in str(vars(stored))


def test_answers_are_kept_with_their_notes_and_their_history(database: Database) -> None:
    with database.transaction() as session:
        assessment, _ = started(session)
        answered(session, assessment, skills__training=1)
        answered(session, assessment, skills__training=2)
        save_answers(session, assessment, tiny().questionnaire, {"skills.training": 2}, "see the plan")

        sheet = assessments.sheet_of(session, assessment)
        history = session.execute(select(AnswerRevision.version, AnswerRevision.value, AnswerRevision.note)).all()

    assert sheet.answers.answers == {"skills.training": 2}
    assert sheet.notes == {"skills.training": "see the plan"}
    assert [tuple(row) for row in history] == [(1, 1, ""), (2, 2, ""), (3, 2, "see the plan")]


def test_every_kind_of_answer_comes_back_as_it_was_given(database: Database) -> None:
    given = {
        "skills.training": 0,
        "skills.languages": ["MES", "CAD"],
        "skills.share": 4.25,
        "machines.1": "unknown",
        "machines.2": "not_applicable",
    }
    with database.transaction() as session:
        assessment, _ = started(session)
        save_answers(session, assessment, tiny().questionnaire, given)
        sheet = assessments.sheet_of(session, assessment)

    assert sheet.answers.answers == given | {"skills.languages": ("MES", "CAD")}


def test_none_of_the_options_is_an_answer_and_not_a_missing_one(database: Database) -> None:
    with database.transaction() as session:
        assessment, _ = started(session)
        answered(session, assessment, skills__languages=[])

        assert assessments.sheet_of(session, assessment).answers.answers == {"skills.languages": ()}


def test_the_same_answer_again_adds_nothing(database: Database) -> None:
    with database.transaction() as session:
        assessment, _ = started(session)
        for _ in range(3):
            answered(session, assessment, skills__training=1)

        assert len(session.scalars(select(AnswerRevision)).all()) == 1


def test_a_cleared_answer_is_open_again_and_its_note_and_history_stay(database: Database) -> None:
    with database.transaction() as session:
        assessment, _ = started(session)
        save_answers(session, assessment, tiny().questionnaire, {"machines.1": 1}, "all lathes")
        answered(session, assessment, machines__1=None)

        sheet = assessments.sheet_of(session, assessment)
        assert "machines.1" not in sheet.answers.answers
        assert sheet.notes == {"machines.1": "all lathes"}
        assert [r.value for r in session.scalars(select(AnswerRevision).order_by(AnswerRevision.version))] == [1, None]


@pytest.mark.parametrize(
    "value", [4, -1, 2**31, 2**63, 10**400, 1.5, True, "3", "none", [0], ["ERP"], {}, float("nan"), float("inf")]
)
def test_a_value_that_is_no_level_is_refused_and_nothing_is_stored(database: Database, value: object) -> None:
    with database.transaction() as session:
        assessment, _ = started(session)
        with pytest.raises(InvalidAnswers):
            answered(session, assessment, skills__training=value)

        assert session.scalars(select(Answer)).all() == []


def test_a_question_of_another_questionnaire_is_refused(database: Database) -> None:
    with database.transaction() as session:
        assessment, _ = started(session)
        with pytest.raises(QuestionNotFound):
            answered(session, assessment, strategy__vision=1)


@pytest.mark.parametrize("note", ["\x00", "a\x08b", "\x7f", "\ud800", "x" * 2001])
def test_a_note_that_cannot_be_stored_is_refused(database: Database, note: str) -> None:
    with database.transaction() as session:
        assessment, _ = started(session)
        with pytest.raises(Invalid):
            save_answers(session, assessment, tiny().questionnaire, {"machines.1": 1}, note)


def test_a_note_is_kept_in_one_form_whatever_the_keyboard(database: Database) -> None:
    with database.transaction() as session:
        assessment, _ = started(session)
        note = "cafe\u0301\r\n\u202ebidi \U0001f3ed " + "x" * 300
        save_answers(session, assessment, tiny().questionnaire, {"machines.1": 1}, note)

        stored = assessments.sheet_of(session, assessment).notes["machines.1"]

    assert stored == "caf\u00e9\n\u202ebidi \U0001f3ed " + "x" * 300


def test_submitting_freezes_answers_and_scores(database: Database) -> None:
    questionnaire = tiny().questionnaire
    with database.transaction() as session:
        assessment, token = started(session)
        answered(session, assessment, skills__training=2, machines__1="unknown")
        before = assessments.sheet_of(session, assessment)
        assessments.submit(session, assessment, questionnaire, Wishes(budget=5000.0), NOW)

    with database.reader() as session:
        stored = access.open_by_link(session, token)
        assert stored.state == "submitted"
        assert stored.frozen is not None
        assert stored.scores is not None
        assert Snapshot.from_json(stored.frozen).wishes == Wishes(budget=5000.0)
        assert assessments.sheet_of(session, stored).answers == before.answers
        assert readiness_from_json(stored.scores, questionnaire) == readiness(questionnaire, before.answers)


def test_answers_after_submission_are_refused(database: Database) -> None:
    with database.transaction() as session:
        assessment, _ = started(session)
        answered(session, assessment, skills__training=2)
        assessments.submit(session, assessment, tiny().questionnaire, Wishes(), NOW)

        with pytest.raises(AssessmentSubmitted):
            answered(session, assessment, skills__training=3)
        with pytest.raises(AssessmentSubmitted):
            assessments.describe_firm(assessment, tiny().questionnaire, {"employees": 3})


def test_submitting_twice_changes_nothing(database: Database) -> None:
    with database.transaction() as session:
        assessment, _ = started(session)
        answered(session, assessment, skills__training=2)
        assessments.submit(session, assessment, tiny().questionnaire, Wishes(), NOW)
        frozen = assessment.frozen
        assessments.submit(session, assessment, tiny().questionnaire, Wishes(budget=1.0), NOW)

        assert assessment.frozen == frozen


def test_nothing_answered_cannot_be_submitted(database: Database) -> None:
    with database.transaction() as session:
        assessment, _ = started(session)

        with pytest.raises(NothingAnswered):
            assessments.submit(session, assessment, tiny().questionnaire, Wishes(), NOW)


@pytest.mark.parametrize("country", ["Malaysia", "my", "M", "M1", "<>"])
def test_a_country_is_two_letters(database: Database, country: str) -> None:
    with database.transaction() as session, pytest.raises(Invalid):
        firms.register(session, "Acme", country, NOW)


def test_the_name_of_a_firm_is_one_line(database: Database) -> None:
    with database.transaction() as session:
        assert firms.register(session, "  Acme   Ltd ", "MY", NOW).name == "Acme Ltd"
        with pytest.raises(Invalid):
            firms.register(session, "Acme\r\nSet-Cookie: a=b", "MY", NOW)
