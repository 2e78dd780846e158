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


@pytest.mark.parametrize("n", [10, 12, 14, 33, 120, 2000])
def test_the_published_interval_covers_the_mean_nineteen_times_in_twenty(n: int) -> None:
    random, drawn = np.random.default_rng(n), 2000
    middle, spread = random.uniform(1.0, 4.0, drawn), random.uniform(0.3, 0.8, drawn)
    values = random.normal(middle, spread, (n, drawn))
    shown = rounded_to(np.full(drawn, n), RULES.base), values.mean(axis=0).round(1), values.std(axis=0).round(1)
    low, high = published_intervals(*shown, SCALE, RULES)

    assert ((low <= middle) & (middle <= high)).mean() >= 0.945
    assert (high - low).mean() < 2 * 0.6 * stats.t.ppf(0.975, n - 1) / np.sqrt(n) * 1.6 + 0.2


def test_what_is_not_shown_has_no_interval() -> None:
    nan = float("nan")
    n, mean, deviation = np.array([nan, 20, 20, 20]), np.array([2, nan, 2, 2.0]), np.array([1, 1, nan, 1.0])
    low, high = published_intervals(n, mean, deviation, SCALE, RULES)

    assert np.isnan(low).tolist() == np.isnan(high).tolist() == [True, True, True, False]


def test_few_firms_and_wide_intervals_are_marked() -> None:
    assert is_unsure(29, 2.0, 2.1, SCALE)
    assert is_unsure(400, 2.0, 3.1, SCALE)
    assert not is_unsure(30, 2.0, 3.0, SCALE)
