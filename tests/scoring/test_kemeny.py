"""Kemeny's order against published elections and against every order there is."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from scoring.kemeny import MOST_ITEMS, kemeny
from scoring.voting_rules import condorcet_winner, preferences
from tests.scoring.elections import CONDORCET, SCHULZE_1, rankings

Floats = NDArray[np.float64]


def against(preferred: Floats, order: tuple[int, ...]) -> float:
    """The comparisons that put a later item before an earlier one."""
    return float(sum(preferred[low, high] for place, high in enumerate(order) for low in order[place + 1 :]))


def best_orders(preferred: Floats) -> tuple[float, list[tuple[int, ...]]]:
    """Every order, tried: the oracle."""
    costs = {order: against(preferred, order) for order in permutations(range(len(preferred)))}
    least = min(costs.values())
    return least, [order for order, cost in costs.items() if cost < least + 1e-9]


@st.composite
def matrices(draw: st.DrawFn, most: int = 6) -> Floats:
    m = draw(st.integers(1, most))
    cells = draw(st.lists(st.integers(0, 5), min_size=m * m, max_size=m * m))
    return np.array(cells, dtype=np.float64).reshape(m, m) / draw(st.sampled_from([1, 3, 7]))


def test_condorcets_example_is_ordered_b_c_a() -> None:
    """104 of 180 votes on pairs support B C A, more than any other order: Young (1988), the table of six orders."""
    preferred = preferences(*rankings(CONDORCET))
    supported = {order: 180 - against(preferred, order) for order in permutations(range(3))}
    assert supported == {(0, 1, 2): 100, (0, 2, 1): 76, (1, 0, 2): 94, (1, 2, 0): 104, (2, 0, 1): 86, (2, 1, 0): 80}
    found = kemeny(preferred)
    assert (found.order, found.against, found.unique, found.ranks) == ((1, 2, 0), 76, True, (3, 1, 2))


def test_a_circle_of_100_voters() -> None:
    """25 A B C, 40 B C A, 35 C A B: B C A with 120 against, the next C A B with 130 (electowiki, Kemeny-Young)."""
    preferred = preferences(*rankings({"ABC": 25, "BCA": 40, "CAB": 35}))
    found = kemeny(preferred)
    assert (found.order, found.against) == ((1, 2, 0), 120)
    assert sorted(against(preferred, order) for order in permutations(range(3)))[:2] == [120, 130]


def test_schulze_and_kemeny_differ_on_the_45_voters() -> None:
    preferred = preferences(*rankings(SCHULZE_1))
    least, orders = best_orders(preferred)
    found = kemeny(preferred)
    assert (found.against, [found.order]) == (least, orders)
    assert found.ranks != (2, 4, 3, 5, 1)


@given(matrices())
@settings(max_examples=60, deadline=None)
def test_it_is_what_trying_every_order_finds(preferred: Floats) -> None:
    least, orders = best_orders(preferred - np.diag(np.diag(preferred)))
    found = kemeny(preferred)
    m = len(preferred)
    assert found.against == pytest.approx(least)
    assert found.order == min(orders)
    assert found.orders == len(orders)
    assert found.unique == (len(orders) == 1)
    places = [[order.index(item) + 1 for order in orders] for item in range(m)]
    assert found.places == tuple((min(each), max(each)) for each in places)
    above = [[all(order.index(i) < order.index(j) for order in orders) for j in range(m)] for i in range(m)]
    expected = [(1 + sum(row[i] for row in above) + m - sum(above[i])) / 2 for i in range(m)]
    assert list(found.ranks) == expected


def test_seven_items_are_what_trying_5040_orders_finds() -> None:
    preferred = np.random.default_rng(7).integers(0, 30, (7, 7)).astype(np.float64)
    least, orders = best_orders(preferred - np.diag(np.diag(preferred)))
    found = kemeny(preferred)
    assert (found.against, found.orders, found.order) == (least, len(orders), min(orders))


def test_everything_tied_stays_tied() -> None:
    found = kemeny(np.full((MOST_ITEMS, MOST_ITEMS), 0.5))
    assert found.orders == 1_307_674_368_000  # 15!
    assert set(found.ranks) == {8.0}
    assert set(found.places) == {(1, 15)}


def test_a_tie_in_the_middle_is_said() -> None:
    """A before B, C before D by all; B and C even."""
    found = kemeny(np.array([[0, 4, 4, 4], [0, 0, 2, 4], [0, 2, 0, 4], [0, 0, 0, 0]], dtype=np.float64))
    assert (found.orders, found.unique, found.ranks) == (2, False, (1, 2.5, 2.5, 4))
    assert found.places == ((1, 1), (2, 3), (2, 3), (4, 4))


@given(matrices(), st.randoms(use_true_random=False))
def test_the_order_of_items_does_not_matter_and_reversal_reverses(preferred: Floats, random: object) -> None:
    order = list(range(len(preferred)))
    random.shuffle(order)  # type: ignore[attr-defined]
    found, turned = kemeny(preferred), kemeny(preferred[np.ix_(order, order)])
    assert turned.against == pytest.approx(found.against)
    assert turned.orders == found.orders
    assert turned.ranks == tuple(found.ranks[item] for item in order)
    assert kemeny(preferred.T).ranks == tuple(len(order) + 1 - rank for rank in found.ranks)


@given(matrices())
def test_a_condorcet_winner_is_first(preferred: Floats) -> None:
    winner = condorcet_winner(preferred)
    if winner is not None:
        assert kemeny(preferred).places[winner] == (1, 1)


def test_fifteen_items_are_found_and_sixteen_refused() -> None:
    """An order that all follow but for noise: found whole."""
    rng = np.random.default_rng(15)
    hidden = rng.permutation(MOST_ITEMS)
    preferred = np.zeros((MOST_ITEMS, MOST_ITEMS))
    for place, item in enumerate(hidden):
        preferred[item, hidden[place + 1 :]] = rng.integers(16, 31, MOST_ITEMS - 1 - place)
    preferred += np.where(preferred > 0, 0, 30 - preferred.T) * (1 - np.eye(MOST_ITEMS))
    found = kemeny(preferred)
    assert (found.order, found.unique) == (tuple(hidden.tolist()), True)
    with pytest.raises(ValueError, match="1 to 15 items"):
        kemeny(np.zeros((16, 16)))
    with pytest.raises(ValueError, match="1 to 15 items"):
        kemeny(np.zeros((0, 0)))
