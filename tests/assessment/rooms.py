"""A workshop for tests: planned on the small questionnaire, started, with people in the room who vote."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from assessment import participants, votes, workshops
from assessment.tables import Workshop
from assessment.votes import Given
from assessment.workshop_access import Seat
from assessment.workshops import WorkshopPlan
from questionnaires.schema import Questionnaire
from tests.factories import NOW, tiny


@dataclass(frozen=True, slots=True)
class Room:
    """A running workshop, its links, and its people in the order of joining."""

    workshop: Workshop
    questionnaire: Questionnaire
    chair: str
    screen: str
    seats: tuple[Seat, ...]
    secrets: tuple[str, ...]


def room(
    session: Session,
    people: Mapping[str, int] | None = None,
    questionnaire: Questionnaire | None = None,
    user_id: int | None = None,
    **wanted: Any,
) -> Room:
    """A running workshop with so many people of each group: by default six of industry and five of government."""
    asked = questionnaire or tiny().questionnaire
    plan = WorkshopPlan(**{"name": "Harbour round", "questions": workshops.askable(asked)} | wanted)
    planned = workshops.plan(session, asked, plan, user_id, NOW)
    workshops.start(session, planned.workshop, NOW)
    joined = [
        participants.join(session, planned.workshop, group, "", NOW)
        for group, count in (people or {"industry": 6, "government": 5}).items()
        for _ in range(count)
    ]
    seats = tuple(Seat(each.participant, planned.workshop) for each in joined)
    return Room(planned.workshop, asked, planned.chair, planned.screen, seats, tuple(each.secret for each in joined))


def vote(
    session: Session, there: Room, number: int, values: Iterable[tuple[int, str, Any]], at: datetime = NOW
) -> None:
    """Let people vote in a round: (person, subject, value); persons count from 1."""
    for person, subject, value in values:
        votes.record_vote(session, there.seats[person - 1], there.questionnaire, Given(number, subject, value), at)
