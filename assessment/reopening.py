"""Reopening: a submitted assessment takes answers again, with a reason; what was submitted stays as it was."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from assessment import outcomes
from assessment.case_states import VERIFIED
from assessment.errors import N_, Conflict, Invalid, NotFound
from assessment.snapshots import Snapshot
from assessment.tables import Assessment, PastSubmission, ProgrammeCase
from assessment.texts import clean_text

REASON_CHARACTERS = 500


class NotSubmittedYet(Conflict):
    """There is nothing to take back."""

    def __init__(self) -> None:
        super().__init__(N_("This assessment is open already. Go to its sections and answer."))


class BeingVerified(Conflict):
    """An assessor holds their findings against what was submitted."""

    def __init__(self) -> None:
        super().__init__(
            N_("An assessor verifies this assessment, so it stays as it was submitted. Answer their findings instead.")
        )


class ReasonMissing(Invalid):
    """Whoever reads the results later has to understand why there are two."""

    def __init__(self) -> None:
        super().__init__(N_("Say in a few words why the assessment is reopened."))


class SubmissionNotFound(NotFound):
    """This assessment has no such submission."""

    def __init__(self) -> None:
        super().__init__(N_("There is no such submission here. Go back to the results."))


@dataclass(frozen=True, slots=True)
class Past:
    """A submission that was taken back. `number` counts those of the assessment, from 1."""

    id: int
    number: int
    questionnaire_version: str
    snapshot: Snapshot
    scores: dict[str, Any]
    scoring_version: str
    submitted_at: datetime
    submitted_by: str
    reopened_at: datetime
    reopened_by: str
    reason: str


def reopen(session: Session, assessment: Assessment, reason: str, who: str, now: datetime) -> None:
    """Take answers again. The submission moves to the past ones, with its scores as they are.

    The assessment must be held, so that two who reopen at once leave one past submission.

    Raises:
        ReasonMissing, Invalid: the reason cannot be used.
        NotSubmittedYet: it is open already.
        BeingVerified: an assessor has begun to, or is to visit the firm.
    """
    reason = clean_text(reason, REASON_CHARACTERS)
    if not reason:
        raise ReasonMissing
    if assessment.frozen is None or assessment.scores is None or assessment.submitted_at is None:
        raise NotSubmittedYet
    visited = ProgrammeCase.assessment_id == assessment.id, ProgrammeCase.state.in_(VERIFIED)
    if session.scalar(select(exists().where(Assessment.verifies_id == assessment.id) | exists().where(*visited))):
        raise BeingVerified
    session.add(
        PastSubmission(
            assessment_id=assessment.id,
            questionnaire_version=assessment.questionnaire_version,
            frozen=assessment.frozen,
            scores=assessment.scores,
            scoring_version=assessment.scoring_version or "",
            submitted_at=assessment.submitted_at,
            submitted_by=assessment.submitted_by,
            reopened_at=now,
            reopened_by=who,
            reason=reason,
        )
    )
    assessment.state = "open"
    assessment.frozen = assessment.scores = assessment.scoring_version = assessment.submitted_at = None
    assessment.submitted_by = ""
    outcomes.forget(session, assessment.id)
    session.flush()


def list_past(session: Session, assessment: Assessment) -> tuple[Past, ...]:
    """The submissions that were taken back, oldest first."""
    query = select(PastSubmission).where(PastSubmission.assessment_id == assessment.id).order_by(PastSubmission.id)
    return tuple(_past(row, number) for number, row in enumerate(session.scalars(query), 1))


def get_past(session: Session, assessment: Assessment, number: int) -> Past:
    """One of them, by its number.

    Raises:
        SubmissionNotFound
    """
    found = {past.number: past for past in list_past(session, assessment)}
    if number not in found:
        raise SubmissionNotFound
    return found[number]


def _past(row: PastSubmission, number: int) -> Past:
    return Past(
        id=row.id,
        number=number,
        questionnaire_version=row.questionnaire_version,
        snapshot=Snapshot.from_json(row.frozen),
        scores=row.scores,
        scoring_version=row.scoring_version,
        submitted_at=row.submitted_at,
        submitted_by=row.submitted_by,
        reopened_at=row.reopened_at,
        reopened_by=row.reopened_by,
        reason=row.reason,
    )
