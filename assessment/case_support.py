"""What a programme's support could bring to one firm: the offers for the actions that would close its largest gaps."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from assessment import support_offers
from assessment.snapshots import Snapshot
from assessment.support_offers import Exchange, Match
from assessment.tables import Assessment, ProgrammeCase, SupportOffer
from questionnaires.answers import Answers
from questionnaires.library import Action, Definition
from scoring.gaps import Target, gaps
from scoring.readiness import readiness
from scoring.sizes import size_class

MOST_ACTIONS = 10


@dataclass(frozen=True, slots=True)
class CaseSupport:
    """The actions with offers, those of the largest gaps first; and every open offer of the programme."""

    actions: tuple[tuple[Action, tuple[Match, ...]], ...]
    offers: Sequence[SupportOffer]


def for_case(session: Session, case: ProgrammeCase, definition: Definition, today: str) -> CaseSupport:
    """Support for a case; before its firm has handed in, no action is known and only the offers are told."""
    offers = support_offers.list_open(session, case.programme_id, today)
    row = session.get(Assessment, case.assessment_id) if case.assessment_id and offers else None
    if row is None or row.frozen is None:
        return CaseSupport((), offers)
    snapshot = Snapshot.from_json(row.frozen)
    actions = next_actions(definition, snapshot.answers, snapshot.target)
    size = size_class(snapshot.answers.profile).size
    found = support_offers.matching(offers, actions, today, size, exchange_of(definition))
    return CaseSupport(tuple((each, found[each.id]) for each in actions if each.id in found), offers)


def next_actions(definition: Definition, answers: Answers, target: Target) -> tuple[Action, ...]:
    """The next action of each of the largest gaps, in their order."""
    questionnaire = definition.questionnaire
    found = []
    for gap in gaps(questionnaire, answers, readiness(questionnaire, answers), target):
        of_question = (a for a in definition.actions if a.question == gap.question and a.from_ <= gap.level < a.to)
        action = next(of_question, None)
        if action is not None:
            found.append(action)
        if len(found) == MOST_ACTIONS:
            break
    return tuple(found)


def exchange_of(definition: Definition) -> Exchange:
    """The definition's planning rates."""
    rates = definition.rates
    return Exchange({} if rates is None else {rates.base: 1.0, **rates.per})
