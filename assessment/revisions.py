"""What was ever said at a question: each answer with who gave it and when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment.tables import AnswerRevision, Assessment, Respondent


@dataclass(frozen=True, slots=True)
class Revision:
    """One answer as it was given; plain JSON. `by` is None for whoever held the return link."""

    version: int
    value: Any
    note: str
    by: str | None
    at: datetime


def list_revisions(session: Session, assessment: Assessment, question_id: str) -> tuple[Revision, ...]:
    """Every answer to one question, the first one first."""
    query = (
        select(
            AnswerRevision.version,
            AnswerRevision.value,
            AnswerRevision.note,
            Respondent.name,
            AnswerRevision.recorded_at,
        )
        .outerjoin(Respondent, Respondent.id == AnswerRevision.respondent_id)
        .where(AnswerRevision.assessment_id == assessment.id, AnswerRevision.question_id == question_id)
        .order_by(AnswerRevision.version)
    )
    return tuple(Revision(*row) for row in session.execute(query))
