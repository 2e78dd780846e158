"""The short list: proposed by gap x weight, changed with a word why, and standing once it is fixed."""

import pytest
from sqlalchemy.orm import Session

from assessment import room_gaps, room_levels, rounds, workshop_events, workshops
from assessment.room_gaps import Choice, ListStands, ListTooLong, ListTooShort, NoSuchGap, ShortList, WhyMissing
from assessment.rounds import WorkshopNotRunning
from scoring.past_workshops import GapFeatures
from tests.assessment.priorities import qi4tf, room_with_levels, room_with_list
from tests.assessment.rooms import Room, vote
from tests.factories import NOW


def the_list(session: Session, there: Room) -> ShortList:
    return room_gaps.short_list(session, there.workshop, there.questionnaire)


def change(session: Session, there: Room, **choices: Choice) -> ShortList:
    return room_gaps.change_list(session, there.workshop, there.questionnaire, choices, NOW)


def fix(session: Session, there: Room) -> ShortList:
    return room_gaps.fix_list(session, there.workshop, qi4tf(), NOW)


def test_as_many_as_the_rules_say_are_proposed_the_most_valuable_first(session: Session) -> None:
    there = room_with_levels(session, gaps=20, shortlist=9, top=3)
    found = the_list(session, there)
    values = [gap.value for gap in found.gaps]
    assert values == sorted(values, reverse=True)
    assert len(found.gaps) == 20
    assert [gap.place for gap in found.listed] == list(range(1, 10))
    assert {(gap.level, gap.target) for gap in found.gaps} == {(1, 2)}
    assert found.tied == sum(value == values[8] for value in values[9:])


def test_what_is_settled_at_the_top_or_as_not_known_is_no_gap_and_what_is_open_is_counted(session: Session) -> None:
    there = room_with_levels(session)
    first, second, third, *_ = there.workshop.questions
    for question, level in ((first, 5), (second, None)):
        room_levels.settle(session, there.workshop, there.questionnaire, question, level, "room", "", NOW)
    there.workshop.questions = [*there.workshop.questions, list(there.questionnaire.questions)[50]]
    found = the_list(session, there)
    assert {first, second}.isdisjoint({gap.question for gap in found.gaps})
    assert third in {gap.question for gap in found.gaps}
    assert found.unsettled == 1


def test_a_target_chosen_in_the_room_makes_the_gap_larger_and_may_bring_it_on_the_list(session: Session) -> None:
    there = room_with_levels(session)
    last = the_list(session, there).gaps[-1]
    assert not last.is_listed
    found = change(session, there, **{last.question: Choice(wanted=5)})
    assert found.gaps[0].question == last.question
    assert (found.gaps[0].target, found.gaps[0].is_listed, found.gaps[0].is_proposed) == (5, True, True)
    assert found.gaps[0].size == pytest.approx(4 * last.size)
    again = change(session, there, **{last.question: Choice(wanted=None)})
    assert again.gaps[-1] == last


def test_off_and_on_by_hand_needs_a_word_why_and_survives_a_new_look(session: Session) -> None:
    there = room_with_levels(session)
    before = the_list(session, there)
    off, on = before.listed[0].question, before.gaps[-1].question
    change(session, there, **{off: Choice(False), on: Choice(True, note="Many asked for it")})
    found = the_list(session, there)
    assert off not in {gap.question for gap in found.listed}
    assert on in {gap.question for gap in found.listed}
    with pytest.raises(WhyMissing):
        fix(session, there)
    change(session, there, **{off: Choice(False, note="Under way already")})
    fixed = fix(session, there)
    assert [gap.question for gap in fixed.listed] == [gap.question for gap in found.listed]
    assert {gap.question: gap.note for gap in the_list(session, there).gaps if gap.note} == {
        off: "Under way already",
        on: "Many asked for it",
    }


def test_what_is_the_same_as_before_makes_no_event(session: Session) -> None:
    there = room_with_levels(session)
    found, seq = the_list(session, there), there.workshop.seq
    change(session, there, **{gap.question: Choice(gap.is_listed) for gap in found.gaps})
    assert there.workshop.seq == seq


@pytest.mark.parametrize(("kept", "refusal"), [(7, ListTooShort), (16, ListTooLong), (8, None), (15, None)])
def test_eight_to_fifteen_gaps_are_compared(session: Session, kept: int, refusal: type[Exception] | None) -> None:
    there = room_with_levels(session, gaps=20)
    found = the_list(session, there)
    change(session, there, **{g.question: Choice(g.place <= kept, note="as the room wants") for g in found.gaps})
    if refusal is None:
        assert len(fix(session, there).listed) == kept
    else:
        with pytest.raises(refusal):
            fix(session, there)


def test_of_fewer_than_eight_gaps_all_are_compared_and_none_may_be_left_out(session: Session) -> None:
    there = room_with_levels(session, gaps=5)
    found = the_list(session, there)
    assert (len(found.listed), found.least) == (5, 5)
    change(session, there, **{found.gaps[0].question: Choice(False, note="no")})
    with pytest.raises(ListTooShort):
        fix(session, there)
    change(session, there, **{found.gaps[0].question: Choice(True)})
    assert len(fix(session, there).listed) == 5


def test_one_gap_alone_is_compared_with_nothing(session: Session) -> None:
    there = room_with_levels(session, gaps=1)
    with pytest.raises(ListTooShort):
        fix(session, there)


def test_once_fixed_the_list_stands_whatever_is_settled_later(session: Session) -> None:
    there = room_with_list(session)
    before = the_list(session, there)
    assert before.is_fixed
    assert workshop_events.since(session, there.workshop.id, 0)[-1].kind == "list"
    question = before.listed[0].question
    room_levels.settle(session, there.workshop, there.questionnaire, question, 5, "room", "", NOW)
    assert the_list(session, there) == before
    with pytest.raises(ListStands):
        change(session, there, **{question: Choice(False, note="no")})
    with pytest.raises(ListStands):
        fix(session, there)


def test_a_strange_gap_or_a_target_that_is_none_is_refused(session: Session) -> None:
    there = room_with_levels(session)
    question = the_list(session, there).gaps[0].question
    for choices in ({"nothing": Choice(True)}, {question: Choice(wanted=1)}, {question: Choice(wanted=6)}):
        with pytest.raises(NoSuchGap):
            change(session, there, **choices)


def test_an_ended_workshop_changes_nothing(session: Session) -> None:
    there = room_with_levels(session)
    workshops.end(session, there.workshop, NOW)
    with pytest.raises(WorkshopNotRunning):
        fix(session, there)


def test_features_hold_what_the_room_said_and_nothing_of_groups_under_five(session: Session) -> None:
    asked = qi4tf().questionnaire
    both = [q for q in asked.questions if set(asked.groups_of[q]) >= {"industry", "government"}][:3]
    there = room_with_levels(session, {"industry": 6, "government": 6}, questions=both)
    apart, small, _ = both
    opened = rounds.open_round(session, there.workshop, "levels", [apart, small], NOW)
    said = {person: 0 if person < 6 else 3 for person in range(1, 13)} | {6: "unknown", 12: "unknown"}
    vote(session, there, opened.number, [(person, apart, level) for person, level in said.items()])
    few = [(person, small, level) for person, level in said.items() if person not in (4, 5)]  # four of industry
    vote(session, there, opened.number, few)
    rounds.reveal_round(session, there.workshop, NOW)
    fix(session, there)
    rows = {row.question_id: GapFeatures(**row.features) for row in room_gaps.list_gaps(session, there.workshop.id)}
    assert [rows[q].difference for q in both] == [3.0, None, None]
    assert [rows[q].unknown for q in both] == pytest.approx([2 / 12, 2 / 10, None])
    assert (rows[apart].size, rows[apart].section) == (1, asked.dimension_of[apart].id)
