"""Who may see and do what in a programme: by what a person is in it. A firm sees its own case, and no other."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from assessment.access import MANAGER, NUMBER
from assessment.case_states import ANALYST, ASSESSOR, COMMITTEE, FIRM, OFFICER
from assessment.errors import N_, Conflict, Forbidden, NotFound
from assessment.tables import Assessment, Programme, ProgrammeCase, ProgrammeMember, Respondent, Role


class ProgrammeNotFound(NotFound):
    """No programme has this number, or it is not this person's: one answer for both."""

    def __init__(self) -> None:
        super().__init__(N_("There is no such programme in your account. Choose one from the list."))


class CaseNotFound(NotFound):
    """No case has this number, or it is not this person's: one answer for both."""

    def __init__(self) -> None:
        super().__init__(N_("There is no such case in your account. Choose one from the list."))


class NotYours(Forbidden):
    """The person is in the programme, and this is for somebody else there."""

    def __init__(self) -> None:
        super().__init__(N_("This is not yours to do in this programme. Ask an officer of the programme."))


class HasInterest(Forbidden):
    """Nobody decides about a firm in which they have a part."""

    def __init__(self) -> None:
        super().__init__(N_("You have a part in this firm, so somebody else has to do this. Tell another officer."))


class CaseHasMoved(Conflict):
    """The case has moved on since the page was made."""

    def __init__(self) -> None:
        super().__init__(N_("This case has moved on since the page was shown. Look at it as it is now, then go on."))


@dataclass(frozen=True, slots=True)
class Membership:
    """A programme, and what a person is in it: their memberships by role."""

    programme: Programme
    user_id: int
    by_role: dict[str, ProgrammeMember]

    def member(self, *roles: str) -> ProgrammeMember:
        """The person's membership in the first of these roles that they have.

        Raises:
            NotYours: they have none of them.
        """
        found = next((self.by_role[role] for role in roles if role in self.by_role), None)
        if found is None:
            raise NotYours
        return found

    def has(self, *roles: str) -> bool:
        return any(role in self.by_role for role in roles)


def open_programme(
    session: Session, number: str | int, user_id: int, *roles: str, for_change: bool = False
) -> Membership:
    """The programme for somebody who is in it, in any of `roles` where some are named.

    Raises:
        ProgrammeNotFound: there is none, or they are not in it.
        NotYours: they are in it as something else.
    """
    if not NUMBER.fullmatch(str(number)):
        raise ProgrammeNotFound
    query = select(Programme).where(Programme.id == int(number))
    programme = session.scalars(query.with_for_update() if for_change else query).one_or_none()
    mine = ProgrammeMember.programme_id == int(number), ProgrammeMember.user_id == user_id
    members = {member.role: member for member in session.scalars(select(ProgrammeMember).where(*mine))}
    if programme is None or not members:
        raise ProgrammeNotFound
    found = Membership(programme, user_id, members)
    if roles:
        found.member(*roles)
    return found


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case in somebody's hands: their part in it, and their membership where it is one.

    `parts` are all that they have in it; `role` is the one in which they act.
    """

    case: ProgrammeCase
    programme: Programme
    role: str  # firm | officer | assessor | committee
    member: ProgrammeMember | None
    user_id: int
    parts: Mapping[str, ProgrammeMember | None] = field(default_factory=dict)

    def acting(self, *roles: str) -> "OpenCase":
        """The same in the first of these roles that they have.

        Raises:
            NotYours: they have none of them.
        """
        parts = self.parts or {self.role: self.member}
        found = next((role for role in roles if role in parts), None)
        if found is None:
            raise NotYours
        return replace(self, role=found, member=parts[found])


def open_case(
    session: Session,
    number: str | int,
    user_id: int,
    *,
    as_role: str = "",
    for_change: bool = False,
    seen: int | None = None,
) -> OpenCase:
    """A case, for a manager of its firm, an officer or committee member of its programme, or its own assessor.

    A person who is several of these is the first of officer, committee and assessor, or `as_role`; a manager of the
    firm is nothing else in its case, so that nobody decides about their own firm or reads what is written of it there.
    Analysts open no case. `seen` is the version that they had in front of them.

    Raises:
        CaseNotFound: there is none, or not for this person.
        CaseHasMoved: something has happened since `seen`.
    """
    if not NUMBER.fullmatch(str(number)):
        raise CaseNotFound
    query = select(ProgrammeCase, Programme, _manages(user_id))
    query = query.join(Programme, Programme.id == ProgrammeCase.programme_id).where(ProgrammeCase.id == int(number))
    found = session.execute(query.with_for_update(of=ProgrammeCase) if for_change else query).one_or_none()
    if found is None:
        raise CaseNotFound
    case, programme, manages = found
    parts = {FIRM: None} if manages else _parts(session, case, user_id)
    part = as_role or next((role for role in (OFFICER, COMMITTEE, ASSESSOR, FIRM) if role in parts), "")
    if part not in parts:
        raise CaseNotFound
    if seen is not None and seen != case.version:
        raise CaseHasMoved
    return OpenCase(case, programme, part, parts[part], user_id, parts)


def _manages(user_id: int) -> ColumnElement[bool]:
    return exists().where(Role.firm_id == ProgrammeCase.firm_id, Role.user_id == user_id, Role.role == MANAGER)


def _parts(session: Session, case: ProgrammeCase, user_id: int) -> Mapping[str, ProgrammeMember | None]:
    mine = ProgrammeMember.programme_id == case.programme_id, ProgrammeMember.user_id == user_id
    members = session.scalars(select(ProgrammeMember).where(*mine, ProgrammeMember.role != ANALYST)).all()
    return {m.role: m for m in members if m.role != ASSESSOR or m.id == case.assessor_id}


def has_interest(session: Session, user_id: int, firm_id: int) -> bool:
    """Whether a person has a part in a firm, so that they may neither verify nor endorse it: a role, or an answer."""
    in_firm = exists().where(Role.firm_id == firm_id, Role.user_id == user_id)
    # What an assessor found is an assessment too, and makes nobody a part of the firm.
    assessments = select(Assessment.id).where(Assessment.firm_id == firm_id, Assessment.verifies_id.is_(None))
    answered = exists().where(Respondent.user_id == user_id, Respondent.assessment_id.in_(assessments))
    return bool(session.scalar(select(in_firm | answered)))


__all__ = [
    "ANALYST", "ASSESSOR", "COMMITTEE", "FIRM", "OFFICER", "CaseHasMoved", "CaseNotFound", "HasInterest",
    "Membership", "NotYours", "OpenCase", "ProgrammeNotFound", "has_interest", "open_case", "open_programme",
]  # fmt: skip
