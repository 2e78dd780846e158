"""Endorsing a report: by somebody without a part in the firm or its visit, once the firm has had its say."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment import case_events
from assessment.case_states import ASSESSOR, COMMITTEE, ON_SITE, next_actor, standing_of
from assessment.errors import N_, Conflict, Forbidden
from assessment.programme_access import HasInterest, NotYours, OpenCase, has_interest
from assessment.tables import CaseEvent, Firm, ProgrammeCase, ProgrammeMember, User


class NotHandedIn(Conflict):
    """There are no findings to endorse."""

    def __init__(self) -> None:
        super().__init__(N_("The assessor has not handed in the findings yet. Wait until they have."))


class FirmMayRespond(Conflict):
    """The firm has its say before anybody signs."""

    def __init__(self, until: str) -> None:
        message = N_(
            "The firm may still respond to the findings, until %(until)s. Wait until it has, or the day is past."
        )
        super().__init__(message, until=until)


class HasVerified(Forbidden):
    """Whoever assessed a case does not sign it off, also when somebody else has taken it over."""

    def __init__(self) -> None:
        super().__init__(N_("You have been the assessor of this case, so somebody else of the committee endorses it."))


def check(session: Session, opened: OpenCase, now: datetime) -> None:
    """Whether the report of this case can be endorsed by whoever has it open, now.

    Raises:
        NotYours, HasInterest, HasVerified: not by them.
        NotHandedIn, FirmMayRespond: not yet.
    """
    case = opened.case
    if opened.role != COMMITTEE:
        raise NotYours
    if has_interest(session, opened.user_id, case.firm_id):
        raise HasInterest
    if has_verified(session, case, opened.user_id):
        raise HasVerified
    if case.state != ON_SITE or case.handed_in_at is None or case.verification_id is None:
        raise NotHandedIn
    standing = standing_of(case, opened.programme.response_days)
    if next_actor(standing, now.date().isoformat()) != COMMITTEE:
        raise FirmMayRespond(standing.response_until)


def has_verified(session: Session, case: ProgrammeCase, user_id: int) -> bool:
    """Whether this person is or ever was the assessor of a case, by what has happened to it."""
    mine = select(ProgrammeMember.id).where(ProgrammeMember.user_id == user_id)
    if case.assessor_id is not None and session.scalar(mine.where(ProgrammeMember.id == case.assessor_id)) is not None:
        return True
    since = session.scalar(select(User.created_at).where(User.id == user_id))  # before, the number was another's
    events = select(CaseEvent.by, CaseEvent.user_id, CaseEvent.content).where(
        CaseEvent.case_id == case.id,
        CaseEvent.at >= since,
        (CaseEvent.kind == case_events.ASSIGNED) | (CaseEvent.user_id == user_id),
    )
    return any(
        (by == ASSESSOR and who == user_id) or content.get("assessor_user") == user_id
        for by, who, content in session.execute(events)
    )


def firm_of(session: Session, case: ProgrammeCase) -> Firm:
    return session.get_one(Firm, case.firm_id)
