"""How firm an order is: other rules beside it, no small group shown by leaving it out, never who would have to go."""

from dataclasses import fields

import pytest
from sqlalchemy.orm import Session

from assessment import priority_rounds, room_priorities, rounds
from assessment.room_robustness import FewestPeople, RoomRobustness, robustness_of
from tests.assessment.priorities import as_listed, backwards, choose, first_round, room_with_list
from tests.assessment.rooms import Room


def found_in(session: Session, there: Room) -> RoomRobustness:
    found = robustness_of(session, there.workshop)
    assert found is not None
    return found


def test_nothing_is_known_before_the_round_is_shown_and_of_fewer_than_five_people(session: Session) -> None:
    there = room_with_list(session)
    assert robustness_of(session, there.workshop) is None
    priority_rounds.ask_best_worst(session, there.workshop, there.workshop.started_at)  # type: ignore[arg-type]
    choose(session, there, people=range(1, 5))
    assert robustness_of(session, there.workshop) is None
    rounds.reveal_round(session, there.workshop, there.workshop.started_at)  # type: ignore[arg-type]
    assert robustness_of(session, there.workshop) is None


def test_a_room_of_one_mind_has_the_same_first_places_by_every_rule(session: Session) -> None:
    there = room_with_list(session)
    first_round(session, there)
    found = found_in(session, there)
    listed = tuple(as_listed(1, found.gaps))
    assert [order.rule for order in found.orders] == ["best_worst", "borda", "copeland", "schulze", "kemeny"]
    assert found.gaps == listed
    assert {order.ranks for order in found.orders[1:]} == {tuple(map(float, range(1, 11)))}
    assert found.is_same_by_all_rules
    assert set(found.in_all) == set(listed[:5])
    assert found.winner == listed[0]
    assert found.kemeny_orders == 1
    assert [(each.groups, each.changes) for each in found.left_out] == [
        (("government",), False),
        (("industry",), False),
    ]


def test_without_one_of_two_opposed_groups_the_others_come_first(session: Session) -> None:
    there = room_with_list(session)
    first_round(session, there, lambda person, items: (as_listed if person <= 12 else backwards)(person, items))
    found = found_in(session, there)
    first = room_priorities.priorities_of(session, there.workshop).first
    assert first is not None
    listed = as_listed(1, found.gaps)
    without_government = next(each for each in found.left_out if each.groups == ("government",))
    assert without_government.changes
    assert set(without_government.entering) <= set(listed[:5])
    assert 1 <= found.fewest.at_least <= 3


@pytest.mark.parametrize("people", [{"industry": 20, "government": 4}, {"industry": 20, "government": 1}])
def test_leaving_out_a_group_under_five_is_not_told(session: Session, people: dict[str, int]) -> None:
    there = room_with_list(session, people)
    first_round(session, there, lambda person, items: (as_listed if person <= 20 else backwards)(person, items))
    assert found_in(session, there).left_out == ()


def test_who_would_have_to_leave_is_no_part_of_what_is_told(session: Session) -> None:
    there = room_with_list(session)
    first_round(session, there)
    found = found_in(session, there)
    assert {field.name for field in fields(FewestPeople)} == {"at_least", "at_most", "entering", "leaving"}
    assert set(found.fewest.entering) | set(found.fewest.leaving) <= set(found.gaps)
    assert found.fewest.at_most is None or found.fewest.at_least <= found.fewest.at_most
