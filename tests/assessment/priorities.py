"""A room that has settled where it stands, with a short list of gaps, and people who choose by their own order."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from assessment import priority_rounds, room_gaps, room_levels, rounds, votes
from assessment.tables import Round
from assessment.workshop_rules import WorkshopRules
from questionnaires.library import Definition
from questionnaires.loader import load_definition
from tests.assessment.rooms import Room, room, vote
from tests.factories import NOW

HALF_AND_HALF = {"industry": 12, "government": 12}
Order = Callable[[int, Sequence[str]], Sequence[str]]  # a person's own order of the gaps on the list


@lru_cache
def qi4tf() -> Definition:
    return load_definition("qi4tf")


def room_with_levels(
    session: Session,
    people: Mapping[str, int] | None = None,
    gaps: int = 12,
    questions: Sequence[str] = (),
    **rules: Any,
) -> Room:
    """A running workshop on so many questions of qi4tf, each settled on level 1."""
    asked = qi4tf().questionnaire
    chosen = tuple(questions) or tuple(asked.questions)[:gaps]
    there = room(session, people or HALF_AND_HALF, asked, questions=chosen, rules=WorkshopRules(**rules))
    there.workshop.seed = 1992  # else which gaps are contested is another thing at each run
    for question in chosen:
        room_levels.settle(session, there.workshop, asked, question, 1, "room", "", NOW)
    return there


def room_with_list(session: Session, people: Mapping[str, int] | None = None, gaps: int = 10, **rules: Any) -> Room:
    """The same with its list fixed: by default ten gaps of as many questions."""
    there = room_with_levels(session, people, gaps, **rules)
    room_gaps.fix_list(session, there.workshop, qi4tf(), NOW)
    return there


def as_listed(_person: int, items: Sequence[str]) -> Sequence[str]:
    """Everybody prefers the gaps in the order of the questionnaire."""
    return sorted(items, key=list(qi4tf().questionnaire.questions).index)


def backwards(person: int, items: Sequence[str]) -> Sequence[str]:
    return as_listed(person, items)[::-1]


def choose(session: Session, there: Room, order: Order = as_listed, people: Sequence[int] | None = None) -> None:
    """Let people answer all their screens, each by an order of their own; None of `people` is everybody."""
    asked = rounds.current(session, there.workshop.id)
    assert asked is not None
    for person in people or range(1, len(there.seats) + 1):
        preferred = order(person, asked.subjects)
        for number, screen in enumerate(votes.screens_of(asked, there.seats[person - 1]), 1):
            shown = sorted(screen, key=list(preferred).index)
            vote(session, there, asked.number, [(person, str(number), {"best": shown[0], "worst": shown[-1]})])


def first_round(session: Session, there: Room, order: Order = as_listed, people: Sequence[int] | None = None) -> Round:
    """Round one, from opening to reveal."""
    priority_rounds.ask_best_worst(session, there.workshop, NOW)
    choose(session, there, order, people)
    return rounds.reveal_round(session, there.workshop, NOW)


def rate(session: Session, there: Room, given: Callable[[int, str], tuple[int, int]]) -> Round:
    """A rating round, from opening to reveal: urgency and feasibility by person and gap."""
    opened = priority_rounds.ask_ratings(session, there.workshop, NOW)
    for person in range(1, len(there.seats) + 1):
        for gap in opened.subjects:
            urgency, feasibility = given(person, gap)
            vote(session, there, opened.number, [(person, gap, {"urgency": urgency, "feasibility": feasibility})])
    return rounds.reveal_round(session, there.workshop, NOW)
