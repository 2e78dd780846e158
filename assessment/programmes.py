"""Programmes: opened by an officer, set up before the first firm applies, run by their members."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment import roles
from assessment.case_states import MEMBERS, OFFICER
from assessment.errors import N_, Forbidden, Invalid
from assessment.tables import Programme as Programme  # rooms above name the type by this module
from assessment.tables import ProgrammeMember
from assessment.texts import clean_name
from questionnaires.schema import Questionnaire

LEAST_THRESHOLD = 5


class NotAnOfficer(Forbidden):
    """Only officers open programmes; who is one is for those who run the service to say."""

    def __init__(self) -> None:
        super().__init__(N_("Only officers can open a programme. Ask those who run this service to make you one."))


class ThresholdTooLow(Invalid):
    """A cell of few firms tells of each of them."""

    def __init__(self) -> None:
        super().__init__(N_("Figures need at least %(least)d firms behind them. Choose more."), least=LEAST_THRESHOLD)


@dataclass(frozen=True, slots=True)
class ProgrammePlan:
    """What an officer says of a programme."""

    name: str
    country: str
    about: str = ""
    eligibility: Mapping[str, Any] | None = None
    size_scheme: str = "eu"
    targets: Mapping[str, int] | None = None
    threshold: int = 10
    response_days: int = 14


def create(
    session: Session, plan: ProgrammePlan, questionnaire: Questionnaire, user_id: int, now: datetime
) -> Programme:
    """Open a programme on a questionnaire version; who opens it is its first officer.

    Raises:
        NotAnOfficer: they are none.
        ThresholdTooLow: cells of fewer than five firms would be published.
    """
    if not may_open(session, user_id):
        raise NotAnOfficer
    if plan.threshold < LEAST_THRESHOLD:
        raise ThresholdTooLow
    programme = Programme(
        name=clean_name(plan.name),
        country=plan.country,
        about=plan.about,
        questionnaire_id=questionnaire.id,
        questionnaire_version=questionnaire.version,
        eligibility=None if plan.eligibility is None else dict(plan.eligibility),
        size_scheme=plan.size_scheme,
        targets=dict(plan.targets or {}),
        threshold=plan.threshold,
        response_days=plan.response_days,
        state="draft",
        created_at=now,
        changed_at=now,
    )
    session.add(programme)
    session.flush()
    add_member(session, programme, user_id, OFFICER, now)
    return programme


def add_member(
    session: Session, programme: Programme, user_id: int, role: str, now: datetime, body_id: int | None = None
) -> ProgrammeMember:
    """Give a person a part in a programme, once; an assessor belongs to an assessing body."""
    assert role in MEMBERS, role  # noqa: S101  pages offer no other
    query = select(ProgrammeMember).where(
        ProgrammeMember.programme_id == programme.id, ProgrammeMember.user_id == user_id, ProgrammeMember.role == role
    )
    member = session.scalars(query).one_or_none()
    if member is None:
        member = ProgrammeMember(programme_id=programme.id, user_id=user_id, role=role, added_at=now)
        session.add(member)
    member.body_id = body_id
    session.flush()
    return member


def list_programmes(session: Session, user_id: int) -> Sequence[tuple[Programme, str]]:
    """The programmes that a person is in, with what they are there; newest first."""
    query = select(Programme, ProgrammeMember.role).join(ProgrammeMember, ProgrammeMember.programme_id == Programme.id)
    mine = query.where(ProgrammeMember.user_id == user_id).order_by(Programme.id.desc(), ProgrammeMember.role)
    return [(programme, role) for programme, role in session.execute(mine)]


def may_open(session: Session, user_id: int) -> bool:
    """Whether a person may open a programme."""
    return roles.holds(session, user_id, roles.OFFICER) or roles.holds(session, user_id, roles.ADMIN)
