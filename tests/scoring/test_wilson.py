"""The interval of a share against published cases."""

import numpy as np
import pytest
from scipy.stats import binom

from scoring.wilson import wilson


@pytest.mark.parametrize(
    ("found", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_cases_of_newcombe(found: int, n: int, low: float, high: float) -> None:
    """Newcombe, Two-sided confidence intervals for the single proportion, 1998, table I, method 3."""
    assert wilson(found / n, n) == pytest.approx((low, high), abs=5e-5)


def test_half_of_384_firms_is_known_to_five_points() -> None:
    low, high = wilson(0.5, 384)
    assert (high - low) / 2 == pytest.approx(0.05, abs=3e-4)


def test_it_covers_about_nineteen_times_in_twenty() -> None:
    """On the whole over shares from 2 to 98 %, counted exactly for 40 firms."""
    ends = np.array([wilson(k / 40, 40) for k in range(41)])
    covered = []
    for share in np.linspace(0.02, 0.98, 97):
        inside = (ends[:, 0] <= share) & (share <= ends[:, 1])
        covered.append(binom.pmf(np.arange(41), 40, share)[inside].sum())
    assert np.mean(covered) == pytest.approx(0.95, abs=0.01)


@pytest.mark.parametrize(("share", "n"), [(0.5, 0), (-0.1, 5), (1.2, 5)])
def test_nobody_and_no_share_are_refused(share: float, n: int) -> None:
    with pytest.raises(ValueError, match="share"):
        wilson(share, n)
