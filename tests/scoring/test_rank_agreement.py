"""Kendall's tau-b and NDCG, against another implementation and published figures."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau

from scoring.rank_agreement import beaten, ndcg, tau_b

SCORES = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=14)


@given(SCORES)
def test_tau_b_is_that_of_scipy_with_all_kinds_of_ties(pairs: list[tuple[int, int]]) -> None:
    one, other = [a for a, _ in pairs], [b for _, b in pairs]
    if len(set(one)) == 1 or len(set(other)) == 1:
        assert tau_b(one, other) == 0  # scipy has no figure here
    else:
        assert tau_b(one, other) == pytest.approx(kendalltau(one, other).statistic, abs=1e-12)


def test_tau_b_has_the_signs_that_people_expect() -> None:
    assert tau_b([1, 2, 3], [10, 20, 30]) == 1
    assert tau_b([1, 2, 3], [3, 2, 1]) == -1
    assert tau_b([1, 2, 3, 4], [1, 3, 2, 4]) == pytest.approx(4 / 6)
    assert tau_b([0.1 + 0.2, 0.3, 1], [1, 1, 2]) == pytest.approx(1)  # noise of floating point is a tie


def test_six_documents_have_the_gain_of_the_encyclopedia() -> None:
    """Wikipedia, "Discounted cumulative gain": relevances 3, 2, 3, 0, 1, 2 give 6.861 of 7.141 when sorted: 0.961."""
    assert ndcg([6, 5, 4, 3, 2, 1], [3, 2, 3, 0, 1, 2], 6) == pytest.approx(6.861 / 7.141, abs=1e-4)
    assert ndcg([6, 5, 4, 3, 2, 1], [3, 2, 3, 0, 1, 2], 6) == pytest.approx(0.961, abs=5e-4)


def test_only_the_first_places_count_and_ties_share_them() -> None:
    assert ndcg([3, 2, 1], [1, 0, 0], 1) == 1
    assert ndcg([1, 2, 3], [1, 0, 0], 1) == 0
    assert ndcg([1, 1, 1], [1, 0, 0], 1) == pytest.approx(1 / 3)
    assert ndcg([2, 1, 1], [0, 1, 0], 3) == pytest.approx((1 / math.log2(3) + 1 / 2) / 2)
    assert ndcg([1, 2], [0, 0], 2) == 1


def test_a_gap_beats_a_share_of_the_others() -> None:
    assert beaten([5, 1, 3]) == [1, 0, 0.5]
    assert beaten([2, 2, 1]) == [0.75, 0.75, 0]
    assert beaten([4]) == [0]
