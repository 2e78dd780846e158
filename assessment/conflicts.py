"""Answers that met another one which their sender had not seen: both are kept until a person has chosen."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session, aliased

from assessment import answer_rows, respondents, saving
from assessment.access import Access
from assessment.answer_rows import Present
from assessment.assessments import AssessmentSubmitted
from assessment.errors import N_, Conflict, NotFound
from assessment.saving import Operation, QuestionNotFound
from assessment.sections import question_ids
from assessment.tables import Answer, AnswerConflict, Assessment, Respondent
from questionnaires.schema import Questionnaire

KEPT: Literal["kept"] = "kept"
TAKEN: Literal["taken"] = "taken"
LARGEST_ID = 2**31  # what an INTEGER holds on every database


class ConflictNotFound(NotFound):
    """These answers do not differ, or not in this assessment."""

    def __init__(self) -> None:
        super().__init__(N_("There is no such pair of answers here. Go back to the list of sections."))


class AnsweredMeanwhile(Conflict):
    """The answer that was there is another one by now; whoever chooses must see it first."""

    def __init__(self) -> None:
        super().__init__(N_("The question was answered anew meanwhile. Go back, reload the page, and choose again."))


@dataclass(frozen=True, slots=True)
class Difference:
    """An answer that was not stored over the one that was there."""

    id: int
    question_id: str
    value: Any  # plain JSON, None where only a note was sent or the answer was cleared
    note: str
    by: str | None
    at: datetime
    met_version: int
    settled_at: datetime | None = None
    settled_as: str = ""
    settled_by: str | None = None
    present: Present = field(default_factory=Present)  # the answer that is there


def list_open(session: Session, assessment: Assessment) -> tuple[Difference, ...]:
    """The answers of which somebody has to choose one, oldest first."""
    return _list(session, _OPEN, assessment_id=assessment.id)


def list_of_question(session: Session, assessment: Assessment, question_id: str) -> tuple[Difference, ...]:
    """All that ever differed at one question, oldest first."""
    return _list(session, _OF_QUESTION, assessment_id=assessment.id, question_id=question_id)


def settle(
    session: Session,
    access: Access,
    questionnaire: Questionnaire,
    number: int,
    choice: Literal["kept", "taken"],
    seen: int,
    now: datetime,
) -> str:
    """Keep the answer that is there (its version is `seen`), or take the other one; returns the question.

    Taking is a new revision, of whoever has chosen. Choosing a second time changes nothing. The assessment must be
    held.

    Raises:
        ConflictNotFound: there is none of this number that this person may settle.
        AnsweredMeanwhile: the answer that is there is no longer the one that was seen.
        AssessmentSubmitted: answers are final once submitted.
    """
    row = _row(session, access, questionnaire, number)
    if row.settled_at is not None:
        return row.question_id
    if access.assessment.state != "open":
        raise AssessmentSubmitted
    present = answer_rows.present_answers(session, access.assessment.id, [row.question_id]).get(row.question_id)
    if (present.version if present else 0) != seen:
        raise AnsweredMeanwhile
    if choice == TAKEN:
        taken = Operation(row.question_id, seen, row.value, row.note)
        saving.save_all(session, access, questionnaire, [taken], now)
    row.settled_at, row.settled_as = now, choice
    row.settled_by = respondents.respondent_of(session, access, now)
    session.flush()
    return row.question_id


def _row(session: Session, access: Access, questionnaire: Questionnaire, number: int) -> AnswerConflict:
    if not 0 < number < LARGEST_ID:
        raise ConflictNotFound
    query = select(AnswerConflict).where(
        AnswerConflict.id == number, AnswerConflict.assessment_id == access.assessment.id
    )
    found = session.scalars(query).one_or_none()
    if found is None or found.question_id not in questionnaire.questions:
        raise ConflictNotFound
    if access.sections is not None and found.question_id not in question_ids(questionnaire, access.sections):
        raise QuestionNotFound
    return found


def _list(session: Session, query: Any, **values: object) -> tuple[Difference, ...]:
    found = []
    for *row, version, value, note, by, at in session.execute(query, values):
        present = Present(version or 0, value, note or "", by, at)
        found.append(replace(Difference(*row), present=present))
    return tuple(found)


# Made once: to make them takes longer than to run them, and every section asks.
_SENDER, _CHOOSER, _ANSWERER = aliased(Respondent), aliased(Respondent), aliased(Respondent)
_MET = AnswerConflict
_EVERY = (
    select(_MET.id, _MET.question_id, _MET.value, _MET.note, _SENDER.name, _MET.created_at, _MET.met_version)
    .add_columns(_MET.settled_at, _MET.settled_as, _CHOOSER.name)
    .add_columns(Answer.version, Answer.value, Answer.note, _ANSWERER.name, Answer.answered_at)
    .outerjoin(_SENDER, _SENDER.id == _MET.respondent_id)
    .outerjoin(_CHOOSER, _CHOOSER.id == _MET.settled_by)
    .outerjoin(Answer, and_(Answer.assessment_id == _MET.assessment_id, Answer.question_id == _MET.question_id))
    .outerjoin(_ANSWERER, _ANSWERER.id == Answer.respondent_id)
    .where(_MET.assessment_id == bindparam("assessment_id"))
    .order_by(_MET.id)
)
_OPEN = _EVERY.where(_MET.settled_at.is_(None))
_OF_QUESTION = _EVERY.where(_MET.question_id == bindparam("question_id"))
