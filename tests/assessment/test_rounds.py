"""Rounds and votes: states in their order, one vote per person and subject, and results that never move."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from assessment import participants, rounds, workshop_access, workshop_events, workshops
from assessment.rounds import NotNow, RoundsUsedUp, RoundUnderWay, WorkshopNotRunning
from assessment.votes import NotAsked, NotOffered, RoundOver
from tests.assessment.rooms import room, vote
from tests.factories import NOW


def test_a_round_goes_from_open_to_settled_and_each_step_is_an_event(session: Session) -> None:
    there = room(session)
    question = there.workshop.questions[0]
    asked = rounds.open_round(session, there.workshop, "levels", [question], NOW)
    vote(session, there, 1, [(1, question, 2), (1, question, 1), (7, question, "unknown")])
    assert rounds.counter(session, asked) == (2, 11)
    rounds.close_round(session, there.workshop, NOW)
    rounds.reveal_round(session, there.workshop, NOW)
    rounds.discuss_round(session, there.workshop, NOW)
    rounds.settle_round(session, there.workshop, NOW)
    present = {"government": 5, "industry": 6}
    assert asked.result == {
        "voters": 2,
        "present": present,
        "levels": {question: {"government": {"unknown": 1}, "industry": {"1": 1}}},
    }
    kinds = [event.kind for event in workshop_events.since(session, there.workshop.id, 0)]
    assert kinds == ["planned", "started", "opened", "closed", "revealed", "discussed", "settled"]
    assert there.workshop.seq == len(kinds)


@pytest.mark.parametrize("step", [rounds.discuss_round, rounds.settle_round, rounds.reopen_round])
def test_steps_out_of_order_are_refused_and_change_nothing(session: Session, step) -> None:  # type: ignore[no-untyped-def]
    there = room(session)
    asked = rounds.open_round(session, there.workshop, "levels", there.workshop.questions[:1], NOW)
    before = there.workshop.seq
    with pytest.raises(NotNow):
        step(session, there.workshop, NOW)
    assert (asked.state, there.workshop.seq) == ("open", before)


def test_what_was_shown_is_never_taken_back(session: Session) -> None:
    there = room(session)
    rounds.open_round(session, there.workshop, "levels", there.workshop.questions[:1], NOW)
    rounds.reveal_round(session, there.workshop, NOW)
    with pytest.raises(NotNow):
        rounds.reopen_round(session, there.workshop, NOW)


def test_one_asking_at_a_time_and_none_before_the_start(session: Session) -> None:
    there = room(session)
    rounds.open_round(session, there.workshop, "levels", there.workshop.questions[:1], NOW)
    with pytest.raises(RoundUnderWay):
        rounds.open_round(session, there.workshop, "levels", there.workshop.questions[1:2], NOW)
    rounds.reveal_round(session, there.workshop, NOW)
    workshops.end(session, there.workshop, NOW)
    with pytest.raises(WorkshopNotRunning):
        rounds.ask_again(session, there.workshop, NOW)


def test_asking_again_keeps_the_first_numbers_and_ends_with_the_rules(session: Session) -> None:
    there = room(session)
    question = there.workshop.questions[0]
    first = rounds.open_round(session, there.workshop, "levels", [question], NOW)
    vote(session, there, 1, [(1, question, 0)])
    rounds.reveal_round(session, there.workshop, NOW)
    second = rounds.ask_again(session, there.workshop, NOW)
    vote(session, there, 2, [(1, question, 2)])
    rounds.reveal_round(session, there.workshop, NOW)
    rounds.ask_again(session, there.workshop, NOW)
    rounds.reveal_round(session, there.workshop, NOW)
    with pytest.raises(RoundsUsedUp):
        rounds.ask_again(session, there.workshop, NOW)
    assert first.result is not None
    assert first.result["levels"] == {question: {"industry": {"0": 1}}}
    assert (second.attempt, second.previous_id) == (2, first.id)


def test_votes_count_for_a_minute_after_closing_and_not_after_revealing(session: Session) -> None:
    there = room(session)
    question = there.workshop.questions[0]
    rounds.open_round(session, there.workshop, "levels", [question], NOW)
    rounds.close_round(session, there.workshop, NOW)
    vote(session, there, 1, [(1, question, 1)], NOW + timedelta(seconds=60))
    with pytest.raises(RoundOver):
        vote(session, there, 1, [(2, question, 1)], NOW + timedelta(seconds=61))
    rounds.reveal_round(session, there.workshop, NOW)
    with pytest.raises(RoundOver):
        vote(session, there, 1, [(2, question, 1)], NOW)


@pytest.mark.parametrize("value", [-1, 9, 1.0, True, "1", None, "", {"best": 1}, [1]])
def test_what_the_page_does_not_offer_is_refused(session: Session, value: object) -> None:
    there = room(session)
    question = there.workshop.questions[0]
    rounds.open_round(session, there.workshop, "levels", [question], NOW)
    with pytest.raises(NotOffered):
        vote(session, there, 1, [(1, question, value)])


def test_a_subject_or_round_that_is_not_asked_is_refused(session: Session) -> None:
    there = room(session)
    rounds.open_round(session, there.workshop, "levels", there.workshop.questions[:1], NOW)
    with pytest.raises(NotAsked):
        vote(session, there, 1, [(1, there.workshop.questions[1], 1)])
    with pytest.raises(NotAsked):
        vote(session, there, 7, [(1, there.workshop.questions[0], 1)])


def test_who_was_taken_out_of_the_room_counts_no_more(session: Session) -> None:
    there = room(session)
    question = there.workshop.questions[0]
    asked = rounds.open_round(session, there.workshop, "levels", [question], NOW)
    vote(session, there, 1, [(1, question, 1), (2, question, 2)])
    participants.remove(session, there.workshop, 1, NOW)
    rounds.reveal_round(session, there.workshop, NOW)
    present = {"government": 5, "industry": 5}
    assert asked.result == {"voters": 1, "present": present, "levels": {question: {"industry": {"2": 1}}}}
    with pytest.raises(workshop_access.SeatNotFound):
        workshop_access.open_seat(session, there.secrets[0])


def test_the_chair_is_the_link_or_the_account_and_a_stale_page_is_refused(session: Session) -> None:
    there = room(session)
    assert workshop_access.open_chair(session, there.chair) is there.workshop
    for key in (there.screen, there.secrets[0], str(there.workshop.id), "x"):
        with pytest.raises(workshop_access.WorkshopNotFound):
            workshop_access.open_chair(session, key)
    with pytest.raises(workshop_access.ScreenIsStale):
        workshop_access.open_chair(session, there.chair, for_change=True, seen=there.workshop.seq - 1)


def test_a_personal_code_brings_the_seat_to_another_phone_and_ends_the_old_link(session: Session) -> None:
    there = room(session)
    joined = participants.join(session, there.workshop, "industry", "Aisha", NOW)
    back = participants.come_back(session, there.workshop, joined.personal_code.lower())
    assert back.participant.id == joined.participant.id
    assert workshop_access.open_seat(session, back.secret).participant.nickname == "Aisha"
    with pytest.raises(workshop_access.SeatNotFound):
        workshop_access.open_seat(session, joined.secret)
