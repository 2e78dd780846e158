"""Rehearsals: simulated people vote as phones do, the same each time, and never among real ones."""

import pytest
from sqlalchemy.orm import Session

from assessment import rehearsal, rounds
from assessment.rehearsal import NoRehearsal
from questionnaires.loader import load_definition
from tests.assessment.rooms import room
from tests.factories import NOW


def test_simulated_people_go_through_every_kind_of_round(session: Session) -> None:
    asked = load_definition("qi4tf").questionnaire
    there = room(session, {"industry": 0}, asked, is_rehearsal=True)
    rehearsal.let_in(session, there.workshop, 12, NOW)
    gaps = there.workshop.questions[:10]
    for kind in ("levels", "best_worst", "rating"):
        rounds.open_round(session, there.workshop, kind, gaps, NOW)  # type: ignore[arg-type]
        assert rehearsal.let_vote(session, there.workshop, asked, NOW) == 12
        found = rounds.reveal_round(session, there.workshop, NOW)
        assert found.result is not None
        assert found.result["voters"] == 12
    opinions = {(b["value"]["urgency"], b["value"]["feasibility"]) for b in found.result["ballots"]}
    assert len(opinions) > 3


def test_real_workshops_let_no_simulated_people_in(session: Session) -> None:
    there = room(session)
    with pytest.raises(NoRehearsal):
        rehearsal.let_in(session, there.workshop, 5, NOW)
    rounds.open_round(session, there.workshop, "levels", there.workshop.questions[:1], NOW)
    with pytest.raises(NoRehearsal):
        rehearsal.let_vote(session, there.workshop, there.questionnaire, NOW)


def test_after_talking_simulated_people_are_nearer_to_each_other(session: Session) -> None:
    asked = load_definition("qi4tf").questionnaire
    there = room(session, {"industry": 0}, asked, is_rehearsal=True)
    rehearsal.let_in(session, there.workshop, 40, NOW)
    spreads = []
    questions = [q for q in there.workshop.questions if len(asked.groups_of[q]) == 2][:8]
    rounds.open_round(session, there.workshop, "levels", questions, NOW)
    for _ in range(2):
        rehearsal.let_vote(session, there.workshop, asked, NOW)
        found = rounds.reveal_round(session, there.workshop, NOW).result
        assert found is not None
        spreads.append(sum(len(_levels(groups)) for groups in found["levels"].values()))
        if len(spreads) < 2:
            rounds.ask_again(session, there.workshop, NOW)
    assert spreads[1] < spreads[0]


def _levels(groups: dict[str, dict[str, int]]) -> set[str]:
    return {level for counts in groups.values() for level in counts if level.isdecimal()}
