"""Workshops that have ended, with a private first round in which people chose by rules that the test knows."""

import math
import random
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from assessment import room_gaps, room_levels, rounds, votes, workshops
from assessment.tables import Vote, Workshop, WorkshopGap
from questionnaires.library import Definition
from questionnaires.loader import load_definition
from scoring.past_workshops import GapFeatures
from tests.assessment.rooms import Room, room
from tests.factories import NOW

GROUPS = {"industry": 7, "government": 6}
QUESTIONS, LISTED = 12, 8
Worth = Callable[[GapFeatures], float]  # how much people want a gap closed, apart from their own taste


@lru_cache
def qi4tf() -> Definition:
    return load_definition("qi4tf")


def instrument() -> str:
    return qi4tf().questionnaire.reference


def by_rule(gap: GapFeatures) -> float:
    return 100 * gap.size * gap.weight


def quick_first(gap: GapFeatures) -> float:
    """What takes few staff days comes first, whatever gap and weight say."""
    return -3 * math.log(1 + (gap.days or 0))


def taught(
    session: Session,
    number: int,
    worth: Worth = quick_first,
    people: Mapping[str, int] | None = None,
    now: datetime = NOW,
    **wanted: Any,
) -> Workshop:
    """The number-th workshop of a series: levels settled, list fixed, first round revealed, ended."""
    there, draw = with_list(session, number, people, **wanted), random.Random(number)
    asked = rounds.open_round(session, there.workshop, "best_worst", _listed(session, there.workshop), now)
    features = {row.question_id: GapFeatures(**row.features) for row in room_gaps.list_gaps(session, there.workshop.id)}
    rows = []
    for seat in there.seats:
        liking = {q: worth(features[q]) + draw.gauss(0, 0.7) for q in sorted(asked.subjects)}
        for screen, shown in enumerate(votes.screens_of(asked, seat), 1):
            value = {"best": max(shown, key=liking.__getitem__), "worst": min(shown, key=liking.__getitem__)}
            who = {"round_id": asked.id, "participant_id": seat.participant.id}
            rows.append(who | {"subject": str(screen), "value": value, "recorded_at": now})
    if rows:
        session.execute(insert(Vote), rows)
    rounds.reveal_round(session, there.workshop, now)
    workshops.end(session, there.workshop, now)
    return there.workshop


def with_list(session: Session, number: int, people: Mapping[str, int] | None = None, **wanted: Any) -> Room:
    """A running workshop with a list of eight gaps, on twelve questions of its own of qi4tf."""
    asked, draw = qi4tf().questionnaire, random.Random(1000 + number)
    chosen = sorted(draw.sample(workshops.askable(asked), QUESTIONS), key=list(asked.questions).index)
    there = room(session, GROUPS if people is None else people, asked, **{"questions": chosen} | wanted)
    there.workshop.seed = number
    for question in chosen:
        room_levels.settle(session, there.workshop, asked, question, draw.randint(0, 3), "room", "", NOW)
    found = room_gaps.short_list(session, there.workshop, asked)
    off = {gap.question: room_gaps.Choice(False, gap.wanted, "later") for gap in found.listed[LISTED:]}
    room_gaps.change_list(session, there.workshop, asked, off, NOW)
    room_gaps.fix_list(session, there.workshop, qi4tf(), NOW)
    return there


def _listed(session: Session, workshop: Workshop) -> list[str]:
    rows: list[WorkshopGap] = list(room_gaps.list_gaps(session, workshop.id))
    return [row.question_id for row in rows if row.is_listed]
