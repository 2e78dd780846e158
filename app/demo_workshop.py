"""A workshop for the demo: a rehearsal with simulated people, as it stands once the first priorities are shown."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from app.database import Database
from app.workshop_doors import Workshop
from assessment import rehearsal, room_gaps, room_levels, rounds, users, workshop_access, workshops
from assessment.access import token_sha256
from assessment.errors import N_, NotFound
from assessment.workshops import WorkshopPlan
from questionnaires.library import Definition
from questionnaires.schema import Questionnaire

CHAIR = "demo-workshop-000000000000000000"  # fixed, as the links of the demo's firms are
LABEL = N_("Workshop on food exports: what 24 simulated people put first")
NAME = "Sunflower oil for export (rehearsal)"
PEOPLE = 24
QUESTIONS = 30  # of 93: what a morning has time for
AGENDA = (
    {"title": "Where we stand: each group answers", "minutes": 25},
    {"title": "What comes first: private choices", "minutes": 10},
    {"title": "Talk about what is contested, second round", "minutes": 40},
    {"title": "The roadmap: who, when, the first step", "minutes": 20},
)


def link() -> tuple[str, str]:
    """What the home page of the demo shows."""
    return LABEL, f"/w/{CHAIR}"


def seed(database: Database, definition: Definition, account: str) -> None:
    """Hold the first half of the workshop, unless it is there already; the account leads it."""
    with database.transaction() as session:
        try:
            workshop_access.open_chair(session, CHAIR)
        except NotFound:
            _hold(session, definition, account)


def _hold(session: Session, definition: Definition, account: str) -> None:
    now, questionnaire = datetime.now(UTC), definition.questionnaire
    leader = users.find(session, account)
    plan = WorkshopPlan(
        NAME,
        _questions(questionnaire),
        tuple({"id": id, "name": name} for id, name in questionnaire.groups.items()) or workshops.DEFAULT_GROUPS,
        place="Dodoma",
        country="TZ",
        agenda=AGENDA,
        is_rehearsal=True,
    )
    workshop = workshops.plan(session, questionnaire, plan, leader.id if leader else None, now).workshop
    workshop.chair_sha256, workshop.seed = token_sha256(CHAIR), 2019  # the year of the first workshop of this kind
    workshops.start(session, workshop, now)
    rehearsal.let_in(session, workshop, PEOPLE, now)
    _ask(session, workshop, questionnaire, "levels", list(workshop.questions), now)
    for each in room_levels.levels_of(session, workshop, questionnaire).questions:
        room_levels.settle(session, workshop, questionnaire, each.question, each.suggested, "votes", "", now)
    listed = room_gaps.fix_list(session, workshop, definition, now)
    _ask(session, workshop, questionnaire, "best_worst", [gap.question for gap in listed.listed], now)


def _questions(questionnaire: Questionnaire) -> list[str]:
    """Every third question, so that each part of the questionnaire is there."""
    return list(workshops.askable(questionnaire))[::3][:QUESTIONS]


def _ask(
    session: Session,
    workshop: Workshop,
    questionnaire: Questionnaire,
    kind: rounds.Kind,
    subjects: list[str],
    now: datetime,
) -> None:
    rounds.open_round(session, workshop, kind, subjects, now)
    rehearsal.let_vote(session, workshop, questionnaire, now)
    rounds.reveal_round(session, workshop, now)
