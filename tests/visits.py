"""A programme with a firm whose self-assessment waits to be verified, and the people who have a part in it."""

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment import access, assessments, programme_access, programmes, roles, verifications
from assessment.access import MANAGER, Access
from assessment.case_states import ASSESSOR, COMMITTEE, FIRM, OFFICER, ON_SITE
from assessment.programme_access import OpenCase
from assessment.programmes import ProgrammePlan
from assessment.results import wishes_for
from assessment.tables import Assessment, Firm, Programme, ProgrammeCall, ProgrammeCase, ProgrammeMember, User
from tests.factories import NOW, save_answers, tiny

VISIT_DAY = NOW + timedelta(days=5)
SAID: dict[str, object] = {"skills.training": 3, "skills.languages": ["MES"], "machines.1": 2, "machines.2": "unknown"}


@dataclass
class Visited:
    """The numbers of what there is."""

    programme: int
    case: int
    firm: int
    said: int  # the self-assessment
    people: dict[str, int] = field(default_factory=dict)  # role -> account


def person(session: Session, email: str, name: str = "") -> int:
    found = session.scalars(select(User).where(User.email == email)).one_or_none()
    if found is None:
        found = User(email=email, name=name, created_at=NOW)
        session.add(found)
        session.flush()
    found.name = name or found.name
    session.flush()
    return found.id


def programme_of(session: Session, mark: str = "v", threshold: int = 10) -> tuple[Programme, dict[str, int]]:
    """A programme with an officer, an assessor and somebody in its committee."""
    officer = person(session, f"officer-{mark}@example.org")
    roles.grant(session, officer, roles.OFFICER, None, NOW)
    plan = ProgrammePlan("Industry 4WRD", "MY", threshold=threshold)
    programme = programmes.create(session, plan, tiny().questionnaire, officer, NOW)
    people = {OFFICER: officer}
    for role in (ASSESSOR, COMMITTEE):
        people[role] = person(session, f"{role}-{mark}@example.org", f"{role.title()} {mark.title()}")
        programmes.add_member(session, programme, people[role], role, NOW)
    return programme, people


def self_assessed(session: Session, firm: Firm, said: dict[str, object]) -> Assessment:
    """A firm's own assessment, submitted."""
    questionnaire = tiny().questionnaire
    row, _ = assessments.start(session, firm, questionnaire, {}, NOW)
    save_answers(session, row, questionnaire, said, "as we see it")
    assessments.submit(session, row, questionnaire, wishes_for(tiny(), {}), NOW)
    return row


def case_of(
    session: Session, programme: Programme, firm: Firm, said: Assessment | None, assessor: int | None
) -> ProgrammeCase:
    """A case on site, with its assessor where there is one."""
    call = session.scalars(select(ProgrammeCall).where(ProgrammeCall.programme_id == programme.id)).first()
    if call is None:
        call = ProgrammeCall(
            programme_id=programme.id, title="First", opens_on="2026-01-01", closes_on="2026-12-31", created_at=NOW
        )
        session.add(call)
        session.flush()
    mine = select(ProgrammeMember.id).where(ProgrammeMember.user_id == assessor, ProgrammeMember.role == ASSESSOR)
    case = ProgrammeCase(
        programme_id=programme.id,
        call_id=call.id,
        firm_id=firm.id,
        state=ON_SITE,
        assessment_id=said.id if said else None,
        assessor_id=session.scalar(mine),
        created_at=NOW,
        changed_at=NOW,
    )
    session.add(case)
    session.flush()
    return case


def set_up(session: Session, mark: str = "v", said: dict[str, object] | None = None) -> Visited:
    """A firm with a manager whose case is on site, and the people of the programme."""
    programme, people = programme_of(session, mark)
    firm = Firm(name=f"Acme {mark}", country="MY", created_at=NOW)
    session.add(firm)
    session.flush()
    people[FIRM] = person(session, f"firm-{mark}@example.org", f"Mara {mark.title()}")
    roles.grant(session, people[FIRM], MANAGER, firm.id, NOW)
    own = self_assessed(session, firm, said or SAID)
    case = case_of(session, programme, firm, own, people[ASSESSOR])
    return Visited(programme.id, case.id, firm.id, own.id, people)


def opened(session: Session, there: Visited, role: str) -> OpenCase:
    """The case in the hands of one of them."""
    return programme_access.open_case(session, there.case, there.people[role], as_role=role, for_change=True)


def verify(session: Session, there: Visited, found: dict[str, object], reason: str = "seen on the floor") -> str:
    """Start the visit, if need be, and verify some questions; returns the device's secret."""
    _, token = verifications.open_for(session, opened(session, there, ASSESSOR), VISIT_DAY)
    reached = access.open_by_key(session, token, for_change=True)
    who = Access(reached.assessment, reached.respondent_id, may_manage=False, name=reached.name)
    save_answers(session, reached.assessment, tiny().questionnaire, found, reason, who=who, now=VISIT_DAY)
    return token


def hand_in(session: Session, there: Visited) -> Assessment:
    return verifications.hand_in(session, opened(session, there, ASSESSOR), tiny().questionnaire, VISIT_DAY)


def many(session: Session, mark: str, firms: int, threshold: int = 10) -> Visited:
    """A programme with cases whose findings are handed in: firms of two sizes, the small ones overrating themselves."""
    programme, people = programme_of(session, mark, threshold)
    there = Visited(programme.id, 0, 0, 0, people)
    for number in range(firms):
        firm = Firm(name=f"{mark} {number}", country="MY", created_at=NOW)
        firm.employees, firm.isic_section = (5, "C") if number % 2 else (400, "G" if number < 4 else "C")
        session.add(firm)
        session.flush()
        own = self_assessed(session, firm, {"skills.training": 2 + number % 2, "machines.1": number % 3})
        there.case = case_of(session, programme, firm, own, people[ASSESSOR]).id
        level = 1 + number % 3 % 2 if number % 2 else 2
        verify(session, there, {"skills.training": level, "machines.1": number % 3})
        hand_in(session, there)
    return there
