"""Who leads a workshop together: people with an account, added by their address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from assessment import users, workshop_events
from assessment.errors import N_, Conflict, Invalid, NotFound
from assessment.tables import User, Workshop, WorkshopFacilitator
from assessment.users import AccountDisabled

MOST_LEADERS = 10


class NotALeader(NotFound):
    """Nobody with this number leads the workshop."""

    def __init__(self) -> None:
        super().__init__(N_("This person does not lead the workshop. Go back to its page."))


class LastLeader(Conflict):
    """Without a leader the workshop could be opened by nobody who has lost its link."""

    def __init__(self) -> None:
        super().__init__(N_("Nobody else leads this workshop. Add somebody first."))


@dataclass(frozen=True, slots=True)
class Leader:
    """Somebody who leads, by their address: whoever adds them need not learn their name."""

    user_id: int
    email: str


def list_leaders(session: Session, workshop: Workshop) -> Sequence[Leader]:
    """By address."""
    query = select(User.id, User.email).join(WorkshopFacilitator, WorkshopFacilitator.user_id == User.id)
    rows = session.execute(query.where(WorkshopFacilitator.workshop_id == workshop.id).order_by(User.email))
    return [Leader(*row) for row in rows]


def add(session: Session, workshop: Workshop, email: str, now: datetime) -> bool:
    """Let somebody lead as well, by their address; False when they do already. The caller holds the workshop's row.

    Raises:
        Invalid: it is no address, an account that was closed, or there are many who lead.
    """
    try:
        person = users.register(session, users.clean_email(email), now)
    except AccountDisabled:
        raise Invalid(N_("This person cannot be added. Ask those who run this service.")) from None
    theirs = WorkshopFacilitator.workshop_id == workshop.id
    if session.scalar(select(func.count()).where(theirs, WorkshopFacilitator.user_id == person.id)):
        return False
    if (session.scalar(select(func.count()).where(theirs)) or 0) >= MOST_LEADERS:
        raise Invalid(N_("%(most)d people lead this workshop already. Remove somebody first."), most=MOST_LEADERS)
    session.add(WorkshopFacilitator(workshop_id=workshop.id, user_id=person.id, added_at=now))
    workshop_events.note(session, workshop, "leaders", now)
    return True


def remove(session: Session, workshop: Workshop, user_id: int, now: datetime) -> None:
    """Let somebody lead no more. Who leads by the chair's link goes on until that is renewed.

    Raises:
        NotALeader: they do not.
        LastLeader: nobody else does.
    """
    leaders = {leader.user_id for leader in list_leaders(session, workshop)}
    if user_id not in leaders:
        raise NotALeader
    if leaders == {user_id}:
        raise LastLeader
    theirs = WorkshopFacilitator.workshop_id == workshop.id, WorkshopFacilitator.user_id == user_id
    session.execute(delete(WorkshopFacilitator).where(*theirs))
    if workshop.user_id == user_id:
        workshop.user_id = min(leaders - {user_id})
    workshop_events.note(session, workshop, "leaders", now)
