"""The people of a programme and the bodies that assess: of its officers one always stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from assessment import programmes, users
from assessment.access import NUMBER
from assessment.case_states import ASSESSOR, COMMITTEE, MEMBERS, OFFICER, ON_SITE
from assessment.errors import N_, Conflict, Invalid, NotFound
from assessment.tables import AssessingBody, Programme, ProgrammeCase, ProgrammeMember, User
from assessment.texts import clean_name
from assessment.users import AccountDisabled

MOST_PEOPLE = 2000
MOST_BODIES = 500


class LastOfficer(Conflict):
    """Without an officer nobody could run the programme any more."""

    def __init__(self) -> None:
        super().__init__(N_("This is the only officer of the programme. Make somebody else an officer first."))


class HasVisits(Conflict):
    """An assessor with firms to visit is not taken away from them unseen."""

    def __init__(self, count: int) -> None:
        super().__init__(
            N_("This assessor still has cases under way: %(count)d. Give them to somebody else first."), count=count
        )


class NotInProgramme(NotFound):
    """Nobody, or no body, with this number belongs to the programme."""

    def __init__(self) -> None:
        super().__init__(N_("This does not belong to the programme (any more). Go back to its people."))


class ProgrammeIsFull(Conflict):
    """A programme has room for so many people and bodies."""

    def __init__(self, most: int) -> None:
        super().__init__(N_("The programme has %(most)d already. Remove one first."), most=most)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a part in a programme."""

    id: int  # of the membership
    user_id: int
    email: str
    name: str
    role: str
    body: str
    visits: int  # cases on site that are an assessor's


def list_people(session: Session, programme_id: int) -> Sequence[Person]:
    """Officers first, then committee, assessors by body, and analysts."""
    places = {role: place for place, role in enumerate((OFFICER, COMMITTEE, ASSESSOR))}
    order = case(places, value=ProgrammeMember.role, else_=len(places))
    visits = select(func.count()).where(*_visits(ProgrammeMember.id)).scalar_subquery()
    query = (
        select(ProgrammeMember, User.email, User.name, func.coalesce(AssessingBody.name, ""), visits)
        .join(User, User.id == ProgrammeMember.user_id)
        .outerjoin(AssessingBody, AssessingBody.id == ProgrammeMember.body_id)
        .where(ProgrammeMember.programme_id == programme_id)
        .order_by(order, func.coalesce(AssessingBody.name, ""), User.email)
    )
    return [
        Person(member.id, member.user_id, email, name, member.role, body, count)
        for member, email, name, body, count in session.execute(query)
    ]


def _visits(member_id: int | InstrumentedAttribute[int]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return ProgrammeCase.assessor_id == member_id, ProgrammeCase.state == ON_SITE


def add_person(
    session: Session, programme: Programme, email: str, role: str, body: str, now: datetime
) -> tuple[str, bool]:
    """Give somebody a part by their address; an assessor belongs to an assessing body, whose number is `body`.

    Returns the address as it is kept, and whether they had no such part before.

    Raises:
        Invalid: it is no address, no role, or an account that was closed; or an assessor without a body.
        ProgrammeIsFull: the list is full.
    """
    if role not in MEMBERS:
        raise Invalid(N_("Choose what the person does in the programme."))
    body_id = get_body(session, programme, body).id if role == ASSESSOR and body else None
    if role == ASSESSOR and body_id is None:
        raise Invalid(N_("Choose the assessing body that the assessor works for. Add it first if it is missing."))
    person = _registered(session, users.clean_email(email), now)
    mine = ProgrammeMember.programme_id == programme.id, ProgrammeMember.user_id == person.id
    is_new = session.scalar(select(ProgrammeMember.id).where(*mine, ProgrammeMember.role == role)) is None
    if is_new and _count(session, ProgrammeMember, programme) >= MOST_PEOPLE:
        raise ProgrammeIsFull(MOST_PEOPLE)
    programmes.add_member(session, programme, person.id, role, now, body_id)
    return person.email, is_new


def _registered(session: Session, email: str, now: datetime) -> User:
    try:
        return users.register(session, email, now)
    except AccountDisabled:
        raise Invalid(N_("This person cannot be added. Ask those who run this service.")) from None


def remove_person(session: Session, programme: Programme, number: str) -> ProgrammeMember:
    """Take a part in a programme from somebody; what they have done in it stays. The programme's row is held.

    Raises:
        NotInProgramme: there is no such membership.
        LastOfficer: it is the only officer's.
        HasVisits: an assessor has cases under way.
    """
    found = session.get(ProgrammeMember, int(number)) if NUMBER.fullmatch(number) else None
    if found is None or found.programme_id != programme.id:
        raise NotInProgramme
    officers = ProgrammeMember.programme_id == programme.id, ProgrammeMember.role == OFFICER
    if found.role == OFFICER and session.scalar(select(func.count()).where(*officers)) == 1:
        raise LastOfficer
    visits = session.scalar(select(func.count()).where(*_visits(found.id))) or 0
    if visits:
        raise HasVisits(visits)
    session.delete(found)
    session.flush()
    return found


def list_bodies(session: Session, programme_id: int) -> Sequence[AssessingBody]:
    query = select(AssessingBody).where(AssessingBody.programme_id == programme_id)
    return session.scalars(query.order_by(AssessingBody.name)).all()


def add_body(session: Session, programme: Programme, name: str, contact: str) -> AssessingBody:
    """Raises Invalid when the name is missing, taken or cannot be used; ProgrammeIsFull when there are too many."""
    name, contact = clean_name(name), clean_name(contact)
    if not name:
        raise Invalid(N_("Enter the name of the body."))
    if any(body.name == name for body in list_bodies(session, programme.id)):
        raise Invalid(N_("There is a body of this name already."))
    if _count(session, AssessingBody, programme) >= MOST_BODIES:
        raise ProgrammeIsFull(MOST_BODIES)
    body = AssessingBody(programme_id=programme.id, name=name, contact=contact)
    session.add(body)
    session.flush()
    return body


def remove_body(session: Session, programme: Programme, number: str) -> None:
    """Its assessors stay in the programme, without a body.

    Raises:
        NotInProgramme: there is no such body.
    """
    session.delete(get_body(session, programme, number))
    session.flush()


def get_body(session: Session, programme: Programme, number: str) -> AssessingBody:
    """Raises NotInProgramme when the programme has no such body."""
    found = session.get(AssessingBody, int(number)) if NUMBER.fullmatch(number) else None
    if found is None or found.programme_id != programme.id:
        raise NotInProgramme
    return found


def _count(session: Session, table: type[ProgrammeMember] | type[AssessingBody], programme: Programme) -> int:
    return session.scalar(select(func.count()).select_from(table).where(table.programme_id == programme.id)) or 0
