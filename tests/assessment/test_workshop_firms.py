"""Firms in a workshop: counted by five or more, once each, taken back, and never told apart by what differs."""

from collections.abc import Iterable

import pytest
from sqlalchemy.orm import Session

from assessment import assessments, room_levels, rounds, workshop_events, workshop_firms, workshops
from assessment.report_orders import NotSubmitted
from assessment.rounds import WorkshopNotRunning
from assessment.tables import Assessment, FirmBatch, Workshop, WorkshopFirm
from assessment.workshop_firms import OtherQuestionnaire, TooFewFirms, WorkshopOver
from scoring.roadmap import Wishes
from tests.assessment.rooms import Room, room, vote
from tests.factories import NOW, answered, started, tiny

Q, OTHER = "skills.training", "machines.1"


def firm(session: Session, level: int | str | None, other: int | str | None = None) -> Assessment:
    """A firm's submitted assessment."""
    found, _ = started(session)
    values = {"skills__training": level, "machines__1": other}
    answered(session, found, **{name: value for name, value in values.items() if value is not None})
    assessments.submit(session, found, tiny().questionnaire, Wishes(), NOW)
    return found


def brought(session: Session, there: Room, levels: Iterable[int | str | None]) -> list[Assessment]:
    found = [firm(session, level, 1) for level in levels]
    for each in found:
        workshop_firms.bring(session, there.workshop, each, NOW)
    return found


def take_in(session: Session, there: Room) -> int:
    return workshop_firms.take_in(session, there.workshop, there.questionnaire, NOW)


def counts(session: Session, there: Room, question: str = Q) -> tuple[int, ...] | None:
    found = workshop_firms.firm_levels(session, there.workshop).get(question)
    return found.counts if found else None


def test_four_firms_are_never_shown_and_five_only_once_they_are_taken_in(session: Session) -> None:
    there = room(session)
    brought(session, there, [0, 1, 2, 3])
    with pytest.raises(TooFewFirms):
        take_in(session, there)
    brought(session, there, [3])
    assert counts(session, there) is None
    assert take_in(session, there) == 5
    assert counts(session, there) == (1, 1, 1, 2)
    told = workshop_firms.firms_brought(session, there.workshop)
    assert (told.firms, told.new, told.may_take_in) == (5, 0, False)
    data = [e.data for e in workshop_events.since(session, there.workshop.id, 0) if e.kind == "firms"]
    assert data == [{"batch": 1, "firms": 5}]


def test_the_sixth_firm_is_not_told_by_what_its_coming_changes(session: Session) -> None:
    there = room(session)
    brought(session, there, [0] * 5)
    take_in(session, there)
    before = counts(session, there)
    brought(session, there, [3, 3, 3, 3])
    with pytest.raises(TooFewFirms):
        take_in(session, there)
    assert counts(session, there) == before
    brought(session, there, [3])
    take_in(session, there)
    assert counts(session, there) == (5, 0, 0, 5)


def test_a_firm_that_goes_is_not_told_by_what_its_going_changes(session: Session) -> None:
    there = room(session)
    first, *_rest = brought(session, there, [0, 1, 1, 1, 1, 1])
    take_in(session, there)
    workshop_firms.take_back(session, there.workshop.id, first)
    assert counts(session, there) == (1, 5, 0, 0)
    with pytest.raises(TooFewFirms):
        take_in(session, there)


def test_below_five_a_sum_is_hidden_and_the_others_stay(session: Session) -> None:
    there = room(session)
    early = brought(session, there, [0] * 5)
    take_in(session, there)
    brought(session, there, [3] * 5)
    take_in(session, there)
    workshop_firms.take_back(session, there.workshop.id, early[0])
    assert counts(session, there) == (0, 0, 0, 5)
    assert [b.is_hidden for b in workshop_firms.firms_brought(session, there.workshop).batches] == [True, False]
    workshop_firms.bring(session, there.workshop, early[0], NOW)
    assert counts(session, there) == (5, 0, 0, 5)
    assert workshop_firms.firms_brought(session, there.workshop).new == 0


def test_a_question_that_fewer_than_five_of_a_batch_answered_is_left_out_of_it(session: Session) -> None:
    there = room(session)
    brought(session, there, [1, 1, 1, 1, None])
    take_in(session, there)
    assert counts(session, there) is None
    assert counts(session, there, OTHER) == (0, 5, 0)
    brought(session, there, [2, 2, 2, 2, "unknown"])
    take_in(session, there)
    found = workshop_firms.firm_levels(session, there.workshop)[Q]
    assert (found.counts, found.unknown) == ((0, 0, 4, 0), 1)


def test_a_firm_counts_once_whatever_it_brings(session: Session) -> None:
    there = room(session)
    mine = brought(session, there, [0, 0, 0, 0])[0]
    again = firm(session, 3, 1)
    again.firm_id = mine.firm_id
    session.flush()
    workshop_firms.bring(session, there.workshop, again, NOW)
    workshop_firms.bring(session, there.workshop, again, NOW)
    assert session.query(WorkshopFirm).count() == 5
    assert workshop_firms.firms_brought(session, there.workshop).firms == 4
    with pytest.raises(TooFewFirms):
        take_in(session, there)


def test_a_firm_that_is_erased_leaves_the_sum_and_counts_no_more(session: Session) -> None:
    there = room(session)
    mine = brought(session, there, [0] * 5)[0]
    take_in(session, there)
    session.delete(mine)
    session.flush()
    session.expire_all()
    assert counts(session, there) is None
    assert session.query(FirmBatch).one().levels[Q]["0"] == 5


def test_what_may_not_be_brought_is_refused(session: Session) -> None:
    there = room(session)
    open_one, _ = started(session)
    with pytest.raises(NotSubmitted):
        workshop_firms.bring(session, there.workshop, open_one, NOW)
    other = firm(session, 1)
    other.questionnaire_id = "another"
    with pytest.raises(OtherQuestionnaire):
        workshop_firms.bring(session, there.workshop, other, NOW)


def test_after_the_end_nothing_comes_goes_or_is_taken_in(session: Session) -> None:
    there = room(session)
    mine = brought(session, there, [0] * 5)[0]
    workshops.end(session, there.workshop, NOW)
    with pytest.raises(WorkshopOver):
        workshop_firms.bring(session, there.workshop, firm(session, 1), NOW)
    with pytest.raises(WorkshopOver):
        workshop_firms.take_back(session, there.workshop.id, mine)
    with pytest.raises(WorkshopNotRunning):
        take_in(session, there)
    assert [each.may_take_back for each in workshop_firms.brought_to(session, mine)] == [False]


def test_firms_suggest_a_level_where_the_room_has_not_voted_and_settle_it(session: Session) -> None:
    there = room(session)
    brought(session, there, [2, 2, 2, 1, 3])
    take_in(session, there)
    found = room_levels.levels_of(session, there.workshop, there.questionnaire).of(Q)
    assert (found.suggested, found.of_firms, found.prefilled, found.is_agreed) == (None, 2, 2, False)
    room_levels.settle(session, there.workshop, there.questionnaire, Q, 2, "votes", "", NOW)
    assert room_levels.settled(session, there.workshop.id)[Q].how == "firms"
    room_levels.settle(session, there.workshop, there.questionnaire, Q, 3, "firms", "", NOW)
    assert room_levels.settled(session, there.workshop.id)[Q].how == "room"


def test_the_votes_of_the_room_suggest_before_the_firms_do(session: Session) -> None:
    there = room(session)
    brought(session, there, [3] * 5)
    take_in(session, there)
    opened = rounds.open_round(session, there.workshop, "levels", [Q], NOW)
    vote(session, there, opened.number, [(n, Q, 0) for n in range(1, 12)])
    rounds.reveal_round(session, there.workshop, NOW)
    found = room_levels.levels_of(session, there.workshop, there.questionnaire).of(Q)
    assert (found.prefilled, found.of_firms) == (0, 3)
    with pytest.raises(room_levels.NoteMissing):
        room_levels.settle(session, there.workshop, there.questionnaire, Q, 3, "firms", "", NOW)
    room_levels.settle(session, there.workshop, there.questionnaire, Q, 3, "firms", "The registers say so.", NOW)
    assert room_levels.settled(session, there.workshop.id)[Q].how == "firms"


def test_firms_of_one_workshop_do_not_count_in_another(session: Session) -> None:
    there, elsewhere = room(session), room(session)
    brought(session, there, [1] * 5)
    take_in(session, there)
    assert counts(session, elsewhere) is None
    assert session.query(Workshop).count() == 2
