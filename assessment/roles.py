"""What people are: managers and respondents of firms, and those who see many firms."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.orm import Session

from assessment.access import MANAGER, RESPONDENT, Access
from assessment.errors import N_, Conflict, NotFound
from assessment.tables import Firm, Role

ADMIN, ASSESSOR, FACILITATOR, OFFICER, ANALYST = "admin", "assessor", "facilitator", "officer", "analyst"
OF_FIRM = (MANAGER, RESPONDENT)
STAFF = (ADMIN, ASSESSOR, FACILITATOR, OFFICER, ANALYST)


class FirmNotFound(NotFound):
    """No firm has this number, or it is not this person's: one answer for both."""

    def __init__(self) -> None:
        super().__init__(N_("There is no such firm in your account. Choose one from the list."))


class FirmHasManager(Conflict):
    """A firm that is in somebody's account is not taken into another by a link to one of its assessments."""

    def __init__(self) -> None:
        super().__init__(
            N_("This firm is kept in somebody's account already. Your link works as before; the firm is theirs.")
        )


def grant(session: Session, user_id: int, role: str, firm_id: int | None, now: datetime) -> None:
    """Give a person a role, once."""
    if not holds(session, user_id, role, firm_id):
        session.add(Role(user_id=user_id, role=role, firm_id=firm_id, granted_at=now))
        session.flush()


def revoke(session: Session, user_id: int, role: str, firm_id: int | None) -> None:
    session.execute(delete(Role).where(*_is(user_id, role, firm_id)))


def holds(session: Session, user_id: int, role: str, firm_id: int | None = None) -> bool:
    return bool(session.scalar(select(exists().where(*_is(user_id, role, firm_id)))))


def has_manager(session: Session, firm_id: int) -> bool:
    """Whether a firm is in somebody's account."""
    return bool(session.scalar(select(exists().where(Role.firm_id == firm_id, Role.role == MANAGER))))


def may_keep(session: Session, access: Access) -> bool:
    """Whether whoever is signed in and follows a return link can take its firm into their account."""
    return access.may_manage and access.user_id is not None and not has_manager(session, access.assessment.firm_id)


def keep_firm(session: Session, user_id: int, firm_id: int, now: datetime) -> None:
    """Take a firm that is in nobody's account into this person's, as its manager.

    Raises:
        FirmHasManager: it is in somebody else's. A link to one assessment must not open the firm's others.
    """
    # Two who keep it at the same moment take turns at its row.
    session.execute(select(Firm.id).where(Firm.id == firm_id).with_for_update())
    if holds(session, user_id, MANAGER, firm_id):
        return
    if has_manager(session, firm_id):
        raise FirmHasManager
    grant(session, user_id, MANAGER, firm_id, now)


def check_firm(session: Session, firm_id: int) -> None:
    """Raises FirmNotFound when there is none with this number."""
    if session.get(Firm, firm_id) is None:
        raise FirmNotFound


def describe(session: Session, user_id: int) -> list[str]:
    """What a person is, in a line each, for those who run the service."""
    query = select(Role.role, Role.firm_id).where(Role.user_id == user_id).order_by(Role.id)
    return [role if firm is None else f"{role} of firm {firm}" for role, firm in session.execute(query)]


def _is(user_id: int, role: str, firm_id: int | None) -> tuple[ColumnElement[bool], ...]:
    of_firm = Role.firm_id.is_(None) if firm_id is None else Role.firm_id == firm_id
    return Role.user_id == user_id, Role.role == role, of_firm
