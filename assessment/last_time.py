"""The assessment before this one, found and read."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment.comparison import LastTime
from assessment.snapshots import Snapshot, readiness_from_json
from assessment.standing import Step
from assessment.tables import Assessment
from questionnaires.schema import Questionnaire


@dataclass(frozen=True, slots=True)
class Previous:
    """A submitted assessment of the same firm, as it is stored."""

    id: int
    questionnaire: str  # id@version
    day: str
    frozen: dict[str, Any]
    scores: dict[str, Any]

    def read(self, questionnaire: Questionnaire, steps: dict[str, Step]) -> LastTime:
        """What it holds, with its own version of the questionnaire and what was said of its actions since."""
        return LastTime(
            day=self.day,
            answers=Snapshot.from_json(self.frozen).answers,
            readiness=readiness_from_json(self.scores, questionnaire),
            done=tuple(name for name, step in steps.items() if step.state == "done"),
        )


def find_previous(session: Session, assessment: Assessment) -> Previous | None:
    """The assessment that this one follows, if it is submitted and of the same firm."""
    if assessment.previous_id is None:
        return None
    query = select(
        Assessment.id,
        Assessment.questionnaire_id,
        Assessment.questionnaire_version,
        Assessment.submitted_at,
        Assessment.frozen,
        Assessment.scores,
    ).where(
        Assessment.id == assessment.previous_id,
        Assessment.firm_id == assessment.firm_id,
        Assessment.verifies_id.is_(None),
        Assessment.state == "submitted",
    )
    found = session.execute(query).one_or_none()
    if found is None or found.frozen is None or found.scores is None:
        return None
    day = found.submitted_at.date().isoformat() if found.submitted_at else ""
    reference = f"{found.questionnaire_id}@{found.questionnaire_version}"
    return Previous(found.id, reference, day, found.frozen, found.scores)
