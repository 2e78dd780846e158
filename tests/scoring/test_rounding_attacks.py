"""What rounding hides and what it does not: attacks on rounded numbers and means, published and worked out."""

from itertools import product

import numpy as np
import pytest

from scoring.cell_statistics import Moments
from scoring.dominance import Rules
from scoring.published_figures import figures

RULES = Rules()
EDGES = np.arange(6.0)


def consistent(published: list[tuple[float, float]], numbers: list[range], half: float) -> list[tuple[int, ...]]:
    """The numbers of firms in two parts and their total that agree with means which are off by `half` at the most."""
    found = []
    for n in product(*numbers):
        low, high = ([k * (mean + sign * half) for k, (_, mean) in zip(n, published, strict=True)] for sign in (-1, 1))
        agrees = low[0] + low[1] <= high[2] + 1e-9 and high[0] + high[1] >= low[2] - 1e-9
        if n[0] + n[1] == n[2] and agrees:
            found.append(n)
    return found


def test_exact_means_give_noisy_numbers_away() -> None:
    """Handbook on Statistical Disclosure Control, chapter 5: 8, 12 and 20 with noise up to 2; sums 90, 95, 185."""
    published = [(9, 11.25), (14, 95 / 12), (19, 9.25)]
    around = [range(n - 2, n + 3) for n, _ in published]
    assert consistent(published, around, half=1e-6) == [(8, 12, 20)]


def test_means_to_one_decimal_leave_rounded_numbers_open() -> None:
    """The same attack on figures as they are shown here: five and more numbers of firms are possible for each part."""
    scores = np.random.default_rng(3).uniform(0, 5, 43)
    parts = [scores[:18], scores[18:], scores]
    of = Moments(
        np.array([len(p) for p in parts]),
        np.array([p.sum() for p in parts]),
        np.array([(p * p).sum() for p in parts]),
        np.stack([np.bincount(p.astype(int), minlength=6) for p in parts]),
    )
    told = figures(of, of.n, EDGES, np.ones(3, dtype=np.bool_), RULES)
    published = list(zip(told.n.tolist(), told.mean.tolist(), strict=True))
    around = [range(int(n) - 2, int(n) + 3) for n, _ in published]
    found = consistent(published, around, half=0.05)
    assert (18, 25, 43) in found
    assert all(len({n[part] for n in found}) >= 4 for part in range(3))


@pytest.mark.parametrize(
    ("n", "decimals", "half"),
    [(5, 1, 0.45), (10, 1, 0.95), (20, 1, 1.95), (50, 1, 4.95), (10, 2, 0.095), (100, 2, 0.995), (10, 3, 0.0095)],
)
def test_how_closely_one_firm_follows_from_rounded_means_of_n_and_one_less(n: int, decimals: int, half: float) -> None:
    """Whoever knows n exactly bounds the firm by n(m ± h) - (n - 1)(m' ± h), h half a unit of the last decimal.

    One decimal leaves a firm among ten nearly two points wide open; three decimals tell it to a hundredth.
    """
    random = np.random.default_rng(n)
    for _ in range(50):
        scores = random.uniform(0, 5, n)
        whole, rest = np.round(scores.mean(), decimals), np.round(scores[1:].mean(), decimals)
        spare = 0.5 * 10**-decimals
        low, high = n * (whole - spare) - (n - 1) * (rest + spare), n * (whole + spare) - (n - 1) * (rest - spare)
        assert low - 1e-9 <= scores[0] <= high + 1e-9
        assert (high - low) / 2 == pytest.approx(half)
