"""Where a room stands: only what was revealed, no group of fewer than five, and levels that the room settles."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from sqlalchemy.orm import Session

from assessment import room_askings, room_levels, rounds, workshop_events, workshops
from assessment.room_levels import NoSuchLevel, NoteMissing, NothingAgreed, NothingTicked, QuestionNotAsked
from assessment.rounds import RoundsUsedUp, RoundUnderWay, WorkshopNotRunning
from assessment.tables import Round, SettledLevel
from assessment.workshop_rules import WorkshopRules
from tests.assessment.rooms import Room, room, vote
from tests.factories import NOW

Q, OTHER, THIRD = "skills.training", "machines.1", "machines.2"


def asked(session: Session, there: Room, values: Mapping[str, Sequence[Any]], *, reveal: bool = True) -> Round:
    """A round on these questions: for each the answers of the people, in order; None says nothing."""
    opened = rounds.open_round(session, there.workshop, "levels", list(values), NOW)
    given = [(person, q, v) for q, each in values.items() for person, v in enumerate(each, 1) if v is not None]
    vote(session, there, opened.number, given)
    if reveal:
        rounds.reveal_round(session, there.workshop, NOW)
    return opened


def levels(session: Session, there: Room) -> room_levels.RoomLevels:
    return room_levels.levels_of(session, there.workshop, there.questionnaire)


@pytest.mark.parametrize("state", ["open", "closed"])
def test_nothing_is_seen_of_a_round_that_is_not_revealed(session: Session, state: str) -> None:
    there = room(session)
    asked(session, there, {Q: [1] * 11}, reveal=False)
    if state == "closed":
        rounds.close_round(session, there.workshop, NOW)
    found = levels(session, there).of(Q)
    assert (found.askings, found.item, found.suggested, found.is_agreed) == ((), None, None, False)


def test_what_is_worth_talking_about_comes_first_and_what_is_settled_or_unseen_last(session: Session) -> None:
    there = room(session)
    asked(session, there, {THIRD: [1] * 11, OTHER: [0] * 6 + [2] * 5, Q: [2] * 11})
    found = levels(session, there)
    assert [q.question for q in found.by_worth][:3] == [OTHER, THIRD, Q]
    assert [q.question for q in found.questions] == list(there.workshop.questions)
    assert [reason.code for reason in found.of(OTHER).item.reasons] == ["camps", "groups_differ"]  # type: ignore[union-attr]
    room_levels.settle(session, there.workshop, there.questionnaire, OTHER, 0, "votes", "", NOW)
    assert [q.question for q in levels(session, there).by_worth][-1] == OTHER


def test_the_suggestion_is_the_median_and_of_two_middle_votes_the_lower(session: Session) -> None:
    there = room(session, {"industry": 5, "government": 5})
    asked(session, there, {Q: [1] * 5 + [2] * 5})
    found = levels(session, there).of(Q)
    assert found.suggested == 1
    assert found.newest is not None
    assert (found.newest.asked, found.newest.votes.room.voted) == (10, 10)  # type: ignore[union-attr]


def test_settling_on_the_suggestion_rests_on_the_votes_and_anything_else_needs_a_note(session: Session) -> None:
    there = room(session)
    opened = asked(session, there, {Q: [2] * 11})
    command = (session, there.workshop, there.questionnaire, Q)
    with pytest.raises(NoteMissing):
        room_levels.settle(*command, 3, "votes", " ", NOW)
    with pytest.raises(NoteMissing):
        room_levels.settle(*command, None, "votes", "", NOW)
    room_levels.settle(*command, 2, "votes", "", NOW)
    row = session.query(SettledLevel).one()
    assert (row.level, row.how, row.round_id) == (2, "votes", opened.id)
    room_levels.settle(*command, 3, "votes", "The new plan began in March.", NOW)
    assert (row.level, row.how, row.round_id, row.note) == (3, "room", None, "The new plan began in March.")
    room_levels.settle(*command, None, "room", "Nobody here keeps count.", NOW)
    assert levels(session, there).of(Q).settled.level is None  # type: ignore[union-attr]
    events = [e.data for e in workshop_events.since(session, there.workshop.id, 0) if e.kind == "level"]
    assert [(e["question"], e["level"], e["how"]) for e in events] == [
        (Q, 2, "votes"),
        (Q, 3, "room"),
        (Q, None, "room"),
    ]


def test_a_level_is_recorded_for_a_room_that_never_voted(session: Session) -> None:
    there = room(session, {"industry": 0})
    room_levels.settle(session, there.workshop, there.questionnaire, Q, 1, "room", "", NOW)
    assert (session.query(SettledLevel).one().level, session.query(SettledLevel).one().how) == (1, "room")


@pytest.mark.parametrize(
    ("question", "level", "refusal"),
    [(Q, 4, NoSuchLevel), (Q, -1, NoSuchLevel), ("skills.share", 1, QuestionNotAsked), ("x", 1, QuestionNotAsked)],
)
def test_what_cannot_be_settled_is_refused(session: Session, question: str, level: int, refusal: type) -> None:
    there = room(session)
    with pytest.raises(refusal):
        room_levels.settle(session, there.workshop, there.questionnaire, question, level, "room", "", NOW)


def test_nothing_is_settled_after_the_end(session: Session) -> None:
    there = room(session)
    workshops.end(session, there.workshop, NOW)
    with pytest.raises(WorkshopNotRunning):
        room_levels.settle(session, there.workshop, there.questionnaire, Q, 1, "room", "", NOW)
    with pytest.raises(WorkshopNotRunning):
        room_levels.settle_agreed(session, there.workshop, there.questionnaire, [Q], NOW)


def test_what_is_agreed_is_settled_at_once_and_nothing_else(session: Session) -> None:
    there = room(session)
    asked(session, there, {Q: [2] * 11, OTHER: [0] * 6 + [2] * 5, THIRD: [1] * 10 + [2]})
    before = there.workshop.seq
    chosen = [Q, OTHER, "services.portal"]
    assert room_levels.settle_agreed(session, there.workshop, there.questionnaire, chosen, NOW) == 1
    assert {q: s.level for q, s in room_levels.settled(session, there.workshop.id).items()} == {Q: 2}
    assert there.workshop.seq == before + 1
    with pytest.raises(NothingAgreed):
        room_levels.settle_agreed(session, there.workshop, there.questionnaire, [Q, OTHER], NOW)


def test_the_agreement_that_counts_is_the_one_fixed_beforehand(session: Session) -> None:
    votes = [1] * 7 + [2] * 4
    strict, easy = (room(session, rules=WorkshopRules(agreement=least)) for least in (0.9, 0.3))
    for there, agreed in ((strict, False), (easy, True)):
        asked(session, there, {Q: votes})
        assert levels(session, there).of(Q).is_agreed is agreed


def test_contested_questions_are_asked_again_together_and_the_first_numbers_stay(session: Session) -> None:
    there = room(session)
    asked(session, there, {Q: [0] * 6 + [3] * 5, OTHER: [1] * 11, THIRD: [0] * 6 + [2] * 5})
    room_levels.settle(session, there.workshop, there.questionnaire, OTHER, 1, "votes", "", NOW)
    command = (session, there.workshop, there.questionnaire)
    again = room_levels.ask_again(*command, [THIRD, OTHER, Q, "services.portal"], NOW)
    assert (again.subjects, again.attempt, again.state) == ([Q, THIRD], 2, "open")
    with pytest.raises(RoundUnderWay):
        room_levels.ask_again(*command, [Q], NOW)
    vote(session, there, again.number, [(n, Q, 2) for n in range(1, 12)])
    assert len(levels(session, there).of(Q).askings) == 1
    rounds.reveal_round(session, there.workshop, NOW)
    first, second = levels(session, there).of(Q).askings
    assert (first.votes.room.counts, second.votes.room.counts) == ((6, 0, 0, 5), (0, 0, 11, 0))  # type: ignore[union-attr]
    with pytest.raises(NothingTicked):
        room_levels.ask_again(*command, [OTHER, "services.portal"], NOW)


def test_nothing_is_asked_more_often_than_was_fixed_beforehand(session: Session) -> None:
    there = room(session, rules=WorkshopRules(most_rounds=1))
    asked(session, there, {Q: [0] * 6 + [3] * 5})
    with pytest.raises(RoundsUsedUp):
        room_levels.ask_again(session, there.workshop, there.questionnaire, [Q], NOW)


def test_shares_of_all_questions_sum_to_one(session: Session) -> None:
    shares = room_askings.full_shares(room(session).questionnaire)
    assert sum(shares.values()) == pytest.approx(1)
    assert shares["services.portal"] > 0
