"""Workshops: planned on a questionnaire version, started by fixed rules, ended, and copied for the next one."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assessment import learning_orders, workshop_events
from assessment.access import new_token, token_sha256
from assessment.errors import N_, Conflict, Invalid
from assessment.tables import Workshop, WorkshopFacilitator
from assessment.texts import clean_name
from assessment.workshop_access import WorkshopNotFound, new_code
from assessment.workshop_rules import PROTOCOL, WorkshopRules
from questionnaires.schema import Questionnaire

DOORS = ("open", "invited", "closed")
DEFAULT_GROUPS = (
    {"id": "industry", "name": N_("People from industry")},
    {"id": "government", "name": N_("People from government")},
)
MOST_GROUPS = 6


class NameMissing(Invalid):
    """People find a workshop by its name."""

    def __init__(self) -> None:
        super().__init__(N_("Enter a name for the workshop."))


class NothingToAsk(Invalid):
    """A workshop asks at least one question with a ladder of levels."""

    def __init__(self) -> None:
        super().__init__(N_("Choose at least one section to ask."))


class AlreadyStarted(Conflict):
    """What was fixed beforehand stays as it is."""

    def __init__(self) -> None:
        super().__init__(N_("The workshop has started: its questions, groups and rules stay as they are."))


class AlreadyEnded(Conflict):
    """A workshop ends once."""

    def __init__(self) -> None:
        super().__init__(N_("The workshop has ended. Copy it to hold it again."))


@dataclass(frozen=True, slots=True)
class WorkshopPlan:
    """What a facilitator decides before the start."""

    name: str
    questions: Sequence[str]
    groups: Sequence[Mapping[str, str]] = DEFAULT_GROUPS
    place: str = ""
    country: str = ""
    day: str = ""
    language: str = "en"
    agenda: Sequence[Mapping[str, Any]] = ()
    rules: WorkshopRules = field(default_factory=WorkshopRules)
    door: str = "open"
    teaches: bool = True
    is_rehearsal: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """A new workshop, and the secrets of its chair's and its screen's links, which are not kept."""

    workshop: Workshop
    chair: str
    screen: str


def plan(
    session: Session, questionnaire: Questionnaire, wanted: WorkshopPlan, user_id: int | None, now: datetime
) -> Planned:
    """Plan a workshop on this version of a questionnaire.

    Raises:
        NameMissing, NothingToAsk, Invalid: what was entered cannot be used.
    """
    chair, screen = new_token(), new_token()
    workshop = Workshop(
        user_id=user_id,
        questionnaire_id=questionnaire.id,
        questionnaire_version=questionnaire.version,
        chair_sha256=token_sha256(chair),
        screen_sha256=token_sha256(screen),
        seed=secrets.randbelow(2**31),
        state="planned",
        seq=0,
        screen={},
        is_template=False,
        created_at=now,
    )
    _write(workshop, questionnaire, wanted)
    session.add(workshop)
    session.flush()
    if user_id is not None:
        session.add(WorkshopFacilitator(workshop_id=workshop.id, user_id=user_id, added_at=now))
    workshop_events.note(session, workshop, "planned", now)
    return Planned(workshop, chair, screen)


def change(
    session: Session, workshop: Workshop, questionnaire: Questionnaire, wanted: WorkshopPlan, now: datetime
) -> None:
    """Change the plan of a workshop that has not started.

    Raises:
        AlreadyStarted
        NameMissing, NothingToAsk, Invalid: what was entered cannot be used.
    """
    if workshop.state != "planned":
        raise AlreadyStarted
    _write(workshop, questionnaire, wanted)
    workshop_events.note(session, workshop, "changed", now)


def _write(workshop: Workshop, questionnaire: Questionnaire, wanted: WorkshopPlan) -> None:
    wanted.rules.check()
    if not clean_name(wanted.name):
        raise NameMissing
    questions = [q for q in askable(questionnaire) if q in set(wanted.questions)]
    if not questions:
        raise NothingToAsk
    if not 1 <= len(wanted.groups) <= MOST_GROUPS or wanted.door not in DOORS:
        raise Invalid(N_("Name 1 to %(most)d groups."), most=MOST_GROUPS)
    workshop.name, workshop.place = clean_name(wanted.name), clean_name(wanted.place)
    workshop.country, workshop.day, workshop.language = wanted.country, wanted.day, wanted.language
    workshop.questions, workshop.groups = questions, [dict(group) for group in wanted.groups]
    workshop.agenda, workshop.rules = [dict(item) for item in wanted.agenda], wanted.rules.as_json()
    workshop.door, workshop.teaches, workshop.is_rehearsal = wanted.door, wanted.teaches, wanted.is_rehearsal


def askable(questionnaire: Questionnaire) -> tuple[str, ...]:
    """The questions that a room can settle: those with a ladder of levels, in the order of the file."""
    return tuple(q.id for q in questionnaire.questions.values() if q.levels)


def start(session: Session, workshop: Workshop, now: datetime) -> None:
    """Let people in; from here on questions, groups and rules stay as they are.

    Raises:
        AlreadyStarted, AlreadyEnded
    """
    if workshop.state != "planned":
        raise AlreadyStarted if workshop.state == "running" else AlreadyEnded
    workshop.state, workshop.started_at, workshop.protocol = "running", now, PROTOCOL
    if workshop.code is None:
        give_code(session, workshop)
    workshop_events.note(session, workshop, "started", now)


def give_code(session: Session, workshop: Workshop) -> None:
    """Give the workshop a code that no other has now."""
    while True:
        try:
            with session.begin_nested():
                workshop.code = new_code()
                session.flush()
        except IntegrityError:
            continue
        return


def set_door(session: Session, workshop: Workshop, door: str, now: datetime) -> None:
    """Open the door, leave it to those on the list, or close it.

    Raises:
        Invalid: there is no such door.
        AlreadyEnded
    """
    if door not in DOORS:
        raise Invalid(N_("Choose whether the door is open, for those invited, or closed."))
    if workshop.state == "ended":
        raise AlreadyEnded
    workshop.door = door
    workshop_events.note(session, workshop, "door", now, door=door)


def end(session: Session, workshop: Workshop, now: datetime) -> None:
    """End it: its code is free again, nothing is asked any more, and what it teaches will be learned.

    Raises:
        AlreadyEnded
    """
    if workshop.state == "ended":
        raise AlreadyEnded
    workshop.state, workshop.ended_at, workshop.code = "ended", now, None
    workshop_events.note(session, workshop, "ended", now)
    learning_orders.order_after(session, workshop, now)


def get(session: Session, number: int) -> Workshop:
    """One workshop by its number, for who runs the service.

    Raises:
        WorkshopNotFound
    """
    found = session.get(Workshop, number)
    if found is None:
        raise WorkshopNotFound
    return found


def list_workshops(session: Session, user_id: int) -> Sequence[Workshop]:
    """The workshops a person leads or helps to lead, the newest first."""
    helps = exists().where(WorkshopFacilitator.workshop_id == Workshop.id, WorkshopFacilitator.user_id == user_id)
    query = select(Workshop).where(or_(Workshop.user_id == user_id, helps))
    return session.scalars(query.order_by(Workshop.created_at.desc(), Workshop.id.desc())).all()
