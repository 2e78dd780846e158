"""Programmes with calls, people and firms, made by the doors that people use."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from assessment import applications, firms, programme_calls, programmes, roles, users
from assessment.case_states import OFFICER
from assessment.particulars import Particulars
from assessment.programme_calls import CallPlan
from assessment.programmes import ProgrammePlan
from assessment.tables import AssessingBody, Programme, ProgrammeCall, ProgrammeCase, ProgrammeMember
from questionnaires.answers import ProfileValue
from questionnaires.library import Definition
from tests.factories import NOW, tiny

# Manufacturers with 10 to 250 employees.
CONDITION = {
    "all": [{"field": "sector", "in": ["manufacturing"]}, {"field": "employees", "at_least": 10, "at_most": 250}]
}
FITTING: dict[str, ProfileValue] = {"sector": "manufacturing", "employees": 42.0}


def user(session: Session, email: str, now: datetime = NOW) -> int:
    """A person with an account; returns their number."""
    return users.register(session, email, now).id


def officer(session: Session, email: str = "officer@ministry.example", now: datetime = NOW) -> int:
    """A person who may open programmes; returns their number."""
    found = user(session, email, now)
    if not roles.holds(session, found, roles.OFFICER):
        roles.grant(session, found, roles.OFFICER, None, now)
    return found


def programme(
    session: Session,
    officer_id: int | None = None,
    *,
    definition: Definition | None = None,
    state: str = "open",
    now: datetime = NOW,
    **plan: Any,
) -> Programme:
    """A programme of Malaysia on the tiny questionnaire, open, for manufacturers with 10 to 250 employees."""
    given = ProgrammePlan(**{"name": "Ready 2027", "country": "MY", "eligibility": CONDITION, **plan})
    by = officer(session, now=now) if officer_id is None else officer_id
    found = programmes.create(session, given, (definition or tiny()).questionnaire, by, now)
    found.state = state
    session.flush()
    return found


def member(
    session: Session, of: Programme, role: str, email: str = "", body: AssessingBody | None = None, now: datetime = NOW
) -> ProgrammeMember:
    """Somebody with a part in a programme; `role@programme.example` unless an address is given."""
    person = user(session, email or f"{role}@programme.example", now)
    return programmes.add_member(session, of, person, role, now, None if body is None else body.id)


def body(session: Session, of: Programme, name: str = "Institute of Standards") -> AssessingBody:
    found = AssessingBody(programme_id=of.id, name=name)
    session.add(found)
    session.flush()
    return found


def call(
    session: Session, of: Programme, now: datetime = NOW, days: int = 30, places: int | None = None
) -> ProgrammeCall:
    """A call that opened yesterday and closes in so many days."""
    opens, closes = (now - timedelta(days=1)).date().isoformat(), (now + timedelta(days=days)).date().isoformat()
    return programme_calls.add(session, of, CallPlan("First call", opens, closes, places), now)


def firm(
    session: Session, manager_id: int | None = None, name: str = "Kilang Padi Sdn Bhd", now: datetime = NOW, **more: Any
) -> tuple[int, int]:
    """A manufacturer of 42 people in Pulau Pinang, with a manager; returns the numbers of firm and manager."""
    given = {"country": "MY", "region": "MY-07", "isic_division": "26", "employees": 42, "ownership": "local", **more}
    manager = user(session, "manager@firm.example", now) if manager_id is None else manager_id
    return firms.register_for(session, manager, Particulars(name=name, **given), now).id, manager


def applied(
    session: Session,
    of: ProgrammeCall,
    firm_and_manager: tuple[int, int] | None = None,
    *,
    definition: Definition | None = None,
    profile: dict[str, ProfileValue] | None = None,
    now: datetime = NOW,
) -> ProgrammeCase:
    """A firm's case in a call, as the firm's manager applies: eligible, as its profile fits the usual condition."""
    number, manager = firm_and_manager or firm(session, now=now)
    applying = applications.open_application(session, manager, str(number), str(of.id), now, for_change=True)
    questionnaire = (definition or tiny()).questionnaire
    return applications.apply(session, applying, questionnaire, profile or FITTING, manager, now)


__all__ = ["OFFICER", "applied", "body", "call", "firm", "member", "officer", "programme", "user"]
