"""Cases wherever a test needs them: rows as they stand, and the people who have them open."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment import assessments, case_events, programme_access, programmes, roles
from assessment.access import MANAGER
from assessment.case_states import (
    ASSESSOR,
    COMMITTEE,
    FIRM,
    OFFICER,
    REASSESSED,
    VERIFIED,
    WITH_PLACE,
    due_on,
)
from assessment.programme_access import OpenCase
from assessment.programmes import ProgrammePlan
from assessment.results import wishes_for
from assessment.tables import Assessment, Firm, Programme, ProgrammeCall, ProgrammeCase, ProgrammeMember, User
from tests.factories import NOW, answered, tiny


@dataclass
class Run:
    """The numbers of a programme, its call, its first firm's case, and accounts and memberships by role."""

    programme: int
    call: int
    people: dict[str, int] = field(default_factory=dict)
    members: dict[str, int] = field(default_factory=dict)
    case: int = 0
    firm: int = 0


def person(session: Session, email: str, name: str = "") -> int:
    found = session.scalars(select(User).where(User.email == email)).one_or_none()
    if found is None:
        found = User(email=email, name=name, created_at=NOW)
        session.add(found)
        session.flush()
    return found.id


def run_programme(session: Session, mark: str = "p", places: int | None = None) -> Run:
    """A programme with one person in each role, and a call."""
    officer = person(session, f"officer-{mark}@example.org", "Omar Officer")
    roles.grant(session, officer, roles.OFFICER, None, NOW)
    made = programmes.create(session, ProgrammePlan("Industry 4WRD", "MY"), tiny().questionnaire, officer, NOW)
    made.state = "open"
    call = ProgrammeCall(
        programme_id=made.id,
        title="First",
        opens_on="2026-01-01",
        closes_on="2026-12-31",
        places=places,
        created_at=NOW,
    )
    session.add(call)
    session.flush()
    run = Run(made.id, call.id, {OFFICER: officer})
    mine = select(ProgrammeMember.id).where(ProgrammeMember.user_id == officer)
    run.members[OFFICER] = session.scalars(mine).one()
    for role in (ASSESSOR, COMMITTEE):
        run.people[role] = person(session, f"{role}-{mark}@example.org", f"{role.title()} Person")
        run.members[role] = join(session, run, run.people[role], role)
    return run


def join(session: Session, run: Run, user_id: int, role: str) -> int:
    return programmes.add_member(session, session.get_one(Programme, run.programme), user_id, role, NOW).id


def submitted(session: Session, firm: Firm) -> Assessment:
    """An assessment of the firm's own, submitted."""
    row, _ = assessments.start(session, firm, tiny().questionnaire, {}, NOW)
    answered(session, row, skills__training=2)
    assessments.submit(session, row, tiny().questionnaire, wishes_for(tiny(), {}), NOW)
    return row


def new_firm(session: Session, name: str, manager: int | None = None, **particulars: Any) -> Firm:
    firm = Firm(name=name, country="MY", created_at=NOW, **particulars)
    session.add(firm)
    session.flush()
    if manager is not None:
        roles.grant(session, manager, MANAGER, firm.id, NOW)
    return firm


def add_case(session: Session, run: Run, firm: Firm, state: str, **more: Any) -> ProgrammeCase:
    """A case in a state, without what went before."""
    moments = {"created_at": NOW, "changed_at": NOW, "due_on": due_on(state, NOW.date())}
    given = {"programme_id": run.programme, "call_id": run.call, "firm_id": firm.id, "state": state}
    case = ProgrammeCase(**{**given, **moments, **more})
    session.add(case)
    session.flush()
    return case


def case_in(session: Session, state: str, mark: str = "p", places: int | None = None) -> Run:
    """A programme with a firm whose case is in a state, with all that a case has on its way there."""
    run = run_programme(session, mark, places)
    run.people[FIRM] = person(session, f"firm-{mark}@example.org", "Mara Manager")
    firm = new_firm(session, f"Acme {mark}", run.people[FIRM])
    case = add_case(session, run, firm, state)
    run.case, run.firm = case.id, firm.id
    case_events.record(session, case, case_events.MOVED, NOW, by=FIRM, user_id=run.people[FIRM])
    if state in WITH_PLACE[1:]:
        case.assessment_id = submitted(session, firm).id
    if state in VERIFIED:
        visited(session, run, case)
    if state == REASSESSED:
        case.again_id = submitted(session, firm).id
    session.flush()
    return run


def visited(session: Session, run: Run, case: ProgrammeCase) -> None:
    """The case has an assessor, whose findings are handed in, and the firm has said that it has nothing to say."""
    case.assessor_id = run.members[ASSESSOR]
    firm = session.get_one(Firm, case.firm_id)
    found = submitted(session, firm)
    found.verifies_id = case.assessment_id
    case.verification_id = found.id
    case.handed_in_at, case.responded_at, case.response = NOW, NOW, {}
    session.flush()


def opened(session: Session, run: Run, role: str, case: int | None = None) -> OpenCase:
    """The case in the hands of one of them."""
    return programme_access.open_case(session, case or run.case, run.people[role], as_role=role, for_change=True)


LATER = NOW + timedelta(days=1)
