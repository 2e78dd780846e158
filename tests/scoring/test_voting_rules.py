"""Borda, Copeland, Schulze and Condorcet against published elections, and what must hold for any room."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from scoring.best_worst import mid_ranks
from scoring.voting_rules import (
    borda,
    condorcet_winner,
    copeland,
    preferences,
    ranks_of,
    schulze,
    strongest_paths,
)
from tests.scoring.elections import CONDORCET, SCHULZE_1, rankings

Floats = NDArray[np.float64]


@st.composite
def matrices(draw: st.DrawFn, most: int = 6) -> Floats:
    m = draw(st.integers(1, most))
    cells = draw(st.lists(st.integers(0, 6), min_size=m * m, max_size=m * m))
    return np.array(cells, dtype=np.float64).reshape(m, m)


@st.composite
def ballots(draw: st.DrawFn, partial: bool = False) -> Floats:
    """Strict rankings of people; partial ones lack some places."""
    m = draw(st.integers(2, 5))
    people = draw(st.lists(st.sampled_from(list(permutations(range(1, m + 1)))), min_size=1, max_size=7))
    found = np.array(people, dtype=np.float64)
    if partial:
        missing = draw(st.lists(st.booleans(), min_size=found.size, max_size=found.size))
        found[np.array(missing).reshape(found.shape)] = np.nan
    return found


def test_schulze_example_1_has_the_published_table_of_preferences() -> None:
    expected = [[0, 20, 26, 30, 22], [25, 0, 16, 33, 18], [19, 29, 0, 17, 24], [15, 12, 28, 0, 14], [23, 27, 21, 31, 0]]
    assert preferences(*rankings(SCHULZE_1)).tolist() == expected


def test_schulze_example_1_has_the_published_paths_and_order() -> None:
    """45 voters, E > A > C > B > D. Schulze (2011), Social Choice and Welfare 36:267-303, as its author gives it."""
    preferred = preferences(*rankings(SCHULZE_1))
    assert strongest_paths(preferred).tolist() == [
        [0, 28, 28, 30, 24],
        [25, 0, 28, 33, 24],
        [25, 29, 0, 29, 24],
        [25, 28, 28, 0, 24],
        [25, 28, 28, 31, 0],
    ]
    assert ranks_of(schulze(preferred)) == (2, 4, 3, 5, 1)


def test_condorcets_example_of_60_voters() -> None:
    """A over B 33:27, B over C 42:18, C over A 35:25: a circle. Young (1988), Am. Political Science Review 82."""
    preferred = preferences(*rankings(CONDORCET))
    assert preferred.tolist() == [[0, 33, 25], [27, 0, 42], [35, 18, 0]]
    assert borda(preferred) * 120 == pytest.approx([58, 69, 53])
    assert copeland(preferred).tolist() == [0, 0, 0]
    assert condorcet_winner(preferred) is None


def test_borda_of_full_ballots_is_the_count_of_points() -> None:
    """The 45 voters again: 4 points for a first place, 3 for a second ..."""
    places, people = rankings(SCHULZE_1)
    points = ((5 - places) * people[:, None]).sum(axis=0)
    assert borda(preferences(places, people)) == pytest.approx(points / (45 * 4))


def test_a_pair_that_nobody_compared_is_left_out() -> None:
    preferred = np.array([[0, 3, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0], [0, 4, 0, 0]], dtype=np.float64)
    assert borda(preferred).tolist() == [0.75, 0.125, 0.5, 1]
    assert copeland(preferred).tolist() == [1, -2, 0, 1]
    assert condorcet_winner(preferred) is None


def test_ballots_may_be_partial_and_may_tie() -> None:
    nan = float("nan")
    found = preferences(np.array([[1, 2, nan], [nan, 1, 1], [nan, nan, 1]]), np.array([2.0, 5.0, 7.0]))
    assert found.tolist() == [[0, 2, 0], [0, 0, 0], [0, 0, 0]]


def test_ties_share_the_mean_of_their_places() -> None:
    even = np.full((4, 4), 0.5)
    assert ranks_of(schulze(even)) == (2.5, 2.5, 2.5, 2.5)
    assert mid_ranks(borda(even)).tolist() == [2.5] * 4
    one = np.array([[0, 5, 5], [1, 0, 3], [1, 3, 0]], dtype=np.float64)
    assert ranks_of(schulze(one)) == (1, 2.5, 2.5)


def test_a_path_goes_by_majorities_only() -> None:
    assert strongest_paths(np.array([[0.0, 3.0], [1.0, 0.0]])).tolist() == [[0, 3], [0, 0]]


def test_the_noise_of_floats_breaks_no_tie() -> None:
    noisy = np.array([[0, 0.1 + 0.2], [0.3, 0]])
    assert noisy[0, 1] != noisy[1, 0]
    assert copeland(noisy).tolist() == [0, 0]
    assert ranks_of(schulze(noisy)) == (1.5, 1.5)


@pytest.mark.parametrize(
    "nonsense", [np.zeros((2, 3)), np.zeros(3), np.array([[0, -1], [1, 0]]), np.array([[0, np.nan], [1, 0]])]
)
def test_what_is_no_preference_is_refused(nonsense: Floats) -> None:
    for rule in (borda, copeland, schulze, strongest_paths, condorcet_winner):
        with pytest.raises(ValueError, match="preference"):
            rule(nonsense)


@given(matrices())
def test_bounds_and_that_the_input_is_left_alone(preferred: Floats) -> None:
    before = preferred.copy()
    shares, wins, above = borda(preferred), copeland(preferred), schulze(preferred)
    assert (preferred == before).all()
    assert ((shares >= 0) & (shares <= 1)).all()
    assert wins.sum() == 0
    assert not (above & above.T).any()
    assert not (above @ above & ~above).any()  # transitive: Schulze (2011)
    assert sum(ranks_of(above)) == pytest.approx(len(preferred) * (len(preferred) + 1) / 2)


@given(matrices(), st.randoms(use_true_random=False))
def test_the_order_of_items_does_not_matter(preferred: Floats, random: object) -> None:
    order = list(range(len(preferred)))
    random.shuffle(order)  # type: ignore[attr-defined]
    turned = preferred[np.ix_(order, order)]
    assert borda(turned) == pytest.approx(borda(preferred)[order])
    assert copeland(turned).tolist() == copeland(preferred)[order].tolist()
    assert schulze(turned).tolist() == schulze(preferred)[np.ix_(order, order)].tolist()


@given(matrices())
def test_everybody_turned_round_turns_the_order_round(preferred: Floats) -> None:
    assert borda(preferred.T) == pytest.approx(1 - borda(preferred))
    assert copeland(preferred.T).tolist() == (-copeland(preferred)).tolist()


@given(ballots())
def test_reversal_and_unanimity_of_schulze_on_full_ballots(places: Floats) -> None:
    """Schulze (2011): reversal symmetry, and what all put first stays above (Pareto)."""
    preferred = preferences(places)
    above = schulze(preferred)
    assert schulze(preferred.T).tolist() == above.T.tolist()
    for i, j in permutations(range(places.shape[1]), 2):
        if preferred[i, j] == len(places):
            assert above[i, j]
            assert borda(preferred)[i] > borda(preferred)[j]
            assert copeland(preferred)[i] > copeland(preferred)[j]


@given(ballots())
def test_a_room_of_one_mind_is_followed_by_every_rule(places: Floats) -> None:
    preferred = preferences(np.repeat(places[:1], 5, axis=0))
    assert mid_ranks(borda(preferred)).tolist() == places[0].tolist()
    assert mid_ranks(copeland(preferred).astype(np.float64)).tolist() == places[0].tolist()
    assert list(ranks_of(schulze(preferred))) == places[0].tolist()
    assert condorcet_winner(preferred) == int(places[0].argmin())


@given(ballots(partial=True))
def test_a_condorcet_winner_is_first_by_copeland_and_schulze(places: Floats) -> None:
    preferred = preferences(places)
    winner = condorcet_winner(preferred)
    if winner is not None:
        assert copeland(preferred)[winner] == len(preferred) - 1
        assert ranks_of(schulze(preferred))[winner] == 1


@given(matrices(5), st.data())
def test_more_support_never_lowers_an_item(preferred: Floats, data: st.DataObject) -> None:
    """Monotone: more people put i before j; for Schulze of the path, since the order needs all paths."""
    if len(preferred) < 2:
        return
    i, j = data.draw(st.permutations(range(len(preferred))))[:2]
    more = preferred.copy()
    more[i, j] += data.draw(st.integers(1, 5))
    if preferred[i, j] + preferred[j, i] > 0:
        assert borda(more)[i] >= borda(preferred)[i] - 1e-12
    assert copeland(more)[i] >= copeland(preferred)[i]
    assert strongest_paths(more)[i, j] >= strongest_paths(preferred)[i, j]
