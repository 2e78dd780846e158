"""The second round: what people find urgent and feasible places the contested items, and nothing else moves."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.rank_certainty import RankBar, RankCertainty
from scoring.second_round import RatedItem, Rating, final_order, rated_items, rating_values, top_two_shares
from scoring.stopping import share_changed

ITEMS = tuple("abcde")


def _first(ranks: tuple[float, ...], tops: tuple[float, ...]) -> RankCertainty:
    bars = tuple(RankBar(i, r, r, r, t) for i, r, t in zip(ITEMS, ranks, tops, strict=True))
    return RankCertainty(2, 0.9, 100, 1, bars, np.full((5, 5), 0.5))


FIRST = _first((1, 2, 3, 4, 5), (0.99, 0.6, 0.4, 0.15, 0.01))


def _rate(
    item: str, urgency: int, feasibility: int, people: int = 5, group: str = "industry", start: int = 0
) -> list[Rating]:
    return [Rating(start + n, group, item, urgency, feasibility) for n in range(people)]


def _rated(*ratings: list[Rating]) -> tuple[RatedItem, ...]:
    return rated_items(ITEMS, [one for each in ratings for one in each])


def _order(first: RankCertainty, rated: tuple[RatedItem, ...]) -> dict[str, float]:
    return {each.item: each.place for each in final_order(first, rated)}


def test_contested_items_share_out_their_places_by_urgency_times_feasibility() -> None:
    rated = _rated(_rate("b", 2, 2), _rate("c", 5, 3), _rate("d", 4, 4))
    assert [each.value for each in rated] == [4, 15, 16]
    assert _order(FIRST, rated) == {"a": 1, "d": 2, "c": 3, "b": 4, "e": 5}


def test_round_one_stands_beside_every_place() -> None:
    placed = {
        each.item: each for each in final_order(FIRST, _rated(_rate("b", 2, 2), _rate("c", 5, 3), _rate("d", 4, 4)))
    }
    d = placed["d"]
    assert (d.place, d.first_rank, d.first_top, d.moved) == (2, 4, 0.15, 2)
    assert placed["a"].rated is None
    assert placed["b"].moved == -2


def test_an_uncontested_item_keeps_its_place_however_it_is_rated() -> None:
    rated = _rated(_rate("a", 1, 1), _rate("b", 2, 2), _rate("c", 3, 3), _rate("d", 1, 2), _rate("e", 5, 5))
    assert _order(FIRST, rated) == {"a": 1, "c": 2, "b": 3, "d": 4, "e": 5}


def test_a_contested_item_that_nobody_rated_keeps_its_place() -> None:
    assert _order(FIRST, _rated(_rate("b", 1, 1), _rate("d", 5, 5))) == {"a": 1, "d": 2, "c": 3, "b": 4, "e": 5}


def test_without_ratings_the_first_round_stands() -> None:
    assert _order(FIRST, ()) == {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5}


def test_equal_values_share_the_mean_of_their_places() -> None:
    rated = _rated(_rate("b", 2, 3), _rate("c", 3, 2), _rate("d", 5, 5))
    assert _order(FIRST, rated) == {"a": 1, "d": 2, "b": 3.5, "c": 3.5, "e": 5}


def test_tied_places_of_round_one_are_given_out_as_they_are() -> None:
    tied = _first((1, 2.5, 2.5, 4, 5), (0.99, 0.5, 0.5, 0.2, 0.0))
    assert _order(tied, _rated(_rate("b", 1, 1), _rate("c", 2, 2), _rate("d", 5, 5)))["b"] == 4


def test_the_limits_of_contested_are_those_that_the_room_fixed() -> None:
    rated = _rated(_rate("b", 1, 1), _rate("c", 5, 5))
    assert {each.item: each.place for each in final_order(FIRST, rated, low=0.2, high=0.5)}["b"] == 2


def test_a_group_of_five_has_as_much_voice_as_one_of_fifteen() -> None:
    (b,) = _rated(_rate("b", 5, 3, 15), _rate("b", 1, 3, 5, "government", 50))
    assert b.urgency.mean == 3
    assert b.urgency.top_two == 0.75
    assert [block.groups for block in b.blocks] == [("government",), ("industry",)]
    assert [spread.counts for spread in b.urgency.by_block if spread] == [(5, 0, 0, 0, 0), (0, 0, 0, 0, 15)]


def test_two_camps_and_one_mind_are_told_apart_by_the_agreement() -> None:
    b, c = _rated(_rate("b", 5, 3), _rate("b", 1, 3, start=10), _rate("c", 4, 3, 10))
    assert b.urgency.room.agreement == -1
    assert c.urgency.room.agreement == 1


def test_no_block_below_five_people_is_shown() -> None:
    (b,) = _rated(_rate("b", 5, 3, 9), _rate("b", 1, 3, 2, "government", 50))
    assert [block.groups for block in b.blocks] == [("industry", "government")]
    (c,) = _rated(_rate("c", 5, 3, 4))
    assert c.urgency.by_block == (None,)


def test_the_shares_for_the_rule_of_stopping_are_those_of_the_two_highest_boxes() -> None:
    rated = _rated([Rating(n, "industry", "b", value, 6 - value) for n, value in enumerate((5, 4, 4, 3, 1))])
    assert top_two_shares(rated) == (0.6, 0.2)


def test_ratings_of_two_rounds_can_be_held_against_each_other() -> None:
    before, after = _rate("b", 3, 4), [*_rate("b", 3, 4, 4), Rating(4, "industry", "b", 5, 4)]
    assert share_changed(rating_values(before), rating_values(after)) == pytest.approx(1 / 10)


@pytest.mark.parametrize("wrong", [(0, 3), (6, 3), (3, 0), (3, 6)])
def test_a_rating_outside_one_to_five_is_refused(wrong: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="1 to 5"):
        Rating(1, "industry", "b", *wrong)


def test_rating_twice_and_rating_what_was_not_asked_are_refused() -> None:
    with pytest.raises(ValueError, match="rated before"):
        _rated(_rate("b", 3, 3), _rate("b", 3, 3))
    with pytest.raises(ValueError, match="not asked about"):
        _rated(_rate("x", 3, 3))


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=5, max_size=5), st.integers(0, 4))
def test_places_are_only_shared_out_anew(values: list[tuple[int, int]], left_out: int) -> None:
    rated = _rated(*(_rate(item, *value) for item, value in zip(ITEMS, values, strict=True) if item != ITEMS[left_out]))
    placed = final_order(FIRST, rated)
    assert sum(each.place for each in placed) == 15
    assert [each.place for each in placed] == sorted(each.place for each in placed)
    assert {each.item: each.place for each in placed}["a"] == 1
