"""What earlier workshops would say: hidden until round one is shown, heard only with evidence, one voice among many."""

import pytest
from sqlalchemy.orm import Session

from assessment import priority_rounds, room_priorities, rounds, silent_voice
from assessment.room_gaps import list_gaps
from assessment.silent_voice import SilentVoice
from assessment.tables import LearnedModel
from scoring.learning import Learned, to_record
from scoring.learning_gate import Gate, Margin, Reason
from scoring.learning_model import Model
from tests.assessment.priorities import as_listed, backwards, choose, first_round, room_with_list
from tests.assessment.rooms import Room
from tests.factories import NOW

TAU = Margin(0.5, 0.3, 0.2, 0.1, 0.3)


def taught(session: Session, there: Room, reason: Reason = "beats", workshops: int = 12) -> None:
    """Store a model by which gaps with more work come first, with its gate."""
    workshop = there.workshop
    instrument = f"{workshop.questionnaire_id}@{workshop.questionnaire_version}"
    model = Model(instrument, workshop.protocol, workshops, "", {"rule": 0.1, "days": -2.0, "cost": 0.5})
    record = to_record(Learned(model, Gate(reason, workshops, 10, 5, TAU, TAU), None))
    session.add(
        LearnedModel(
            instrument=instrument, protocol=workshop.protocol, number=1, record=record, record_sha256="", taught_by=[],
            looked_at=[], is_current=True, learned_at=NOW,
        )
    )  # fmt: skip
    session.flush()


def voice_of(session: Session, there: Room) -> SilentVoice | None:
    gaps, asked = list_gaps(session, there.workshop.id), room_priorities.priority_rounds(session, there.workshop.id)
    return silent_voice.build_voice(session, there.workshop, gaps, asked)


def voice(session: Session, there: Room) -> SilentVoice:
    found = voice_of(session, there)
    assert found is not None
    return found


def test_it_is_silent_until_round_one_has_been_shown(session: Session) -> None:
    there = room_with_list(session)
    taught(session, there)
    assert voice_of(session, there) is None
    priority_rounds.ask_best_worst(session, there.workshop, NOW)
    choose(session, there)
    assert voice_of(session, there) is None
    rounds.close_round(session, there.workshop, NOW)
    assert voice_of(session, there) is None
    rounds.reveal_round(session, there.workshop, NOW)
    assert voice(session, there).standing == "speaks"


def test_it_is_worth_five_people_beside_those_who_voted_and_says_why(session: Session) -> None:
    there = room_with_list(session)
    taught(session, there)
    first_round(session, there, lambda person, items: (as_listed if person <= 12 else backwards)(person, items))
    found = voice(session, there)
    assert (found.kappa, found.people) == (5, 24)
    assert found.weight == pytest.approx(5 / 29)
    assert found.tau == TAU
    assert len(found.said) == 10
    assert [said.room_place for said in found.said] == sorted(said.room_place for said in found.said)
    assert all(0 < len(said.reasons) <= 3 for said in found.said)
    assert sum(said.top for said in found.said) == pytest.approx(found.k)
    # Two groups against each other leave all gaps alike, so that one voice more decides.
    by_voice = sorted(found.said, key=lambda said: said.place_with_it)
    assert by_voice[0].place < by_voice[-1].place
    assert [said.place_with_it for said in found.said] != [said.room_place for said in found.said]


def test_a_room_of_one_mind_is_not_moved_by_it(session: Session) -> None:
    there = room_with_list(session)
    taught(session, there)
    first_round(session, there)
    assert all(said.place_with_it == said.room_place for said in voice(session, there).said)


def test_it_leaves_the_order_of_the_room_as_it_is(session: Session) -> None:
    there = room_with_list(session)
    first_round(session, there)
    taught(session, there)
    alone = [said.room_place for said in voice(session, there).said]
    found = priority_rounds.settle(session, there.workshop, NOW)
    assert sorted(each.place for each in found.order) == alone


@pytest.mark.parametrize(("reason", "workshops"), [("too_few", 4), ("does_not_beat", 12)])
def test_without_evidence_it_says_why_it_is_silent(session: Session, reason: Reason, workshops: int) -> None:
    there = room_with_list(session)
    taught(session, there, reason, workshops)
    first_round(session, there)
    found = voice(session, there)
    assert (found.standing, found.workshops, found.minimum, found.weight, found.said) == (reason, workshops, 10, 0, ())


def test_where_nothing_was_learned_there_are_none_of_ten_workshops(session: Session) -> None:
    there = room_with_list(session)
    first_round(session, there)
    found = voice(session, there)
    assert (found.standing, found.workshops, found.minimum) == ("too_few", 0, 10)


def test_the_rules_may_switch_it_off(session: Session) -> None:
    there = room_with_list(session, silent_voice=0)
    taught(session, there)
    first_round(session, there)
    found = voice(session, there)
    assert (found.standing, found.weight, found.said) == ("off", 0, ())


def test_of_fewer_than_five_people_it_says_nothing(session: Session) -> None:
    there = room_with_list(session)
    taught(session, there)
    first_round(session, there, people=[1, 2, 3, 4])
    assert voice_of(session, there) is None
