"""What comes first: private until it is shown, the same at each look, nothing of small groups, early numbers kept."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from assessment import priority_rounds, room_priorities, rounds, workshop_events, workshops
from assessment.priority_rounds import AgreedBefore, ListOpen, NoOrder, NothingContested
from assessment.room_priorities import RoomPriorities
from assessment.rounds import AskedBefore, RoundsUsedUp, RoundUnderWay, WorkshopNotRunning
from tests.assessment.priorities import (
    as_listed,
    backwards,
    choose,
    first_round,
    rate,
    room_with_levels,
    room_with_list,
)
from tests.assessment.rooms import Room, vote
from tests.factories import NOW


def found_in(session: Session, there: Room) -> RoomPriorities:
    return room_priorities.priorities_of(session, there.workshop)


def by_group(person: int, items: list[str]) -> list[str]:
    """Industry (persons 1 to 12) one way, government the other."""
    return list(as_listed(person, items) if person <= 12 else backwards(person, items))


def mixed(person: int, items: list[str]) -> list[str]:
    """The order of the list, in which neighbours of the middle change places from person to person."""
    order = list(as_listed(person, items))
    for place in range(2 + person % 3, len(order) - 3, 2 + person % 2):
        order[place], order[place + 1] = order[place + 1], order[place]
    return order


def test_before_the_list_is_fixed_nothing_can_be_asked(session: Session) -> None:
    there = room_with_levels(session)
    with pytest.raises(ListOpen):
        priority_rounds.ask_best_worst(session, there.workshop, NOW)
    assert found_in(session, there).listed == ()


@pytest.mark.parametrize("state", ["open", "closed"])
def test_while_the_round_is_not_shown_nothing_is_known_of_it(session: Session, state: str) -> None:
    there = room_with_list(session)
    priority_rounds.ask_best_worst(session, there.workshop, NOW)
    choose(session, there)
    if state == "closed":
        rounds.close_round(session, there.workshop, NOW)
    found = found_in(session, there)
    assert found.newest is not None
    assert (found.newest.state, found.newest.is_shown) == (state, False)
    nothing = replace(found, listed=(), newest=None)
    assert nothing == RoomPriorities((), None, None, (), (), None, None, ())
    for command in (priority_rounds.ask_ratings, priority_rounds.settle):
        with pytest.raises((NothingContested, NoOrder)):
            command(session, there.workshop, NOW)


def test_a_room_of_one_mind_has_its_order_and_the_same_at_each_look(session: Session) -> None:
    there = room_with_list(session)
    first_round(session, there)
    first = found_in(session, there).first
    assert first is not None
    listed = list(as_listed(1, found_in(session, there).listed))
    assert [gap.question for gap in first.gaps] == listed
    assert (first.people, first.present, first.answered, first.skipped) == (24, 24, 24 * 5, 0)
    assert [(block.groups, block.people) for block in first.blocks] == [(("government",), 12), (("industry",), 12)]
    assert first.gaps[0].top > 0.99
    assert sum(gap.top for gap in first.gaps) == pytest.approx(first.k)
    assert all(gap.low <= gap.rank <= gap.high for gap in first.gaps)
    session.expire_all()
    again = found_in(session, there).first
    assert again is not None
    assert again.gaps == first.gaps


def test_groups_of_unequal_size_have_one_voice_each_and_where_it_matters_it_is_marked(session: Session) -> None:
    there = room_with_list(session, {"industry": 19, "government": 5})
    first_round(session, there, lambda person, items: (as_listed if person <= 19 else backwards)(person, items))
    first = found_in(session, there).first
    assert first is not None
    assert all(gap.score == pytest.approx(0, abs=0.35) for gap in first.gaps)  # one against the other
    listed = as_listed(1, found_in(session, there).listed)
    top = next(gap for gap in first.gaps if gap.question == listed[0])
    assert top.pooled > 0.5
    assert top.pooled_rank <= 1.5
    assert any(gap.differs for gap in first.gaps)


@pytest.mark.parametrize("people", [{"industry": 20, "government": 4}, {"industry": 4, "government": 20}])
def test_a_group_under_five_is_never_apart_in_any_figure(session: Session, people: dict[str, int]) -> None:
    there = room_with_list(session, people)
    first_round(session, there, by_group)  # type: ignore[arg-type]
    first = found_in(session, there).first
    assert first is not None
    assert first.blocks == ()
    assert all(gap.by_block == () for gap in first.gaps)
    assert all(gap.score == gap.pooled for gap in first.gaps)


def test_of_fewer_than_five_people_nothing_is_shown_and_nothing_settled(session: Session) -> None:
    there = room_with_list(session)
    first_round(session, there, people=[1, 2, 13, 14])
    found = found_in(session, there)
    assert found.first is not None
    assert (found.first.people, found.first.is_shown, found.first.gaps, found.order) == (4, False, (), ())
    assert {(bar.low, bar.high) for bar in found.first.certainty.bars} == {(1.0, 10.0)}
    with pytest.raises(NoOrder):
        priority_rounds.settle(session, there.workshop, NOW)


def test_skipped_screens_are_counted_and_count_for_nothing(session: Session) -> None:
    there = room_with_list(session)
    opened = priority_rounds.ask_best_worst(session, there.workshop, NOW)
    choose(session, there)
    vote(session, there, opened.number, [(1, str(n), {"best": None, "worst": None}) for n in range(1, 6)])
    rounds.reveal_round(session, there.workshop, NOW)
    first = found_in(session, there).first
    assert first is not None
    assert (first.people, first.answered, first.skipped) == (23, 23 * 5, 5)


def test_the_discussion_goes_by_disagreement_and_not_by_rank(session: Session) -> None:
    there = room_with_list(session)
    first_round(session, there, mixed)  # type: ignore[arg-type]
    first = found_in(session, there).first
    assert first is not None
    turns = [gap.disagreement.worth for gap in first.to_discuss]
    assert turns == sorted(turns, reverse=True)
    assert first.to_discuss[0].question != first.gaps[0].question
    assert {gap.question for gap in first.contested} == {g.question for g in first.gaps if 0.1 <= g.top <= 0.9}


def test_round_one_is_asked_once(session: Session) -> None:
    there = room_with_list(session)
    priority_rounds.ask_best_worst(session, there.workshop, NOW)
    with pytest.raises(AskedBefore):
        priority_rounds.ask_best_worst(session, there.workshop, NOW)
    choose(session, there)
    rounds.reveal_round(session, there.workshop, NOW)
    with pytest.raises(AskedBefore):
        priority_rounds.ask_best_worst(session, there.workshop, NOW)
    with pytest.raises(AskedBefore):
        rounds.ask_again(session, there.workshop, NOW)


def test_where_all_is_settled_in_round_one_that_rule_fires_and_nothing_is_left_to_rate(session: Session) -> None:
    there = room_with_list(session, {"industry": 30, "government": 30}, screens=8, top=2)
    first_round(session, there)
    found = found_in(session, there)
    assert found.contested == ()
    assert found.holds is not None
    assert (found.holds.rule, found.holds.figures["open_items"]) == ("settled", 0)
    with pytest.raises(NothingContested):
        priority_rounds.ask_ratings(session, there.workshop, NOW)


def test_a_second_round_places_the_contested_gaps_anew_and_touches_nothing_of_the_first(session: Session) -> None:
    there = room_with_list(session)
    one = first_round(session, there, by_group)  # type: ignore[arg-type]
    frozen, before = json.dumps(one.result), found_in(session, there)
    contested = before.contested
    assert contested
    assert before.holds is None
    wanted = contested[-1]
    two = rate(session, there, lambda person, gap: (5, 5) if gap == wanted else (2, 1 + person % 3))
    found = found_in(session, there)
    assert two.subjects == list(contested)
    assert found.first == before.first
    assert json.dumps(one.result) == frozen
    assert found.order[0].place == min(each.first_rank for each in found.order if each.item in contested)
    assert next(each for each in found.order if each.item in contested).item == wanted
    rating = found.ratings[0]
    assert (rating.people, rating.changed, rating.moves) == (24, None, {})
    assert rating.gaps[-1].urgency.top_two == 1
    assert rating.gaps[0].urgency.room.agreement == 1  # all on 2


def test_asked_again_says_who_moved_and_the_stable_rule_fires(session: Session) -> None:
    there = room_with_list(session)
    first_round(session, there, by_group)  # type: ignore[arg-type]
    rate(session, there, lambda person, gap: (1 + person % 5, 3))
    assert found_in(session, there).holds is None
    rate(session, there, lambda person, gap: (1 + person % 5, 4 if person == 1 else 3))
    found = found_in(session, there)
    second = found.ratings[1]
    assert second.attempt == 2
    assert second.changed == pytest.approx(1 / 48)
    assert {(each.moved, each.stayed) for each in second.moves.values()} == {(1, 23)}
    assert found.holds is not None
    assert (found.holds.rule, found.holds.also) == ("stable", ("rounds",))
    with pytest.raises(RoundsUsedUp):
        priority_rounds.ask_ratings(session, there.workshop, NOW)


def test_a_gap_that_fewer_than_five_rated_shows_nothing_and_keeps_its_place(session: Session) -> None:
    there = room_with_list(session)
    first_round(session, there, by_group)  # type: ignore[arg-type]
    opened = priority_rounds.ask_ratings(session, there.workshop, NOW)
    few, *rest = opened.subjects
    vote(session, there, opened.number, [(p, few, {"urgency": 5, "feasibility": 5}) for p in range(1, 5)])
    vote(session, there, opened.number, [(5, few, {"urgency": 5, "feasibility": None})])
    vote(
        session, there, opened.number, [(p, gap, {"urgency": 2, "feasibility": 2}) for p in range(1, 9) for gap in rest]
    )
    rounds.reveal_round(session, there.workshop, NOW)
    found = found_in(session, there)
    assert found.ratings[0].hidden == (few,)
    placed = next(each for each in found.order if each.item == few)
    assert (placed.rated, placed.place) == (None, placed.first_rank)


def test_settling_writes_the_places_the_rule_and_an_event_and_keeps_ties(session: Session) -> None:
    there = room_with_list(session, most_rounds=2)
    one = first_round(session, there, by_group)  # type: ignore[arg-type]
    frozen = json.dumps(one.result)
    two = rate(session, there, lambda person, gap: (3, 1 + person % 5))  # all alike: they share their places
    found = priority_rounds.settle(session, there.workshop, NOW)
    contested = [each for each in found.order if each.rated]
    assert len({each.place for each in contested}) == 1
    places = {each.question: each.place for each in found.agreed}
    assert len({places[each.item] for each in contested}) == 1
    assert sorted(places.values()) == [1 + sum(o.place < each.place for o in found.order) for each in found.order]
    assert two.state == "settled"
    assert two.fired is not None
    assert (two.fired["rule"], two.fired["figures"]["round"]) == ("rounds", 2)
    assert found.recorded == found.holds
    agreed = [event for event in workshop_events.since(session, there.workshop.id, 0) if event.kind == "agreed"]
    assert [event.data for event in agreed] == [{"places": places, "rule": "rounds"}]
    assert json.dumps(one.result) == frozen
    for command in (priority_rounds.settle, priority_rounds.ask_ratings):
        with pytest.raises(AgreedBefore):
            command(session, there.workshop, NOW)


def test_settled_before_any_rule_fired_says_so(session: Session) -> None:
    there = room_with_list(session)
    one = first_round(session, there, by_group)  # type: ignore[arg-type]
    found = priority_rounds.settle(session, there.workshop, NOW)
    assert found.recorded is not None
    assert found.recorded.rule == "chosen"
    assert one.fired == {"rule": "chosen", "figures": {"round": 1.0}, "also": []}


def test_a_round_ended_on_the_control_page_still_gets_its_rule(session: Session) -> None:
    there = room_with_list(session, most_rounds=1)
    one = first_round(session, there)
    rounds.settle_round(session, there.workshop, NOW)
    priority_rounds.settle(session, there.workshop, NOW)
    assert one.fired is not None
    assert "rounds" in (one.fired["rule"], *one.fired["also"])


def test_the_agenda_is_the_time_box_on_its_own_day(session: Session) -> None:
    there = room_with_list(session)
    there.workshop.agenda = [{"title": "All", "minutes": 90}]
    priority_rounds.ask_best_worst(session, there.workshop, NOW)
    choose(session, there, by_group)  # type: ignore[arg-type]
    round_one = rounds.reveal_round(session, there.workshop, NOW + timedelta(minutes=95))
    found = found_in(session, there)
    assert found.holds is not None
    assert (found.holds.rule, found.holds.figures["minutes"]) == ("time", 95)
    round_one.revealed_at = NOW + timedelta(days=1)
    assert found_in(session, there).holds is None


def test_what_is_under_way_is_not_settled_over(session: Session) -> None:
    there = room_with_list(session)
    first_round(session, there, by_group)  # type: ignore[arg-type]
    priority_rounds.ask_ratings(session, there.workshop, NOW)
    with pytest.raises(RoundUnderWay):
        priority_rounds.ask_ratings(session, there.workshop, NOW)
    with pytest.raises(NoOrder):
        priority_rounds.settle(session, there.workshop, NOW)


def test_after_the_end_nothing_is_settled(session: Session) -> None:
    there = room_with_list(session)
    first_round(session, there)
    workshops.end(session, there.workshop, NOW)
    with pytest.raises(WorkshopNotRunning):
        priority_rounds.settle(session, there.workshop, NOW)


def test_each_round_is_worked_out_once(session: Session) -> None:
    there = room_with_list(session)
    one = first_round(session, there)
    kept: dict[object, object] = {}

    def keep(key: object, make: object) -> object:
        return kept.setdefault(key, make())  # type: ignore[operator]

    first = room_priorities.priorities_of(session, there.workshop, keep).first  # type: ignore[arg-type]
    assert list(kept) == [("first round", one.id, one.revealed_at)]
    assert room_priorities.priorities_of(session, there.workshop, keep).first is first  # type: ignore[arg-type]
