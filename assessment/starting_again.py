"""Next year: a firm starts again, sees at each question what it said last time, and takes over what still holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment import assessments, saving
from assessment.access import Access
from assessment.assessments import Sheet
from assessment.errors import N_, Conflict
from assessment.firm_profile import fitting, profile_of
from assessment.saving import Operation
from assessment.sections import applicable
from assessment.snapshots import Snapshot, answer_as_json, answer_from_json
from assessment.tables import Assessment
from questionnaires.answers import Answers
from questionnaires.schema import Question, Questionnaire


class NotFinished(Conflict):
    """There is nothing to compare with until this time is submitted."""

    def __init__(self) -> None:
        super().__init__(N_("Submit this assessment first; then start the next one."))


@dataclass(frozen=True, slots=True)
class Before:
    """The assessment before this one, as it was submitted."""

    questionnaire_version: str
    submitted_at: datetime
    snapshot: Snapshot

    def at(self, questions: Iterable[str]) -> "SaidBefore":
        """What was said at some questions; answers as plain JSON."""
        wanted = set(questions)
        answers = self.snapshot.answers.answers.items()
        return SaidBefore(
            submitted_at=self.submitted_at,
            answers={q: answer_as_json(value) for q, value in answers if q in wanted},
            notes={q: note for q, note in self.snapshot.notes.items() if q in wanted},
        )


@dataclass(frozen=True, slots=True)
class SaidBefore:
    """What the firm said last time at the questions that are still the same. Answers are plain JSON."""

    submitted_at: datetime
    answers: Mapping[str, Any]
    notes: Mapping[str, str]


def start_again(
    session: Session, assessment: Assessment, questionnaire: Questionnaire, now: datetime
) -> tuple[Assessment, str]:
    """Start a firm's next assessment after one that is submitted, with the profile it had.

    Returns it with the token of its return link, which is not kept.

    Raises:
        NotFinished: this one is still open.
    """
    if assessment.frozen is None:
        raise NotFinished
    earlier = fitting(questionnaire.fields, Snapshot.from_json(assessment.frozen).answers.profile)
    profile = {**earlier, **profile_of(assessment.firm, questionnaire.fields, now)}
    started, token = assessments.start(session, assessment.firm, questionnaire, profile, now)
    started.previous_id = assessment.id
    session.flush()
    return started, token


def find_next(session: Session, assessment: Assessment) -> int | None:
    """The number of the assessment that was started after this one and is still open."""
    query = select(Assessment.id).where(
        Assessment.previous_id == assessment.id, Assessment.state == "open", Assessment.verifies_id.is_(None)
    )
    return session.scalars(query.order_by(Assessment.id).limit(1)).one_or_none()


def find_before(session: Session, assessment: Assessment) -> Before | None:
    """The assessment before this one; None the first time, and while that one is reopened."""
    if assessment.previous_id is None:
        return None
    query = select(Assessment.questionnaire_version, Assessment.submitted_at, Assessment.frozen).where(
        Assessment.id == assessment.previous_id,
        Assessment.firm_id == assessment.firm_id,
        Assessment.verifies_id.is_(None),
        Assessment.questionnaire_id == assessment.questionnaire_id,
    )
    found = session.execute(query).one_or_none()
    if found is None or found.frozen is None or found.submitted_at is None:
        return None
    return Before(found.questionnaire_version, found.submitted_at, Snapshot.from_json(found.frozen))


def still_the_same(then: Questionnaire, now: Questionnaire) -> frozenset[str]:
    """The questions of two versions that ask the same, word for word."""
    return frozenset(id for id, q in now.questions.items() if id in then.questions and _same(then.questions[id], q))


def _same(then: Question, now: Question) -> bool:
    return (then.text, then.levels, then.options, then.number) == (now.text, now.levels, now.options, now.number)


def to_take_over(
    questionnaire: Questionnaire, questions: Iterable[Question], sheet: Sheet, before: SaidBefore
) -> list[str]:
    """Those of some questions that taking over would answer.

    None that is answered by now; also those that apply only once the others are taken over.
    """
    wanted = [q.id for q in questions if q.id in before.answers]
    taken = {q: answer_from_json(before.answers[q]) for q in wanted}
    would_be = Answers(sheet.answers.profile, {**taken, **sheet.answers.answers})
    asked = applicable(questionnaire, would_be)
    return [q for q in wanted if q in asked and q not in sheet.answers.answers]


def take_over(
    session: Session,
    access: Access,
    questionnaire: Questionnaire,
    questions: Iterable[Question],
    before: SaidBefore,
    now: datetime,
) -> int:
    """Record last time's answers to some questions as answers given now; returns how many.

    What is answered already stays. Notes come along where there is none yet. The assessment must be held.

    Raises:
        AssessmentSubmitted: answers are final once submitted.
    """
    if access.assessment.state != "open":
        raise assessments.AssessmentSubmitted
    sheet = assessments.sheet_of(session, access.assessment)
    operations = [
        Operation(q, None, before.answers[q], None if sheet.notes.get(q) else before.notes.get(q, ""))
        for q in to_take_over(questionnaire, questions, sheet, before)
    ]
    outcomes = saving.save(session, access, questionnaire, operations, now)
    return sum(outcome.status == "saved" for outcome in outcomes)
