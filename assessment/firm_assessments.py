"""A firm's assessments: year after year, each linked to the one before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from assessment import assessments
from assessment.firm_profile import fitting, learn, profile_of
from assessment.tables import Assessment, Firm
from questionnaires.answers import ProfileValue
from questionnaires.schema import Questionnaire

MOST_SHOWN = 50
LARGEST_ID = 2**31  # what an INTEGER holds on every database


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


_LISTED = select(
    Assessment.id,
    Assessment.questionnaire_id,
    Assessment.questionnaire_version,
    Assessment.state,
    Assessment.created_at,
    Assessment.submitted_at,
)


def list_newest(
    session: Session, firm_id: int, before: int | None = None, most: int = MOST_SHOWN
) -> tuple[Sequence[FirmAssessment], bool]:
    """A firm's assessments, newest first, and whether there are earlier ones.

    `before` is the number of the one that the list before this one ended with; one that is not the firm's is none.
    """
    query = _LISTED.where(*_own(firm_id))
    if before is not None and 0 < before < LARGEST_ID:
        at = select(Assessment.created_at).where(Assessment.id == before, *_own(firm_id))
        started = session.scalar(at)
        if started is not None:
            earlier = and_(Assessment.created_at == started, Assessment.id < before)
            query = query.where(or_(Assessment.created_at < started, earlier))
    query = query.order_by(Assessment.created_at.desc(), Assessment.id.desc()).limit(most + 1)
    found = _listed(session, query)
    return found[:most], len(found) > most


def list_after(session: Session, firm_id: int, number: int, most: int) -> Sequence[FirmAssessment]:
    """A firm's assessments in the order of their numbers, those after a number, and no more than `most`."""
    query = _LISTED.where(*_own(firm_id), Assessment.id > number)
    return _listed(session, query.order_by(Assessment.id).limit(most))


def count_of(session: Session, firm_id: int) -> int:
    return session.scalar(select(func.count()).where(*_own(firm_id))) or 0


def _own(firm_id: int) -> tuple[ColumnElement[bool], ...]:
    """A firm's own assessments, and not what an assessor found."""
    return Assessment.firm_id == firm_id, Assessment.verifies_id.is_(None)


def _listed(session: Session, query: Select[int, str, str, str, datetime, datetime | None]) -> Sequence[FirmAssessment]:
    return [
        FirmAssessment(number, f"{questionnaire}@{version}", state, started, submitted)
        for number, questionnaire, version, state, started, submitted in session.execute(query)
    ]


def known_profile(
    session: Session, firm: Firm, questionnaire: Questionnaire, now: datetime
) -> tuple[dict[str, ProfileValue], dict[str, ProfileValue]]:
    """What a questionnaire need not ask: from the firm's particulars, and the rest from its last assessment."""
    ours = profile_of(firm, questionnaire.fields, now)
    last = select(Assessment.profile).where(*_own(firm.id))
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
            *_own(firm.id),
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
