"""Rules side by side and the room without one group."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.robustness import first, rule_orders, without_blocks
from scoring.voting_rules import borda, preferences
from tests.scoring.elections import CONDORCET, SCHULZE_1, rankings


def test_the_45_voters_by_every_rule() -> None:
    """Schulze puts E and A first, Kemeny E and B. Borda and Copeland by the table of Schulze (2011), example 1."""
    preferred = preferences(*rankings(SCHULZE_1))
    found = rule_orders(borda(preferred), preferred, 2)
    ranks = {order.rule: order.ranks for order in found.orders}
    assert list(ranks) == ["best_worst", "borda", "copeland", "schulze", "kemeny"]
    assert ranks["schulze"] == (2, 4, 3, 5, 1)
    assert ranks["borda"] == (2, 3, 4, 5, 1)  # points 98, 92, 89, 69, 102
    assert ranks["copeland"] == (3, 3, 3, 5, 1)  # majorities won less lost: 0, 0, 0, -2, 2
    assert found.condorcet_winner is None
    assert found.kemeny is not None
    assert ranks["kemeny"] == found.kemeny.ranks
    assert found.in_all == (4,)
    assert found.in_some == (0, 1, 2, 4)


def test_a_tie_over_the_end_of_the_top_is_kept() -> None:
    preferred = preferences(*rankings(CONDORCET))
    found = rule_orders(np.array([0.5, 0.5, 0.1]), preferred, 1)
    tops = {order.rule: order.top for order in found.orders}
    assert tops == {"best_worst": (0, 1), "borda": (1,), "copeland": (0, 1, 2), "schulze": (1,), "kemeny": (1,)}
    assert (found.in_all, found.in_some, found.same) == ((1,), (0, 1, 2), False)


def test_more_than_fifteen_items_have_no_kemeny_order() -> None:
    found = rule_orders(np.zeros(16), np.full((16, 16), 0.5), 3)
    assert found.kemeny is None
    assert [order.rule for order in found.orders] == ["best_worst", "borda", "copeland", "schulze"]
    assert found.same


def test_the_first_places() -> None:
    assert first((3, 1, 2), 2) == (1, 2)
    assert first((1, 2.5, 2.5, 4), 2) == (0, 1, 2)
    assert first((1, 2.5, 2.5, 4), 9) == (0, 1, 2, 3)
    assert first((), 2) == ()
    with pytest.raises(ValueError, match="one or more"):
        first((1,), 0)


def _room(*blocks: tuple[int, list[int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Blocks of so many people who all have the same net choices, each item shown four times to each."""
    net = np.array([choices for people, choices in blocks for _ in range(people)], dtype=np.int64)
    block = np.array([number for number, (people, _) in enumerate(blocks) for _ in range(people)], dtype=np.int64)
    return net, np.full_like(net, 4), block


def test_the_room_without_one_block_is_what_the_others_want() -> None:
    without_a, without_b = without_blocks(*_room((20, [4, 0, -2, -2]), (5, [-2, 1, 4, -3])), 2)
    assert (without_a.block, without_a.ranks, without_a.top) == (0, (3, 2, 1, 4), (2, 1))
    assert (without_a.entering, without_a.leaving, without_a.changes) == ((1,), (0,), True)
    assert without_b.ranks == (1, 2, 3.5, 3.5)
    assert (without_b.top, without_b.entering, without_b.leaving) == ((0, 1), (1,), (2,))


def test_blocks_and_not_people_have_equal_weight() -> None:
    unchanged = without_blocks(*_room((20, [4, 0, -4]), (5, [2, 0, -2]), (9, [3, 0, -3])), 1)
    assert [each.changes for each in unchanged] == [False] * 3


@pytest.mark.parametrize("sizes", [(20, 4), (4, 20), (20, 8, 3), (20,), (4, 4)])
def test_nothing_is_shown_that_would_give_a_small_group_away(sizes: tuple[int, ...]) -> None:
    assert without_blocks(*_room(*((size, [1, -1]) for size in sizes)), 1) == ()


@given(st.permutations(range(5)), st.integers(1, 5))
def test_a_room_of_one_mind_has_one_order_by_every_rule(order: list[int], k: int) -> None:
    places = np.array([[order.index(item) + 1.0 for item in range(5)]] * 7)
    found = rule_orders(-places[0], preferences(places), k)
    assert found.same
    assert {each.top for each in found.orders} == {tuple(order[:k])}
    assert found.condorcet_winner == order[0]
