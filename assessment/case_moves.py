"""A case moves on: step by step as the funnel has it, by whom it is given to, and only where nothing speaks against."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assessment import case_events, endorsements, outcomes, verifications
from assessment.case_states import (
    ASSESSOR,
    ENDORSED,
    FIRM,
    MEMBERS,
    OFFICER,
    ON_SITE,
    REASONED,
    REASSESSED,
    SELECTED,
    SELF_ASSESSED,
    STATES,
    WITH_PLACE,
    WITHDRAWN,
    may_follow,
)
from assessment.errors import N_, Conflict, Invalid
from assessment.programme_access import HasInterest, NotYours, OpenCase, has_interest
from assessment.tables import Assessment, ProgrammeCall, ProgrammeCase, ProgrammeMember
from assessment.texts import clean_text
from questionnaires.schema import Questionnaire

REASON_CHARACTERS = 500
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class NoSuchStep(Conflict):
    """The funnel has no such step from where the case is."""

    def __init__(self) -> None:
        super().__init__(N_("This case cannot take that step from where it stands. Look at it as it is now."))


class SayWhy(Invalid):
    """The firm reads the reason."""

    def __init__(self) -> None:
        super().__init__(N_("Say in a few words why."))


class NoPlaceLeft(Conflict):
    """A call selects no more firms than it has places."""

    def __init__(self, call: str, places: int) -> None:
        message = N_("The call “%(call)s” has %(places)d places, and 0 are left. Free one, or change the call.")
        super().__init__(message, places=places, call=call)


class NoAssessorYet(Conflict):
    """Somebody has to go there."""

    def __init__(self) -> None:
        super().__init__(N_("No assessor is assigned yet. Assign one first."))


class NotAnAssessor(Invalid):
    """Assessors are those of the programme."""

    def __init__(self) -> None:
        super().__init__(N_("Choose an assessor of the programme from the list."))


class AssessorHasInterest(Conflict):
    """An assessor never verifies their own firm."""

    def __init__(self) -> None:
        super().__init__(N_("This assessor has a part in the firm. Choose another one."))


class NothingToVisit(Conflict):
    """Visits are planned from the selection until the findings are handed in."""

    def __init__(self) -> None:
        super().__init__(N_("No visit can be planned for this case where it stands. Look at it as it is now."))


class NotSubmitted(Conflict):
    """What the step needs is not there, or is just being changed."""

    def __init__(self) -> None:
        super().__init__(N_("The firm's assessment is not submitted at this moment. Wait until it is, then go on."))


def move(
    session: Session,
    opened: OpenCase,
    to: str,
    now: datetime,
    note: str = "",
    *,
    about: Mapping[str, str] | None = None,
    questionnaire: Questionnaire | None = None,
) -> None:
    """Move a case on, for whoever has it open; the caller holds its row.

    `about` says more of the step, such as the action that is done. `questionnaire` is the programme's, which only an
    endorsement needs: for the figures of what was verified.

    Raises:
        NoSuchStep, NotYours: the case cannot go there from where it is, or not by them.
        SayWhy: there is no reason, where one must be given.
        HasInterest: they have a part in the firm, and act for the programme.
        NoPlaceLeft, NoAssessorYet, NotSubmitted: what the step needs is not there.
        What `endorsements.check` raises.
    """
    case = opened.case
    opened = acting_for(opened, to)
    reason = clean_text(note, REASON_CHARACTERS)
    if to in REASONED and not reason:
        raise SayWhy
    refuse_interest(session, opened)
    if to == SELECTED:
        _take_place(session, case)
    elif to == ON_SITE:
        _check_visit(session, case)
    elif to == ENDORSED:
        endorsements.check(session, opened, now)
    elif to in (SELF_ASSESSED, REASSESSED):
        _check_submitted(session, case.assessment_id if to == SELF_ASSESSED else case.again_id)
    told = {key: value for key, value in {"reason": reason, **(about or {})}.items() if value}
    _own(opened)
    case_events.record(session, case, case_events.MOVED, now, by=opened.role, user_id=opened.user_id, state=to, **told)
    if to == WITHDRAWN:
        verifications.end_links(session, case.verification_id, now)
    if to == ON_SITE and case.visit_on > case.due_on:
        case.due_on = case.visit_on
    if to == ENDORSED and questionnaire is not None:
        _note_verified(session, opened, questionnaire, now)


def acting_for(opened: OpenCase, to: str) -> OpenCase:
    """The case in the hands of its opener, in the first of their roles that may take this step.

    Raises:
        NoSuchStep: nobody may.
        NotYours: others may.
    """
    state = opened.case.state
    parts = opened.parts or {opened.role: opened.member}
    mine = [role for role in parts if to in STATES and may_follow(state, to, role)]
    if mine:
        return opened.acting(*mine)
    if to in STATES and any(may_follow(state, to, role) for role in (FIRM, *MEMBERS)):
        raise NotYours
    raise NoSuchStep


def refuse_interest(session: Session, opened: OpenCase) -> None:
    """Raises HasInterest where somebody of the programme has a part in the firm."""
    if opened.role != FIRM and has_interest(session, opened.user_id, opened.case.firm_id):
        raise HasInterest


def places_left(session: Session, call: ProgrammeCall) -> int | None:
    """How many firms the call can still select; None is any number. Hold the call's row where it must stay so."""
    if call.places is None:
        return None
    taken = select(func.count()).where(ProgrammeCase.call_id == call.id, ProgrammeCase.state.in_(WITH_PLACE))
    return max(call.places - (session.scalar(taken) or 0), 0)


def _take_place(session: Session, case: ProgrammeCase) -> None:
    # Two officers take turns at the call, so that neither counts a place that the other has just given away.
    held = select(ProgrammeCall).where(ProgrammeCall.id == case.call_id).with_for_update()
    call = session.scalars(held.execution_options(populate_existing=True)).one()
    if places_left(session, call) == 0:
        raise NoPlaceLeft(call.title, call.places or 0)


def _check_visit(session: Session, case: ProgrammeCase) -> None:
    assessor = session.get(ProgrammeMember, case.assessor_id) if case.assessor_id is not None else None
    if assessor is None:
        raise NoAssessorYet
    if has_interest(session, assessor.user_id, case.firm_id):
        raise AssessorHasInterest
    _check_submitted(session, case.assessment_id)


def _check_submitted(session: Session, assessment_id: int | None) -> None:
    # Whoever reopens or submits it holds it and then looks at its cases; to wait here could be to wait for each other.
    query = select(Assessment.state).where(Assessment.id == assessment_id).with_for_update(skip_locked=True)
    if session.scalar(query) != "submitted":
        raise NotSubmitted


def _own(opened: OpenCase) -> None:
    """The first officer who moves a case owns it."""
    if opened.case.owner_id is None and opened.role == OFFICER and opened.member is not None:
        opened.case.owner_id = opened.member.id


def _note_verified(session: Session, opened: OpenCase, questionnaire: Questionnaire, now: datetime) -> None:
    case = opened.case
    found = session.get(Assessment, case.verification_id) if case.verification_id is not None else None
    if found is not None:
        firm = endorsements.firm_of(session, case)
        outcomes.note(session, opened.programme, found, questionnaire, firm, now, verified=True)


def assign(session: Session, opened: OpenCase, member: str, visit_on: str, now: datetime) -> None:
    """Give a case to an assessor, with the day of the visit; a self-assessed case goes on site with it.

    Raises:
        NotYours, HasInterest: officers do it, and not for their own firm.
        NothingToVisit: the case is not there yet, or its findings are handed in.
        NotAnAssessor, AssessorHasInterest, InvalidDay
    """
    opened, case = opened.acting(OFFICER), opened.case
    refuse_interest(session, opened)
    if case.state not in (SELECTED, SELF_ASSESSED, ON_SITE) or case.handed_in_at is not None:
        raise NothingToVisit
    day = clean_day(visit_on)
    assessor = _assessor(session, case.programme_id, member)
    if has_interest(session, assessor.user_id, case.firm_id):
        raise AssessorHasInterest
    if case.assessor_id != assessor.id:
        verifications.end_links(session, case.verification_id, now)
    case.assessor_id, case.visit_on = assessor.id, day
    _own(opened)
    told: dict[str, Any] = {"assessor": assessor.id, "assessor_user": assessor.user_id, "visit_on": day}
    case_events.record(session, case, case_events.ASSIGNED, now, by=OFFICER, user_id=opened.user_id, **told)
    if case.state == SELF_ASSESSED:
        move(session, opened, ON_SITE, now)
    elif case.state == ON_SITE and day > case.due_on:
        case.due_on = day


def _assessor(session: Session, programme_id: int, number: str) -> ProgrammeMember:
    found = session.get(ProgrammeMember, int(number)) if re.fullmatch(r"[1-9]\d{0,8}", number) else None
    if found is None or found.programme_id != programme_id or found.role != ASSESSOR:
        raise NotAnAssessor
    return found


class InvalidDay(Invalid):
    """A day is written as browsers send it."""

    def __init__(self) -> None:
        super().__init__(N_("Enter a day as year-month-day, for example 2027-03-31."))


def clean_day(text: str, *, is_needed: bool = False) -> str:
    """An ISO day; empty where none is needed.

    Raises:
        InvalidDay: it is none.
    """
    text = text.strip()
    if not text and not is_needed:
        return ""
    if not DAY.fullmatch(text):
        raise InvalidDay
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise InvalidDay from None


def set_due(session: Session, opened: OpenCase, day: str, now: datetime) -> None:
    """Say until when the next step is to be done; whoever has to do it is reminded anew.

    Raises:
        NotYours, HasInterest: officers do it, and not for their own firm.
        NoSuchStep: nothing is left to do in this case.
        InvalidDay
    """
    opened, case = opened.acting(OFFICER), opened.case
    refuse_interest(session, opened)
    day = clean_day(day, is_needed=True)
    if not case.due_on:
        raise NoSuchStep
    before, case.due_on, case.reminded_on = case.due_on, day, ""
    told: dict[str, Any] = {"before": before, "due_on": day}
    case_events.record(session, case, case_events.DUE, now, by=OFFICER, user_id=opened.user_id, **told)


def own(session: Session, opened: OpenCase, now: datetime) -> None:
    """Take a case as an officer: its reminders go to whoever owns it."""
    opened, case = opened.acting(OFFICER), opened.case
    refuse_interest(session, opened)
    assert opened.member is not None  # noqa: S101  officers are members
    if case.owner_id != opened.member.id:
        case.owner_id = opened.member.id
        told: dict[str, Any] = {"owner": opened.member.id}
        case_events.record(session, case, case_events.ASSIGNED, now, by=OFFICER, user_id=opened.user_id, **told)
