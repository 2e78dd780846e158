"""How far two groups stand apart: by hand, by what must hold, and by simulated rooms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.dispersion import dispersions, of_counts
from scoring.group_difference import GroupDifference, group_difference, mean_interval

votes = st.lists(st.integers(0, 6), min_size=6, max_size=6).filter(lambda counts: sum(counts) >= 2)


def test_the_interval_by_hand() -> None:
    """3, 3, 4, 4, 4 and 1, 1, 1, 1, 2 (variance of both (sum of squares + 1) / 5): t(0.95) of the freedom below."""
    first, second = of_counts([0, 0, 0, 2, 3, 0]), of_counts([0, 4, 1, 0, 0, 0])
    errors = (1.2 + 1) / 25, (0.8 + 1) / 25
    freedom = sum(errors) ** 2 / (errors[0] ** 2 / 4 + errors[1] ** 2 / 4)
    assert freedom == pytest.approx(7.92, abs=0.005)  # t: 1.862, between 1.895 of 7 and 1.860 of 8 in every table
    found = mean_interval(first, second)
    assert found is not None
    assert found == pytest.approx((2.4 - 1.862 * 0.4, 2.4 + 1.862 * 0.4), abs=2e-3)


def test_five_people_of_one_mind_are_not_taken_for_certain() -> None:
    found = mean_interval(of_counts([5, 0, 0, 0]), of_counts([5, 0, 0, 0]))
    assert found is not None
    assert found[0] == -found[1]
    assert 0.4 < found[1] < 0.7


def test_a_difference_needs_two_rated_votes_on_either_side() -> None:
    assert mean_interval(of_counts([1, 0, 0]), of_counts([0, 3, 0])) is None
    assert mean_interval(of_counts([0, 0, 0], unknown=6), of_counts([0, 3, 0])) is None


@given(votes, votes)
def test_bounds_mirror_and_turning_round(first: list[int], second: list[int]) -> None:
    a, b = of_counts(first), of_counts(second)
    found = mean_interval(a, b)
    assert found is not None
    assert a.mean is not None
    assert b.mean is not None
    assert -5 <= found[0] <= a.mean - b.mean <= found[1] <= 5
    assert mean_interval(b, a) == pytest.approx((-found[1], -found[0]))
    mirrored = mean_interval(of_counts(first[::-1]), of_counts(second[::-1]))
    assert mirrored == pytest.approx((-found[1], -found[0]))
    wider = mean_interval(a, b, pairs=3)
    assert wider is not None
    assert wider[0] <= found[0]
    assert wider[1] >= found[1]


def test_nine_of_ten_intervals_hold_the_true_difference() -> None:
    """2,000 rooms of 12 and 8 people with known shares on six levels."""
    rng = np.random.default_rng(20)
    one, two = [0.05, 0.1, 0.5, 0.25, 0.1, 0], [0.3, 0.3, 0.2, 0.1, 0.05, 0.05]
    true = sum(level * (a - b) for level, (a, b) in enumerate(zip(one, two, strict=True)))
    rooms = zip(rng.multinomial(12, one, 2000).tolist(), rng.multinomial(8, two, 2000).tolist(), strict=True)
    intervals = [mean_interval(of_counts(a), of_counts(b)) for a, b in rooms]
    held = np.mean([low <= true <= high for low, high in intervals])  # type: ignore[misc]
    assert 0.88 < held < 0.94


def test_of_three_groups_the_widest_difference_counts_the_higher_first() -> None:
    found = group_difference(dispersions({"a": [2] * 6, "b": [3] * 6, "c": [0, 1] * 3, "d": ["unknown"] * 6}, 6))
    assert found is not None
    assert (found.higher, found.lower, found.difference) == ("b", "c", 2.5)
    assert found.clear
    pair = group_difference(dispersions({"b": [3] * 6, "c": [0, 1] * 3}, 6))
    assert pair is not None
    assert pair.interval[0] > found.interval[0]  # three pairs were looked at, so each is wider


def test_hidden_groups_have_no_difference() -> None:
    assert group_difference(dispersions({"a": [0] * 20, "b": [5] * 4}, 6)) is None
    assert group_difference(dispersions({"a": [0] * 20}, 6)) is None


def test_no_difference_is_not_clear() -> None:
    assert not GroupDifference("a", "b", 0.5, (-0.1, 1.1)).clear
    assert not GroupDifference("a", "b", 0.5, (0.0, 1.0)).clear
    assert GroupDifference("a", "b", 0.5, (0.1, 0.9)).clear
