"""What a move to a newer version of the questionnaire would do with each answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment.assessments import AssessmentSubmitted
from assessment.errors import N_, Conflict
from assessment.firm_profile import fitting
from assessment.snapshots import answer_as_json, answer_from_json
from assessment.tables import Answer, Assessment
from questionnaires.library import Definition
from questionnaires.moves import Step, moved, steps
from questionnaires.schema import Questionnaire


class NoWayThere(Conflict):
    """The newer version does not say where the answers go, or the assessment is no longer where the way begins."""

    def __init__(self) -> None:
        super().__init__(N_("The answers cannot be moved to this version. Reload the page to see how it stands now."))


@dataclass(frozen=True, slots=True)
class Given:
    """A present answer or note; plain JSON."""

    value: Any
    note: str
    respondent_id: int | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """One question on its way: what was said, what it becomes, and what of it stays behind (plain JSON)."""

    step: Step
    before: Given | None
    after: Any = None
    left: Any = None

    @property
    def is_left(self) -> bool:
        """Whether something that was said has no place any more."""
        return self.left is not None or bool(self.step.new is None and self.before and self.before.note)


@dataclass(frozen=True, slots=True)
class MovePlan:
    """What a move would do."""

    passages: tuple[Passage, ...]
    new_questions: tuple[str, ...]
    left_profile: Mapping[str, Any] = field(default_factory=dict)

    def of_fate(self, fate: str) -> tuple[Passage, ...]:
        return tuple(p for p in self.passages if p.step.fate == fate)


def plan_move(session: Session, assessment: Assessment, earlier: Questionnaire, later: Definition) -> MovePlan:
    """What a move to a later version would do with each question.

    Raises:
        NoWayThere: the later version has no map from the present one.
        AssessmentSubmitted: answers are final once submitted.
    """
    moves = later.moves
    present = f"{assessment.questionnaire_id}@{assessment.questionnaire_version}"
    if moves is None or not present == earlier.reference == f"{later.questionnaire.id}@{moves.from_}":
        raise NoWayThere
    if assessment.state != "open":
        raise AssessmentSubmitted
    said = _present(session, assessment)
    passages = tuple(_passage(step, said.get(step.old.id)) for step in steps(earlier, later.questionnaire, moves))
    taken = {p.step.new.id for p in passages if p.step.new}
    profile = fitting(later.questionnaire.fields, assessment.profile)
    return MovePlan(
        passages=passages,
        new_questions=tuple(q for q in later.questionnaire.questions if q not in taken),
        left_profile={name: value for name, value in assessment.profile.items() if name not in profile},
    )


def _present(session: Session, assessment: Assessment) -> dict[str, Given]:
    query = select(Answer).where(Answer.assessment_id == assessment.id)
    rows = session.scalars(query)
    return {a.question_id: Given(a.value, a.note, a.respondent_id, a.answered_at) for a in rows if _says(a)}


def _says(answer: Answer) -> bool:
    return answer.value is not None or bool(answer.note)


def _passage(step: Step, before: Given | None) -> Passage:
    if before is None or before.value is None:
        return Passage(step, before)
    result = moved(step, answer_from_json(before.value))
    return Passage(step, before, as_json(result.value), as_json(result.left))


def as_json(value: Any) -> Any:
    return None if value is None else answer_as_json(value)
