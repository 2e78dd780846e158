"""The people of a firm: its managers and respondents, of whom one manager always stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from assessment import roles, users
from assessment.access import MANAGER
from assessment.errors import N_, Conflict, Invalid, NotFound
from assessment.roles import OF_FIRM
from assessment.tables import Firm, Role, User
from assessment.users import AccountDisabled

MOST_PEOPLE = 100


class LastManager(Conflict):
    """Without a manager nobody could open the firm any more."""

    def __init__(self) -> None:
        super().__init__(N_("This is the only manager of the firm. Make somebody else a manager first."))


class TooManyPeople(Conflict):
    """A firm has room for a hundred people."""

    def __init__(self) -> None:
        super().__init__(N_("The firm has %(most)d people already. Remove somebody first."), most=MOST_PEOPLE)


class NotOfThisFirm(NotFound):
    """Nobody with this number belongs to the firm."""

    def __init__(self) -> None:
        super().__init__(N_("This person does not belong to the firm. Go back to its page."))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a role in a firm, by their address: whoever adds them need not learn their name."""

    user_id: int
    email: str
    role: str
    since: datetime


def list_people(session: Session, firm_id: int) -> Sequence[Person]:
    """Managers first, then by address."""
    query = (
        select(User.id, User.email, Role.role, Role.granted_at)
        .join(Role, Role.user_id == User.id)
        .where(Role.firm_id == firm_id, Role.role.in_(OF_FIRM))
        .order_by(case((Role.role == MANAGER, 0), else_=1), User.email)
    )
    return [Person(*row) for row in session.execute(query)]


def add_person(session: Session, firm: Firm, email: str, role: str, now: datetime) -> tuple[str, bool]:
    """Give somebody a role in the firm by their address; another role they had there ends.

    Returns the address as it is kept, and whether anything has changed.

    Raises:
        Invalid: it is no address, no role of a firm, or an account that was closed.
        LastManager: they are the only manager, and would be none any more.
        TooManyPeople: the firm's list is full.
    """
    if role not in OF_FIRM:
        raise Invalid(N_("Choose what the person may do."))
    _hold(session, firm)
    person = _registered(session, users.clean_email(email), now)
    if roles.holds(session, person.id, role, firm.id):
        return person.email, False
    is_new = not any(roles.holds(session, person.id, each, firm.id) for each in OF_FIRM)
    if is_new and _count(session, firm) >= MOST_PEOPLE:
        raise TooManyPeople
    if role != MANAGER:
        _refuse_last_manager(session, firm, person.id)
    for other in OF_FIRM:
        roles.revoke(session, person.id, other, firm.id)
    roles.grant(session, person.id, role, firm.id, now)
    return person.email, True


def remove_person(session: Session, firm: Firm, user_id: str) -> None:
    """Take somebody out of the firm; what they have answered stays.

    Raises:
        NotOfThisFirm: they do not belong to it.
        LastManager: they are its only manager.
    """
    _hold(session, firm)
    found = next((p for p in list_people(session, firm.id) if str(p.user_id) == user_id), None)
    if found is None:
        raise NotOfThisFirm
    _refuse_last_manager(session, firm, found.user_id)
    for role in OF_FIRM:
        roles.revoke(session, found.user_id, role, firm.id)


def _registered(session: Session, email: str, now: datetime) -> User:
    try:
        return users.register(session, email, now)
    except AccountDisabled:
        raise Invalid(N_("This person cannot be added. Ask those who run this service.")) from None


def _hold(session: Session, firm: Firm) -> None:
    # Two managers who remove each other at the same moment take turns.
    session.execute(select(Firm.id).where(Firm.id == firm.id).with_for_update())


def _count(session: Session, firm: Firm) -> int:
    return session.scalar(select(func.count()).where(Role.firm_id == firm.id)) or 0


def _refuse_last_manager(session: Session, firm: Firm, user_id: int) -> None:
    managers = set(session.scalars(select(Role.user_id).where(Role.firm_id == firm.id, Role.role == MANAGER)))
    if managers == {user_id}:
        raise LastManager
