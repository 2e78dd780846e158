"""A whole workshop for tests, made up through the domain: levels, gaps, two rounds on priorities, and a roadmap."""

import tempfile
from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app import upgrade
from app.database import Database
from assessment import participants, priority_rounds, rehearsal, room_actions, room_gaps, room_levels, rounds, workshops
from assessment.priority_rounds import NothingContested
from assessment.room_actions import Entered
from assessment.tables import Dissent, SettledLevel, Workshop
from assessment.workshop_record import record_of
from assessment.workshops import WorkshopPlan
from questionnaires.library import Definition
from questionnaires.loader import load_definition
from tests.factories import NOW

GROUPS = (
    {"id": "industry", "name": "Industry"},
    {"id": "government", "name": "Government"},
    {"id": "research", "name": "Research"},
)
FORTY = {"industry": 22, "government": 14, "research": 4}
AGENDA = (
    {"kind": "levels", "title": "Where we stand", "minutes": 90},
    {"kind": "priorities", "title": "What comes first", "minutes": 60},
    {"kind": "roadmap", "title": "Who does what by when", "minutes": 60},
)


def whole_workshop(
    session: Session,
    definition: Definition,
    people: Mapping[str, int] = FORTY,
    *,
    until: str = "roadmap",
    seed: int = 20261120,
    **wanted: Any,
) -> Workshop:
    """A workshop in which everything was done until levels, gaps, priorities or the roadmap."""
    asked = definition.questionnaire
    chosen = {"name": "Mango chain of the coast", "place": "Tanga", "country": "TZ", "day": "2026-11-20"}
    plan = WorkshopPlan(
        **{**chosen, "questions": workshops.askable(asked), "groups": GROUPS, "agenda": AGENDA} | wanted,
        is_rehearsal=True,
    )
    workshop = workshops.plan(session, asked, plan, None, NOW).workshop
    workshop.seed = seed
    workshops.start(session, workshop, NOW)
    for group, count in people.items():
        for _ in range(count):
            participants.seat(session, workshop, group, "Nick of the room", NOW, source=rehearsal.SOURCE)
    _levels(session, workshop, definition)
    if until in ("gaps", "priorities", "roadmap"):
        room_gaps.fix_list(session, workshop, definition, NOW)
    if until in ("priorities", "roadmap"):
        _priorities(session, workshop, definition)
    if until == "roadmap":
        _roadmap(session, workshop, definition)
    session.flush()
    return workshop


def _levels(session: Session, workshop: Workshop, definition: Definition) -> None:
    asked = definition.questionnaire
    rounds.open_round(session, workshop, "levels", workshop.questions, NOW)
    rehearsal.let_vote(session, workshop, asked, NOW)
    rounds.reveal_round(session, workshop, NOW + timedelta(minutes=60))
    levels = room_levels.levels_of(session, workshop, asked)
    for each in levels.questions:
        session.add(
            SettledLevel(
                workshop_id=workshop.id, question_id=each.question, level=each.suggested, how="votes", settled_at=NOW
            )
        )
    rounds.settle_round(session, workshop, NOW)


def _priorities(session: Session, workshop: Workshop, definition: Definition) -> None:
    later = NOW + timedelta(minutes=100)
    for ask in (priority_rounds.ask_best_worst, priority_rounds.ask_ratings):
        try:
            ask(session, workshop, later)
        except NothingContested:
            break  # a room that is sure has no second round
        rehearsal.let_vote(session, workshop, definition.questionnaire, later)
        rounds.reveal_round(session, workshop, later + timedelta(minutes=8))
        later += timedelta(minutes=20)
    priority_rounds.settle(session, workshop, later)


def _roadmap(session: Session, workshop: Workshop, definition: Definition) -> None:
    found = [gap for gap in room_gaps.list_gaps(session, workshop.id) if gap.agreed_place is not None]
    gaps = sorted(found, key=lambda each: each.agreed_place or 0)
    for place, gap in enumerate(gaps[:5]):
        for action in definition.actions:
            if action.question == gap.question_id and action.from_ <= gap.level < action.to:
                entered = Entered(
                    first_step="Call the three laboratories and agree on a day",
                    measure="Accredited methods on the public list",
                    owner=("Amina Juma", "Peter Mushi", "Grace Kimaro")[place % 3],
                    owner_email="owner@example.org",
                    group_id=("industry", "government")[place % 2],
                    due=f"2027-{4 + place:02d}-28",
                )
                room_actions.take_on(session, workshop, definition, action.id, entered, NOW)
    own = Entered(title="Meet every quarter", owner="Peter Mushi", group_id="government", due="2027-02-26")
    room_actions.write_own(session, workshop, gaps[0].question_id, own, NOW)
    for group, text in (
        ("industry", "The cost of testing must not fall on small growers."),
        ("research", "We would begin with calibration."),
    ):
        session.add(
            Dissent(
                workshop_id=workshop.id,
                question_id=gaps[0].question_id if group == "industry" else "",
                group_id=group,
                text=text,
                recorded_at=NOW,
            )
        )


@lru_cache
def forty() -> dict[str, Any]:
    """The record of a workshop of forty people on the shipped questionnaire; made once, and not to be changed."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'forty.db'}")
        upgrade.upgrade(database)
        definition = load_definition("qi4tf")
        with database.transaction() as session:
            record = record_of(session, whole_workshop(session, definition), definition)
        database.close()
    return record
