"""What the projector shows and how fast the room is asked: what comes next, where the agenda is, new links."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from assessment import room_screen, rounds, workshop_access
from assessment.errors import Invalid
from assessment.room_screen import PACES, Clock, Screen
from assessment.room_state import room_state
from assessment.tables import Round, Workshop
from assessment.workshop_access import WorkshopNotFound
from tests.assessment.rooms import room, vote
from tests.factories import NOW

MINUTE = timedelta(minutes=1)


@given(st.lists(st.lists(st.integers(0, 30), min_size=1, max_size=6), min_size=1, max_size=5), st.sampled_from(PACES))
def test_at_any_pace_every_question_is_asked_once_in_order(sizes: list[list[int]], pace: str) -> None:
    parts = [[f"{i}.{j}" for j in range(len(part))] for i, part in enumerate(sizes)]
    workshop = Workshop(questions=[question for part in parts for question in part])
    asked: list[Round] = []
    while coming := room_screen.next_to_ask(workshop, parts, pace, asked):
        asked.append(Round(subjects=list(coming)))

    assert [question for each in asked for question in each.subjects] == workshop.questions
    assert len(asked) == {"all": 1, "part": len(parts), "question": len(workshop.questions)}[pace]


def test_what_was_asked_out_of_turn_is_left_out_later() -> None:
    workshop, parts = Workshop(questions=["a.1", "a.2", "b.1"]), [["a.1", "a.2"], ["b.1"]]
    asked = [Round(subjects=["a.1"])]
    assert room_screen.next_to_ask(workshop, parts, "part", asked) == ("a.2",)
    assert room_screen.next_to_ask(workshop, parts, "all", asked) == ("a.2", "b.1")


@pytest.mark.parametrize(
    ("spent", "line", "behind"), [(0, 0, 0), (9, 0, 0), (14, 0, 4), (14, 1, 0), (5, 1, -5), (45, 1, 5), (40, 1, 0)]
)
def test_the_clock_says_how_far_it_is_behind_the_agenda_or_ahead_of_it(spent: int, line: int, behind: int) -> None:
    agenda = [{"title": "Welcome", "minutes": 10}, {"title": "Gaps", "minutes": 30}]
    workshop = Workshop(agenda=agenda, started_at=NOW)
    assert room_screen.clock(workshop, Screen(agenda=line), NOW + spent * MINUTE) == Clock(line, spent, behind)


def test_without_an_agenda_there_is_no_clock() -> None:
    assert room_screen.clock(Workshop(agenda=[], started_at=NOW), Screen(), NOW) is None


def test_what_is_shown_is_kept_with_what_other_pages_keep_there(session: Session) -> None:
    there = room(session)
    there.workshop.screen = {"roadmap_part": 3}
    room_screen.change_screen(session, there.workshop, NOW, page="roadmap", join=True)

    assert Screen.of(there.workshop) == Screen(page="roadmap", join=True)
    assert there.workshop.screen["roadmap_part"] == 3
    with pytest.raises(Invalid):
        room_screen.change_screen(session, there.workshop, NOW, page="votes")


def test_time_is_given_from_now_on_and_only_while_something_is_open(session: Session) -> None:
    there = room(session)
    with pytest.raises(rounds.NothingAsked):
        room_screen.give_time(session, there.workshop, NOW, 3)
    asked = rounds.open_round(session, there.workshop, "levels", there.workshop.questions, NOW, 5)
    later = NOW + timedelta(minutes=7, seconds=20)
    room_screen.give_time(session, there.workshop, later, 3)

    ends = rounds.ends_at(asked)
    assert ends is not None
    assert timedelta(minutes=3) <= ends - later < timedelta(minutes=4)
    with pytest.raises(Invalid):
        room_screen.give_time(session, there.workshop, later, 500)
    rounds.close_round(session, there.workshop, later)
    with pytest.raises(rounds.NotNow):
        room_screen.give_time(session, there.workshop, later, 3)


def test_a_new_link_of_the_chair_or_the_screen_ends_the_one_before(session: Session) -> None:
    there = room(session)
    chair = room_screen.new_chair(session, there.workshop, NOW)
    screen = room_screen.new_screen_link(session, there.workshop, NOW)
    session.flush()

    assert workshop_access.open_chair(session, chair).id == there.workshop.id
    assert workshop_access.open_screen(session, screen).id == there.workshop.id
    with pytest.raises(WorkshopNotFound):
        workshop_access.open_chair(session, there.chair)
    with pytest.raises(WorkshopNotFound):
        workshop_access.open_screen(session, there.screen)
    assert room_state(session, there.workshop.id).links_ended_at == there.workshop.seq


def test_the_state_counts_people_and_tells_phones_neither_that_nor_what_they_said(session: Session) -> None:
    there = room(session)
    question = there.workshop.questions[0]
    rounds.open_round(session, there.workshop, "levels", [question], NOW, 5)
    before = room_state(session, there.workshop.id)
    vote(session, there, 1, [(1, question, 1), (2, question, 1), (2, question, 2)])
    after = room_state(session, there.workshop.id)

    assert (before.voted, after.voted, after.present) == (0, 2, 11)
    assert after.as_json() == before.as_json()
    assert after.asked is not None
    assert after.asked.ends_at == NOW + 5 * MINUTE
