"""Copies of workshops: for the next one, as a template, as a rehearsal, or to ask the same people again."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment import workshops
from assessment.errors import N_, Conflict
from assessment.tables import Workshop, WorkshopGap
from assessment.workshop_rules import WorkshopRules
from assessment.workshops import Planned, WorkshopPlan
from questionnaires.schema import Questionnaire


class NothingAgreed(Conflict):
    """Asking again after half a year is about the gaps that were agreed."""

    def __init__(self) -> None:
        super().__init__(N_("No priorities were agreed in this workshop, so there is nothing to ask again."))


def plan_of(workshop: Workshop, name: str = "") -> WorkshopPlan:
    """What was planned, as a plan for another; its day is left open."""
    return WorkshopPlan(
        name=name or workshop.name,
        questions=workshop.questions,
        groups=workshop.groups,
        place=workshop.place,
        country=workshop.country,
        language=workshop.language,
        agenda=workshop.agenda,
        rules=WorkshopRules.from_json(workshop.rules),
        door=workshop.door if workshop.door != "closed" else "open",
        teaches=workshop.teaches,
    )


def plan_as_it_is(workshop: Workshop) -> WorkshopPlan:
    """The plan to change it, or to read it."""
    return replace(plan_of(workshop), day=workshop.day, door=workshop.door, is_rehearsal=workshop.is_rehearsal)


def copy(
    session: Session,
    workshop: Workshop,
    questionnaire: Questionnaire,
    name: str,
    user_id: int | None,
    now: datetime,
    *,
    is_template: bool = False,
) -> Planned:
    """The same plan again, on the same version of the questionnaire; nobody and no vote comes along."""
    planned = workshops.plan(session, questionnaire, plan_of(workshop, name), user_id, now)
    planned.workshop.copied_from_id, planned.workshop.is_template = workshop.id, is_template
    return planned


def ask_after_months(
    session: Session, workshop: Workshop, questionnaire: Questionnaire, name: str, user_id: int | None, now: datetime
) -> Planned:
    """A short workshop that asks the agreed gaps again, to see what has moved.

    Raises:
        NothingAgreed
    """
    agreed = session.scalars(
        select(WorkshopGap.question_id).where(
            WorkshopGap.workshop_id == workshop.id, WorkshopGap.agreed_place.is_not(None)
        )
    ).all()
    if not agreed:
        raise NothingAgreed
    planned = copy(session, workshop, questionnaire, name, user_id, now)
    row = planned.workshop
    row.questions = [q for q in row.questions if q in set(agreed)]
    row.agenda, row.follows_id, row.teaches = [], workshop.id, False
    return planned
