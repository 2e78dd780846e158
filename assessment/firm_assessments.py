"""A firm's assessments: year after year, each linked to the one before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment import assessments
from assessment.firm_profile import fitting, learn, profile_of
from assessment.tables import Assessment, Firm
from questionnaires.answers import ProfileValue
from questionnaires.schema import Questionnaire

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class FirmAssessment:
    """One assessment in a firm's list."""

    number: int
    questionnaire: str  # id@version
    state: str  # open | submitted
    started_at: datetime
    submitted_at: datetime | None

    @property
    def year(self) -> int:
        return (self.submitted_at or self.started_at).year


def list_of(session: Session, firm_id: int) -> Sequence[FirmAssessment]:
    """A firm's assessments, newest first; at most 200."""
    query = (
        select(
            Assessment.id,
            Assessment.questionnaire_id,
            Assessment.questionnaire_version,
            Assessment.state,
            Assessment.created_at,
            Assessment.submitted_at,
        )
        .where(Assessment.firm_id == firm_id)
        .order_by(Assessment.created_at.desc(), Assessment.id.desc())
        .limit(MOST_SHOWN)
    )
    return [
        FirmAssessment(number, f"{questionnaire}@{version}", state, started, submitted)
        for number, questionnaire, version, state, started, submitted in session.execute(query)
    ]


def known_profile(
    session: Session, firm: Firm, questionnaire: Questionnaire, now: datetime
) -> tuple[dict[str, ProfileValue], dict[str, ProfileValue]]:
    """What a questionnaire need not ask: from the firm's particulars, and the rest from its last assessment."""
    ours = profile_of(firm, questionnaire.fields, now)
    last = select(Assessment.profile).where(Assessment.firm_id == firm.id)
    profile: Mapping[str, Any] | None = session.scalars(
        last.order_by(Assessment.created_at.desc(), Assessment.id.desc()).limit(1)
    ).one_or_none()
    earlier = fitting(questionnaire.fields, profile or {})
    return ours, {name: value for name, value in earlier.items() if name not in ours}


def start_next(
    session: Session, firm: Firm, questionnaire: Questionnaire, profile: Mapping[str, Any], now: datetime
) -> Assessment:
    """Start a firm's next assessment, linked to the last one that it submitted on the same questionnaire.

    Raises:
        InvalidAnswers: the profile does not fit the questionnaire's fields.
    """
    started, _ = assessments.start(session, firm, questionnaire, profile, now)
    last = (
        select(Assessment.id)
        .where(
            Assessment.firm_id == firm.id,
            Assessment.questionnaire_id == questionnaire.id,
            Assessment.state == "submitted",
        )
        .order_by(Assessment.submitted_at.desc(), Assessment.id.desc())
        .limit(1)
    )
    started.previous_id = session.scalars(last).one_or_none()
    learn(firm, questionnaire.fields, started.profile, now)
    session.flush()
    return started
