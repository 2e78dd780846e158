"""Firms: registered with what they say of themselves, kept by people with a role in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import false, or_, select
from sqlalchemy.orm import Session

from assessment import roles
from assessment.access import MANAGER, NUMBER, RESPONDENT
from assessment.errors import N_, Forbidden, Invalid, NotFound
from assessment.particulars import FIELDS, WAITING, Particulars, checked
from assessment.roles import FirmNotFound
from assessment.tables import Firm as Firm  # rooms above name the type by this module
from assessment.tables import Role
from assessment.texts import clean_name


class OnlyManagers(Forbidden):
    """Respondents answer; the firm's own page is its managers' to change."""

    def __init__(self) -> None:
        super().__init__(N_("Only a manager of the firm may do this. Ask one of them."))


class NoSuchFirm(NotFound):
    """No firm has this number."""

    def __init__(self) -> None:
        super().__init__(N_("No firm has this number. Look for it by its name."))


@dataclass(frozen=True, slots=True)
class FirmAccess:
    """A firm, and whether the person who has opened it may change it."""

    firm: Firm
    may_manage: bool


def register(session: Session, name: str, country: str, now: datetime) -> Firm:
    """Register a firm in nobody's account; both name and country may be left out.

    Raises:
        Invalid: the name or the country cannot be used.
    """
    firm = Firm(name=clean_name(name), country=_country(country), created_at=now)
    session.add(firm)
    session.flush()
    return firm


def register_for(session: Session, user_id: int, given: Particulars, now: datetime) -> Firm:
    """Register a firm in a person's account; they are its first manager.

    Raises:
        InvalidParticulars: some particulars cannot be used, or the name is missing.
    """
    firm = Firm(created_at=now)
    _set(firm, checked(given, now))
    session.add(firm)
    session.flush()
    roles.grant(session, user_id, MANAGER, firm.id, now)
    return firm


def rename(firm: Firm, name: str, country: str) -> None:
    """Correct what a firm said of itself.

    Raises:
        Invalid: the name or the country cannot be used.
    """
    firm.name, firm.country = clean_name(name), _country(country)


def describe(firm: Firm, given: Particulars, now: datetime) -> None:
    """Replace a firm's particulars.

    Raises:
        InvalidParticulars: some cannot be used, or the name is missing.
    """
    _set(firm, checked(given, now))
    firm.changed_at = now


def get_firm(session: Session, user_id: int, number: str, *, for_change: bool = False) -> FirmAccess:
    """The firm with that number, for a person with a role in it.

    Raises:
        FirmNotFound: there is none, or it is not theirs: one answer for both.
        OnlyManagers: it is to be changed, and they answer for it without managing it.
    """
    if not NUMBER.fullmatch(number):
        raise FirmNotFound
    query = (
        select(Firm, Role.role)
        .join(Role, Role.firm_id == Firm.id)
        .where(Firm.id == int(number), Role.user_id == user_id, Role.role.in_((MANAGER, RESPONDENT)))
    )
    found = session.execute(query.with_for_update(of=Firm) if for_change else query).all()
    if not found:
        raise FirmNotFound
    access = FirmAccess(found[0][0], any(role == MANAGER for _, role in found))
    if for_change and not access.may_manage:
        raise OnlyManagers
    return access


def get_any_firm(session: Session, number: str, *, for_change: bool = False) -> FirmAccess:
    """The firm with that number, for those who run the service.

    Raises:
        NoSuchFirm: there is none.
    """
    query = select(Firm).where(Firm.id == int(number)) if NUMBER.fullmatch(number) else select(Firm).where(false())
    found = session.scalars(query.with_for_update() if for_change else query).one_or_none()
    if found is None:
        raise NoSuchFirm
    return FirmAccess(found, may_manage=True)


def search(session: Session, words: str, most: int) -> Sequence[tuple[int, str, str, str]]:
    """Firms whose name or registration number holds these words: number, name, country, registration number.

    The first `most` by name: a register may have a million.
    """
    query = select(Firm.id, Firm.name, Firm.country, Firm.registration_number)
    query = query.where(Firm.country != WAITING).order_by(Firm.name, Firm.id).limit(most)
    if words:
        query = query.where(
            or_(Firm.name.icontains(words, autoescape=True), Firm.registration_number.icontains(words, autoescape=True))
        )
    return [(number, name, country, registered) for number, name, country, registered in session.execute(query)]


def list_firms(session: Session, user_id: int) -> Sequence[Firm]:
    """The firms in which a person has a role, by name."""
    query = (
        select(Firm)
        .where(Firm.id.in_(select(Role.firm_id).where(Role.user_id == user_id, Role.role.in_((MANAGER, RESPONDENT)))))
        .order_by(Firm.name, Firm.id)
    )
    return session.scalars(query).all()


def _set(firm: Firm, particulars: Particulars) -> None:
    for name in FIELDS:
        setattr(firm, name, getattr(particulars, name))


def _country(code: str) -> str:
    if code and not (len(code) == 2 and code.isascii() and code.isalpha() and code.isupper()):
        raise Invalid(N_("Choose a country from the list."))
    return code


def list_managed(session: Session, user_id: int) -> Sequence[Firm]:
    """The firms that a person manages, by name."""
    managed = select(Role.firm_id).where(Role.user_id == user_id, Role.role == MANAGER)
    return session.scalars(select(Firm).where(Firm.id.in_(managed)).order_by(Firm.name, Firm.id)).all()
