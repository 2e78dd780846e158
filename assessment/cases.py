"""The firm's side of a case: the assessment that it starts or brings, and what its submissions change."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from assessment import case_events, firm_assessments, outcomes
from assessment.case_states import AFTER_REPORT, FIRM, REASSESSED, SELECTED, SELF_ASSESSED
from assessment.errors import N_, Conflict, Invalid
from assessment.firm_profile import fitting
from assessment.programme_access import OpenCase
from assessment.tables import Assessment, Firm, Programme, ProgrammeCase
from questionnaires.schema import Questionnaire


class NotToAssess(Conflict):
    """A firm assesses itself once it is selected, with one assessment."""

    def __init__(self) -> None:
        super().__init__(N_("This case takes no assessment now. Look at it as it is, then go on."))


class CannotBring(Invalid):
    """Only what fits the programme can stand for it."""

    def __init__(self) -> None:
        super().__init__(N_("This assessment cannot be brought into the programme. Choose one from the list."))


class BeingChanged(Conflict):
    """Somebody answers or submits it at this very moment."""

    def __init__(self) -> None:
        super().__init__(N_("Somebody works on this assessment at this moment. Try again."))


@dataclass(frozen=True, slots=True)
class Bringable:
    """An assessment that the firm has already, and that can stand for the programme's."""

    id: int
    state: str
    created_at: datetime
    submitted_at: datetime | None


def start_assessment(session: Session, opened: OpenCase, questionnaire: Questionnaire, now: datetime) -> Assessment:
    """Start the assessment of a selected case, with what the firm has said before; the caller holds the case's row.

    Pressed twice, the second time finds it there.

    Raises:
        NotYours: only a manager of the firm does.
        NotToAssess: the case is not selected.
    """
    opened, case = opened.acting(FIRM), opened.case
    there = session.get(Assessment, case.assessment_id) if case.assessment_id is not None else None
    if there is not None:
        return there
    if case.state != SELECTED:
        raise NotToAssess
    firm = session.get_one(Firm, case.firm_id)
    ours, earlier = firm_assessments.known_profile(session, firm, questionnaire, now)
    profile = {**earlier, **ours, **fitting(questionnaire.fields, case.profile)}
    started = firm_assessments.start_next(session, firm, questionnaire, profile, now)
    case.assessment_id = started.id
    case_events.record(session, case, case_events.STARTED, now, by=FIRM, user_id=opened.user_id)
    return started


def list_bringable(session: Session, opened: OpenCase) -> Sequence[Bringable]:
    """The firm's assessments that can stand for the programme's: of its version, and of its time; newest first."""
    query = select(Assessment.id, Assessment.state, Assessment.created_at, Assessment.submitted_at)
    query = query.where(*_bringable(opened)).order_by(Assessment.id.desc()).limit(10)
    return [Bringable(*row) for row in session.execute(query)]


def bring(session: Session, opened: OpenCase, number: str, questionnaire: Questionnaire, now: datetime) -> None:
    """Let an assessment that the firm has already be the one of this case.

    Raises:
        NotYours: only a manager of the firm does.
        NotToAssess: the case is not selected, or has one.
        CannotBring: it is none of those listed.
        BeingChanged: somebody holds it at this moment.
    """
    opened, case = opened.acting(FIRM), opened.case
    if case.state != SELECTED or case.assessment_id is not None:
        raise NotToAssess
    if not re.fullmatch(r"[1-9]\d{0,8}", number):
        raise CannotBring
    mine = select(Assessment).where(Assessment.id == int(number), *_bringable(opened))
    # Whoever submits it holds it and then looks for its case: to wait here could be to wait for each other.
    found = session.scalars(mine.with_for_update(skip_locked=True)).one_or_none()
    if found is None:
        raise BeingChanged if session.scalar(mine.with_only_columns(Assessment.id)) else CannotBring
    case.assessment_id = found.id
    case_events.record(session, case, case_events.STARTED, now, by=FIRM, user_id=opened.user_id, brought=True)
    if found.state == "submitted":
        _self_assessed(session, case, opened.programme, _Submission(found, questionnaire, now, opened.user_id))


def _bringable(opened: OpenCase) -> tuple[ColumnElement[bool], ...]:
    programme = opened.programme
    used = exists().where(or_(ProgrammeCase.assessment_id == Assessment.id, ProgrammeCase.again_id == Assessment.id))
    return (
        Assessment.firm_id == opened.case.firm_id,
        Assessment.verifies_id.is_(None),
        Assessment.questionnaire_id == programme.questionnaire_id,
        Assessment.questionnaire_version == programme.questionnaire_version,
        or_(Assessment.state == "open", Assessment.submitted_at >= programme.created_at),
        ~used,
    )


def note_submitted(
    session: Session, assessment: Assessment, questionnaire: Questionnaire, now: datetime, user_id: int | None = None
) -> None:
    """An assessment was submitted: its case is self-assessed, or one with an endorsed report re-assessed.

    The caller holds the assessment. Submitted again, nothing happens twice.
    """
    if assessment.verifies_id is not None or assessment.submitted_at != now:
        return
    later = and_(
        ProgrammeCase.state.in_(AFTER_REPORT),
        ProgrammeCase.assessment_id != assessment.id,
        Programme.questionnaire_id == assessment.questionnaire_id,
    )
    query = (
        select(ProgrammeCase, Programme)
        .join(Programme, Programme.id == ProgrammeCase.programme_id)
        .where(
            ProgrammeCase.firm_id == assessment.firm_id,
            or_(ProgrammeCase.assessment_id == assessment.id, ProgrammeCase.again_id == assessment.id, later),
        )
        .order_by(ProgrammeCase.id)
        .with_for_update(of=ProgrammeCase)
        .execution_options(populate_existing=True)
    )
    submitted = _Submission(assessment, questionnaire, now, user_id)
    for case, programme in session.execute(query).all():
        if case.assessment_id == assessment.id:
            _self_assessed(session, case, programme, submitted)
        elif case.state in AFTER_REPORT:
            _reassessed(session, case, programme, submitted)


@dataclass(frozen=True, slots=True)
class _Submission:
    """An assessment that is now submitted, and by whom."""

    assessment: Assessment
    questionnaire: Questionnaire
    at: datetime
    user_id: int | None


def _self_assessed(session: Session, case: ProgrammeCase, programme: Programme, submitted: _Submission) -> None:
    if case.state == SELECTED:
        _record(session, case, submitted, case_events.MOVED, SELF_ASSESSED)
    elif case.state == SELF_ASSESSED:
        _record(session, case, submitted, case_events.SUBMITTED)
    else:
        return
    _note_outcome(session, case, programme, submitted)


def _reassessed(session: Session, case: ProgrammeCase, programme: Programme, submitted: _Submission) -> None:
    case.again_id = submitted.assessment.id
    _record(session, case, submitted, case_events.MOVED, REASSESSED)
    _note_outcome(session, case, programme, submitted)


def _record(session: Session, case: ProgrammeCase, submitted: _Submission, kind: str, state: str | None = None) -> None:
    case_events.record(session, case, kind, submitted.at, by=FIRM, user_id=submitted.user_id, state=state)


def _note_outcome(session: Session, case: ProgrammeCase, programme: Programme, submitted: _Submission) -> None:
    firm = session.get_one(Firm, case.firm_id)
    outcomes.note(session, programme, submitted.assessment, submitted.questionnaire, firm, submitted.at)
