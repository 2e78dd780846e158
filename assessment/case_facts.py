"""What the page of a case is told of it, in one statement: its firm, call, people, and how its assessments stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, aliased

from assessment.case_states import ASSESSOR
from assessment.programme_access import OpenCase
from assessment.tables import Assessment, Firm, ProgrammeCall, ProgrammeCase, ProgrammeMember, User


@dataclass(frozen=True, slots=True)
class Assessed:
    """How an assessment of a case stands."""

    id: int
    state: str  # open | submitted
    submitted_at: datetime | None
    scores: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """Whose case it is, in which call, and who has to do with it."""

    firm: Firm
    call: str
    owner: str
    assessor: str
    said: Assessed | None
    found: Assessed | None  # by the assessor; not before it is handed in
    again: Assessed | None


def facts_of(session: Session, opened: OpenCase) -> CaseFacts:
    """What is behind the numbers of a case."""
    owning, owner, assessing, assessor = (
        aliased(ProgrammeMember),
        aliased(User),
        aliased(ProgrammeMember),
        aliased(User),
    )
    said, found, again = aliased(Assessment), aliased(Assessment), aliased(Assessment)
    columns: list[Any] = [Firm, ProgrammeCall.title, _called(owner), _called(assessor)]
    for each in (said, found, again):
        columns += [each.id, each.state, each.submitted_at, each.scores]
    query = (
        select(*columns)
        .select_from(ProgrammeCase)
        .join(Firm, Firm.id == ProgrammeCase.firm_id)
        .join(ProgrammeCall, ProgrammeCall.id == ProgrammeCase.call_id)
        .outerjoin(owning, owning.id == ProgrammeCase.owner_id)
        .outerjoin(owner, owner.id == owning.user_id)
        .outerjoin(assessing, assessing.id == ProgrammeCase.assessor_id)
        .outerjoin(assessor, assessor.id == assessing.user_id)
        .outerjoin(said, said.id == ProgrammeCase.assessment_id)
        .outerjoin(found, found.id == ProgrammeCase.verification_id)
        .outerjoin(again, again.id == ProgrammeCase.again_id)
        .where(ProgrammeCase.id == opened.case.id)
    )
    row = session.execute(query).one()
    assessed = [Assessed(*row[at : at + 4]) if row[at] is not None else None for at in (4, 8, 12)]
    is_handed_in = opened.case.handed_in_at is not None
    firm, call, owns, assesses = row[0], row[1], row[2], row[3]
    return CaseFacts(firm, call, owns, assesses, assessed[0], assessed[1] if is_handed_in else None, assessed[2])


def _called(person: type[User]) -> Any:
    return case((func.coalesce(person.name, "") != "", person.name), else_=func.coalesce(person.email, ""))


def list_assessors(session: Session, programme_id: int) -> Sequence[tuple[int, str]]:
    """The assessors of a programme, by what they are called."""
    called = _called(User)
    query = select(ProgrammeMember.id, called).join(User, User.id == ProgrammeMember.user_id)
    mine = query.where(ProgrammeMember.programme_id == programme_id, ProgrammeMember.role == ASSESSOR)
    return [(id, name) for id, name in session.execute(mine.order_by(called, ProgrammeMember.id))]
