"""Names that a workshop keeps of the people in it, and how they go: on request, and by themselves after the end.

What the room found, its roadmap and the owners of actions stay: they are the room's. Who sat there, who was invited
and under which address does not have to.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from assessment.errors import N_, Conflict
from assessment.tables import Invitation, Participant, User, Workshop, WorkshopAction

KEPT = timedelta(days=90)  # after the end


class StillUnderWay(Conflict):
    """Until the end people come back by their invitation, and are told apart by their nickname."""

    def __init__(self) -> None:
        super().__init__(N_("The workshop has not ended: invitations and nicknames are needed until then."))


def forget_names(session: Session, workshop: Workshop) -> None:
    """Delete the list of those invited, nicknames and personal codes of a workshop that has ended.

    Raises:
        StillUnderWay
    """
    if workshop.state != "ended":
        raise StillUnderWay
    _forget(session, [workshop.id])


def forget_old(session: Session, now: datetime) -> None:
    """The same for every workshop that ended so long ago."""
    ended = select(Workshop.id).where(Workshop.state == "ended", Workshop.ended_at < now - KEPT)
    _forget(session, session.scalars(ended.where(_has_names())).all())


def _has_names() -> ColumnElement[bool]:
    invited = select(Invitation.id).where(Invitation.workshop_id == Workshop.id).exists()
    named = (Participant.nickname != "") | Participant.code_sha256.is_not(None)
    return invited | select(Participant.id).where(Participant.workshop_id == Workshop.id, named).exists()


def _forget(session: Session, workshops: Sequence[int]) -> None:
    theirs = Participant.workshop_id.in_(workshops)
    session.execute(update(Participant).where(theirs).values(nickname="", code_sha256=None, invitation_id=None))
    session.execute(delete(Invitation).where(Invitation.workshop_id.in_(workshops)))


def forget_person(session: Session, user: User) -> None:
    """Who closes their account is gone from lists and roadmaps too: by address, and by name where that was theirs.

    Workshops they have led stay: who else leads them, or has the link that leads, goes on with them.
    """
    by_address = func.lower(Invitation.email) == user.email.lower()
    invited = select(Invitation.id).where(by_address)
    session.execute(
        update(Participant)
        .where(Participant.invitation_id.in_(invited))
        .values(nickname="", invitation_id=None)
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(Invitation).where(by_address))
    session.execute(
        update(WorkshopAction)
        .where(func.lower(WorkshopAction.owner_email) == user.email.lower())
        .values(owner="", owner_email="", token_sha256=None)
        .execution_options(synchronize_session=False)
    )
