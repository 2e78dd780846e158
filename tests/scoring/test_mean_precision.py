"""Intervals of means: what they promise, and that they tell nothing that is not shown already."""

import numpy as np
import pytest
from scipy import stats

from scoring.dominance import Rules
from scoring.mean_precision import is_unsure, mean_interval, published_intervals
from scoring.published_figures import rounded_to

RULES, SCALE = Rules(), (0.0, 5.0)


def test_without_weights_it_is_students_interval() -> None:
    values = np.random.default_rng(1).normal(2, 1, 30)
    found = mean_interval(values)
    expected = stats.t.interval(0.95, 29, values.mean(), stats.sem(values))

    assert found == pytest.approx((values.mean(), *expected))


def test_equal_weights_change_nothing_and_unequal_ones_widen_it() -> None:
    random = np.random.default_rng(2)
    values = random.normal(2, 1, 200)
    plain, weighted = mean_interval(values), mean_interval(values, random.choice([0.3, 3.0], 200))

    assert mean_interval(values, np.full(200, 7.0)) == pytest.approx(plain)
    assert weighted[2] - weighted[1] > 1.2 * (plain[2] - plain[1])


def test_one_firm_has_no_interval() -> None:
    with pytest.raises(ValueError, match="two firms"):
        mean_interval(np.array([2.0]))


def test_the_published_interval_contains_students_for_whatever_is_behind_the_rounded_figures() -> None:
    random = np.random.default_rng(3)
    for _ in range(200):
        values = np.clip(
            random.normal(random.uniform(0.5, 4.5), random.uniform(0.2, 1.2), random.integers(10, 90)), 0, 5
        )
        n, mean, deviation = len(values), values.mean(), values.std()
        shown = rounded_to(np.array([n]), RULES.base), np.round([mean], 1), np.round([deviation], 1)
        low, high = published_intervals(*shown, SCALE, RULES)[:, 0]
        _, t_low, t_high = mean_interval(values)
        assert low <= max(t_low, 0) + 1e-9
        assert high >= min(t_high, 5) - 1e-9


def test_what_is_not_shown_has_no_interval() -> None:
    nan = float("nan")
    n, mean, deviation = np.array([nan, 20, 20, 20]), np.array([2, nan, 2, 2.0]), np.array([1, 1, nan, 1.0])
    low, high = published_intervals(n, mean, deviation, SCALE, RULES)

    assert np.isnan(low).tolist() == np.isnan(high).tolist() == [True, True, True, False]


def test_few_firms_and_wide_intervals_are_marked() -> None:
    assert is_unsure(29, 2.0, 2.1, SCALE)
    assert is_unsure(400, 2.0, 3.1, SCALE)
    assert not is_unsure(30, 2.0, 3.0, SCALE)
